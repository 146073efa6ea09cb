import { Interruptible } from './interruptible';
import type { Pace } from './pace';

/** Why a link starts no further item. */
export type StopReason =
  /** Its time is over: a successor goes on. */
  | 'time-spent'
  | 'lease-lost'
  /** A later attempt waits for the chain. */
  | 'awaited'
  /** What the run may take of the provider's 24-hour quota is spent. */
  | 'quota-exhausted'
  /** None of the chain's items may be started before a certain time. */
  | 'parked';

/** Tells a link to start no further item, and ends what it waits for. Of several reasons the first one counts. */
export class StopSignal extends Interruptible {
  /** Undefined as long as the link may go on. */
  reason?: StopReason;
  /** Of a link that parks its chain: when it is to go on, in milliseconds since the epoch. */
  parkedUntil?: number;

  constructor(private readonly pace: Pick<Pace, 'stop'>) {
    super();
  }

  stop(reason: StopReason): void {
    this.reason ??= reason;
    this.pace.stop();
    this.interrupt();
  }

  /**
   * The chain is to wait until then, in milliseconds since the epoch, whatever for. What was started is finished, with its
   * retries: they go on under the pace.
   */
  park(until: number): void {
    if (this.reason !== undefined) return;
    this.reason = 'parked';
    this.parkedUntil = until;
    this.interrupt();
  }
}
