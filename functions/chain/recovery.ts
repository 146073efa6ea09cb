import type { Clock } from '../contract/clock';
import type { Job } from '../contract/job';
import type { ItemOutcome } from '../contract/outcomes';
import { isIdempotent, sendsOnly } from '../contract/provider';
import { isSameRound } from '../ledger/attempts';
import type { MailEvent } from '../ledger/feedback';
import type { Ledger } from '../ledger/ledger';
import type { ClaimedItem, ItemRecord, RunRecord } from '../ledger/records';
import { type Chain, itemRecord } from './chain';

/** Recorded for an item whose link died while its chunk was claimed. */
export const INTERRUPTED = {
  code: 'Interrupted',
  message: 'The link ended while this item was claimed: it may or may not have been processed.',
} as const;

/** The same of one whose mail was accepted before the link died. */
const ACCEPTED = {
  code: 'Accepted',
  message: 'The link ended before it knew: a Send event proves that the mail was accepted.',
} as const;

const NO_EVIDENCE: ReadonlyMap<ClaimedItem, MailEvent> = new Map();

export interface RecoveryOptions {
  readonly chain: Chain;
  /** Epoch of the link that had the chain before this one. */
  readonly previousEpoch: number;
  readonly run: Pick<RunRecord, 'delivery' | 'dryRun'>;
  readonly job: Pick<Job, 'providers'>;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/**
 * Settles what a dead link left claimed: an item whose outcome was recorded has it, every other is in doubt – or,
 * delivered at least once, in a dry run, or where every provider of the job honours the idempotency key, comes up again.
 *
 * @throws ChainTaken where another attempt has the chain
 */
export async function recoverClaims(options: RecoveryOptions): Promise<void> {
  const { chain, previousEpoch, run, job, ledger, clock } = options;
  const { record, underWay } = chain;
  // What waits for its window was never started: whoever has the chain sees to it that it comes up again.
  const wasPostponing = chain.isPostponing;
  if (wasPostponing) await chain.putPostponed();
  if (underWay.length === 0 && !wasPostponing) return;
  const now = clock.now();
  const mayRepeat = run.delivery === 'at-least-once' || run.dryRun || isIdempotent(job);
  const recorded = await recordedItems(ledger, record, underWay);
  const unrecorded = underWay.filter(({ chunk, index }) => !recorded.get(chunk)?.has(index));
  // Of an item with other effects beside its mail, the mail alone proves nothing.
  const mailProves = !run.dryRun && sendsOnly(job);
  const accepted = await (mailProves
    ? ledger.feedback.evidenceOf(record.runId, record.chainId, unrecorded)
    : NO_EVIDENCE);
  const outcomeOf = async (item: ClaimedItem): Promise<ItemOutcome> => {
    const known = recorded.get(item.chunk)?.get(item.index);
    if (known) return known;
    const proof = accepted.get(item);
    const outcome = proof ? 'done' : mayRepeat ? 'carried' : 'in-doubt';
    const because = proof ? { ...ACCEPTED, messageIds: [proof.messageId] } : INTERRUPTED;
    // A link of an earlier epoch may have recorded the outcome in the meantime: the first record stands.
    const written = await ledger.recordItem(itemRecord(record, item, { outcome, ...because, mailProves }, now));
    return { ...because, outcome: written };
  };
  const recover = async (item: ClaimedItem) => {
    const outcome = await outcomeOf(item);
    if (outcome.outcome === 'in-doubt') countInDoubt(chain, previousEpoch);
    chain.countOutcome(item, outcome);
  };
  await Promise.all(underWay.map(recover));
  await chain.settle('running');
}

/** What is recorded of claimed items, by chunk and index. */
async function recordedItems(
  ledger: Ledger,
  { runId, chainId }: Pick<ItemRecord, 'runId' | 'chainId'>,
  items: readonly ClaimedItem[],
): Promise<ReadonlyMap<number, ReadonlyMap<number, ItemRecord>>> {
  const chunks = [...new Set(items.map(({ chunk }) => chunk))];
  const read = async (chunk: number) => [chunk, await ledger.readChunkItems(runId, chainId, chunk)] as const;
  return new Map(await Promise.all(chunks.map(read)));
}

/**
 * What an attempt of this round left in doubt counts as a failure. What one before a redrive did was not known when the
 * operator redrove: it does not stop the run again, but its proof will tell.
 */
function countInDoubt(chain: Chain, previousEpoch: number): void {
  if (isSameRound(previousEpoch, chain.record.epoch)) chain.countFailure();
  else chain.countUnseenInDoubt();
}
