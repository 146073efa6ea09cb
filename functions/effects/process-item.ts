import type { MailTrace } from '../contract/email';
import type { ProcessContext } from '../contract/job';
import { keptCode, keptMessage } from '../contract/kept-text';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemFault, ItemRef } from '../contract/source';
import { idempotencyKeyOf } from './idempotency-key';
import { ItemEffects } from './item-effects';
import {
  callAttempt,
  calledProvider,
  callRefused,
  type ItemTerms,
  itemPace,
  linkRefused,
  sendRefused,
} from './item-terms';
import { outcomeOf } from './judgement';
import { personalTexts } from './personal-texts';

/** An item to be processed. */
export interface LoadedItem extends ItemRef {
  /** What was loaded for it; undefined if nothing was found. */
  readonly data: unknown;
  /** Why it cannot be processed. */
  readonly fault?: ItemFault;
}

/** An item that was claimed: the chunk, and the position in it. */
export type PlacedItem = LoadedItem & Pick<MailTrace, 'chunk' | 'index'>;

/** How an item comes out that cannot be processed; undefined for every other. */
export function knownOutcome({ data, fault }: Pick<LoadedItem, 'data' | 'fault'>): ItemOutcome | undefined {
  if (fault) return { outcome: 'unprocessed', code: keptCode(fault.code), message: keptMessage(fault) };
  return data === undefined ? { outcome: 'skipped', reason: 'not-found' } : undefined;
}

/** Lets the job process one item, for which a permit was taken, and says how it came out. Never rejects. */
export async function processItem(item: PlacedItem, terms: ItemTerms): Promise<ItemOutcome> {
  const { data, fault } = item;
  const pace = itemPace(terms);
  const known = knownOutcome({ data, fault });
  if (known) {
    pace?.refund();
    return known;
  }
  const effects = new ItemEffects(terms.providers[0], terms);
  let result: unknown;
  let thrown: unknown;
  try {
    result = await terms.job.process(data, contextOf(item, effects, terms));
  } catch (error) {
    thrown = error || new Error(`The job threw ${String(error)}.`);
  }
  const seen = await effects.settled();
  const outcome = outcomeOf(seen, result, thrown);
  // An item that is done without any effect has worked by itself, under the pace that its provider has.
  if (seen.askedOfFirst === 0 && (seen.asked > 0 || outcome.outcome === 'skipped')) pace?.refund();
  return outcome;
}

function contextOf({ id, chunk, index }: PlacedItem, effects: ItemEffects, terms: ItemTerms): ProcessContext {
  const { job, providers, rootRun, rehearse } = terms;
  const trace = { ...terms.trace, root: rootRun, id, chunk, index };
  const calls = new Map<string, number>();
  return {
    id,
    send: (email) => {
      const provider = providers.find(({ isSes }) => isSes);
      if (!provider) return effects.refuse(sendRefused(job.name));
      const origin = {
        ...trace,
        get isBegun() {
          return effects.isBegun;
        },
      };
      const attempt = async () => {
        if (rehearse) await rehearse(email, origin);
        else effects.noteMail(await terms.send(email, origin));
      };
      return effects.perform({ provider, attempt, personal: personalTexts(email) });
    },
    unsubscribeLink: (recipient) => {
      if (!terms.unsubscribeLink) throw linkRefused(job.name);
      return terms.unsubscribeLink(recipient);
    },
    call: (name, attempt) => {
      const provider = calledProvider(name, terms);
      if (!provider) return effects.refuse(callRefused(name, terms));
      const call = (calls.get(name) ?? 0) + 1;
      calls.set(name, call);
      const idempotencyKey = idempotencyKeyOf({ rootRun, id, provider: name, call });
      return effects.perform({
        provider,
        attempt: callAttempt((signal) => attempt({ idempotencyKey, signal }), provider, terms),
      });
    },
  };
}
