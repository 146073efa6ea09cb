import type { Clock } from './clock';

/** After a pause (a claim, a slow load) at most this much of the pace is caught up. */
const CATCH_UP_MILLISECONDS = 1000;
/** Multiplicative decrease on a throttle. At most once a second, against the increase: a chain keeps a tenth of its pace. */
const DECREASE = 0.5;
/** Additive increase: share of the full pace that comes back per second without a throttle. */
const INCREASE_PER_SECOND = 0.05;
/** Throttles within this time belong to the same congestion and decrease the pace once. */
const CONGESTION_MILLISECONDS = 1000;

export interface PaceOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** This chain's share of the run's budget; 0 pauses. */
  readonly itemsPerSecond: number;
}

/**
 * When the next item may start. Permits are spaced evenly, so that a link neither starts nor catches up with a burst;
 * a throttle halves the pace (multiplicative decrease), quiet seconds bring it back (additive increase).
 */
export class Pace {
  private share: number;
  private factor = 1;
  /** Time of the next permit. Starts at a random phase: successors of many chains do not march in step. */
  private next: number;
  private lastThrottleAt = Number.NEGATIVE_INFINITY;
  private factorAt: number;
  private readonly waiting = new Set<() => void>();
  private stopped = false;

  /** Throttles met, and the time that permits were held back for them. */
  throttles = 0;

  constructor(private readonly options: PaceOptions) {
    const now = options.clock.now();
    this.share = options.itemsPerSecond;
    this.next = now + (this.share > 0 ? (options.random() * 1000) / this.share : 0);
    this.factorAt = now;
  }

  /** Changes this chain's share of the budget; takes effect for permits that are already waited for. */
  setShare(itemsPerSecond: number): void {
    if (itemsPerSecond === this.share) return;
    const now = this.options.clock.now();
    // A wait that was long because the pace was slow shrinks with it, and the other way round.
    if (this.share > 0 && itemsPerSecond > 0) this.next = now + ((this.next - now) * this.share) / itemsPerSecond;
    else this.next = now;
    this.share = itemsPerSecond;
    this.wake();
  }

  /** No more permits: whoever waits is sent away. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Waits for a permit. False if the pace was stopped first. */
  async permit(): Promise<boolean> {
    while (!this.stopped) {
      const now = this.options.clock.now();
      const wait = this.rate() > 0 ? this.next - now : Number.POSITIVE_INFINITY;
      if (wait <= 0) {
        this.next = Math.max(this.next, now - CATCH_UP_MILLISECONDS) + 1000 / this.rate();
        return true;
      }
      await this.pause(wait);
    }
    return false;
  }

  /** Gives back the permit of an item that needed none. */
  refund(): void {
    if (this.rate() > 0) this.next -= 1000 / this.rate();
    this.wake();
  }

  /** The provider refused for its rate. */
  throttled(): void {
    const now = this.options.clock.now();
    this.throttles += 1;
    if (now - this.lastThrottleAt < CONGESTION_MILLISECONDS) return;
    this.factor = this.currentFactor() * DECREASE;
    this.factorAt = now;
    this.lastThrottleAt = now;
    // Full jitter: chains that were throttled together come back apart.
    this.next = Math.max(this.next, now) + (this.options.random() * 1000) / Math.max(this.rate(), 1);
  }

  /** Items per second at this moment. */
  rate(): number {
    return this.share * this.currentFactor();
  }

  private currentFactor(): number {
    const quietSeconds = (this.options.clock.now() - this.factorAt) / 1000;
    return Math.min(1, this.factor + INCREASE_PER_SECOND * quietSeconds);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        cancel();
        resolve();
      };
      this.waiting.add(done);
      const cancel = Number.isFinite(milliseconds) ? this.options.clock.after(milliseconds, done) : () => {};
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}
