import type { Clock } from '../../../functions/contract/clock';

/** A clock on which every pause is over at once; time moves on by as much. */
export class FastClock implements Clock {
  readonly pauses: number[] = [];

  constructor(private time = Date.UTC(2026, 10, 23, 7)) {}

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.pauses.push(milliseconds);
    this.time += milliseconds;
    let cancelled = false;
    queueMicrotask(() => {
      if (!cancelled) callback();
    });
    return () => {
      cancelled = true;
    };
  }
}
