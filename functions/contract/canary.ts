/**
 * A share of the items goes first, the same ones in every run, and the others only if these fared well.
 */
export interface Canary {
  /** Above 0 and at most 0.5: an item belongs to the canary by the hash of its id. */
  readonly share: number;
  /** Seconds between the last item of the canary and its judgement: the time that feedback takes. @default - 600 */
  readonly feedbackSeconds?: number;
}
