import type { EventRule } from '../event-bridge/event-bus';
import type { EventSourceMappingConfig } from '../lambda/event-source-mapping';
import type { FunctionUrlConfig } from '../lambda/function-url';
import type { FunctionConfig } from '../lambda/runtime';
import type { SecretConfig } from '../secrets/secrets-manager';
import type { ConfigurationSetConfig } from '../ses/configuration-set';
import type { QueueConfig } from '../sqs/queue';
import { type Resource, readAssembly, type Stack } from './assembly';
import { readConfigurationSet } from './configuration-sets';
import type { BucketConfig, RuleConfig, StateMachineConfig, TableConfig } from './configurations';
import {
  type QueueStatement,
  readEventRule,
  readEventSource,
  readPermission,
  readQueue,
  readQueueStatements,
} from './event-resources';
import { Intrinsics } from './intrinsics';
import { usedProperties } from './properties';
import {
  BUCKET,
  CONFIGURATION_SET,
  concerns,
  EVENT_DESTINATION,
  EVENT_SOURCE,
  FUNCTION,
  FUNCTION_URL,
  INVOKE_CONFIG,
  PERMISSION,
  QUEUE,
  QUEUE_POLICY,
  RULE,
  reach,
  SCHEDULE,
  SECRET,
  STATE_MACHINE,
  TABLE,
  TOPIC,
} from './reach';
import { References } from './references';
import { readBucket, readFunction, readRule, readStateMachine, readTable } from './resources';
import { readTopic, topicsNamedBy } from './topics';
import { readFunctionUrl, readSecret } from './url-and-secret';
import { readZonedSchedule } from './zoned-schedule';

export { synthesize } from './synthesize';

/** What the embedded engine runs: everything that it needs to know of the synthesized app, whatever its stacks. */
export interface LocalTemplate {
  readonly functions: readonly FunctionConfig[];
  readonly stateMachines: readonly StateMachineConfig[];
  readonly tables: readonly TableConfig[];
  readonly buckets: readonly BucketConfig[];
  /** What starts runs: rules first, then schedules. */
  readonly rules: readonly RuleConfig[];
  readonly configurationSets: readonly ConfigurationSetConfig[];
  /** Rules that what SES publishes, or the end of an execution, may match. */
  readonly eventRules: readonly EventRule[];
  readonly functionUrls: readonly FunctionUrlConfig[];
  readonly secrets: readonly SecretConfig[];
  /** ARNs of the topics to which a function publishes. */
  readonly topicArns: readonly string[];
  readonly queues: readonly QueueConfig[];
  readonly eventSources: readonly EventSourceMappingConfig[];
}

export interface TemplateOptions {
  /** @default - 'us-east-1' */
  readonly region?: string;
  /** @default - '123456789012' */
  readonly accountId?: string;
  /** Whether the state machine with this definition, before substitutions, is to run. @default - all of them run */
  readonly runs?: (definition: string) => boolean;
}

/**
 * Reads a `cdk.out` directory: the state machines that are to run and what they reach. That is, from one to the next:
 * the functions that a state machine's definition refers to; the functions, tables, buckets and state machines that a
 * function's environment variables refer to; the function to which its failed events go; and the scheduled rules and schedules that
 * start such a state machine; the configuration sets that they name, the rules that what SES publishes or the end of an execution may match, the
 * queues and functions of these and what the queues feed, and topics. A table or bucket that nothing refers to is taken along if it can be: a job may know it by
 * name. The rest of the app is left alone. Unnamed resources get the name `<stack>-<logical id>`, buckets in lower case.
 *
 * @throws Error where a resource, property or intrinsic function among what is reached is not implemented: the first one
 * is named, and nothing that would change behaviour is passed over in silence
 */
export function readTemplate(outputDirectory: string, options: TemplateOptions = {}): LocalTemplate {
  const { region = 'us-east-1', accountId = '123456789012', runs = () => true } = options;
  const stacks = readAssembly(outputDirectory);
  const references = new References(stacks);
  const intrinsicsOf = resolvers(stacks, references, { region, accountId });
  const resources = stacks.flatMap((stack) => [...stack.resources.values()]);
  const ofType = (type: string, of: Iterable<Resource> = resources) => [...of].filter((each) => each.type === type);

  const roots = ofType(STATE_MACHINE).filter((each) => isToRun(each, intrinsicsOf(each), runs));
  const reached = reach(roots, resources, references);
  const reachedFunctions = ofType(FUNCTION, reached);
  const functionArns = reachedFunctions.map((each) => intrinsicsOf(each).arnOf(each));
  const queueArns = ofType(QUEUE, reached).map((each) => intrinsicsOf(each).arnOf(each));
  const functions = reachedFunctions.map((each) => {
    const invokeConfig = ofType(INVOKE_CONFIG, reached).find((config) => concerns(config, each, references));
    const stack = stacks.find(({ name }) => name === each.stackName) as Stack;
    return readFunction(each, invokeConfig, { intrinsics: intrinsicsOf(each), stack, functionArns, queueArns });
  });
  for (const resource of reached) usedProperties(resource);
  const ifReachedOrUnderstood = <Config>(resource: Resource, read: () => Config): readonly Config[] => {
    const config = reached.has(resource) ? read() : understood(read);
    return config === undefined ? [] : [config];
  };
  const queues = ofType(QUEUE, reached).map((each) => readQueue(each, intrinsicsOf(each)));
  const policies = new Map<string, readonly QueueStatement[]>(
    ofType(QUEUE, reached).map((queue) => [
      intrinsicsOf(queue).arnOf(queue),
      ofType(QUEUE_POLICY, reached)
        .filter((policy) => concerns(policy, queue, references))
        .flatMap((policy) => readQueueStatements(policy, intrinsicsOf(policy))),
    ]),
  );
  const permissions = ofType(PERMISSION, reached).map((each) => readPermission(each, intrinsicsOf(each)));
  const destinationsOf = (set: Resource) =>
    ofType(EVENT_DESTINATION, reached).filter((each) => concerns(each, set, references));
  const startsOne = ({ properties, stackName }: Resource) =>
    properties.ScheduleExpression !== undefined &&
    references
      .of({ of: properties.Targets ?? (properties.Target as { readonly Arn?: unknown } | undefined)?.Arn }, stackName)
      .some((target) => target.type === STATE_MACHINE && reached.has(target));
  return {
    functions,
    stateMachines: ofType(STATE_MACHINE, reached).map((each) => readStateMachine(each, intrinsicsOf(each))),
    tables: ofType(TABLE).flatMap((each) => ifReachedOrUnderstood(each, () => readTable(each, intrinsicsOf(each)))),
    buckets: ofType(BUCKET).flatMap((each) => ifReachedOrUnderstood(each, () => readBucket(each, intrinsicsOf(each)))),
    rules: [
      ...ofType(RULE)
        .filter(startsOne)
        .map((each) => readRule(each, intrinsicsOf(each), { region, accountId })),
      ...ofType(SCHEDULE)
        .filter(startsOne)
        .map((each) => readZonedSchedule(each, intrinsicsOf(each))),
    ],
    configurationSets: ofType(CONFIGURATION_SET, reached).map((each) =>
      readConfigurationSet(each, destinationsOf(each), intrinsicsOf),
    ),
    eventRules: ofType(RULE, reached).map((each) =>
      readEventRule(each, { intrinsics: intrinsicsOf(each), queues, functions, policies, permissions }),
    ),
    queues,
    functionUrls: ofType(FUNCTION_URL, reached).map((each) => readFunctionUrl(each, intrinsicsOf(each), functions)),
    topicArns: [
      ...new Set([
        ...ofType(TOPIC, reached).map((each) => readTopic(each, intrinsicsOf(each))),
        ...topicsNamedBy(functions),
      ]),
    ],
    secrets: ofType(SECRET, reached).map((each) => readSecret(each, intrinsicsOf(each))),
    eventSources: ofType(EVENT_SOURCE, reached).map((each) =>
      readEventSource(each, { intrinsics: intrinsicsOf(each), functions, queues }),
    ),
  };
}

/** A definition that cannot be resolved counts as empty; where all state machines are to run, reading it then fails. */
function isToRun(resource: Resource, intrinsics: Intrinsics, runs: (definition: string) => boolean): boolean {
  const { logicalId, properties } = resource;
  return runs(understood(() => intrinsics.text(properties.DefinitionString, logicalId)) ?? '');
}

/** `undefined` for what the embedded engine would refuse. */
function understood<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The intrinsic functions of each resource's own stack. */
function resolvers(
  stacks: readonly Stack[],
  references: References,
  at: { readonly region: string; readonly accountId: string },
): (resource: { readonly stackName: string }) => Intrinsics {
  const byStack = new Map<string, Intrinsics>();
  const imported = (exportName: string, where: string): string => {
    const exporter = references.exporterOf(exportName);
    const value = exporter?.exports.get(exportName);
    if (exporter === undefined) {
      throw new Error(
        `Expected ${where} to import what a stack of the app exports, got \`${exportName}\`: write its value into the app.`,
      );
    }
    return (byStack.get(exporter.name) as Intrinsics).text(value, where);
  };
  for (const stack of stacks)
    byStack.set(stack.name, new Intrinsics(stack, { ...at, stackName: stack.name }, imported));
  return ({ stackName }) => byStack.get(stackName) as Intrinsics;
}
