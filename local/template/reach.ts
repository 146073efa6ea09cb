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
/** The CDK's own: it tells a bucket whom to notify. */
const BUCKET_NOTIFICATIONS = 'Custom::S3BucketNotifications';

/** Resources that run here once something that runs refers to them. */
const SERVED = [STATE_MACHINE, FUNCTION, TABLE, BUCKET, QUEUE, CONFIGURATION_SET, FUNCTION_URL, SECRET];
/** Resources that come with another one, with the property that says with which. */
const CONCERNING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [FUNCTION]: {
    [INVOKE_CONFIG]: 'FunctionName',
    [EVENT_SOURCE]: 'FunctionName',
    [BUCKET_NOTIFICATIONS]: 'NotificationConfiguration',
    [FUNCTION_URL]: 'TargetFunctionArn',
  },
  [QUEUE]: { [EVENT_SOURCE]: 'EventSourceArn', [QUEUE_POLICY]: 'Queues' },
  [CONFIGURATION_SET]: { [EVENT_DESTINATION]: 'ConfigurationSetName' },
};

/** Properties by which a resource reaches others. A permission is not among them: it says what may be, not what is. */
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
 * that what SES publishes may match.
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
        (resource.type === CONFIGURATION_SET && asksForMailsOf(other, resource, references));
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
  const pattern = rule.properties.EventPattern;
  if (rule.type !== RULE || pattern === undefined) return false;
  const sources = valueAt(pattern, ['source']);
  const sets = valueAt(pattern, ['detail', 'mail', 'tags', 'ses:configuration-set']);
  const excluded = (wanted: unknown, takes: (value: unknown) => boolean) =>
    Array.isArray(wanted) && !wanted.some((value) => takes(value));
  const isSet = (value: unknown) =>
    value === set.properties.Name || references.of({ of: value }, rule.stackName).includes(set) || isOperator(value);
  return !excluded(sources, (value) => value === 'aws.ses' || isOperator(value)) && !excluded(sets, isSet);
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
