import { takerOf } from '../contract/canary-members';
import type { Clock } from '../contract/clock';
import { counted } from '../contract/counted';
import { WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import { type Cursor, itemsOf, refOnly, type Source, type SourceItem } from '../contract/source';
import type { ItemHours, ZonedItem } from '../effects/item-hours';
import { mostGiven } from '../ledger/attempts';
import { type RunRecord, refOf } from '../ledger/records';
import { dataOf } from '../sources/item-data';
import type { Chain } from './chain';
import { type Chunk, type ClosedItem, givenBy } from './chunk';
import type { PostponedQueue } from './postponed-queue';

export interface PartitionReaderOptions {
  readonly chain: Pick<Chain, 'record' | 'position' | 'given'>;
  readonly run: Pick<RunRecord, 'job' | 'plan' | 'source' | 'chunkItems' | 'canary'>;
  readonly job: Pick<Job, 'load'>;
  readonly source: Pick<Source, 'read' | 'compare' | 'load' | 'frozen'>;
  readonly clock: Clock;
  /** When items may be started. */
  readonly hours: Pick<ItemHours, 'withZone' | 'itemOpensAt'>;
  /** Those that wait for that. */
  readonly queue: PostponedQueue;
}

/** Reads a chain's partition chunk by chunk, with the items' data, and takes nothing that the source says on trust. */
export class PartitionReader {
  constructor(private readonly options: PartitionReaderOptions) {}

  isAtEnd(): boolean {
    return this.hasOnlyPostponed() && this.options.queue.isEmpty;
  }

  /**
   * When the first of the items that are left is due, in milliseconds since the epoch, where all of them are postponed;
   * undefined where there are others, or none.
   */
  waitsUntil(): number | undefined {
    return this.hasOnlyPostponed() ? this.options.queue.dueFrom : undefined;
  }

  private hasOnlyPostponed(): boolean {
    const { chain, source } = this.options;
    const { cursor, carry } = chain.position;
    return carry.length === 0 && source.compare(cursor, chain.record.end) >= 0;
  }

  /**
   * Reads the next items, at most `limit`: those that the chain carries first, then postponed ones that are due, then those
   * of the source. Undefined at the end of the partition, and where all that is left is not due yet.
   *
   * @throws `Chain.Runaway` where the source does not advance, leaves the partition or gives more than `limit` items
   */
  async next(limit = this.options.run.chunkItems): Promise<Chunk | undefined> {
    const { chain, run, source, clock, queue } = this.options;
    const loadedAt = clock.now();
    const { cursor, carry } = chain.position;
    if (carry.length > 0) {
      const items = carry.slice(0, limit).map(refOf);
      return { ...(await this.sorted(items)), cursor, carried: items.length, loadedAt };
    }
    const due = await queue.due(limit);
    if (due) {
      const queued = { count: due.items.length, upTo: due.upTo };
      return { ...(await this.sorted(due.items.map(refOnly))), cursor, carried: 0, queued, loadedAt };
    }
    if (this.hasOnlyPostponed()) return undefined;
    const page = await source.read(run.plan, cursor, chain.record.end, limit);
    const given = itemsOf(page);
    this.guardProgress(cursor, page.next, given, limit);
    const items = given.filter(takerOf(run, chain.record.takes));
    return { ...(await this.sorted(items)), cursor: page.next, carried: 0, loadedAt };
  }

  /** The same chunk, with the data of its items as they are now. */
  async reload(chunk: Chunk): Promise<Chunk> {
    const loadedAt = this.options.clock.now();
    // What the source cannot read it could not read a minute later.
    const items = chunk.items.map(({ data: _, ...item }) => item);
    return { ...chunk, items: await this.withData(items), loadedAt };
  }

  /**
   * Counts what the source has given, whatever its cursors say.
   *
   * @throws `Chain.Runaway` where the partition has given more items than it can have: some came twice, or there is no end
   */
  guardItems(chunk: Chunk): void {
    const { chain, run, source } = this.options;
    const { chainId, items: planned } = chain.record;
    const given = chain.given + givenBy(chunk);
    if (given <= mostGiven(chain.record, source.frozen === true)) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${run.source} of chain ${chainId} was planned with ${counted(planned ?? 0, 'item')}, but it answered ${given}.`,
    );
  }

  private guardProgress(cursor: Cursor, next: Cursor, items: readonly SourceItem[], limit: number): void {
    const { chain, run, source } = this.options;
    const { chainId, end } = chain.record;
    const advances = source.compare(next, cursor) > 0 && source.compare(next, end) <= 0;
    if (advances && items.length <= limit) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${run.source} of chain ${chainId} must advance from ${JSON.stringify(cursor)} towards ` +
        `${JSON.stringify(end)} by at most ${counted(limit, 'item')}, but it answered ${counted(items.length, 'item')} and ${JSON.stringify(next)}.`,
    );
  }

  /** Items with their data, and apart from them those that must wait for their windows. */
  private async sorted(items: readonly SourceItem[]): Promise<Pick<Chunk, 'items' | 'closed'>> {
    const { hours } = this.options;
    const open: ZonedItem[] = [];
    const closed: ClosedItem[] = [];
    for (const item of await this.withData(items)) {
      const due = hours.itemOpensAt(item);
      if (due === undefined) open.push(item);
      else closed.push({ ...refOnly(item), due });
    }
    return { items: open, ...(closed.length > 0 && { closed }) };
  }

  private async withData(items: readonly SourceItem[]): Promise<readonly ZonedItem[]> {
    const { job, run, source, hours } = this.options;
    return (await dataOf(items, run.plan, job, source)).map((item) => hours.withZone(item));
  }
}
