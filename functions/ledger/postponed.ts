import type { ItemRef } from '../contract/source';
import { RECORD_VERSION } from '../contract/versions';
import type { LedgerTable } from './ledger-table';
import { ABSENT } from './write-conditions';

/** An item that comes up again when its window opens. */
export interface PostponedItem extends ItemRef {
  /** When, in milliseconds since the epoch. */
  readonly due: number;
  /** Number of the ledger write that postponed it, and its position in that, from 0. */
  readonly chunk: number;
  readonly index: number;
}

/** A chain's postponed items that come next, in the order in which they are due. */
export interface PostponedPage {
  readonly items: readonly PostponedItem[];
  /** Whether these are all that wait. */
  readonly isLast: boolean;
}

/** Which chain's, and until when they are kept. */
interface OfChain {
  readonly runId: string;
  readonly chainId: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Digits of a position's parts: they are compared as text. */
const DUE_DIGITS = 15;
const CHUNK_DIGITS = 9;
const INDEX_DIGITS = 3;

/**
 * Items of a chain that wait for their windows: a queue that is consumed by position, never by deletion. Its items are
 * named by the write that postponed them, so that they can be written any number of times, by a zombie, too; and the chain's
 * record says up to which position they were taken.
 */
export class Postponed {
  constructor(private readonly table: LedgerTable) {}

  /** Writes what the chain's record says is postponed. Written again it changes nothing. */
  async write({ runId, chainId, expiresAt }: OfChain, items: readonly PostponedItem[]): Promise<void> {
    const pk = postponedPartition(runId, chainId);
    const write = (item: PostponedItem) =>
      this.table.put({ pk, sk: positionOf(item) }, { ...item, version: RECORD_VERSION, expiresAt }, ABSENT, () => true);
    await Promise.all(items.map(write));
  }

  /** What comes after a position, or from the beginning: at most `limit` items, whether they are due or not. */
  async read(runId: string, chainId: number, limit: number, after: string | undefined): Promise<PostponedPage> {
    const page = { limit, ...(after !== undefined && { after }) };
    const { items, next } = await this.table.query(postponedPartition(runId, chainId), '', page);
    return { items: items.map(itemOf), isLast: next === undefined };
  }
}

export function postponedPartition(runId: string, chainId: number): string {
  return `postponed#${runId}#${String(chainId).padStart(4, '0')}`;
}

/** Where in its chain's queue an item is: those that are due later come later, and of the same time those postponed later. */
export function positionOf({ due, chunk, index }: PostponedItem): string {
  const parts = [
    String(due).padStart(DUE_DIGITS, '0'),
    String(chunk).padStart(CHUNK_DIGITS, '0'),
    String(index).padStart(INDEX_DIGITS, '0'),
  ];
  return parts.join('#');
}

/** When whatever is at a position was due, in milliseconds since the epoch. */
export function dueAt(position: string): number {
  return Number(position.slice(0, DUE_DIGITS));
}

function itemOf(stored: object): PostponedItem {
  const { id, place, due, chunk, index } = stored as PostponedItem;
  return { id, ...(place !== undefined && { place }), due, chunk, index };
}
