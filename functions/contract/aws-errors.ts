/**
 * What an error of an AWS SDK client means. Every client of this project is built with `maxAttempts: 1`: one layer
 * retries, the one that also counts throttles and knows which calls may be repeated.
 */

const THROTTLES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottledException',
]);

/** Signed at a wrong time, or with credentials that have run out since: mended by signing anew. */
const SIGNED_TOO_LATE = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'RequestInTheFuture',
]);
/** Of these the message tells whether it was the time: "Signature expired: …", "Signature not yet current: …". */
const BAD_SIGNATURE = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException', 'AuthFailure']);

/** Client faults (HTTP 4xx) that pass: the service gave up waiting for the request, or is at work on the same one. */
const PASSING = new Set(['RequestTimeout', 'RequestTimeoutException', 'TransactionInProgressException']);

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The error's name, as the service spells its codes; `Unknown` for whatever has none. Never throws. */
export function errorName(error: unknown): string {
  try {
    const name: unknown = (error as SdkError | null | undefined)?.name;
    return typeof name === 'string' && name !== '' ? name : 'Unknown';
  } catch {
    // A job may throw anything, a revoked proxy too.
    return 'Unknown';
  }
}

/** The service refused the call for its rate: nothing happened. */
export function isThrottle(error: unknown): boolean {
  return THROTTLES.has(errorName(error)) || (error as SdkError | null)?.$metadata?.httpStatusCode === 429;
}

/**
 * The service refused the call for the time or the credentials that it was signed with: nothing happened, and the next
 * try is signed anew. The SDK corrects its clock by the service's answer.
 */
export function isSignedTooLate(error: unknown): boolean {
  const { message = '' } = (error ?? {}) as SdkError;
  const name = errorName(error);
  return SIGNED_TOO_LATE.has(name) || (BAD_SIGNATURE.has(name) && /expired|not yet current/i.test(message));
}

/**
 * The same call may succeed when it is made again: a throttle, a fault of the service, or no answer at all. After
 * anything but a throttle it is unknown whether the call took effect.
 */
export function isTransient(error: unknown): boolean {
  if (isThrottle(error) || isSignedTooLate(error) || PASSING.has(errorName(error))) return true;
  const { $fault, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  // What a service does not implement (501) it does not implement in ten minutes either.
  if (status !== undefined) return (status >= 500 && status !== 501) || status === 408;
  if ($fault !== undefined) return $fault === 'server';
  return isConnectionFailure(error);
}

const NO_ANSWER = new Set(['TimeoutError', 'AbortError', 'NetworkingError', 'AggregateError']);

/** The request got no answer: the connection could not be made, TLS included, or it broke or timed out. */
function isConnectionFailure(error: unknown): boolean {
  const { name = '', code = '' } = (error ?? {}) as SdkError;
  return NO_ANSWER.has(name) || /^E[A-Z_]+$/.test(code);
}
