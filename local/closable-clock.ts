import type { Clock } from '../functions/contract/clock';

/** A clock whose timers can all be cancelled at once: after `close` it calls nothing any more. */
export class ClosableClock implements Clock {
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  after(milliseconds: number, callback: () => void): () => void {
    if (this.closed) return () => {};
    const cancelTimer = this.clock.after(milliseconds, () => {
      this.waiting.delete(cancel);
      callback();
    });
    const cancel = () => {
      this.waiting.delete(cancel);
      cancelTimer();
    };
    this.waiting.add(cancel);
    return cancel;
  }

  close(): void {
    this.closed = true;
    for (const cancel of this.waiting) cancel();
  }
}
