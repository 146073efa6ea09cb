import { Refusal } from '../contract/errors';
import type { Delivery } from '../contract/payloads';

/** Tries of an effect whose answer stays open, when a second delivery is preferred to none. */
const AMBIGUOUS_TRIES = 3;

/** When an effect may be tried: each try needs a permit. */
export interface Permits {
  /** Waits for one. False if there are no more. */
  permit(): Promise<boolean>;
  /** Gives back the permit of an item that needed none. */
  refund(): void;
  /** The provider refused for its rate. */
  throttled(): void;
}

/** Under which terms an effect is tried. */
export interface AttemptTerms {
  readonly pace: Permits;
  /** Whether the world may be touched now. */
  readonly lease: { held(): boolean };
  readonly delivery: Delivery;
  /** The provider's daily quota is spent: nothing more is to be started. */
  readonly onQuotaExhausted: () => void;
}

/** The link ended before an effect was tried, or between a refusal and the next try: the effect did not happen. */
export class Interrupted extends Error {}

/**
 * Tries an effect until its provider has answered. A throttle is a definite refusal: it slows the chain down and is tried
 * again, under the pace. An open answer is final, unless the run is to deliver at least once.
 *
 * @param hasPermit whether the permit for the first try was taken already
 * @throws Refusal where the provider refused for good, or left open whether the effect happened
 * @throws Interrupted where the link ended, or the lease was lost, before a try
 */
export async function untilAnswered(
  attempt: () => Promise<void>,
  hasPermit: boolean,
  { pace, lease, delivery, onQuotaExhausted }: AttemptTerms,
): Promise<void> {
  let ambiguousTriesLeft = delivery === 'at-least-once' ? AMBIGUOUS_TRIES - 1 : 0;
  for (let permitted = hasPermit; ; permitted = false) {
    if (!permitted && !(await pace.permit())) throw new Interrupted('The link ended before the item was sent.');
    if (!lease.held()) throw new Interrupted('The lease was lost before the item was sent.');
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.kind === 'quota-exhausted') onQuotaExhausted();
      if (error.kind === 'throttled') pace.throttled();
      else if (error.kind !== 'ambiguous' || ambiguousTriesLeft-- === 0) throw error;
    }
  }
}
