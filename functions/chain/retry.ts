import { type Clock, sleep } from './clock';

export interface RetryOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Tries in all, the first included. @default - 6 */
  readonly attempts?: number;
  /** Upper bound of the first pause; doubles with every try. @default - 50 */
  readonly firstPauseMilliseconds?: number;
  /** @default - 2000 */
  readonly longestPauseMilliseconds?: number;
  /** Asked before each pause: false gives up at once with the last error. */
  readonly shouldRetry: (error: unknown) => boolean;
}

/** Calls `operation` until it succeeds, pausing with full jitter between tries. Rejects with the last error. */
export async function retry<Result>(operation: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { clock, random, attempts = 6, firstPauseMilliseconds = 50, longestPauseMilliseconds = 2000 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (attempt >= attempts || !options.shouldRetry(error)) throw error;
      const longest = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempt - 1));
      await sleep(clock, random() * longest);
    }
  }
}
