import { isTransient } from '../contract/aws-errors';
import { type Clock, systemClock } from '../contract/clock';
import { retry } from '../contract/retry';

/** How a job's own call is repeated. */
export interface RetryTransientOptions {
  /** Tries in all, the first included. @default - as many as `forMilliseconds` allows */
  readonly attempts?: number;
  /** No try begins later than this after the first. @default - 600,000: ten minutes */
  readonly forMilliseconds?: number;
  /** Asked before each pause: false gives up at once with the last error. @default - `isTransient` */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** For tests. @default - the clock of this process */
  readonly clock?: Clock;
  /** Uniform in [0, 1), for tests. @default - Math.random */
  readonly random?: () => number;
}

/**
 * Calls `operation` until it succeeds, with growing, random pauses of at most two seconds, as long as its error is one
 * that passes: a throttle, a fault of the service, no answer. For calls that may be made twice: the reads of `load`, say.
 * The SDK clients of the functions make one attempt for each call, because of those that may not.
 *
 * @example
 * load: async (ids) => {
 *   const answer = await retryTransient(() => dynamoDb().send(new BatchGetCommand(keysOf(ids))));
 *   return usersOf(answer);
 * },
 *
 * @throws Error the last one, where it does not pass, or not in time
 */
export function retryTransient<Result>(
  operation: () => Promise<Result>,
  options: RetryTransientOptions = {},
): Promise<Result> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return retry(operation, { clock: systemClock, random: Math.random, shouldRetry: isTransient, ...given });
}
