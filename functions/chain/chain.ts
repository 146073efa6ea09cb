import { WorkerChainsError } from '../contract/errors';
import type { Cursor, Job, Source } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import {
  addOutcome,
  type Counts,
  countsOf,
  difference,
  type ItemOutcome,
  type OutcomeCounts,
  settledItems,
} from '../contract/outcomes';
import type { Delivery, ItemId } from '../contract/payloads';
import { countedFailures, isAwaited, isSameRound } from '../ledger/attempts';
import { type ChainProgress, ERROR_LIMIT, type LinkClaim } from '../ledger/chains';
import type { Ledger } from '../ledger/ledger';
import { type ChainRecord, type ClaimedItem, claimedItems, type ItemRecord, type RunRecord } from '../ledger/records';
import type { Pace } from './pace';

/** Recorded for an item whose link died while its chunk was claimed. */
export const INTERRUPTED = {
  code: 'Interrupted',
  message: 'The link ended while this item was claimed: it may or may not have been processed.',
} as const;

/** Items that come next with their data, and where the chain stands once they are claimed. */
export interface Chunk {
  readonly ids: readonly ItemId[];
  readonly data: ReadonlyMap<ItemId, unknown>;
  /** Position in the source after them. */
  readonly cursor: Cursor;
  /** How many of them were carried: the first of the chain's carried items. */
  readonly carried: number;
  /** When the data were asked for, in milliseconds since the epoch. */
  readonly loadedAt: number;
}

/** What is left of a chunk after the claim of its first `count` items: it is carried by then. */
export function remainder({ ids, ...chunk }: Chunk, count: number): Chunk {
  return { ...chunk, ids: ids.slice(count), carried: ids.length - count };
}

/**
 * The chain in the hands of one link: what it has claimed, what came of it, and what the ledger knows of that.
 * Invariant: between two calls, every item of the partition is settled, claimed, carried or ahead of the cursor.
 */
export class Chain {
  private stored: ChainRecord;
  /** Epoch of whoever held the chain before this link. */
  private readonly heldBefore: number;
  private progress: Omit<ChainProgress, 'underWay' | 'throttles'>;
  /** Claimed, and not known to have come out: if the link dies now, only a later epoch may say what became of them. */
  private readonly underWay: Set<ClaimedItem>;
  /** Failures when the tolerance of the run was last looked at. */
  private failuresJudged = 0;
  private readonly throttlesBefore: number;
  private readonly countsBefore: Counts;

  constructor(
    claim: LinkClaim,
    private readonly ledger: Ledger,
    private readonly run: RunRecord,
    readonly job: Job,
    private readonly source: Source,
    private readonly pace: Pick<Pace, 'throttles'>,
  ) {
    const { cursor, carry, failures, unseenInDoubt, throttles, ...stored } = claim.chain;
    this.stored = claim.chain;
    this.heldBefore = claim.previousEpoch;
    this.throttlesBefore = throttles;
    this.countsBefore = countsOf(stored);
    this.progress = { cursor, carry, failures, unseenInDoubt, counts: this.countsBefore };
    this.underWay = new Set(claimedItems(stored));
  }

  get record(): ChainRecord {
    return this.stored;
  }

  get delivery(): Delivery {
    return this.run.delivery;
  }

  get linkSeconds(): number {
    return this.run.linkSeconds;
  }

  /** Items that may be claimed and not settled at a time. */
  get chunkItems(): number {
    return this.run.chunkItems;
  }

  /** Items that came to an outcome in the hands of this link, those that it found in doubt included. */
  handledHere(): OutcomeCounts {
    return difference(this.progress.counts, this.countsBefore);
  }

  /** Whether a later attempt waited for the chain when this link last wrote it. */
  isAwaited(): boolean {
    return isAwaited(this.stored, this.stored.epoch);
  }

  isAtEnd(): boolean {
    const { cursor, carry } = this.progress;
    return carry.length === 0 && this.source.compare(cursor, this.stored.end) >= 0;
  }

  /**
   * Settles what a dead link left claimed: an item whose outcome was recorded has it, every other is in doubt – or,
   * delivered at least once, comes up again. False if the chain was taken from this link.
   */
  async recover(now: number): Promise<boolean> {
    if (this.underWay.size === 0) return true;
    const { runId, chainId, link } = this.stored;
    const chunks = [...new Set([...this.underWay].map(({ chunk }) => chunk))];
    const recorded = new Map(
      await Promise.all(
        chunks.map(async (chunk) => [chunk, await this.ledger.readChunkItems(runId, chainId, chunk)] as const),
      ),
    );
    const outcomeOf = async (item: ClaimedItem): Promise<ItemOutcome> => {
      const known = recorded.get(item.chunk)?.get(item.index);
      if (known) return known;
      const outcome = this.run.delivery === 'at-least-once' ? 'carried' : 'in-doubt';
      // A zombie may have recorded its own word in the meantime: then that stands, and later ones are not heard.
      const record = this.itemRecord(item, link, now, { outcome, ...INTERRUPTED });
      return { ...INTERRUPTED, outcome: await this.ledger.recordItem(record) };
    };
    const recover = async (item: ClaimedItem) => {
      const outcome = await outcomeOf(item);
      if (outcome.outcome === 'in-doubt') this.countFoundInDoubt();
      this.add(item, outcome);
    };
    await Promise.all([...this.underWay].map(recover));
    return (await this.settle('running')) !== undefined;
  }

  /**
   * Reads what comes next, at most `limit` items: carried ones first, then the source. Undefined at the end of the
   * partition.
   */
  async next(now: number, limit = this.run.chunkItems): Promise<Chunk | undefined> {
    const { cursor, carry } = this.progress;
    if (carry.length > 0) {
      const ids = carry.slice(0, limit);
      return this.load({ ids, cursor, carried: ids.length }, now);
    }
    if (this.isAtEnd()) return undefined;
    const { ids, next } = await this.source.read(this.run.plan, cursor, this.stored.end, limit);
    this.guardProgress(cursor, next, ids, limit);
    return this.load({ ids, cursor: next, carried: 0 }, now);
  }

  /** The chunk with the data of its items as they are at `now`. */
  async load(chunk: Omit<Chunk, 'data' | 'loadedAt'>, now: number): Promise<Chunk> {
    const data = chunk.ids.length > 0 ? await this.job.load(chunk.ids) : new Map();
    return { ...chunk, data, loadedAt: now };
  }

  /** Passes over a stretch of the source that has no items. */
  skipTo(cursor: Cursor): void {
    this.progress = { ...this.progress, cursor };
  }

  /**
   * Reserves the first `count` items of the chunk, and settles in the same write what came of those before; the others
   * are carried. Answers the reserved items, or undefined if the chain was taken from this link.
   */
  async claim({ ids, cursor, carried }: Chunk, count = ids.length): Promise<readonly ClaimedItem[] | undefined> {
    this.guardItems(ids.length - carried);
    // Others may come out while the claim is under way, and be carried: those are at the end.
    const after = () => ({ cursor, carry: [...ids.slice(count), ...this.progress.carry.slice(carried)] });
    const stored = await this.ledger.claimChunk(this.stored, ids.slice(0, count), { ...this.known(), ...after() });
    if (!stored) return undefined;
    this.stored = stored;
    this.progress = { ...this.progress, ...after() };
    const items = ids.slice(0, count).map((id, index) => ({ chunk: stored.sequence, index, id }));
    for (const item of items) this.underWay.add(item);
    return items;
  }

  /** Takes in how a claimed item came out; a failed one is recorded by id first. */
  async complete(item: ClaimedItem, outcome: ItemOutcome, link: number, now: number): Promise<void> {
    if (outcome.outcome === 'unprocessed' || outcome.outcome === 'in-doubt') {
      await this.ledger.recordItem(this.itemRecord(item, link, now, outcome));
      this.progress = { ...this.progress, failures: this.progress.failures + 1 };
    }
    this.add(item, outcome);
  }

  /** Throws `Chain.TooManyFailures` when the run as a whole can no longer stay within the job's tolerance. */
  async guardFailures(): Promise<void> {
    if (this.progress.failures === this.failuresJudged) return;
    this.failuresJudged = this.progress.failures;
    const { chainId, epoch } = this.stored;
    const chains = await this.ledger.readChains(this.run.runId);
    const others = chains.filter((chain) => chain.chainId !== chainId);
    const own = { ...this.stored, failures: this.progress.failures };
    const failures = [...others, own].reduce((sum, chain) => sum + countedFailures(chain, epoch), 0);
    const allowed = Math.floor(this.run.tolerateUnprocessed * this.run.plan.items);
    if (failures > allowed) {
      throw new WorkerChainsError(
        ERROR_CODES.tooManyFailures,
        `${failures} of ${this.run.plan.items} items failed where the job tolerates ${allowed}: ` +
          'look at the unprocessed items, mend the cause, then redrive the execution.',
      );
    }
  }

  /** Writes what this link knows. Undefined if the chain was taken from it. */
  async settle(
    status: 'running' | 'handed-off' | 'interrupted' | 'finished',
    values: Partial<ChainRecord> = {},
  ): Promise<ChainRecord | undefined> {
    const stored = await this.ledger.settle(this.stored, this.known(), status, values);
    if (stored) this.stored = stored;
    return stored;
  }

  /** After an error: settles what is known. What is still under way stays claimed, for a later epoch to recover. */
  async giveUp(lastError: string): Promise<void> {
    // The write that failed may have taken effect: then it is the one to build on.
    const stored = await this.ledger.readChain(this.stored.runId, this.stored.chainId);
    if (stored?.owner !== this.stored.owner) return;
    this.stored = stored;
    await this.settle('interrupted', { lastError: lastError.slice(0, ERROR_LIMIT) });
  }

  /**
   * What an attempt of this round left in doubt counts as a failure. What one before a redrive did was not known when the
   * operator redrove: it does not stop the run again, but its proof will tell.
   */
  private countFoundInDoubt(): void {
    const { failures, unseenInDoubt } = this.progress;
    this.progress = isSameRound(this.heldBefore, this.stored.epoch)
      ? { ...this.progress, failures: failures + 1 }
      : { ...this.progress, unseenInDoubt: unseenInDoubt + 1 };
  }

  private known(): ChainProgress {
    const throttles = this.throttlesBefore + this.pace.throttles;
    return { ...this.progress, underWay: [...this.underWay], throttles };
  }

  private add(item: ClaimedItem, outcome: ItemOutcome): void {
    const { carry, counts } = this.progress;
    this.underWay.delete(item);
    this.progress = {
      ...this.progress,
      carry: outcome.outcome === 'carried' ? [...carry, item.id] : carry,
      counts: addOutcome(counts, outcome),
    };
  }

  private itemRecord(
    { id, chunk, index }: ClaimedItem,
    link: number,
    at: number,
    { outcome, code, message }: Pick<ItemRecord, 'outcome' | 'code' | 'message'>,
  ): ItemRecord {
    const { runId, chainId, expiresAt } = this.stored;
    return { runId, id, outcome, code, message, chainId, chunk, index, link, at, expiresAt };
  }

  /** Whatever the cursors say: a source that answers more items than it was planned with answers some of them twice. */
  private guardItems(fresh: number): void {
    const { chainId, items } = this.stored;
    const { carry, counts } = this.progress;
    const known = settledItems(counts) + this.underWay.size + carry.length + fresh;
    if (known <= items) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${this.run.source} of chain ${chainId} was planned with ${items} items, but it answered ${known}.`,
    );
  }

  private guardProgress(cursor: Cursor, next: Cursor, ids: readonly ItemId[], limit: number): void {
    const { chainId, end } = this.stored;
    const advances = this.source.compare(next, cursor) > 0 && this.source.compare(next, end) <= 0;
    if (advances && ids.length <= limit) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${this.run.source} of chain ${chainId} must advance from ${JSON.stringify(cursor)} towards ` +
        `${JSON.stringify(end)} by at most ${limit} items, but it answered ${ids.length} items and ${JSON.stringify(next)}.`,
    );
  }
}
