import { type Clock, sleep } from './clock';

/**
 * For how long a call is repeated unless its caller says otherwise: long enough to sit out an outage of some minutes.
 * What the call is for waits meanwhile; nobody is given up for a blip.
 */
const PATIENCE_MILLISECONDS = 10 * 60_000;

export interface RetryOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Tries in all, the first included. @default - as many as `forMilliseconds` allows */
  readonly attempts?: number;
  /** No try begins later than this after the first. @default - 10 minutes */
  readonly forMilliseconds?: number;
  /** Upper bound of the first pause; doubles with every try. @default - 50 */
  readonly firstPauseMilliseconds?: number;
  /** @default - 2000 */
  readonly longestPauseMilliseconds?: number;
  /** Asked before each pause: false gives up at once with the last error. */
  readonly shouldRetry: (error: unknown) => boolean;
}

/** Calls `operation` until it succeeds, pausing with full jitter between tries. Rejects with the last error. */
export async function retry<Result>(operation: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { clock, random, attempts = Number.POSITIVE_INFINITY, forMilliseconds = PATIENCE_MILLISECONDS } = options;
  const { firstPauseMilliseconds = 50, longestPauseMilliseconds = 2000 } = options;
  const startedAt = clock.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (attempt >= attempts || !options.shouldRetry(error)) throw error;
      const longest = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempt - 1));
      const pause = random() * longest;
      if (clock.now() - startedAt + pause > forMilliseconds) throw error;
      await sleep(clock, pause);
    }
  }
}
