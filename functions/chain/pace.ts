import type { Clock } from './clock';

/** After a pause (a claim, a slow load) at most this much of the pace is caught up. */
const CATCH_UP_MILLISECONDS = 1000;
/** Multiplicative decrease on a throttle. */
const DECREASE = 0.5;
/** Share of its full pace that a chain keeps however long the congestion lasts. */
const LEAST = 0.05;
/** Additive increase: share of the full pace that comes back per second without a throttle. */
const INCREASE_PER_SECOND = 0.05;
/** Share of the throttled pace up to which it comes back so quickly: whoever else uses the quota may still do so. */
const KNOWN_GOOD = 0.8;
/** Beyond that it probes, the more boldly the longer nothing is throttled: share of the full pace per second². */
const PROBE_PER_SECOND_SQUARED = 0.0005;
/** Throttles within this time belong to the same congestion and decrease the pace once. */
const CONGESTION_MILLISECONDS = 1000;
/** The same for what other chains tell of: the news of one congestion comes in with their next claims. */
const NEWS_MILLISECONDS = 10_000;

export interface PaceOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** This chain's share of the run's budget; 0 pauses. */
  readonly itemsPerSecond: number;
  /** What the link before knew. @default - nothing: the full share */
  readonly backOff?: BackOff;
}

/** How far a pace has stepped back from its share, and since when. */
export interface BackOff {
  /** Part of the share, above 0 to 1, at the time `at`. */
  readonly factor: number;
  /** Part of the share up to which it comes back quickly. */
  readonly knownGood: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * When the next item may start. Permits are spaced evenly, so that a link neither starts nor catches up with a burst;
 * a throttle halves the pace (multiplicative decrease), quiet seconds bring it back (additive increase): quickly to a
 * little less than what was throttled, then slowly at first.
 */
export class Pace {
  private share: number;
  private steppedBack: BackOff;
  /** Time of the next permit. Starts at a random phase: successors of many chains do not march in step. */
  private next: number;
  private steppedBackAt = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Set<() => void>();
  private stopped = false;

  /** Throttles met. */
  throttles = 0;
  /** Time by which permits came later than at the full share, because of throttles. */
  heldBackMilliseconds = 0;

  constructor(private readonly options: PaceOptions) {
    const now = options.clock.now();
    this.share = options.itemsPerSecond;
    this.steppedBack = options.backOff ?? { factor: 1, knownGood: 1, at: now };
    this.next = now + (this.share > 0 ? (options.random() * 1000) / this.rate() : 0);
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
        this.heldBackMilliseconds += 1000 / this.rate() - 1000 / this.share;
        return true;
      }
      await this.pause(wait);
    }
    return false;
  }

  /** Waits until a permit is at most so many milliseconds away, and takes none. False if the pace was stopped first. */
  async nearly(milliseconds: number): Promise<boolean> {
    while (!this.stopped) {
      const wait = this.rate() > 0 ? this.next - milliseconds - this.options.clock.now() : Number.POSITIVE_INFINITY;
      if (wait <= 0) return true;
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
    this.throttles += 1;
    this.stepBack(CONGESTION_MILLISECONDS);
  }

  /** Another chain of the run was throttled: all of them use the same quota. */
  congested(): void {
    this.stepBack(NEWS_MILLISECONDS);
  }

  /** How far the pace has stepped back; undefined at its full share. */
  backOff(): BackOff | undefined {
    return this.currentFactor() < 1 ? this.steppedBack : undefined;
  }

  /** Items per second at this moment. */
  rate(): number {
    return this.share * this.currentFactor();
  }

  private stepBack(quietMilliseconds: number): void {
    const now = this.options.clock.now();
    if (now - this.steppedBackAt < quietMilliseconds) return;
    const throttled = this.currentFactor();
    this.steppedBack = { factor: Math.max(LEAST, throttled * DECREASE), knownGood: throttled * KNOWN_GOOD, at: now };
    this.steppedBackAt = now;
    // Full jitter: chains that were throttled together come back apart.
    const jitter = (this.options.random() * 1000) / Math.max(this.rate(), 1);
    this.next = Math.max(this.next, now) + jitter;
    this.heldBackMilliseconds += jitter;
  }

  private currentFactor(): number {
    const { factor, knownGood, at } = this.steppedBack;
    const quietSeconds = Math.max(0, this.options.clock.now() - at) / 1000;
    const quickSeconds = Math.min(quietSeconds, Math.max(0, knownGood - factor) / INCREASE_PER_SECOND);
    const probed = PROBE_PER_SECOND_SQUARED * (quietSeconds - quickSeconds) ** 2;
    return Math.min(1, factor + INCREASE_PER_SECOND * quickSeconds + probed);
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
