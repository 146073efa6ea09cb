import type { ChunkContext, ChunkItem, ChunkVerdict } from '../contract/chunk-job';
import { isSkip } from '../contract/job';
import { keptReason } from '../contract/kept-text';
import type { ItemOutcome } from '../contract/outcomes';
import { inDoubt } from '../contract/verdicts';
import { idempotencyKeyOf } from './idempotency-key';
import { ItemEffects } from './item-effects';
import { callAttempt, calledProvider, callRefused, type ItemTerms, itemPace } from './item-terms';
import { outcomeOf } from './judgement';
import { knownOutcome, type LoadedItem } from './process-item';
import { isRefusal } from './timed-attempt';

/**
 * Lets the job process the items of one claim together, for which one permit was taken, and says in their order how they
 * came out. What became of its calls as a whole counts for each of them; the job's own verdicts where all calls succeeded.
 * Never rejects.
 */
export async function processChunk(items: readonly LoadedItem[], terms: ItemTerms): Promise<readonly ItemOutcome[]> {
  const known = items.map((item) => knownOutcome(item));
  const readable: readonly ChunkItem[] = items
    .filter((_, index) => !known[index])
    .map(({ id, data }) => ({ id, data }));
  const processed = readable.length > 0 ? await processReadable(readable, terms) : [];
  if (readable.length === 0) itemPace(terms)?.refund();
  let next = 0;
  return known.map((outcome) => outcome ?? (processed[next++] as ItemOutcome));
}

async function processReadable(items: readonly ChunkItem[], terms: ItemTerms): Promise<readonly ItemOutcome[]> {
  const effects = new ItemEffects(terms.providers[0], terms);
  let answer: unknown;
  let thrown: unknown;
  try {
    answer = await terms.job.processChunk?.(items, contextOf(items, effects, terms));
  } catch (error) {
    thrown = error || new Error(`The job threw ${String(error)}.`);
  }
  const seen = await effects.settled();
  const whole = outcomeOf(seen, undefined, thrown);
  const outcomes =
    whole.outcome === 'done'
      ? verdictsOf(items, answer).map((verdict) => judged(verdict, terms))
      : items.map(() => whole);
  if (seen.askedOfFirst === 0 && (seen.asked > 0 || outcomes.every(({ outcome }) => outcome === 'skipped'))) {
    itemPace(terms)?.refund();
  }
  return outcomes;
}

function contextOf(items: readonly ChunkItem[], effects: ItemEffects, terms: ItemTerms): ChunkContext {
  const { rootRun } = terms;
  const calls = new Map<string, number>();
  return {
    call: (name, attempt) => {
      const provider = calledProvider(name, terms);
      if (!provider) return effects.refuse(callRefused(name, terms));
      const call = (calls.get(name) ?? 0) + 1;
      calls.set(name, call);
      const idempotencyKeys = items.map(({ id }) => idempotencyKeyOf({ rootRun, id, provider: name, call }));
      return effects.perform({
        provider,
        attempt: callAttempt((signal) => attempt({ idempotencyKeys, signal }), provider, terms),
      });
    },
  };
}

/** The job's answer, one for each item: undefined where it has none for it. */
function verdictsOf(items: readonly ChunkItem[], answer: unknown): readonly unknown[] {
  if (answer === undefined) return items.map(() => 'done');
  if (answer instanceof Map) return items.map(({ id }) => answer.get(id));
  // One more or less, and it is not known which is whose.
  if (Array.isArray(answer) && answer.length === items.length) return answer;
  return items.map(() => undefined);
}

function judged(verdict: unknown, terms: ItemTerms): ItemOutcome {
  if (verdict === ('done' satisfies ChunkVerdict)) return { outcome: 'done' };
  if (isSkip(verdict)) return { outcome: 'skipped', reason: keptReason(verdict.reason) };
  const refusal = isRefusal(verdict) ? verdict : inDoubt('NoVerdict', 'The job did not say what became of the item.');
  if (refusal.kind === 'throttled') {
    itemPace(terms)?.throttled(refusal.retryAfterSeconds);
    return { outcome: 'carried' };
  }
  if (refusal.kind === 'quota-exhausted') terms.onQuotaExhausted();
  return outcomeOf({ ...NOTHING, failures: [refusal] }, undefined, undefined);
}

/** As of an item without effects of its own. */
const NOTHING = {
  ...{ asked: 0, askedOfFirst: 0, succeeded: 0, repeatable: true },
  messageIds: [],
  personal: () => [],
} as const;
