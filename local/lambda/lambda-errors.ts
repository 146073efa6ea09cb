import { ServiceError } from '../aws-service';

/** Why Lambda throttles, as in the SDK's `ThrottleReason`. */
export type ThrottleReason = 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded';

/** An error of the Lambda API. Its own fields beside `name` and `message` travel in the error's body. */
export class LambdaError extends ServiceError {
  readonly Type = 'User';

  constructor(
    code: string,
    message: string,
    statusCode: number,
    /** Present if `name` is `TooManyRequestsException`. */
    readonly Reason?: ThrottleReason,
  ) {
    super(code, message, statusCode);
  }
}

/** 404, with the ARN that was looked for. */
export function functionNotFound(arn: string): LambdaError {
  return resourceNotFound(`Function not found: ${arn}`);
}

export function resourceNotFound(message: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', message, 404);
}

/** 429, a synchronous invocation without a free slot. */
export function tooManyRequests(reason: ThrottleReason): LambdaError {
  return new LambdaError('TooManyRequestsException', 'Rate Exceeded.', 429, reason);
}

/** 413, sizes in bytes. */
export function requestTooLarge(bytes: number, limitBytes: number, invocationType: string): LambdaError {
  return new LambdaError(
    'RequestTooLargeException',
    `${bytes} byte payload is too large for the ${invocationType} invocation type (limit ${limitBytes} bytes)`,
    413,
  );
}

/** 400, a payload that is not JSON. */
export function invalidRequestContent(reason: string): LambdaError {
  return new LambdaError(
    'InvalidRequestContentException',
    `Could not parse request body into json: Could not parse payload into json: ${reason}`,
    400,
  );
}

/** 400, a member of the request that breaks its constraint. */
export function validationError(member: string, value: unknown, constraint: string): LambdaError {
  const shown = value === undefined || value === null ? 'null' : `'${String(value)}'`;
  return new LambdaError(
    'ValidationException',
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`,
    400,
  );
}

/** 400, a parameter that is well formed and still not acceptable. */
export function invalidParameter(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message, 400);
}
