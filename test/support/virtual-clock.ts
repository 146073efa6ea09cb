import type { Clock } from '../../functions/contract/clock';

interface Timer {
  readonly at: number;
  /** Timers of the same moment fire in the order in which they were set. */
  readonly order: number;
  callback?: () => void;
}

export interface VirtualClockOptions {
  /** Milliseconds since the epoch. @default - 2026-01-05T08:00:00Z, a Monday */
  readonly start?: number;
  /**
   * Lets pending work finish before the next timer fires. @default - one turn of the event loop, which settles whatever
   * consists of promises only
   */
  readonly settle?: () => Promise<void>;
}

/** Time that passes only when it is told to. Nothing else may wait for real time while it runs. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #settle: () => Promise<void>;
  /** Binary heap, earliest first. A cancelled timer stays until it is reached. */
  readonly #timers: Timer[] = [];

  constructor({ start = Date.UTC(2026, 0, 5, 8), settle = settleEventLoop }: VirtualClockOptions = {}) {
    this.#now = start;
    this.#settle = settle;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#timers.filter(({ callback }) => callback !== undefined).length;
  }

  after(milliseconds: number, callback: () => void): () => void {
    if (!(milliseconds >= 0)) throw new Error(`Expected a time to wait of 0 ms or more, got ${milliseconds}.`);
    const timer: Timer = { at: this.#now + milliseconds, order: this.#order++, callback };
    this.#push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  /** Lets `milliseconds` pass, with every timer that is due in them. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await this.#settle();
    while (await this.#fireNext(end));
    this.#now = end;
  }

  /** Lets time pass until the predicate holds or the promise settles. Throws when nothing is left to happen. */
  async runUntil<T>(goal: (() => boolean) | Promise<T>): Promise<void> {
    let settled = false;
    if (typeof goal !== 'function') {
      const settle = () => {
        settled = true;
      };
      goal.then(settle, settle);
    }
    const reached = typeof goal === 'function' ? goal : () => settled;
    await this.#settle();
    while (!reached()) {
      if (!(await this.#fireNext(Number.POSITIVE_INFINITY))) {
        throw new Error('Expected the goal to be reached, but no timer is left: something waits for ever.');
      }
    }
  }

  async #fireNext(end: number): Promise<boolean> {
    for (let timer = this.#timers[0]; timer !== undefined && timer.at <= end; timer = this.#timers[0]) {
      this.#pop();
      const { callback } = timer;
      if (callback === undefined) continue;
      this.#now = timer.at;
      callback();
      await this.#settle();
      return true;
    }
    return false;
  }

  #push(timer: Timer): void {
    const timers = this.#timers;
    let index = timers.length;
    timers.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!earlier(timer, timers[parent]!)) break;
      timers[index] = timers[parent]!;
      index = parent;
    }
    timers[index] = timer;
  }

  #pop(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= timers.length) break;
      if (child + 1 < timers.length && earlier(timers[child + 1]!, timers[child]!)) child += 1;
      if (!earlier(timers[child]!, last)) break;
      timers[index] = timers[child]!;
      index = child;
    }
    timers[index] = last;
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** All microtasks have run when the next turn of the event loop comes. */
export function settleEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
