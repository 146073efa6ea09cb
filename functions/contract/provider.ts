/**
 * Who lets a job's effects happen: SES, an API of one's own. Every run of every job that names the same provider shares its
 * budget.
 */
export interface Provider {
  /** Calls per second that it accepts from all runs together; or where that is read, once per run and now and then. */
  readonly rate: number | (() => Promise<number>);
  /** Calls that it accepts at a time, from all runs together, a whole number. @default - no such limit */
  readonly concurrency?: number;
  /**
   * It honours the idempotency key: a call that is made again with the same key has no second effect. What stays open is
   * then asked again. @default - false
   */
  readonly idempotent?: boolean;
  /** Seconds after which a call is given up: its `signal` is aborted, and it is in doubt. @default - 10 */
  readonly timeoutSeconds?: number;
  /** Share of the rate, 0 to below 1, that is kept for others than runs: production. @default - 0 */
  readonly reserve?: number;
}

/** What one attempt of a call may use. */
export interface CallContext {
  /** The same on every attempt, also after a crash: `<run>/<item>/<provider>`, at most 255 characters. */
  readonly idempotencyKey: string;
  /** Aborted when the provider's `timeoutSeconds` are over. */
  readonly signal: AbortSignal;
}
