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

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The error's name, as the service spells its codes. */
export function errorName(error: unknown): string {
  return (error as SdkError | null)?.name ?? 'Unknown';
}

/** The service refused the call for its rate: nothing happened. */
export function isThrottle(error: unknown): boolean {
  return THROTTLES.has(errorName(error)) || (error as SdkError | null)?.$metadata?.httpStatusCode === 429;
}

/**
 * The same call may succeed when it is made again: a throttle, a fault of the service, or no answer at all. After
 * anything but a throttle it is unknown whether the call took effect.
 */
export function isTransient(error: unknown): boolean {
  if (isThrottle(error)) return true;
  const { $fault, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500;
  if ($fault !== undefined) return $fault === 'server';
  return isConnectionFailure(error);
}

/** The request got no answer: the connection failed or timed out. */
function isConnectionFailure(error: unknown): boolean {
  const { name, code } = (error ?? {}) as SdkError;
  return (
    name === 'TimeoutError' || name === 'AbortError' || name === 'NetworkingError' || /^E[A-Z_]+$/.test(code ?? '')
  );
}
