import type { Email } from '../contract/email';
import type { Job } from '../contract/job';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import { ItemEffects } from './item-effects';
import { outcomeOf } from './judgement';
import type { AttemptTerms } from './paced-attempt';
import { personalTexts } from './personal-texts';

/** What an item is processed with. */
export interface ItemTerms extends AttemptTerms {
  readonly job: Pick<Job, 'process'>;
  /** The job's effect: one attempt, which rejects with a `Refusal`. */
  readonly send: (email: Email) => Promise<void>;
}

/**
 * Lets the job process one item, for which a permit was taken, and says how it came out. Never rejects.
 *
 * @param data what the job loaded for the item; undefined if it found nothing
 */
export async function processItem(id: ItemId, data: unknown, terms: ItemTerms): Promise<ItemOutcome> {
  const { job, pace, send } = terms;
  if (data === undefined) {
    pace.refund();
    return { outcome: 'skipped', reason: 'not-found' };
  }
  const effects = new ItemEffects(terms);
  let result: unknown;
  let thrown: unknown;
  try {
    result = await job.process(data, {
      id,
      send: (email) => effects.perform(() => send(email), personalTexts(email)),
    });
  } catch (error) {
    thrown = error || new Error(`The job threw ${String(error)}.`);
  }
  const seen = await effects.settled();
  const outcome = outcomeOf(seen, result, thrown);
  if (outcome.outcome === 'skipped' && seen.asked === 0) pace.refund();
  return outcome;
}
