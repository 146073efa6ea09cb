import type { Clock } from '../contract/clock';
import type { Callbacks } from './callbacks';

/** A heartbeat is due three times in the interval after which Step Functions gives the chain up. */
const HEARTBEATS_PER_INTERVAL = 3;
/**
 * A confirmation counts as recent for so long: one for each claim of forty fast chains would exceed the API's quota.
 */
const RECENT_MILLISECONDS = 1000;

/**
 * The execution as a lease: a link may touch items only while the chain's task token is alive. The lease is lost when
 * Step Functions says so, or when it has not been confirmed for a whole heartbeat interval: by then the token has
 * timed out, and another attempt may hold the chain.
 *
 * @see docs/how-it-works.md#the-lease
 */
export class Lease {
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private lost = false;
  private beating = false;
  private heartbeatMilliseconds = Number.POSITIVE_INFINITY;
  private cancelTimer: () => void = () => {};
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly callbacks: Callbacks,
    private readonly clock: Clock,
    private readonly taskToken: string,
  ) {}

  /**
   * Asks for the first time, repeated for as long as any call is. False when the token is dead.
   *
   * @throws Error of the SDK where no answer came: the link then fails, because it cannot know whether it may begin
   */
  async confirm(): Promise<boolean> {
    // A confirmation counts from when it was asked for, which may be long ago: ask once more.
    return (await this.ask({ patiently: true })) && this.checkRecent();
  }

  /**
   * Asks once more. Without an answer the lease is held on, until it was not confirmed for a whole heartbeat interval.
   */
  async check(): Promise<boolean> {
    if (!this.held()) return false;
    return this.ask({ patiently: false }).catch(() => this.held());
  }

  /** As `check`, but a confirmation of the last second will do. */
  async checkRecent(): Promise<boolean> {
    const isRecent = this.clock.now() - this.confirmedAt < RECENT_MILLISECONDS;
    return isRecent ? this.held() : this.check();
  }

  /** Whether the last confirmation is recent enough to touch an item now. Makes no call. */
  held(): boolean {
    if (!this.lost && this.clock.now() - this.confirmedAt >= this.heartbeatMilliseconds) this.lose();
    return !this.lost;
  }

  /** Keeps the lease alive on a timer, until `release`. */
  keep(heartbeatSeconds: number): void {
    this.heartbeatMilliseconds = heartbeatSeconds * 1000;
    const beat = () => {
      this.cancelTimer = this.clock.after(this.heartbeatMilliseconds / HEARTBEATS_PER_INTERVAL, beat);
      if (this.beating || !this.held()) return;
      this.beating = true;
      void this.check().finally(() => {
        this.beating = false;
      });
    };
    this.cancelTimer = this.clock.after(this.heartbeatMilliseconds / HEARTBEATS_PER_INTERVAL, beat);
  }

  /** Ends the heartbeats. */
  release(): void {
    this.cancelTimer();
  }

  /** Calls `listener` at once when the lease is lost. */
  onLost(listener: () => void): void {
    this.listeners.add(listener);
  }

  private async ask(manner: { readonly patiently: boolean }): Promise<boolean> {
    const askedAt = this.clock.now();
    if (await this.callbacks.heartbeat(this.taskToken, manner)) this.confirmedAt = Math.max(this.confirmedAt, askedAt);
    else this.lose();
    return !this.lost;
  }

  private lose(): void {
    if (this.lost) return;
    this.lost = true;
    this.cancelTimer();
    for (const listener of this.listeners) listener();
  }
}
