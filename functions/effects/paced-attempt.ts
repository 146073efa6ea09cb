import { NotBefore, Refusal } from '../contract/errors';
import type { Delivery } from '../contract/payloads';

/** Tries of an effect whose answer stays open, when a second delivery is preferred to none. */
const AMBIGUOUS_TRIES = 3;
/** The same where a second try has no second effect. */
const IDEMPOTENT_TRIES = 5;

/** When an effect may be tried: each try needs a permit. */
export interface Permits {
  /** Waits for one. False if there are no more. */
  permit(): Promise<boolean>;
  /** Gives back the permit of an item that needed none. */
  refund(): void;
  /**
   * The provider refused for its rate.
   *
   * @param seconds for which it wants no more calls; undefined where it did not say
   */
  throttled(seconds?: number): void;
}

/** Where nothing is asked of a provider, nothing is paced. */
export const UNPACED: Permits = { permit: async () => true, refund: () => {}, throttled: () => {} };

/** How many effects of a provider may be under way: each try needs a place. */
export interface Places {
  /** Takes one if it is free. */
  tryTake(): boolean;
  /** Waits for one. False if there are no more. */
  take(): Promise<boolean>;
  /** Gives one back. */
  release(): void;
}

/** Under which terms the effects of one provider are tried. */
export interface ProviderTerms {
  readonly pace: Permits;
  /** @default - as many as there are tries */
  readonly places?: Places;
  /** An effect that is tried again has no second effect. */
  readonly idempotent: boolean;
}

/** Under which terms an effect is tried. */
export interface AttemptTerms {
  /** Whether the world may be touched now. */
  readonly lease: { held(): boolean };
  readonly delivery: Delivery;
  /** A provider's daily quota is spent: nothing more is to be started. */
  readonly onQuotaExhausted: () => void;
  /** An effect is refused until then, in milliseconds since the epoch: nothing more is to be started before. */
  readonly onNotBefore: (until: number) => void;
}

/** The link ended before an effect was tried, or between two tries: the last try's effect did not happen. */
export class Interrupted extends Error {}

/**
 * Tries an effect until its provider has answered. A throttle is a definite refusal: it slows the chain down and is tried
 * again, under the pace. An open answer is final, unless the provider is idempotent or the run is to deliver at least once.
 *
 * @param hasPermit whether the permit for the first try was taken already
 * @throws Refusal where the provider refused for good, or left open whether the effect happened
 * @throws Interrupted where the link ended, or the lease was lost, before a try
 */
export async function untilAnswered<Result>(
  attempt: () => Promise<Result>,
  hasPermit: boolean,
  provider: ProviderTerms,
  terms: AttemptTerms,
): Promise<Result> {
  const { delivery, onQuotaExhausted, onNotBefore } = terms;
  const tries = provider.idempotent ? IDEMPOTENT_TRIES : delivery === 'at-least-once' ? AMBIGUOUS_TRIES : 1;
  let ambiguousTriesLeft = tries - 1;
  for (let permitted = hasPermit; ; permitted = false) {
    try {
      return await admitted(attempt, permitted, provider, terms);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isNotBefore = error instanceof NotBefore;
      if (isNotBefore) onNotBefore(error.until);
      else if (error.kind === 'quota-exhausted') onQuotaExhausted();
      // Nothing was asked of the provider: the permit is for somebody else.
      if (isNotBefore || error.kind === 'suppressed') provider.pace.refund();
      if (error.kind === 'throttled') provider.pace.throttled(error.retryAfterSeconds);
      else if (error.kind !== 'ambiguous' || ambiguousTriesLeft-- === 0) throw error;
    }
  }
}

/** Makes one try when it has a place and a permit. */
async function admitted<Result>(
  attempt: () => Promise<Result>,
  permitted: boolean,
  { pace, places }: ProviderTerms,
  { lease }: AttemptTerms,
): Promise<Result> {
  let hasPermit = permitted;
  if (places && !places.tryTake()) {
    // The permit is for now. Permits that wait for a place would all be used at once when the provider is fast again.
    if (hasPermit) pace.refund();
    hasPermit = false;
    if (!(await places.take())) throw new Interrupted('The link ended before the provider had a place.');
  }
  try {
    if (!hasPermit && !(await pace.permit())) throw new Interrupted('The link ended before the effect.');
    if (!lease.held()) throw new Interrupted('The lease was lost before the effect.');
    return await attempt();
  } finally {
    places?.release();
  }
}
