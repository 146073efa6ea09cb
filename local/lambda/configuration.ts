import { notImplemented } from '../aws-service';
import type { DeployedFunction, DeployedFunctions, EventInvokeSettings } from './deployed-functions';
import { invalidParameter, validationError } from './lambda-errors';

/** Lambda's defaults for a function whose event-invoke configuration leaves a value out. */
const DEFAULT_RETRY_ATTEMPTS = 2;
const DEFAULT_EVENT_AGE_SECONDS = 21_600;

/** Most functions that one page of ListFunctions holds. */
const PAGE_LIMIT = 50;

/** `FunctionConfiguration` of the SDK, as far as the template says it. */
export function functionConfiguration({ config }: DeployedFunction): Record<string, unknown> {
  return {
    FunctionName: config.functionName,
    FunctionArn: config.functionArn,
    Handler: config.handler,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMegabytes,
    Environment: { Variables: { ...config.environment } },
    PackageType: 'Zip',
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** Output of GetFunction. There is no `Code`: a bundle on this machine has no presigned address. */
export function functionDescription(deployed: DeployedFunction): Record<string, unknown> {
  return {
    Configuration: functionConfiguration(deployed),
    ...(deployed.reservedConcurrency !== undefined && { Concurrency: functionConcurrency(deployed) }),
  };
}

/** Output of Get- and PutFunctionConcurrency. */
export function functionConcurrency({ reservedConcurrency }: DeployedFunction): Record<string, unknown> {
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
}

/**
 * Output of ListFunctions: one page, in the order of the names. The marker is the name that the page begins with.
 *
 * @throws LambdaError `ValidationException` where the marker is none of an earlier page, or `maxItems` is out of bounds
 */
export function functionPage(
  functions: DeployedFunctions,
  marker: unknown,
  maxItems: unknown = PAGE_LIMIT,
): Record<string, unknown> {
  const limit = Math.min(integerWithin('maxItems', maxItems, 1, 10_000), PAGE_LIMIT);
  const all = functions.all();
  const first = marker === undefined ? 0 : all.findIndex(({ config }) => config.functionName === marker);
  if (first < 0) {
    throw validationError('marker', marker, 'Member must be the NextMarker of an earlier page');
  }
  const next = all[first + limit];
  return {
    Functions: all.slice(first, first + limit).map(functionConfiguration),
    ...(next && { NextMarker: next.config.functionName }),
  };
}

/** Output of Get- and PutFunctionEventInvokeConfig. */
export function eventInvokeConfig({ config, eventInvoke }: DeployedFunction): Record<string, unknown> {
  const destination = eventInvoke.onFailureFunctionArn ?? eventInvoke.onFailureQueueArn;
  return {
    FunctionArn: `${config.functionArn}:$LATEST`,
    LastModified: new Date(eventInvoke.modifiedAt),
    MaximumRetryAttempts: eventInvoke.maximumRetryAttempts,
    MaximumEventAgeInSeconds: eventInvoke.maximumEventAgeSeconds,
    DestinationConfig: { OnSuccess: {}, OnFailure: destination === undefined ? {} : { Destination: destination } },
  };
}

/**
 * The settings that PutFunctionEventInvokeConfig puts in place of the earlier ones: what it leaves out goes back to
 * Lambda's default.
 * @param now milliseconds since the epoch
 * @throws LambdaError `ValidationException` where a value is malformed or out of bounds
 * @throws LambdaError `InvalidParameterValueException` where nothing is set, or the destination is not deployed
 * @throws ServiceError `UnknownOperationException` where the destination is no function
 */
export function eventInvokeSettings(
  functions: DeployedFunctions,
  deployed: DeployedFunction,
  input: Record<string, unknown>,
  now: number,
): EventInvokeSettings {
  if (['MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'].every((name) => input[name] == null)) {
    throw invalidParameter('You must specify at least one of error handling or destination setting.');
  }
  const { MaximumRetryAttempts = DEFAULT_RETRY_ATTEMPTS, MaximumEventAgeInSeconds = DEFAULT_EVENT_AGE_SECONDS } = input;
  const destinations = recordOf('destinationConfig', input.DestinationConfig);
  if (recordOf('destinationConfig.onSuccess', destinations.OnSuccess).Destination !== undefined) {
    throw notImplemented('Lambda', 'PutFunctionEventInvokeConfig with DestinationConfig.OnSuccess');
  }
  const onFailure = recordOf('destinationConfig.onFailure', destinations.OnFailure).Destination;
  return {
    maximumRetryAttempts: integerWithin('maximumRetryAttempts', MaximumRetryAttempts, 0, 2),
    maximumEventAgeSeconds: integerWithin('maximumEventAgeInSeconds', MaximumEventAgeInSeconds, 60, 21_600),
    ...(onFailure !== undefined &&
      onFailure !== '' && { onFailureFunctionArn: deployedArn(functions, deployed, onFailure) }),
    modifiedAt: now,
  };
}

/** @throws LambdaError `ValidationException` where `value` is no integer from `least` to `most` */
export function integerWithin(member: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw validationError(member, value, 'Member must be an integer');
  }
  if (value < least) {
    throw validationError(member, value, `Member must have value greater than or equal to ${least}`);
  }
  if (value > most) {
    throw validationError(member, value, `Member must have value less than or equal to ${most}`);
  }
  return value;
}

/** What Lambda takes for a destination (API reference, OnFailure). */
const DESTINATION_FORMAT =
  '$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:' +
  '([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';

function deployedArn(functions: DeployedFunctions, owner: DeployedFunction, destination: unknown): string {
  const arn = String(destination);
  if (!new RegExp(`^(?:${DESTINATION_FORMAT})$`).test(arn)) {
    throw validationError(
      'destinationConfig.onFailure.destination',
      destination,
      `Member must satisfy regular expression pattern: ${DESTINATION_FORMAT}`,
    );
  }
  if (arn.split(':')[2] !== 'lambda') throw notImplemented('Lambda', `the destination ${arn}, only functions`);
  const found = functions.find(arn);
  if (found === undefined) throw invalidParameter(`The destination ARN ${arn} is invalid.`);
  if (found === owner) throw invalidParameter("You can't specify the function as a destination for itself.");
  return found.config.functionArn;
}

function recordOf(member: string, value: unknown): Record<string, unknown> {
  if (value === undefined) {
    return {};
  }
  if (typeof value !== 'object' || value === null) {
    throw validationError(member, value, 'Member must be a structure');
  }
  return { ...value };
}
