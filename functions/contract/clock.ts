/**
 * Time, as an argument. The domain and the embedded engine read the clock only through this interface, so that the
 * simulation can run both on virtual time.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `callback` once, `milliseconds` from now. Returns what cancels it; cancelling twice is harmless. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Resolves `milliseconds` from now. */
export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}

/** A timer of Node.js holds 31 bits of milliseconds, about 24.8 days; it fires a longer one at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Real time. A wait that is longer than a timer can be is cut into pieces. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      const piece = Math.min(left, LONGEST_TIMER_MILLISECONDS);
      timer = setTimeout(() => (left > piece ? wait(left - piece) : callback()), piece);
    };
    wait(milliseconds);
    return () => clearTimeout(timer);
  },
};
