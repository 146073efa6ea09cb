import type { Clock } from '../../../functions/contract/clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that moves only when told to. Between two timers every promise that can settle does. */
export class VirtualClock implements Clock {
  #now = Date.parse('2026-01-05T07:00:00Z');
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Fires what falls due within `milliseconds`, in order; timers set meanwhile included. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #earliest(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** All microtasks have run when the next turn of the event loop comes. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
