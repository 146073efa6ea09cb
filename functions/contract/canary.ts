/**
 * A share of the items goes first, the same ones in every run of the job, and the others only if these fared well: their
 * mails neither bounced nor were complained about, and they failed no more often, than the job allows.
 */
export interface Canary {
  /** Above 0 and at most 0.5: an item belongs to the canary by the hash of its id. */
  readonly share: number;
  /**
   * Seconds between the last item of the canary and its judgement, 0 to 86,400: the time that feedback takes. @default - 600
   * for a job that sends mails, otherwise 0
   */
  readonly feedbackSeconds?: number;
}
