import type { Clock } from '../contract/clock';
import type { Email } from '../contract/email';
import type { Job, ProcessContext } from '../contract/job';
import { keptCode, keptMessage } from '../contract/kept-text';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import { isIdempotentProvider, isSes, type Provider, type SesProvider } from '../contract/provider';
import type { ItemFault, ItemRef } from '../contract/source';
import { rejected } from '../contract/verdicts';
import { idempotencyKeyOf } from './idempotency-key';
import { ItemEffects } from './item-effects';
import { outcomeOf } from './judgement';
import type { AttemptTerms, Permits, ProviderTerms } from './paced-attempt';
import { personalTexts } from './personal-texts';
import { timedAttempt, USUAL_TIMEOUT_SECONDS } from './timed-attempt';

/** A provider, as the items of a link use it. */
export interface NamedProvider extends ProviderTerms {
  readonly name: string;
  /** It sends mails. */
  readonly isSes: boolean;
  /** Seconds after which one of its calls is given up. */
  readonly timeoutSeconds: number;
}

/** What a provider's declaration says of the terms of its effects. */
export function termsOf(name: string, provider: Provider | SesProvider): Omit<NamedProvider, 'pace' | 'places'> {
  const { timeoutSeconds = USUAL_TIMEOUT_SECONDS } = isSes(provider) ? {} : provider;
  return { name, isSes: isSes(provider), idempotent: isIdempotentProvider(provider), timeoutSeconds };
}

/** What an item is processed with. */
export interface ItemTerms extends AttemptTerms {
  readonly job: Pick<Job, 'name' | 'process'>;
  /** Those of the job. The first one paces the items. */
  readonly providers: readonly NamedProvider[];
  /** What mails are sent with: one attempt, which rejects with a `Refusal`. */
  readonly send: (email: Email) => Promise<void>;
  /** The run that idempotency keys name. */
  readonly rootRun: string;
  readonly clock: Clock;
}

/** An item to be processed. */
export interface LoadedItem extends ItemRef {
  /** What was loaded for it; undefined if nothing was found. */
  readonly data: unknown;
  /** Why it cannot be processed. */
  readonly fault?: ItemFault;
}

/** When the items themselves may start. */
export function itemPace({ providers }: Pick<ItemTerms, 'providers'>): Permits | undefined {
  return providers[0]?.pace;
}

/** Lets the job process one item, for which a permit was taken, and says how it came out. Never rejects. */
export async function processItem({ id, data, fault }: LoadedItem, terms: ItemTerms): Promise<ItemOutcome> {
  const pace = itemPace(terms);
  if (fault) {
    pace?.refund();
    return { outcome: 'unprocessed', code: keptCode(fault.code), message: keptMessage(fault) };
  }
  if (data === undefined) {
    pace?.refund();
    return { outcome: 'skipped', reason: 'not-found' };
  }
  const effects = new ItemEffects(terms.providers[0], terms);
  let result: unknown;
  let thrown: unknown;
  try {
    result = await terms.job.process(data, contextOf(id, effects, terms));
  } catch (error) {
    thrown = error || new Error(`The job threw ${String(error)}.`);
  }
  const seen = await effects.settled();
  const outcome = outcomeOf(seen, result, thrown);
  // An item that is done without any effect has worked by itself, under the pace that its provider has.
  if (seen.askedOfFirst === 0 && (seen.asked > 0 || outcome.outcome === 'skipped')) pace?.refund();
  return outcome;
}

function contextOf(id: ItemId, effects: ItemEffects, terms: ItemTerms): ProcessContext {
  const { job, providers, rootRun, clock } = terms;
  const calls = new Map<string, number>();
  const named = providers.filter(({ isSes }) => !isSes).map(({ name }) => name);
  return {
    id,
    send: (email) => {
      const provider = providers.find(({ isSes }) => isSes);
      if (!provider) return effects.refuse(rejected('NoSuchProvider', sendRefused(job.name)));
      return effects.perform({ provider, attempt: () => terms.send(email), personal: personalTexts(email) });
    },
    call: (name, attempt) => {
      const provider = providers.find((one) => one.name === name && !one.isSes);
      if (!provider) return effects.refuse(rejected('NoSuchProvider', callRefused(job.name, name, named)));
      const call = (calls.get(name) ?? 0) + 1;
      calls.set(name, call);
      const key = idempotencyKeyOf({ rootRun, id, provider: name, call });
      const { timeoutSeconds } = provider;
      return effects.perform({ provider, attempt: () => timedAttempt(attempt, key, { timeoutSeconds, clock }) });
    },
  };
}

function sendRefused(job: string): string {
  return `Expected \`ses()\` among the providers of the job ${job}, got a send without it: add \`mail: ses()\` to \`providers\`.`;
}

function callRefused(job: string, name: unknown, named: readonly string[]): string {
  const known = named.length > 0 ? named.join(', ') : 'none';
  return `Expected \`call\` of a provider that the job ${job} declares beside ses(), which are ${known}, got ${String(name)}: declare it in \`providers\`.`;
}
