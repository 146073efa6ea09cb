import type { Clock } from '../contract/clock';
import type { ItemOutcome } from '../contract/outcomes';
import type { ItemHours } from '../effects/item-hours';
import type { ItemTerms } from '../effects/item-terms';
import { processChunk } from '../effects/process-chunk';
import { processItem } from '../effects/process-item';
import type { ClaimedItem, RunRecord } from '../ledger/records';
import type { Allowance } from './allowance';
import type { Chain, ClaimedChunkItem } from './chain';
import { type Chunk, remainder } from './chunk';
import { ClaimSize } from './claim-size';
import { InFlight } from './in-flight';
import type { Lease } from './lease';
import type { Paces } from './paces';
import type { PartitionReader } from './partition-reader';
import type { PostponedQueue } from './postponed-queue';
import { startChunk } from './start-chunk';
import { startItems } from './start-items';
import type { StopSignal } from './stop-signal';
import type { Tolerance } from './tolerance';

/** Items are claimed at most so long after their data were read, and started at most so long after the claim. */
const FRESH_MILLISECONDS = 60_000;
/** No more items are claimed at a time than the pace starts within this time. */
const CLAIMED_MILLISECONDS = FRESH_MILLISECONDS / 2;

export interface ChunkLoopOptions {
  readonly run: Pick<RunRecord, 'chunkItems'>;
  readonly chain: Chain;
  readonly reader: PartitionReader;
  readonly tolerance: Tolerance;
  readonly paces: Paces;
  readonly lease: Lease;
  readonly allowance: Allowance;
  readonly stop: StopSignal;
  readonly clock: Clock;
  /** When items may be started. */
  readonly hours: Pick<ItemHours, 'jobOpensAt' | 'itemOpensAt'>;
  /** Those that wait for that. */
  readonly queue: Pick<PostponedQueue, 'note'>;
  /** What items are processed with. */
  readonly terms: ItemTerms;
  /** @default CLAIM_FACTOR */
  readonly claimFactor?: number;
}

/** The first items of a chunk, to be claimed together. */
interface Slice {
  readonly chunk: Chunk;
  readonly size: number;
  /** When its first permit was near, in milliseconds since the epoch. */
  readonly beganAt: number;
}

/**
 * Reads chunk after chunk, claims their items a few at a time and starts them under the pace, until the partition ends
 * or the link is to stop. Later items are started while earlier ones are still under way: a slow item holds
 * up no other, until a whole chunk of items is under way.
 *
 * @see docs/how-it-works.md#life-of-a-chunk
 */
export class ChunkLoop {
  private readonly inFlight = new InFlight();
  private readonly claimSize: ClaimSize;

  /** Claims made. */
  claims = 0;

  constructor(private readonly options: ChunkLoopOptions) {
    const { run, claimFactor, terms } = options;
    this.claimSize = new ClaimSize({
      chunkItems: run.chunkItems,
      together: terms.job.processChunk !== undefined,
      startMilliseconds: CLAIMED_MILLISECONDS,
      ...(claimFactor !== undefined && { claimFactor }),
    });
  }

  /**
   * Resolves when all that was started has come out.
   *
   * @throws ChainTaken where another attempt has the chain
   * @throws `Chain.TooManyFailures` where the run as a whole can no longer stay within the job's tolerance
   * @throws `Chain.Runaway` where the source does not advance, or gives more items than were planned
   */
  async run(): Promise<void> {
    const { paces, tolerance } = this.options;
    try {
      await this.readAndClaim();
      await this.inFlight.atMost(0);
      await tolerance.guard();
    } catch (error) {
      // Nothing more is started; what was may still come out.
      paces.stop();
      await this.inFlight.none();
      throw error;
    }
  }

  private async readAndClaim(): Promise<void> {
    const { chain, stop } = this.options;
    if (this.isClosed()) return;
    let upcoming = this.readAhead();
    for (;;) {
      let chunk = await stop.wait(upcoming());
      if (!chunk || stop.reason) return;
      if (chunk.closed) chunk = await this.postpone(chunk);
      if (chunk.items.length === 0) {
        chain.skipTo(chunk.cursor);
        upcoming = this.readAhead();
        continue;
      }
      while (chunk.items.length > 0) {
        const slice: Slice | undefined = await this.readyToClaim(chunk);
        if (!slice) return;
        const items = await this.claim(slice);
        chunk = remainder(slice.chunk, items.length);
        if (chunk.items.length === 0) upcoming = this.readAhead();
        await this.start(items);
      }
    }
  }

  /**
   * Starts to read at once. A failure to read rejects the chunk that is asked for later; unasked for, it has no effect.
   */
  private readAhead(): () => Promise<Chunk | undefined> {
    const { run, reader, allowance } = this.options;
    const chunk = reader.next(allowance.most(run.chunkItems));
    chunk.catch(() => {});
    return () => chunk;
  }

  /**
   * Waits until the pace lets the chunk's first item start as soon as it is claimed, so that a paused run claims nothing.
   * Data that have become old meanwhile are read again. Undefined if the link is to stop.
   */
  private async readyToClaim(chunk: Chunk): Promise<Slice | undefined> {
    const { run, reader, tolerance, paces, lease, clock, stop } = this.options;
    const pace = paces.items;
    await tolerance.guard();
    if (!(await pace.nearly(this.claimSize.aheadMilliseconds))) return undefined;
    const size = this.claimSize.next(chunk.items.length, this.inFlight.count, pace.rate());
    await this.inFlight.atMost(run.chunkItems - size);
    const beganAt = clock.now();
    await tolerance.guard();
    if (!(await lease.checkRecent())) return undefined;
    const isOld = clock.now() - chunk.loadedAt > FRESH_MILLISECONDS;
    const fresh = isOld ? await stop.wait(reader.reload(chunk)) : chunk;
    if (this.isClosed()) return undefined;
    if (!(await this.takeFromQuota(size)) || !fresh || stop.reason) return undefined;
    return { chunk: fresh, size, beganAt };
  }

  /** Whether no item of the job may be started at this hour: then the link parks its chain, or has done so. */
  private isClosed(): boolean {
    const { hours, stop } = this.options;
    const opensAt = hours.jobOpensAt();
    if (opensAt !== undefined) stop.park(opensAt);
    return opensAt !== undefined || stop.reason === 'parked';
  }

  /** Lets the chunk's closed items wait for their windows, without a permit; answers the others. */
  private async postpone(chunk: Chunk): Promise<Chunk> {
    const { chain, reader, queue, stop } = this.options;
    reader.guardItems(chunk);
    const open = await chain.postpone(chunk);
    for (const { due } of chunk.closed ?? []) queue.note(due);
    if (chain.isAwaited()) stop.stop('awaited');
    return open;
  }

  private async takeFromQuota(items: number): Promise<boolean> {
    const { allowance, stop } = this.options;
    const isTaken = await stop.wait(allowance.reserve(items));
    if (isTaken === false) stop.stop('quota-exhausted');
    return isTaken === true;
  }

  private async claim({ chunk, size, beganAt }: Slice): Promise<readonly ClaimedChunkItem[]> {
    const { chain, reader, clock, stop } = this.options;
    reader.guardItems(chunk);
    const items = await chain.claim(chunk, size);
    this.claims += 1;
    this.claimSize.took(clock.now() - beganAt);
    if (chain.isAwaited()) stop.stop('awaited');
    return items;
  }

  private start(items: readonly ClaimedChunkItem[]): Promise<void> {
    const { chain, paces, lease, clock, hours, terms } = this.options;
    const claimedAt = clock.now();
    const noteOutcome = async (item: ClaimedItem, outcome: Promise<ItemOutcome>) =>
      chain.noteOutcome(item, await outcome);
    const options = {
      pace: paces.items,
      mayStart: () => lease.held() && clock.now() - claimedAt <= FRESH_MILLISECONDS && !this.isClosed(),
      isOpen: (item: ClaimedChunkItem) => hours.itemOpensAt(item) === undefined,
      onItem: (item: ClaimedItem, outcome: Promise<ItemOutcome>) => this.inFlight.add(noteOutcome(item, outcome)),
    };
    return terms.job.processChunk
      ? startChunk(items, { ...options, process: (all) => processChunk(all, terms) })
      : startItems(items, { ...options, process: (item) => processItem(item, terms) });
  }
}
