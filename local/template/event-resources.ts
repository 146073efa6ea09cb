import type { EventRule } from '../event-bridge/event-bus';
import { readEventPattern } from '../event-bridge/event-pattern';
import type { EventSourceMappingConfig } from '../lambda/event-source-mapping';
import type { FunctionConfig } from '../lambda/runtime';
import type { QueueConfig } from '../sqs/queue';
import type { Resource } from './assembly';
import type { Intrinsics } from './intrinsics';
import { refuseUnknownKeys, usedProperties } from './properties';
import { list, number, structure, text } from './property-values';
import { readState } from './resources';

/** What SQS does where the template says nothing, seconds. */
const QUEUE_DEFAULTS = {
  VisibilityTimeout: 30,
  DelaySeconds: 0,
  MessageRetentionPeriod: 345_600,
  ReceiveMessageWaitTimeSeconds: 0,
};
const DEFAULT_BATCH_SIZE = 10;
/** Messages of a batch that need no window: a receive gives no more. */
const MOST_OF_ONE_RECEIVE = 10;

/** @throws Error where it has what is not implemented, or is a FIFO queue */
export function readQueue(resource: Resource, intrinsics: Intrinsics): QueueConfig {
  const { logicalId } = resource;
  const properties = structure(intrinsics.resolve(usedProperties(resource), logicalId), logicalId);
  if (properties.FifoQueue !== undefined && properties.FifoQueue !== false) {
    throw new Error(
      `The embedded engine has standard queues only, and ${logicalId} is a FIFO queue: leave FifoQueue out.`,
    );
  }
  const seconds = (name: keyof typeof QUEUE_DEFAULTS) =>
    number(properties[name] ?? QUEUE_DEFAULTS[name], `${logicalId}.${name}`);
  return {
    queueName: intrinsics.nameOf(resource),
    queueArn: intrinsics.arnOf(resource),
    visibilityTimeoutSeconds: seconds('VisibilityTimeout'),
    delaySeconds: seconds('DelaySeconds'),
    retentionSeconds: seconds('MessageRetentionPeriod'),
    receiveWaitSeconds: seconds('ReceiveMessageWaitTimeSeconds'),
    ...(properties.RedrivePolicy !== undefined && {
      redrive: readRedrivePolicy(properties.RedrivePolicy, `${logicalId}.RedrivePolicy`),
    }),
  };
}

function readRedrivePolicy(value: unknown, where: string): QueueConfig['redrive'] {
  const policy = structure(value, where);
  refuseUnknownKeys(policy, { used: ['deadLetterTargetArn', 'maxReceiveCount'], irrelevant: [] }, where);
  return {
    deadLetterQueueArn: text(policy.deadLetterTargetArn, `${where}.deadLetterTargetArn`),
    maxReceiveCount: number(policy.maxReceiveCount, `${where}.maxReceiveCount`),
  };
}

interface EventSourceSurroundings {
  readonly intrinsics: Intrinsics;
  readonly functions: readonly FunctionConfig[];
  readonly queues: readonly QueueConfig[];
}

/** @throws Error where it has what is not implemented, or AWS would refuse it */
export function readEventSource(
  resource: Resource,
  { intrinsics, functions, queues }: EventSourceSurroundings,
): EventSourceMappingConfig {
  const { logicalId } = resource;
  const properties = structure(intrinsics.resolve(usedProperties(resource), logicalId), logicalId);
  const queue = queues.find(({ queueArn }) => queueArn === properties.EventSourceArn);
  if (queue === undefined) {
    throw new Error(
      `Expected ${logicalId}.EventSourceArn to be a queue of the app, got ${JSON.stringify(properties.EventSourceArn)}: the embedded engine feeds functions from nothing else.`,
    );
  }
  const named = text(properties.FunctionName, `${logicalId}.FunctionName`);
  const fn = functions.find(({ functionName, functionArn }) => [functionName, functionArn].includes(named));
  if (fn === undefined) {
    throw new Error(
      `Expected ${logicalId}.FunctionName to be a function that runs here, got ${named}: name one without a version.`,
    );
  }
  const batchSize = number(properties.BatchSize ?? DEFAULT_BATCH_SIZE, `${logicalId}.BatchSize`);
  const window = number(properties.MaximumBatchingWindowInSeconds ?? 0, `${logicalId}.MaximumBatchingWindowInSeconds`);
  if (batchSize > MOST_OF_ONE_RECEIVE && window < 1) {
    throw new Error(
      `Expected ${logicalId} to wait at least a second for batches of more than ${MOST_OF_ONE_RECEIVE}, got a batch size of ${batchSize} and no window: set MaximumBatchingWindowInSeconds, as Lambda demands.`,
    );
  }
  if (queue.visibilityTimeoutSeconds < fn.timeoutSeconds) {
    throw new Error(
      `Expected the visibility timeout of ${queue.queueName} to be at least the timeout of ${fn.functionName}, ${fn.timeoutSeconds} s, got ${queue.visibilityTimeoutSeconds} s: raise it, as Lambda demands.`,
    );
  }
  const scaling = structure(properties.ScalingConfig ?? {}, `${logicalId}.ScalingConfig`);
  refuseUnknownKeys(scaling, { used: ['MaximumConcurrency'], irrelevant: [] }, `${logicalId}.ScalingConfig`);
  return {
    queueArn: queue.queueArn,
    functionName: fn.functionName,
    enabled: properties.Enabled !== false,
    batchSize,
    batchingWindowSeconds: window,
    reportsBatchItemFailures: readResponseTypes(properties.FunctionResponseTypes ?? [], logicalId),
    ...(scaling.MaximumConcurrency !== undefined && {
      maximumConcurrency: number(scaling.MaximumConcurrency, `${logicalId}.ScalingConfig.MaximumConcurrency`),
    }),
  };
}

function readResponseTypes(types: unknown, logicalId: string): boolean {
  if (!Array.isArray(types) || types.some((type) => type !== 'ReportBatchItemFailures')) {
    throw new Error(
      `Expected ${logicalId}.FunctionResponseTypes to list ReportBatchItemFailures or nothing, got ${JSON.stringify(types)}.`,
    );
  }
  return types.length > 0;
}

interface RuleSurroundings {
  readonly intrinsics: Intrinsics;
  readonly queues: readonly QueueConfig[];
  readonly functions: readonly FunctionConfig[];
  /** Resolved policy documents by the ARN of the queue. */
  readonly policies: ReadonlyMap<string, readonly QueueStatement[]>;
  readonly permissions: readonly Permission[];
}

/** @throws Error where it has what is not implemented, or its target does not let it in */
export function readEventRule(resource: Resource, around: RuleSurroundings): EventRule {
  const { intrinsics, queues, functions, policies, permissions } = around;
  const { logicalId } = resource;
  const properties = structure(intrinsics.resolve(usedProperties(resource), logicalId), logicalId);
  if (properties.ScheduleExpression !== undefined) {
    throw new Error(`Expected ${logicalId} to have a schedule or an event pattern, got both: make two rules of it.`);
  }
  if (properties.EventBusName !== undefined && properties.EventBusName !== 'default') {
    throw new Error(
      `The embedded engine has the default event bus only, and ${logicalId} is of ${JSON.stringify(properties.EventBusName)}: leave EventBusName out.`,
    );
  }
  const targets = list(properties.Targets ?? [], `${logicalId}.Targets`).map((target) => {
    const where = `${logicalId}.Targets`;
    refuseUnknownKeys(
      target,
      { used: ['Arn'], irrelevant: ['DeadLetterConfig', 'Id', 'RetryPolicy', 'RoleArn'] },
      where,
    );
    const arn = text(target.Arn, `${where}.Arn`);
    if (functions.some(({ functionArn }) => functionArn === arn)) {
      if (permissions.some((permission) => mayInvoke(permission, arn, intrinsics.arnOf(resource)))) return arn;
      throw new Error(
        `Expected the function ${arn} to let the rule ${logicalId} invoke it, got no permission that allows it: allow events.amazonaws.com lambda:InvokeFunction.`,
      );
    }
    if (!queues.some(({ queueArn }) => queueArn === arn)) {
      throw new Error(
        `Expected the target of ${logicalId} to be a queue or a function of the app, got ${arn}: an event goes nowhere else here.`,
      );
    }
    if (!mayBeSentTo(policies.get(arn) ?? [], arn, intrinsics.arnOf(resource))) {
      throw new Error(
        `Expected the queue ${arn} to let the rule ${logicalId} send, got no policy that allows it: allow events.amazonaws.com sqs:SendMessage.`,
      );
    }
    return arn;
  });
  return {
    name: intrinsics.nameOf(resource),
    enabled: readState(properties.State ?? 'ENABLED', logicalId),
    pattern: readEventPattern(properties.EventPattern, `${logicalId}.EventPattern`),
    queueArns: targets.filter((arn) => queues.some(({ queueArn }) => queueArn === arn)),
    functionArns: targets.filter((arn) => functions.some(({ functionArn }) => functionArn === arn)),
  };
}

/** Resolved properties of a permission to call a function. */
export type Permission = Readonly<Record<string, unknown>>;

export function readPermission(resource: Resource, intrinsics: Intrinsics): Permission {
  const { logicalId } = resource;
  const { SourceArn, ...others } = usedProperties(resource);
  const properties = structure(intrinsics.resolve(others, logicalId), logicalId);
  // Of other services than EventBridge nobody asks, and their sources may be resources that are not here.
  if (properties.Principal !== 'events.amazonaws.com' || SourceArn === undefined) return properties;
  return { ...properties, SourceArn: intrinsics.resolve(SourceArn, `${logicalId}.SourceArn`) };
}

function mayInvoke(
  { Action, FunctionName, Principal, SourceArn = '*' }: Permission,
  functionArn: string,
  ruleArn: string,
): boolean {
  const name = functionArn.slice(functionArn.lastIndexOf(':') + 1);
  return (
    Action === 'lambda:InvokeFunction' &&
    some(FunctionName, [functionArn, name]) &&
    Principal === 'events.amazonaws.com' &&
    some(SourceArn, [ruleArn, '*'])
  );
}

/** A statement of a queue's policy. */
export type QueueStatement = Readonly<Record<string, unknown>>;

/** The statements of a queue policy, by queue. The policy and its queues may be of different stacks. */
export function readQueueStatements(policy: Resource, intrinsics: Intrinsics): readonly QueueStatement[] {
  const { logicalId } = policy;
  const where = `${logicalId}.PolicyDocument`;
  const document = structure(intrinsics.resolve(usedProperties(policy).PolicyDocument, where), where);
  const statements = document.Statement;
  return list(Array.isArray(statements) ? statements : [statements], `${where}.Statement`);
}

/**
 * Whether a rule may put messages into a queue. A statement with a condition other than the rule's ARN or the account is
 * taken as one that does not allow it; one that denies counts unless it is about unencrypted connections.
 */
function mayBeSentTo(statements: readonly QueueStatement[], queueArn: string, ruleArn: string): boolean {
  const about = statements.filter(
    ({ Action, Resource: resource, Principal }) =>
      some(Action, ['sqs:SendMessage', 'sqs:*', 'SQS:*', '*']) &&
      some(resource, [queueArn, '*']) &&
      isForEvents(Principal),
  );
  const denied = about.some(({ Effect, Condition }) => Effect === 'Deny' && !isAboutTransport(Condition));
  return !denied && about.some(({ Effect, Condition }) => Effect === 'Allow' && isMet(Condition, ruleArn));
}

function isForEvents(principal: unknown): boolean {
  if (principal === '*') return true;
  const { Service, AWS } = (principal ?? {}) as { readonly Service?: unknown; readonly AWS?: unknown };
  return some(Service, ['events.amazonaws.com']) || some(AWS, ['*']);
}

function isAboutTransport(condition: unknown): boolean {
  return JSON.stringify(condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
}

function isMet(condition: unknown, ruleArn: string): boolean {
  const accountId = ruleArn.split(':')[4] as string;
  return Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      if (key === 'aws:SourceArn' && ['ArnEquals', 'StringEquals'].includes(operator)) return some(value, [ruleArn]);
      if (key === 'aws:SourceArn' && ['ArnLike', 'StringLike'].includes(operator)) return some(value, [ruleArn, '*']);
      return key === 'aws:SourceAccount' && operator === 'StringEquals' && some(value, [accountId]);
    }),
  );
}

/** Whether a value, or one of a list of them, is one of these. */
function some(value: unknown, wanted: readonly string[]): boolean {
  return (Array.isArray(value) ? value : [value]).some((each) => wanted.includes(each as string));
}
