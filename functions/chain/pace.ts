import type { Clock } from '../contract/clock';
import { LONGEST_RETRY_AFTER_SECONDS } from '../contract/verdicts';
import type { BackOff } from '../ledger/records';

/** A permit that is taken up to so much later than its time counts as taken in time. */
const LATE_MILLISECONDS = 25;
/** Of the permits that were missed, at most those of so much time are made up for. */
const OWED_MILLISECONDS = 10_000;
/** While permits are owed, one extra permit comes with so many regular ones. */
const EXTRA_AMONG = 40;
/** Two regular permits are never closer than this share of the distance between them. */
const CLOSEST = 0.95;
/**
 * Share of a distance by which a time may miss the grid and still count as on it: floating-point numbers are not exact.
 */
const GRID_PRECISION = 1e-3;
/**
 * A permit that is so near is given at once: no timer waits for less, and floating-point times are not exact to less.
 */
const NEAR_MILLISECONDS = 0.01;
/** A refunded permit can be taken for so long. */
const REFUND_MILLISECONDS = 1000;
/** Multiplicative decrease on a throttle. */
const DECREASE = 0.5;
/** Share of its full pace that a chain keeps however long the congestion lasts. */
const LEAST = 0.05;
/** Additive increase: share of the full pace that comes back per second without a throttle. */
const INCREASE_PER_SECOND = 0.05;
/** Share of the throttled pace up to which it comes back so quickly; the rest is left to other users of the quota. */
const KNOWN_GOOD = 0.8;
/** Beyond that the increase itself grows while nothing is throttled: share of the full pace per second². */
const PROBE_PER_SECOND_SQUARED = 0.0005;
/** Throttles within this time belong to the same congestion and decrease the pace once. */
const CONGESTION_MILLISECONDS = 1000;
/** The same for throttles of other chains, which are read from the ledger with their next claims. */
const NEWS_MILLISECONDS = 10_000;

export interface PaceOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** This chain's share of the run's budget; 0 pauses. */
  readonly itemsPerSecond: number;
  /** Place of this chain's permits between those of the other chains, from 0 to below 1. @default - random */
  readonly phase?: number;
  /** How far the pace of the link before had stepped back. @default - not at all: the full share */
  readonly backOff?: BackOff;
}

/**
 * When the next item may start. Permits lie on a grid in time: chains of one run that know their places have them evenly
 * between each other's, however many chains there are. A permit that was not taken in time is made up for little by little, so that no second has more than 1.1 times the budget of the run. A throttle halves
 * the pace (multiplicative decrease), quiet seconds bring it back (additive increase): quickly to a little less than
 * what was throttled, then slowly at first.
 *
 * @see docs/how-it-works.md#the-pace
 */
export class Pace {
  private share: number;
  private phase: number;
  private steppedBack: BackOff;
  /** Time of the next permit, in milliseconds since the epoch. */
  private next: number;
  /** Time of the last permit, in milliseconds since the epoch. */
  private last = Number.NEGATIVE_INFINITY;
  /** Permits that were missed. */
  private owed = 0;
  /** Whether the next permit is one that was owed: it lies between two of the grid. */
  private isExtra = false;
  private refunds = 0;
  private refundedAt = 0;
  private steppedBackAt = Number.NEGATIVE_INFINITY;
  /** Until when the provider wants no calls, in milliseconds since the epoch. */
  private closedUntil = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Set<() => void>();
  private stopped = false;
  /** When the share no longer counts, in milliseconds since the epoch. */
  private until = Number.POSITIVE_INFINITY;

  /** Told of each throttle, and until when the provider wants no more calls, if it said so: milliseconds since the epoch. */
  onThrottled: (closedUntil?: number) => void = () => {};

  /** Throttles met. */
  throttles = 0;
  /** Time by which permits came later than at the full share, because of throttles. */
  heldBackMilliseconds = 0;
  /** Time for which the provider wanted no calls, as far as it has said so by now. */
  closedMilliseconds = 0;

  constructor(private readonly options: PaceOptions) {
    const { clock, random, itemsPerSecond, phase = random(), backOff } = options;
    const now = clock.now();
    this.share = itemsPerSecond;
    this.phase = phase;
    this.steppedBack = backOff ?? { factor: 1, knownGood: 1, at: now };
    // By the clock of the link before, which may be wrong: never for longer than any provider is left alone.
    const until = Math.min(backOff?.closedUntil ?? now, now + LONGEST_RETRY_AFTER_SECONDS * 1000);
    if (until > now) {
      this.closedUntil = until;
      this.closedMilliseconds = until - now;
    }
    this.next = this.start(Math.max(now, until));
  }

  /**
   * Changes this chain's share of the budget, and its place between the other chains; takes effect for permits that are
   * already waited for.
   *
   * @param until when the share no longer counts, in milliseconds since the epoch: without another one there are no
   * permits then. @default - for ever
   */
  setShare(itemsPerSecond: number, phase = this.phase, until = Number.POSITIVE_INFINITY): void {
    const isOver = this.options.clock.now() >= this.until;
    this.until = until;
    if (itemsPerSecond === this.share && phase === this.phase) {
      if (isOver) this.wake();
      return;
    }
    this.share = itemsPerSecond;
    this.phase = phase;
    this.isExtra = false;
    this.owed = Math.min(this.owed, this.mostOwed());
    if (itemsPerSecond > 0) {
      const earliest = this.last + (CLOSEST * 1000) / this.rate();
      this.next = this.start(Math.max(this.options.clock.now(), earliest, this.closedUntil));
    } else this.refunds = 0;
    this.wake();
  }

  /** Gives no more permits: every wait for one ends with false. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Waits for a permit. False if the pace was stopped first. */
  async permit(): Promise<boolean> {
    while (await this.nearly(0)) {
      // Others may have waited for the same one.
      if (this.untilNext() > NEAR_MILLISECONDS) continue;
      if (this.refunds > 0) this.refunds -= 1;
      else this.advance();
      return true;
    }
    return false;
  }

  /** Waits until a permit is at most so many milliseconds away, and takes none. False if the pace was stopped first. */
  async nearly(milliseconds: number): Promise<boolean> {
    while (!this.stopped) {
      const wait = this.untilNext() - milliseconds;
      if (wait <= NEAR_MILLISECONDS) return true;
      await this.pause(wait);
    }
    return false;
  }

  /** Gives back the permit of an item that needed none: the next one who asks has it, but not many at once. */
  refund(): void {
    if (this.rate() === 0) return;
    const now = this.options.clock.now();
    this.forgetRefunds(now);
    this.refundedAt = now;
    if (now < this.closedUntil) return;
    if (this.refunds < Math.max(1, (this.rate() * LATE_MILLISECONDS) / 1000)) this.refunds += 1;
    else this.owed = Math.min(this.mostOwed(), this.owed + 1);
    this.wake();
  }

  /**
   * To be called when the provider has refused for its rate.
   *
   * @param seconds for which it wants no more calls: no permit is given before they are over
   */
  throttled(seconds?: number): void {
    this.throttles += 1;
    this.stepBack(CONGESTION_MILLISECONDS);
    const closedUntil = seconds === undefined ? undefined : this.options.clock.now() + seconds * 1000;
    if (closedUntil !== undefined) this.close(closedUntil);
    this.onThrottled(closedUntil);
  }

  /** To be called when another chain of the run was throttled: all of them use the same quota. */
  congested(): void {
    this.stepBack(NEWS_MILLISECONDS);
  }

  /** How far the pace has stepped back; undefined at its full share. */
  backOff(): BackOff | undefined {
    const { closedUntil } = this;
    if (this.options.clock.now() < closedUntil) return { ...this.steppedBack, closedUntil };
    return this.currentFactor() < 1 ? this.steppedBack : undefined;
  }

  /** Items per second at this moment. */
  rate(): number {
    return this.share * this.currentFactor();
  }

  /** Gives no permit before this time; the pace comes back from then on, and nothing is owed for the time between. */
  close(until: number): void {
    const from = Math.max(this.options.clock.now(), this.closedUntil);
    if (until <= from) return;
    this.closedUntil = until;
    this.steppedBack = { ...this.steppedBack, at: until };
    this.heldBackMilliseconds += until - from;
    this.closedMilliseconds += until - from;
    this.next = Math.max(this.next, this.start(until));
    this.refunds = 0;
    this.owed = 0;
    this.isExtra = false;
  }

  private stepBack(quietMilliseconds: number): void {
    const now = this.options.clock.now();
    if (now - this.steppedBackAt < quietMilliseconds) return;
    const throttled = this.currentFactor();
    const at = Math.max(now, this.closedUntil);
    this.steppedBack = { factor: Math.max(LEAST, throttled * DECREASE), knownGood: throttled * KNOWN_GOOD, at };
    this.steppedBackAt = now;
    // Full jitter: chains that were throttled together come back apart.
    const jitter = (this.options.random() * 1000) / Math.max(this.rate(), 1);
    this.next = Math.max(this.next, now) + jitter;
    this.heldBackMilliseconds += jitter;
    this.owed = 0;
    this.isExtra = false;
  }

  /** Milliseconds until the next permit; 0 or less if it may be taken. */
  private untilNext(): number {
    const now = this.options.clock.now();
    // Asked anew at each permit: a process that was frozen wakes with a share that is over.
    if (this.rate() === 0 || now >= this.until) return Number.POSITIVE_INFINITY;
    this.forgetRefunds(now);
    if (this.refunds > 0) return 0;
    if (now - this.next > LATE_MILLISECONDS) this.miss(now);
    return this.next - now;
  }

  /** The permits up to now were not taken: they are owed. */
  private miss(now: number): void {
    const missed = 1 + Math.floor(((now - this.next) * this.rate()) / 1000);
    this.owed = Math.min(this.mostOwed(), this.owed + missed);
    this.isExtra = false;
    this.next = this.start(now);
  }

  /** Sets the time of the permit after the one that is taken. */
  private advance(): void {
    const full = 1000 / this.share;
    const distance = 1000 / this.rate();
    this.heldBackMilliseconds += distance - full;
    this.last = this.next;
    if (this.currentFactor() < 1) this.next += distance;
    else {
      const regular = this.onGrid(this.next + (this.isExtra ? full / 4 : CLOSEST * full));
      this.isExtra = !this.isExtra && this.owed >= 1 && this.isTurn(regular);
      this.next = this.isExtra ? regular - full / 2 : regular;
      if (this.isExtra) this.owed -= 1;
    }
  }

  /** Chains that owe permits at the same time take turns: each has its own among the permits of the grid. */
  private isTurn(regular: number): boolean {
    const index = Math.round((regular * this.share) / 1000 - this.phase);
    return (index + Math.floor(this.phase * EXTRA_AMONG)) % EXTRA_AMONG === 0;
  }

  /** Time of the first permit at or after `from`: on the grid, or, while the pace has stepped back, at random. */
  private start(from: number): number {
    if (this.share === 0) return from;
    return this.currentFactor() < 1 ? from + (this.options.random() * 1000) / this.rate() : this.onGrid(from);
  }

  private onGrid(from: number): number {
    const distance = 1000 / this.share;
    return (Math.ceil(from / distance - this.phase - GRID_PRECISION) + this.phase) * distance;
  }

  private mostOwed(): number {
    return (this.share * OWED_MILLISECONDS) / 1000;
  }

  private forgetRefunds(now: number): void {
    if (now - this.refundedAt > REFUND_MILLISECONDS) this.refunds = 0;
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
