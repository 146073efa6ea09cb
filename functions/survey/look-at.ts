import type { Clock } from '../contract/clock';
import type { Email, UnsubscribeRecipient } from '../contract/email';
import type { Job } from '../contract/job';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import { providersOf } from '../contract/provider';
import { type ItemTerms, type NamedProvider, termsOf } from '../effects/item-terms';
import { type Places, UNPACED } from '../effects/paced-attempt';
import { processChunk } from '../effects/process-chunk';
import { type LoadedItem, processItem } from '../effects/process-item';
import type { Findings } from './findings';

/** What a mail would be, and whom it would go to. */
export interface Draft {
  readonly raw: Uint8Array;
  /** Stands for the address: the same for the same address. */
  readonly recipient: string;
}

export interface LookTerms {
  readonly clock: Clock;
  /**
   * Does with a mail what is done before it is sent.
   *
   * @throws Refusal where it would not be sent
   */
  readonly draft: (email: Email) => Promise<Draft>;
  /** Makes unsubscribe links. @default - there is no endpoint for them */
  readonly unsubscribeLink?: (recipient: UnsubscribeRecipient) => string;
}

/** Has the job process items up to where the world would be touched, and notes how each would come out. */
export async function lookAt(
  items: readonly LoadedItem[],
  job: Job,
  findings: Findings,
  { clock, draft, unsubscribeLink }: LookTerms,
): Promise<void> {
  const terms: ItemTerms = {
    job,
    providers: providersOf(job).map(({ name, provider }): NamedProvider => {
      const given = termsOf(name, provider);
      return given.isSes ? { ...given, pace: UNPACED } : { ...given, pace: UNPACED, places: nowhere(name, findings) };
    }),
    rootRun: 'survey',
    clock,
    lease: { held: () => true },
    delivery: job.delivery,
    send: async (email, { id }) => {
      const { raw, recipient } = await draft(email);
      findings.noteMail(id, email, recipient, raw);
      return { messageId: 'none' };
    },
    ...(unsubscribeLink && { unsubscribeLink }),
    trace: { runId: 'survey', chainId: 0, expiresAt: 0 },
    onQuotaExhausted: () => {},
    onNotBefore: () => {},
  };
  const placed = items.map((item, index) => ({ ...item, chunk: 0, index }));
  const outcomes: readonly ItemOutcome[] = job.processChunk
    ? await inChunks(placed, job.chunkItems, (chunk) => processChunk(chunk, terms))
    : await Promise.all(placed.map((item) => processItem(item, terms)));
  for (const [index, outcome] of outcomes.entries()) findings.noteOutcome(placed[index]?.id as ItemId, outcome);
}

async function inChunks<Item>(
  items: readonly Item[],
  chunkItems = items.length,
  process: (chunk: readonly Item[]) => Promise<readonly ItemOutcome[]>,
): Promise<readonly ItemOutcome[]> {
  const outcomes: ItemOutcome[] = [];
  for (let first = 0; first < items.length; first += chunkItems) {
    outcomes.push(...(await process(items.slice(first, first + chunkItems))));
  }
  return outcomes;
}

/** No call gets a place, so that none is made: its item is left there, as if the link had ended. */
function nowhere(provider: string, findings: Findings): Places {
  return {
    tryTake: () => false,
    take: async () => {
      findings.noteCall(provider);
      return false;
    },
    release: () => {},
  };
}
