import { isTransient } from '../contract/aws-errors';
import { systemClock } from '../contract/clock';
import { type RetryOptions, retry } from '../contract/retry';

/** How a job's own call is repeated: as `RetryOptions`, with a default for each. */
export type RetryTransientOptions = Partial<
  Pick<RetryOptions, 'attempts' | 'forMilliseconds' | 'shouldRetry' | 'clock' | 'random'>
>;

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
 * @param options `attempts` in all, as many as fit by default; `forMilliseconds`, 600,000 by default; `shouldRetry`,
 * `isTransient` by default; for tests `clock` and `random`, the system's by default
 * @throws the last error
 */
export function retryTransient<Result>(
  operation: () => Promise<Result>,
  options: RetryTransientOptions = {},
): Promise<Result> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return retry(operation, { clock: systemClock, random: Math.random, shouldRetry: isTransient, ...given });
}
