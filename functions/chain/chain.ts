import { addOutcomes, type ItemOutcome } from './chunk';
import { ERROR_CODES } from './constants';
import type { Delivery, ItemId } from './contract';
import { WorkerChainsError } from './errors';
import type { Cursor, Job, Source } from './job';
import { type ChainProgress, ERROR_LIMIT, type Ledger } from './ledger/ledger';
import type { ChainRecord, Counts, ItemRecord, RunRecord } from './ledger/records';
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
  readonly after: { readonly cursor: Cursor; readonly carry: readonly ItemId[] };
}

/**
 * The chain in the hands of one link: what it has claimed, what came of it, and what the ledger knows of that.
 * Invariant: between two calls, every item of the partition is settled, claimed, carried or ahead of the cursor.
 */
export class Chain {
  private progress: ChainProgress;
  /** A chunk is claimed and its outcomes are not complete: only recovery by a later epoch may settle it. */
  private open = false;
  private readonly throttlesBefore: number;
  private readonly countsBefore: Counts;

  constructor(
    private stored: ChainRecord,
    private readonly ledger: Ledger,
    private readonly run: RunRecord,
    readonly job: Job,
    private readonly source: Source,
    private readonly pace: Pick<Pace, 'throttles'>,
  ) {
    const { cursor, carry, failures, throttles, done, skipped, unprocessed, inDoubt, skippedBecause } = stored;
    this.throttlesBefore = throttles;
    this.countsBefore = { done, skipped, unprocessed, inDoubt, skippedBecause };
    this.progress = {
      cursor,
      carry,
      failures,
      throttles,
      counts: { done, skipped, unprocessed, inDoubt, skippedBecause },
    };
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

  /** Items that came to an outcome in the hands of this link, those that it found in doubt included. */
  handledHere(): Omit<Counts, 'skippedBecause'> {
    const { counts } = this.progress;
    const before = this.countsBefore;
    return {
      done: counts.done - before.done,
      skipped: counts.skipped - before.skipped,
      unprocessed: counts.unprocessed - before.unprocessed,
      inDoubt: counts.inDoubt - before.inDoubt,
    };
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
    const { claim, runId, chainId, link } = this.stored;
    if (!claim) return true;
    const recorded = await this.ledger.readChunkItems(runId, chainId, claim.chunk);
    const outcomes = await Promise.all(
      claim.ids.map(async (id, index): Promise<ItemOutcome> => {
        const known = recorded.get(index);
        if (known) return known;
        const verdict = this.run.delivery === 'at-least-once' ? 'carried' : 'in-doubt';
        const item = this.itemRecord(id, index, claim.chunk, link, now, { outcome: verdict, ...INTERRUPTED });
        // A zombie may have recorded its own word in the meantime: then that stands, and later ones are not heard.
        return { ...INTERRUPTED, outcome: await this.ledger.recordItem(item) };
      }),
    );
    this.add(claim.ids, outcomes);
    return (await this.settle('running')) !== undefined;
  }

  /** Reads what comes next: carried items first, then the source. Undefined at the end of the partition. */
  async next(): Promise<Chunk | undefined> {
    const { cursor, carry } = this.progress;
    const limit = this.run.chunkItems;
    if (carry.length > 0) {
      const ids = carry.slice(0, limit);
      return { ids, data: await this.job.load(ids), after: { cursor, carry: carry.slice(limit) } };
    }
    if (this.isAtEnd()) return undefined;
    const { ids, next } = await this.source.read(this.run.plan, cursor, this.stored.end, limit);
    this.guardProgress(cursor, next, ids);
    const data = ids.length > 0 ? await this.job.load(ids) : new Map();
    return { ids, data, after: { cursor: next, carry: [] } };
  }

  /** Passes over a stretch of the source that has no items. */
  skipTo(cursor: Cursor): void {
    this.progress = { ...this.progress, cursor };
  }

  /** Reserves the chunk, and settles the one before in the same write. False if the chain was taken from this link. */
  async claim(chunk: Chunk): Promise<boolean> {
    const after = { ...this.progress, ...chunk.after, throttles: this.throttles() };
    const stored = await this.ledger.claimChunk(this.stored, chunk.ids, after);
    if (!stored) return false;
    this.stored = stored;
    this.progress = after;
    this.open = true;
    return true;
  }

  /** Takes in how the claimed chunk came out, recording each failed item by id. Answers how many items are carried. */
  async complete(chunk: Chunk, outcomes: readonly ItemOutcome[], link: number, now: number): Promise<number> {
    const claimed = this.stored.sequence;
    await Promise.all(
      outcomes.map(async (item, index) => {
        if (item.outcome !== 'unprocessed' && item.outcome !== 'in-doubt') return;
        const id = chunk.ids[index] as ItemId;
        await this.ledger.recordItem(this.itemRecord(id, index, claimed, link, now, item));
      }),
    );
    this.open = false;
    const failures = outcomes.filter(({ outcome }) => outcome === 'unprocessed' || outcome === 'in-doubt').length;
    this.progress = { ...this.progress, failures: this.progress.failures + failures };
    return this.add(chunk.ids, outcomes);
  }

  /** Throws `Chain.TooManyFailures` when the run as a whole can no longer stay within the job's tolerance. */
  async guardFailures(): Promise<void> {
    const { chainId, forgivenFailures } = this.stored;
    const chains = await this.ledger.readChains(this.run.runId);
    const others = chains.filter((chain) => chain.chainId !== chainId);
    const failures =
      others.reduce((sum, chain) => sum + chain.failures - chain.forgivenFailures, 0) +
      this.progress.failures -
      forgivenFailures;
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
    const progress = { ...this.progress, throttles: this.throttles() };
    const stored = await this.ledger.settle(this.stored, progress, status, values);
    if (stored) this.stored = stored;
    return stored;
  }

  /** After an error: settles what is known, unless a chunk is open. */
  async giveUp(lastError: string): Promise<void> {
    if (this.open) return;
    // The write that failed may have taken effect: then it is the one to build on.
    const stored = await this.ledger.readChain(this.stored.runId, this.stored.chainId);
    if (stored?.owner !== this.stored.owner) return;
    this.stored = stored;
    await this.settle('interrupted', { lastError: lastError.slice(0, ERROR_LIMIT) });
  }

  private throttles(): number {
    return this.throttlesBefore + this.pace.throttles;
  }

  private add(ids: readonly ItemId[], outcomes: readonly ItemOutcome[]): number {
    const carried = ids.filter((_, index) => outcomes[index]?.outcome === 'carried');
    this.progress = {
      ...this.progress,
      carry: [...carried, ...this.progress.carry],
      counts: addOutcomes(this.progress.counts, outcomes),
    };
    return carried.length;
  }

  private itemRecord(
    id: ItemId,
    index: number,
    chunk: number,
    link: number,
    at: number,
    { outcome, code, message }: Pick<ItemRecord, 'outcome' | 'code' | 'message'>,
  ): ItemRecord {
    const { runId, chainId, expiresAt } = this.stored;
    return { runId, id, outcome, code, message, chainId, chunk, index, link, at, expiresAt };
  }

  private guardProgress(cursor: Cursor, next: Cursor, ids: readonly ItemId[]): void {
    const { chainId, end } = this.stored;
    const advances = this.source.compare(next, cursor) > 0 && this.source.compare(next, end) <= 0;
    if (advances && ids.length <= this.run.chunkItems) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${this.run.source} of chain ${chainId} must advance from ${JSON.stringify(cursor)} towards ` +
        `${JSON.stringify(end)} by at most ${this.run.chunkItems} items, but it answered ${ids.length} items and ${JSON.stringify(next)}.`,
    );
  }
}
