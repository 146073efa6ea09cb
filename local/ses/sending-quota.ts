import { ServiceError } from '../aws-service';

const SECOND_MILLISECONDS = 1000;
const DAY_MILLISECONDS = 24 * 60 * 60 * SECOND_MILLISECONDS;

export interface SendingQuotaOptions {
  /** Recipients per second. */
  readonly maxSendRate: number;
  /** Recipients in any 24 hours; -1 = unlimited. */
  readonly max24HourSend: number;
  /** Refuses what exceeds the rate in any second, wherever that begins: no bursts at all. @default - false */
  readonly strictRate?: boolean;
}

interface Sent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  recipients: number;
}

/**
 * The two sending quotas of an account; both count recipients, not mails.
 *
 * The rate is a token bucket that holds one second's worth of recipients and starts full. AWS only documents that
 * "short bursts" above the rate pass; it does not say how long. A mail with more recipients than the bucket holds
 * passes when the bucket is full and leaves it in debt, so that it is not refused for ever. `strictRate` lets no burst
 * pass: code must not rely on one.
 *
 * The daily quota looks back over exactly 24 hours. A refused mail counts for neither quota.
 */
export class SendingQuota {
  readonly #options: SendingQuotaOptions;
  readonly #capacity: number;
  #tokens: number;
  /** Milliseconds since the epoch. */
  #filledAt: number;
  /** Accepted mails of the last 24 hours, oldest first, one entry per millisecond. */
  #sent: Sent[] = [];
  #oldest = 0;
  #sentInWindow = 0;

  /** @param now milliseconds since the epoch */
  constructor(options: SendingQuotaOptions, now: number) {
    this.#options = options;
    this.#capacity = Math.max(1, options.maxSendRate);
    this.#tokens = this.#capacity;
    this.#filledAt = now;
  }

  /**
   * Counts one mail.
   *
   * @param now milliseconds since the epoch
   * @throws ServiceError `Throttling`, HTTP 400, where it exceeds a quota; the message tells the daily quota from the rate
   */
  countMail(recipients: number, now: number): void {
    const { max24HourSend, strictRate } = this.#options;
    if (max24HourSend >= 0 && this.sentLast24Hours(now) + recipients > max24HourSend) {
      throw new ServiceError('Throttling', 'Daily message quota exceeded.');
    }
    if (!(strictRate ? this.#fitsLastSecond(recipients, now) : this.#fitsBucket(recipients, now))) {
      throw new ServiceError('Throttling', 'Maximum sending rate exceeded.');
    }
    this.#tokens -= recipients;
    this.restore(recipients, now);
  }

  #fitsBucket(recipients: number, now: number): boolean {
    const filled = this.#tokens + ((now - this.#filledAt) / SECOND_MILLISECONDS) * this.#options.maxSendRate;
    this.#tokens = Math.min(this.#capacity, filled);
    this.#filledAt = now;
    // Refilled in parts, the sum of a whole token may fall short by a rounding error.
    return this.#tokens + 1e-9 >= Math.min(recipients, this.#capacity);
  }

  /** A mail with more recipients than a second may have passes alone. */
  #fitsLastSecond(recipients: number, now: number): boolean {
    let before = 0;
    for (let index = this.#sent.length - 1; index >= this.#oldest; index--) {
      const { at, recipients: sent } = this.#sent[index] as Sent;
      if (at <= now - SECOND_MILLISECONDS) break;
      before += sent;
    }
    return before === 0 || before + recipients <= this.#options.maxSendRate;
  }

  /** Counts a mail of an earlier process for the daily quota, oldest first; `at` is in milliseconds since the epoch. */
  restore(recipients: number, at: number): void {
    const newest = this.#sent.at(-1);
    if (newest?.at === at) newest.recipients += recipients;
    else this.#sent.push({ at, recipients });
    this.#sentInWindow += recipients;
  }

  /** @param now milliseconds since the epoch */
  sentLast24Hours(now: number): number {
    const end = now - DAY_MILLISECONDS;
    for (let entry = this.#sent[this.#oldest]; entry && entry.at <= end; entry = this.#sent[this.#oldest]) {
      this.#sentInWindow -= entry.recipients;
      this.#oldest++;
    }
    // Dropped now and then, so that each mail costs constant time.
    if (this.#oldest > 10_000) {
      this.#sent = this.#sent.slice(this.#oldest);
      this.#oldest = 0;
    }
    return this.#sentInWindow;
  }
}
