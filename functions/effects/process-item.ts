import type { Email } from '../contract/email';
import type { Job } from '../contract/job';
import { keptCode, keptMessage } from '../contract/kept-text';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemFault, ItemRef } from '../contract/source';
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

/** An item to be processed. */
export interface LoadedItem extends ItemRef {
  /** What was loaded for it; undefined if nothing was found. */
  readonly data: unknown;
  /** Why it cannot be processed. */
  readonly fault?: ItemFault;
}

/** Lets the job process one item, for which a permit was taken, and says how it came out. Never rejects. */
export async function processItem({ id, data, fault }: LoadedItem, terms: ItemTerms): Promise<ItemOutcome> {
  const { job, pace, send } = terms;
  if (fault) {
    pace.refund();
    return { outcome: 'unprocessed', code: keptCode(fault.code), message: keptMessage(fault) };
  }
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
