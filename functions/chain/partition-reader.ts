import type { Clock } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import type { ItemId } from '../contract/payloads';
import type { Cursor, Source } from '../contract/source';
import type { RunRecord } from '../ledger/records';
import type { Chain } from './chain';
import type { Chunk } from './chunk';

export interface PartitionReaderOptions {
  readonly chain: Pick<Chain, 'record' | 'position' | 'knownItems'>;
  readonly run: Pick<RunRecord, 'plan' | 'source' | 'chunkItems'>;
  readonly job: Pick<Job, 'load'>;
  readonly source: Pick<Source, 'read' | 'compare'>;
  readonly clock: Clock;
}

/** Reads a chain's partition chunk by chunk, with the items' data, and takes nothing that the source says on trust. */
export class PartitionReader {
  constructor(private readonly options: PartitionReaderOptions) {}

  isAtEnd(): boolean {
    const { chain, source } = this.options;
    const { cursor, carry } = chain.position;
    return carry.length === 0 && source.compare(cursor, chain.record.end) >= 0;
  }

  /**
   * Reads the next items, at most `limit`: those that the chain carries first, then those of the source. Undefined at the
   * end of the partition.
   *
   * @throws `Chain.Runaway` where the source does not advance, leaves the partition or gives more than `limit` items
   */
  async next(limit = this.options.run.chunkItems): Promise<Chunk | undefined> {
    const { chain, run, source, clock } = this.options;
    const now = clock.now();
    const { cursor, carry } = chain.position;
    if (carry.length > 0) {
      const ids = carry.slice(0, limit);
      return this.withData({ ids, cursor, carried: ids.length }, now);
    }
    if (this.isAtEnd()) return undefined;
    const { ids, next } = await source.read(run.plan, cursor, chain.record.end, limit);
    this.guardProgress(cursor, next, ids, limit);
    return this.withData({ ids, cursor: next, carried: 0 }, now);
  }

  /** The same chunk, with the data of its items as they are now. */
  reload(chunk: Chunk): Promise<Chunk> {
    return this.withData(chunk, this.options.clock.now());
  }

  /**
   * Counts what the source has given, whatever its cursors say: where that is more than was planned, some items came twice.
   *
   * @throws `Chain.Runaway` where the partition has given more items than it was planned with
   */
  guardItems({ ids, carried }: Chunk): void {
    const { chain, run } = this.options;
    const { chainId, items } = chain.record;
    const known = chain.knownItems() + ids.length - carried;
    if (known <= items) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${run.source} of chain ${chainId} was planned with ${items} items, but it answered ${known}.`,
    );
  }

  private guardProgress(cursor: Cursor, next: Cursor, ids: readonly ItemId[], limit: number): void {
    const { chain, run, source } = this.options;
    const { chainId, end } = chain.record;
    const advances = source.compare(next, cursor) > 0 && source.compare(next, end) <= 0;
    if (advances && ids.length <= limit) return;
    throw new WorkerChainsError(
      ERROR_CODES.runaway,
      `The source ${run.source} of chain ${chainId} must advance from ${JSON.stringify(cursor)} towards ` +
        `${JSON.stringify(end)} by at most ${limit} items, but it answered ${ids.length} items and ${JSON.stringify(next)}.`,
    );
  }

  /** @param loadedAt when the data were asked for, in milliseconds since the epoch */
  private async withData(chunk: Omit<Chunk, 'data' | 'loadedAt'>, loadedAt: number): Promise<Chunk> {
    const data = chunk.ids.length > 0 ? await this.options.job.load(chunk.ids) : new Map();
    return { ...chunk, data, loadedAt };
  }
}
