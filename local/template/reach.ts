import type { Resource } from './assembly';
import type { References } from './references';

export const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
export const FUNCTION = 'AWS::Lambda::Function';
export const INVOKE_CONFIG = 'AWS::Lambda::EventInvokeConfig';
export const TABLE = 'AWS::DynamoDB::Table';
export const BUCKET = 'AWS::S3::Bucket';
export const RULE = 'AWS::Events::Rule';
export const SCHEDULE = 'AWS::Scheduler::Schedule';
export const EVENT_SOURCE = 'AWS::Lambda::EventSourceMapping';
export const QUEUE = 'AWS::SQS::Queue';
export const QUEUE_POLICY = 'AWS::SQS::QueuePolicy';
export const CONFIGURATION_SET = 'AWS::SES::ConfigurationSet';
export const EVENT_DESTINATION = 'AWS::SES::ConfigurationSetEventDestination';
export const FUNCTION_URL = 'AWS::Lambda::Url';
export const SECRET = 'AWS::SecretsManager::Secret';
export const TOPIC = 'AWS::SNS::Topic';
export const PERMISSION = 'AWS::Lambda::Permission';
/** The CDK's own: it tells a bucket whom to notify. */
const BUCKET_NOTIFICATIONS = 'Custom::S3BucketNotifications';

/** Resources that run here once something that runs refers to them. */
const SERVED = [STATE_MACHINE, FUNCTION, TABLE, BUCKET, QUEUE, CONFIGURATION_SET, FUNCTION_URL, SECRET, TOPIC];
/** Resources that come with another one, with the property that says with which. */
const CONCERNING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [FUNCTION]: {
    [INVOKE_CONFIG]: 'FunctionName',
    [EVENT_SOURCE]: 'FunctionName',
    [BUCKET_NOTIFICATIONS]: 'NotificationConfiguration',
    [FUNCTION_URL]: 'TargetFunctionArn',
    [PERMISSION]: 'FunctionName',
  },
  [QUEUE]: { [EVENT_SOURCE]: 'EventSourceArn', [QUEUE_POLICY]: 'Queues' },
  [CONFIGURATION_SET]: { [EVENT_DESTINATION]: 'ConfigurationSetName' },
};

/** Properties by which a resource reaches others. Those of a permission are not among them: it says what may be, not what is. */
const REACHING: Readonly<Record<string, readonly string[]>> = {
  [STATE_MACHINE]: ['DefinitionString', 'DefinitionSubstitutions'],
  [FUNCTION]: ['Environment'],
  [INVOKE_CONFIG]: ['DestinationConfig'],
  [EVENT_SOURCE]: ['EventSourceArn', 'FunctionName'],
  [RULE]: ['Targets'],
  [FUNCTION_URL]: ['TargetFunctionArn'],
  [QUEUE]: ['RedrivePolicy'],
};

/**
 * The roots, whatever served resources they lead to from one to the next, what configures or feeds these, and the rules
 * that what SES publishes, or the end of an execution, may match.
 */
export function reach(
  roots: readonly Resource[],
  resources: readonly Resource[],
  references: References,
): ReadonlySet<Resource> {
  const reached = new Set(roots);
  // What is added on the way is visited, too.
  for (const resource of reached) {
    for (const property of REACHING[resource.type] ?? []) {
      // In a structure of its own, so that a bare reference is found, too.
      const others = references.of({ of: resource.properties[property] }, resource.stackName);
      for (const other of others) if (SERVED.includes(other.type)) reached.add(other);
    }
    for (const other of resources) {
      const follows =
        concerns(other, resource, references) ||
        (resource.type === FUNCTION && isNamedBy(other, resource)) ||
        (resource.type === CONFIGURATION_SET && asksForMailsOf(other, resource, references)) ||
        (resource.type === STATE_MACHINE && asksForEndsOf(other, resource, references));
      if (follows) reached.add(other);
    }
  }
  return reached;
}

/** Whether a resource comes with this one. */
export function concerns(resource: Resource, other: Resource, references: References): boolean {
  const property = CONCERNING[other.type]?.[resource.type];
  if (property === undefined) return false;
  return references.of({ of: resource.properties[property] }, resource.stackName).includes(other);
}

/** A configuration set may be known to a function by the name that the template gives it. */
function isNamedBy({ type, properties }: Resource, fn: Resource): boolean {
  if (type !== CONFIGURATION_SET || typeof properties.Name !== 'string') return false;
  const environment = fn.properties.Environment as { readonly Variables?: object } | undefined;
  return Object.values(environment?.Variables ?? {}).includes(properties.Name);
}

/** Whether a rule may match an event of a mail with this configuration set. */
function asksForMailsOf(rule: Resource, set: Resource, references: References): boolean {
  const isSet = (value: unknown) =>
    value === set.properties.Name || references.of({ of: value }, rule.stackName).includes(set);
  return (
    mayMatch(rule, ['source'], (value) => value === 'aws.ses') &&
    mayMatch(rule, ['detail', 'mail', 'tags', 'ses:configuration-set'], isSet)
  );
}

/** Statuses of which the engine tells the event bus. That an execution runs it does not: nothing here could act upon that. */
const ENDS: readonly unknown[] = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** Whether a rule may match the event that an execution of this state machine has ended. */
function asksForEndsOf(rule: Resource, machine: Resource, references: References): boolean {
  const isMachine = (value: unknown) => references.of({ of: value }, rule.stackName).includes(machine);
  return (
    mayMatch(rule, ['source'], (value) => value === 'aws.states') &&
    mayMatch(rule, ['detail-type'], (value) => value === 'Step Functions Execution Status Change') &&
    mayMatch(rule, ['detail', 'stateMachineArn'], isMachine) &&
    mayMatch(rule, ['detail', 'status'], (value) => ENDS.includes(value))
  );
}

/** Whether the pattern of a rule leaves a field open, or lists a value of it that is taken, or an operator. */
function mayMatch(
  { type, properties }: Resource,
  field: readonly string[],
  takes: (value: unknown) => boolean,
): boolean {
  const pattern = properties.EventPattern;
  if (type !== RULE || pattern === undefined) return false;
  const wanted = valueAt(pattern, field);
  return !Array.isArray(wanted) || wanted.some((value) => takes(value) || isOperator(value));
}

/** `{prefix: …}` and its like, whatever it takes. */
function isOperator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Object.keys(value).some((key) => /^(Ref|Fn::)/.test(key));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}
