import type { Clock } from '../../functions/contract/clock';

/** A real timer holds 31 bits of milliseconds, about 24 days; a longer one would fire at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/**
 * Calls `callback` at `time` (milliseconds since the epoch), however far away that is. Returns what cancels the call.
 */
export function callAt(clock: Clock, time: number, callback: () => void): () => void {
  let cancel: () => void;
  const wait = () => {
    const left = Math.max(0, time - clock.now());
    cancel =
      left > LONGEST_TIMER_MILLISECONDS ? clock.after(LONGEST_TIMER_MILLISECONDS, wait) : clock.after(left, callback);
  };
  wait();
  return () => cancel();
}
