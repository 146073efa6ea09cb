import type { Leftover } from '../contract/outcomes';
import { RECORD_VERSION } from '../contract/versions';
import type { LedgerTable } from './ledger-table';
import { chunkPrefix, type ItemRecord, itemKey, itemOf, itemsPartition } from './records';
import { ABSENT } from './write-conditions';

/** An item that needs looking at, and its position in the ledger. */
export type LeftoverItem = ItemRecord & { readonly outcome: Leftover; readonly position: string };

/** Which part of a list is asked for: at most `limit` records after a position. */
export interface PageOfItems {
  readonly after?: string;
  readonly limit?: number;
}

/** The records of items that did not come out done or skipped. */
export class Items {
  constructor(private readonly table: LedgerTable) {}

  /** Records how an item came out, unless that is recorded already: the first word counts, and is answered. */
  async record(item: ItemRecord): Promise<ItemRecord['outcome']> {
    const { stored } = await this.table.put(itemKey(item), { ...item, version: RECORD_VERSION }, ABSENT, () => true);
    return itemOf(stored ?? item).outcome;
  }

  /** What is recorded of one chunk's items, by their index in the chunk. */
  async readChunk(runId: string, chainId: number, chunk: number): Promise<ReadonlyMap<number, ItemRecord>> {
    const items = new Map<number, ItemRecord>();
    for await (const stored of this.table.scan(itemsPartition(runId), chunkPrefix(chainId, chunk))) {
      const item = itemOf(stored);
      items.set(item.index, item);
    }
    return items;
  }

  /**
   * One page of a run's unprocessed and in-doubt items, in the order of chains and chunks, and the position after which
   * the next one begins. A page may be empty before the end.
   */
  async list(
    runId: string,
    page: PageOfItems,
  ): Promise<{ readonly items: readonly LeftoverItem[]; readonly next?: string }> {
    const { items, next } = await this.table.query(itemsPartition(runId), '', page);
    const records = items.map((stored) => ({ ...itemOf(stored), position: stored.sk as string }));
    return { items: records.filter((record): record is LeftoverItem => record.outcome !== 'carried'), next };
  }
}
