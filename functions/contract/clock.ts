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
