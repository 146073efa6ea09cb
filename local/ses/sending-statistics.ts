const QUARTER_HOUR_MILLISECONDS = 15 * 60 * 1000;
const TWO_WEEKS_MILLISECONDS = 14 * 24 * 60 * 60 * 1000;

export interface SendDataPoint {
  readonly Timestamp: Date;
  readonly DeliveryAttempts: number;
  readonly Bounces: number;
  readonly Complaints: number;
  readonly Rejects: number;
}

/** What GetSendStatistics answers: deliveries per quarter of an hour of the last two weeks. Nothing bounces here. */
export class SendingStatistics {
  /** Recipients by the beginning of the quarter of an hour, in milliseconds since the epoch. */
  readonly #attempts = new Map<number, number>();

  /** @param now milliseconds since the epoch */
  count(recipients: number, now: number): void {
    const quarter = Math.floor(now / QUARTER_HOUR_MILLISECONDS) * QUARTER_HOUR_MILLISECONDS;
    this.#attempts.set(quarter, (this.#attempts.get(quarter) ?? 0) + recipients);
  }

  /** @param now milliseconds since the epoch */
  dataPoints(now: number): SendDataPoint[] {
    return [...this.#attempts]
      .filter(([quarter]) => quarter > now - TWO_WEEKS_MILLISECONDS)
      .map(([quarter, attempts]) => ({
        Timestamp: new Date(quarter),
        DeliveryAttempts: attempts,
        Bounces: 0,
        Complaints: 0,
        Rejects: 0,
      }));
  }
}
