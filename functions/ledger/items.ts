import { createHash } from 'node:crypto';
import type { Leftover } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import { RECORD_VERSION } from '../contract/versions';
import type { MailEvent } from './feedback';
import type { LedgerTable } from './ledger-table';
import { chunkPrefix, type ItemRecord, itemKey, itemOf, itemsPartition, type SettledItem } from './records';
import { ABSENT, allOf, has, KNOWN_VERSION } from './write-conditions';

/** An item that needs looking at, and its position in the ledger. */
export type LeftoverItem = ItemRecord & { readonly outcome: Leftover; readonly position: string };

/** Where an item is in the ledger. */
type ItemPlace = Pick<ItemRecord, 'runId' | 'chainId' | 'chunk' | 'index'>;

/** An item of a run that keeps a record of every one. */
export type AuditRecord = ItemPlace &
  Pick<ItemRecord, 'id' | 'link' | 'at' | 'expiresAt' | 'messageIds'> & {
    readonly outcome: 'done' | 'skipped';
    /** Of a skipped one. */
    readonly reason?: string;
  };

/** Which part of a list is asked for: at most `limit` records after a position. */
export interface PageOfItems {
  readonly after?: string;
  readonly limit?: number;
}

/** Where a page of them ends: chain, chunk, and index in the chunk. */
export const ITEM_POSITION = /^\d{4,}#\d{9,}#\d{3,}$/;

/** The records of items that did not come out done or skipped. */
export class Items {
  constructor(private readonly table: LedgerTable) {}

  /** Records how an item came out, unless that is recorded already: the first word counts, and is answered. */
  async record(item: ItemRecord): Promise<ItemRecord['outcome']> {
    const { stored } = await this.table.put(itemKey(item), { ...item, version: RECORD_VERSION }, ABSENT, () => true);
    return itemOf(stored ?? item).outcome;
  }

  /** Keeps an item that is done or skipped. */
  async audit(item: AuditRecord): Promise<void> {
    await this.table.put(auditKey(item.runId, item.id), { ...item, version: RECORD_VERSION }, ABSENT, () => true);
  }

  async readAudit(runId: string, id: ItemId): Promise<AuditRecord | undefined> {
    const stored = await this.table.get(auditKey(runId, id));
    if (!stored) return undefined;
    const { pk: _pk, sk: _sk, version: _version, ...record } = stored;
    return record as unknown as AuditRecord;
  }

  /** Notes what proves that an item in doubt is done. Answers whether it is so now; false where it is not in doubt. */
  async settleInDoubt(event: MailEvent): Promise<boolean> {
    const { messageId, at } = event;
    const settled: SettledItem = { because: 'Send event', messageId, at };
    const inDoubt = allOf(KNOWN_VERSION, has({ outcome: 'in-doubt' satisfies Leftover, mailProves: true }), {
      expression: 'attribute_not_exists(#settled)',
    });
    const { written, stored } = await this.table.update(itemKey(event), { settled }, inDoubt, (found) => {
      return itemOf(found).settled !== undefined;
    });
    if (stored) itemOf(stored);
    return written;
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
   * One page of a run's unprocessed and in-doubt items, those included that were in doubt and are settled, in the order of chains and chunks, and the position after which
   * the next one begins. A page may be empty before the end.
   */
  async list(
    runId: string,
    page: PageOfItems,
  ): Promise<{ readonly items: readonly LeftoverItem[]; readonly next?: string }> {
    const { items, next } = await this.table.query(itemsPartition(runId), '', page);
    const records = items.map((stored) => ({ ...itemOf(stored), position: stored.sk as string }));
    return { items: records.filter(isLeftover), next };
  }
}

/** DynamoDB takes a thousand writes a second in one partition: a run of any rate has several. */
const AUDIT_SHARDS = 16;

function auditKey(runId: string, id: ItemId) {
  const name = JSON.stringify(id);
  const shard = (createHash('sha256').update(name).digest()[0] as number) % AUDIT_SHARDS;
  return { pk: `audit#${runId}#${shard}`, sk: name };
}

function isLeftover(record: ItemRecord & { readonly position: string }): record is LeftoverItem {
  return record.outcome === 'unprocessed' || record.outcome === 'in-doubt';
}
