import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Email, ItemId, Job } from 'worker-chains';
import { startChunk } from '../functions/chain/start-chunk';
import { startItems } from '../functions/chain/start-items';
import { systemClock } from '../functions/contract/clock';
import type { ItemOutcome as Settled } from '../functions/contract/outcomes';
import { isSes, providersOf } from '../functions/contract/provider';
import { type ItemTerms, itemPace, termsOf } from '../functions/effects/item-terms';
import type { Permits } from '../functions/effects/paced-attempt';
import { processChunk } from '../functions/effects/process-chunk';
import { processItem } from '../functions/effects/process-item';
import { parseSender } from '../functions/email/address';
import { composeMime } from '../functions/email/mime';
import { MOST_CHUNK_ITEMS } from '../functions/run/input';

/** How an item came out, as the ledger counts it. */
export type ItemOutcome =
  | { readonly outcome: 'done' }
  /** `not-found` is the reason of an id for which `load` had nothing. */
  | { readonly outcome: 'skipped'; readonly reason: string }
  /** With the code and the message that the ledger keeps; `in-doubt` may or may not have happened. */
  | { readonly outcome: 'unprocessed' | 'in-doubt'; readonly code: string; readonly message: string }
  /** Nothing happened: a later link, or tomorrow's redrive, takes it up again. */
  | { readonly outcome: 'carried' };

export interface ProcessItemsOptions<Data> {
  readonly ids: readonly ItemId[];
  /**
   * The data of the items.
   *
   * @default - what the job's own `load` answers for at most 100 ids at a time
   */
  readonly rows?: ReadonlyMap<ItemId, Data>;
  /**
   * The mail service: called for each attempt to send. It accepts a mail by returning, and does not by throwing a `Refusal`.
   *
   * @default - accepts every mail
   */
  readonly send?: (email: Email) => Promise<void> | void;
  /** The run that idempotency keys name. @default - 'run' */
  readonly runId?: string;
}

export interface ProcessedItems {
  /** In the order of the ids. */
  readonly outcomes: ReadonlyMap<ItemId, ItemOutcome>;
  /** The mails that were accepted. */
  readonly mails: readonly Email[];
}

/** A mail service that refuses so often in a row for its rate will not accept anything any more. */
const MOST_THROTTLES = 1000;
const SENDER = parseSender('sender@example.com');

/**
 * Has a job process items as a link does: its `process` for all of them at once, or its `processChunk` for as many as its
 * `chunkItems`, its mails composed, its calls made by its
 * own attempts, refusals judged, throttled effects tried again, those in doubt as well where the provider is idempotent.
 * Without AWS, and without waiting: a pause after a throttle takes no time; only an attempt that does not end takes the
 * provider's `timeoutSeconds`.
 *
 * @example
 * const { outcomes, mails } = await processItems(job, { ids: [1, 2], rows: new Map([[1, zoe]]) });
 * assert.deepEqual(outcomes.get(2), { outcome: 'skipped', reason: 'not-found' });
 * assert.equal(mails[0].to, zoe.email);
 *
 * @throws Error where a provider throttles 1,000 times in a row
 * @throws what `load` throws
 */
export async function processItems<Data>(job: Job<Data>, options: ProcessItemsOptions<Data>): Promise<ProcessedItems> {
  const { ids, rows } = options;
  const outcomes = new Map<ItemId, ItemOutcome>();
  const mails: Email[] = [];
  const providers = providersOf(job).map(({ name, provider }) => ({
    ...termsOf(name, provider),
    pace: new UnhurriedPace(isSes(provider) ? '`send` to accept a mail' : `a call of \`${name}\` to succeed`),
  }));
  const terms: ItemTerms = {
    job: job as Job,
    providers,
    rootRun: options.runId ?? 'run',
    clock: systemClock,
    lease: { held: () => true },
    delivery: job.delivery,
    send: async (email) => {
      await deliver(email, options.send);
      mails.push(email);
      providers.find(({ isSes }) => isSes)?.pace.accepted();
      return { messageId: `message-${mails.length}` };
    },
    unsubscribeLink: ({ to }) =>
      `https://unsubscribe.example.com/?t=${createHash('sha256').update(to).digest('base64url')}`,
    trace: { runId: options.runId ?? 'run', chainId: 0, expiresAt: 0 },
    onQuotaExhausted: () => {
      for (const { pace } of providers) pace.stop();
    },
    onNotBefore: () => {},
  };
  const { chunkItems = MOST_CHUNK_ITEMS } = job;
  for (let first = 0; first < ids.length; first += chunkItems) {
    const chunk = ids.slice(first, first + chunkItems);
    const processed = await process(chunk, rows ?? (await rowsOf(job, chunk)), terms, ({ outcome }) => {
      if (outcome === 'done') for (const { pace } of providers) pace.accepted();
    });
    for (const [index, outcome] of processed.entries()) outcomes.set(chunk[index] as ItemId, outcome);
  }
  for (const { pace } of providers) pace.guardThrottles();
  return { outcomes, mails };
}

/** What the job loads; where its source brings the data, what that reads for the ids. */
async function rowsOf<Data>(job: Job<Data>, ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Data>> {
  if (job.load) return job.load(ids);
  const found = await job.source.load?.(
    undefined,
    ids.map((id) => ({ id })),
  );
  return new Map((found ?? []).map(({ id, data }) => [id, data as Data]));
}

async function process(
  ids: readonly ItemId[],
  data: ReadonlyMap<ItemId, unknown>,
  terms: ItemTerms,
  onOutcome: (outcome: ItemOutcome) => void,
): Promise<readonly ItemOutcome[]> {
  const outcomes: Promise<ItemOutcome>[] = [];
  const items = ids.map((id, index) => ({ chunk: 0, index, id, data: data.get(id) }));
  const options = {
    pace: itemPace(terms) as Permits,
    isOpen: () => true,
    mayStart: () => true,
    onItem: (_: unknown, outcome: Promise<Settled>) => {
      outcomes.push(
        outcome.then((it) => {
          onOutcome(it);
          if (it.outcome === 'carried') return { outcome: 'carried' };
          const { messageIds: _, ...told } = it;
          return told;
        }),
      );
    },
  };
  if (terms.job.processChunk) await startChunk(items, { ...options, process: (all) => processChunk(all, terms) });
  else await startItems(items, { ...options, process: (item) => processItem(item, terms) });
  return Promise.all(outcomes);
}

/** Composed first: what the product refuses to send never reaches the mail service. */
async function deliver(email: Email, answer: ProcessItemsOptions<unknown>['send']): Promise<void> {
  await composeMime(email, SENDER, 0);
  await answer?.(email);
}

/** Lets everybody go on, however often the provider throttles. */
class UnhurriedPace implements Permits {
  private throttles = 0;
  private stopped = false;

  /** @param what the provider is asked for, in words */
  constructor(private readonly what: string) {}

  /** In a later turn of the event loop, so that an answer which stops the pace comes before the next item. */
  async permit(): Promise<boolean> {
    await nextTurn();
    return !this.stopped;
  }

  refund(): void {}

  throttled(): void {
    this.throttles += 1;
    if (this.throttles >= MOST_THROTTLES) this.stop();
  }

  accepted(): void {
    if (!this.stopped) this.throttles = 0;
  }

  stop(): void {
    this.stopped = true;
  }

  guardThrottles(): void {
    if (this.throttles < MOST_THROTTLES) return;
    throw new Error(
      `Expected ${this.what} at some time, got ${this.throttles} throttles in a row: let it succeed after some of them.`,
    );
  }
}
