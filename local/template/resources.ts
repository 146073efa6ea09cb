import type { FunctionConfig } from '../lambda/runtime';
import { isBucketName } from '../s3/bucket-name';
import type { Resource, Stack } from './assembly';
import type { BucketConfig, KeyConfig, RuleConfig, StateMachineConfig, TableConfig } from './configurations';
import type { Intrinsics } from './intrinsics';
import { refuseUnknownKeys, usedProperties } from './properties';
import { list, number, structure, text } from './property-values';
import { ruleInput } from './rule-input';

/** What Lambda does where the template says nothing. */
const LAMBDA_DEFAULTS = { timeoutSeconds: 3, memoryMegabytes: 128, retryAttempts: 2, eventAgeSeconds: 21_600 };

/**
 * A function, with its configuration for asynchronous invocation if there is one.
 *
 * @param around all functions and queues that run: an event that failed can go to one of them only
 */
export function readFunction(
  fn: Resource,
  invokeConfig: Resource | undefined,
  around: FunctionSurroundings,
): FunctionConfig {
  const { intrinsics, stack } = around;
  return {
    ...readDeployedFunction(fn, stack, intrinsics),
    ...(invokeConfig && readInvokeConfig(invokeConfig, around)),
  };
}

interface FunctionSurroundings {
  readonly intrinsics: Intrinsics;
  readonly stack: Stack;
  readonly functionArns: readonly string[];
  readonly queueArns: readonly string[];
}

function readDeployedFunction(fn: Resource, stack: Stack, intrinsics: Intrinsics): FunctionConfig {
  const { logicalId } = fn;
  const { Environment = {}, ...others } = usedProperties(fn);
  const properties = structure(intrinsics.resolve(others, logicalId), logicalId);
  const code = structure(properties.Code, `${logicalId}.Code`);
  refuseUnknownKeys(code, { used: ['S3Key'], irrelevant: ['S3Bucket'] }, `${logicalId}.Code`);
  const environment = structure(Environment, `${logicalId}.Environment`);
  if (!/^nodejs\d/.test(String(properties.Runtime))) {
    throw new Error(
      `Expected ${logicalId}.Runtime to be a Node.js runtime, got ${JSON.stringify(properties.Runtime)}.`,
    );
  }
  if (![undefined, 'Allow'].includes(properties.RecursiveLoop as string | undefined)) {
    throw new Error(
      `The embedded engine does not cut recursive loops as ${logicalId}.RecursiveLoop asks for: set it to Allow.`,
    );
  }
  const reservedConcurrency = properties.ReservedConcurrentExecutions;
  return {
    logicalId,
    functionName: intrinsics.nameOf(fn),
    functionArn: intrinsics.arnOf(fn),
    codeDirectory: stack.codeDirectory(text(code.S3Key, `${logicalId}.Code.S3Key`)),
    handler: text(properties.Handler, `${logicalId}.Handler`),
    environment: readEnvironment(environment.Variables ?? {}, logicalId, intrinsics),
    timeoutSeconds: number(properties.Timeout ?? LAMBDA_DEFAULTS.timeoutSeconds, `${logicalId}.Timeout`),
    memoryMegabytes: number(properties.MemorySize ?? LAMBDA_DEFAULTS.memoryMegabytes, `${logicalId}.MemorySize`),
    ...(reservedConcurrency === undefined
      ? {}
      : { reservedConcurrency: number(reservedConcurrency, `${logicalId}.ReservedConcurrentExecutions`) }),
    maximumRetryAttempts: LAMBDA_DEFAULTS.retryAttempts,
    maximumEventAgeSeconds: LAMBDA_DEFAULTS.eventAgeSeconds,
  };
}

/** Each variable by itself, so that a refusal names the variable. */
function readEnvironment(variables: unknown, logicalId: string, intrinsics: Intrinsics): Record<string, string> {
  return Object.fromEntries(
    Object.entries(structure(variables, `${logicalId}.Environment.Variables`)).map(([name, value]) => [
      name,
      intrinsics.text(value, `the variable ${name} of ${logicalId}`),
    ]),
  );
}

function readInvokeConfig(
  config: Resource,
  { intrinsics, functionArns, queueArns }: Omit<FunctionSurroundings, 'stack'>,
) {
  const { logicalId } = config;
  const properties = structure(intrinsics.resolve(usedProperties(config), logicalId), logicalId);
  if (properties.Qualifier !== '$LATEST') {
    throw new Error(`Expected ${logicalId}.Qualifier to be $LATEST, got ${JSON.stringify(properties.Qualifier)}.`);
  }
  const destinations = structure(properties.DestinationConfig ?? {}, `${logicalId}.DestinationConfig`);
  refuseUnknownKeys(destinations, { used: ['OnFailure'], irrelevant: [] }, `${logicalId}.DestinationConfig`);
  const onFailure = structure(destinations.OnFailure ?? {}, `${logicalId}.DestinationConfig.OnFailure`);
  const destination = onFailure.Destination === undefined ? undefined : String(onFailure.Destination);
  if (destination !== undefined && ![...functionArns, ...queueArns].includes(destination)) {
    throw new Error(
      `Expected the on-failure destination of ${logicalId} to be a function or a queue that runs here, got ${JSON.stringify(onFailure.Destination)}.`,
    );
  }
  const isQueue = destination !== undefined && queueArns.includes(destination);
  return {
    maximumRetryAttempts: number(
      properties.MaximumRetryAttempts ?? LAMBDA_DEFAULTS.retryAttempts,
      `${logicalId}.MaximumRetryAttempts`,
    ),
    maximumEventAgeSeconds: number(
      properties.MaximumEventAgeInSeconds ?? LAMBDA_DEFAULTS.eventAgeSeconds,
      `${logicalId}.MaximumEventAgeInSeconds`,
    ),
    ...(destination !== undefined && { [isQueue ? 'onFailureQueueArn' : 'onFailureFunctionArn']: destination }),
  };
}

/** @throws Error where it has what is not implemented */
export function readStateMachine(resource: Resource, intrinsics: Intrinsics): StateMachineConfig {
  const { logicalId, stackName, constructPath } = resource;
  const properties = usedProperties(resource);
  if (![undefined, 'STANDARD'].includes(properties.StateMachineType as string | undefined)) {
    throw new Error(`Expected ${logicalId}.StateMachineType to be STANDARD: the embedded engine runs no other type.`);
  }
  const template = intrinsics.text(properties.DefinitionString, `${logicalId}.DefinitionString`);
  const substitutions = readSubstitutions(properties.DefinitionSubstitutions ?? {}, logicalId, intrinsics);
  const definition = template.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = substitutions[name];
    if (value !== undefined) return value;
    throw new Error(`Expected ${logicalId} to substitute \${${name}} of its definition: add it to the substitutions.`);
  });
  return {
    name: intrinsics.nameOf(resource),
    arn: intrinsics.arnOf(resource),
    constructPath: constructPath ?? `${stackName}/${logicalId}`,
    definition,
    substitutions,
    roleArn: intrinsics.text(properties.RoleArn, `${logicalId}.RoleArn`),
    tags: readTags(properties.Tags ?? [], logicalId, intrinsics),
  };
}

function readTags(given: unknown, logicalId: string, intrinsics: Intrinsics): Record<string, string> {
  const where = `${logicalId}.Tags`;
  return Object.fromEntries(
    list(given, where).map(({ Key, Value }) => [text(Key, `${where}.Key`), intrinsics.text(Value, `${where}.Value`)]),
  );
}

function readSubstitutions(given: unknown, logicalId: string, intrinsics: Intrinsics): Record<string, string> {
  const where = `${logicalId}.DefinitionSubstitutions`;
  return Object.fromEntries(
    Object.entries(structure(given, where)).map(([name, value]) => [name, intrinsics.text(value, `${where}.${name}`)]),
  );
}

/** @throws Error where it has what is not implemented */
export function readTable(resource: Resource, intrinsics: Intrinsics): TableConfig {
  const { logicalId } = resource;
  const properties = usedProperties(resource);
  if (properties.BillingMode !== 'PAY_PER_REQUEST') {
    throw new Error(
      `Expected ${logicalId}.BillingMode to be PAY_PER_REQUEST: the embedded engine has no capacity units.`,
    );
  }
  const attributes = list(properties.AttributeDefinitions, `${logicalId}.AttributeDefinitions`);
  const keys = list(properties.KeySchema, `${logicalId}.KeySchema`);
  const key = (keyType: string): KeyConfig | undefined => {
    const name = keys.find((candidate) => candidate.KeyType === keyType)?.AttributeName;
    const type = attributes.find((attribute) => attribute.AttributeName === name)?.AttributeType;
    return name === undefined ? undefined : { name: String(name), type: type as KeyConfig['type'] };
  };
  const hashKey = key('HASH');
  if (hashKey === undefined) throw new Error(`Expected ${logicalId}.KeySchema to have a HASH key.`);
  const rangeKey = key('RANGE');
  const ttl = structure(properties.TimeToLiveSpecification ?? {}, `${logicalId}.TimeToLiveSpecification`);
  return {
    tableName: intrinsics.nameOf(resource),
    logicalId,
    hashKey,
    ...(rangeKey === undefined ? {} : { rangeKey }),
    ...(ttl.Enabled === true ? { ttlAttribute: text(ttl.AttributeName, `${logicalId}.TimeToLiveSpecification`) } : {}),
    billing: 'PAY_PER_REQUEST',
  };
}

/** @throws Error where it has what is not implemented, or a name that no bucket can have */
export function readBucket(resource: Resource, intrinsics: Intrinsics): BucketConfig {
  const { logicalId } = resource;
  usedProperties(resource);
  const bucketName = intrinsics.nameOf(resource);
  if (isBucketName(bucketName)) return { bucketName, logicalId };
  throw new Error(
    `Expected the name of ${logicalId} to be one that S3 takes, got ${bucketName}: 3 to 63 of a-z, 0-9, points and hyphens.`,
  );
}

/** @throws Error where it has what is not implemented */
export function readRule(
  resource: Resource,
  intrinsics: Intrinsics,
  at: { readonly region: string; readonly accountId: string },
): RuleConfig {
  const { logicalId } = resource;
  const properties = structure(intrinsics.resolve({ ...usedProperties(resource), Targets: [] }, logicalId), logicalId);
  if (properties.EventPattern !== undefined) {
    throw new Error(
      `The embedded engine does not implement the property ${logicalId}.EventPattern beside a schedule: make two rules of it.`,
    );
  }
  const [target, ...others] = list(resource.properties.Targets, `${logicalId}.Targets`);
  if (target === undefined || others.length > 0) {
    throw new Error(`Expected ${logicalId} to have one target, got ${others.length + (target ? 1 : 0)}.`);
  }
  refuseUnknownKeys(
    target,
    { used: ['Arn', 'InputTransformer'], irrelevant: ['DeadLetterConfig', 'Id', 'RetryPolicy', 'RoleArn'] },
    `${logicalId}.Targets`,
  );
  const where = `${logicalId}.Targets.InputTransformer`;
  const transformer = structure(intrinsics.resolve(target.InputTransformer, where), where);
  refuseUnknownKeys(transformer, { used: ['InputPathsMap', 'InputTemplate'], irrelevant: [] }, where);
  return {
    name: intrinsics.nameOf(resource),
    schedule: text(properties.ScheduleExpression, `${logicalId}.ScheduleExpression`),
    zone: 'UTC',
    enabled: readState(properties.State ?? 'ENABLED', logicalId),
    stateMachineArn: intrinsics.text(target.Arn, `${logicalId}.Targets.Arn`),
    input: ruleInput(
      {
        InputPathsMap: structure(transformer.InputPathsMap ?? {}, where) as Record<string, string>,
        InputTemplate: text(transformer.InputTemplate, `${where}.InputTemplate`),
      },
      { ...at, ruleArn: intrinsics.arnOf(resource) },
      where,
    ),
  };
}

export function readState(state: unknown, logicalId: string): boolean {
  if (state !== 'ENABLED' && state !== 'DISABLED') {
    throw new Error(`Expected ${logicalId}.State to be ENABLED or DISABLED, got ${JSON.stringify(state)}.`);
  }
  return state === 'ENABLED';
}
