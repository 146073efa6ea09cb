import type { Cursor, ItemRef } from '../contract/source';
import type { ZonedItem } from '../effects/item-hours';

/** An item whose window is closed, and when that opens, in milliseconds since the epoch. */
export interface ClosedItem extends ItemRef {
  readonly due: number;
}

/**
 * Items that come next with their data, and where the chain stands once they are claimed. They come from one place: they
 * were carried, or postponed, or the source has just given them.
 */
export interface Chunk {
  /** Those that may be started now. */
  readonly items: readonly ZonedItem[];
  /** Position in the source after them. */
  readonly cursor: Cursor;
  /** How many of them were carried: the first of the chain's carried items. */
  readonly carried: number;
  /** How many of them come from the chain's queue of postponed items, and up to which position. @default - none */
  readonly queued?: { readonly count: number; readonly upTo: string };
  /** Of what came, the items that must wait for their windows. @default - none */
  readonly closed?: readonly ClosedItem[];
  /** When the data were asked for, in milliseconds since the epoch. */
  readonly loadedAt: number;
}

/** What is left of a chunk after the claim of its first `count` items: it is carried by then. */
export function remainder({ items, cursor, loadedAt }: Chunk, count: number): Chunk {
  return { items: items.slice(count), cursor, loadedAt, carried: items.length - count };
}

/** How many of a chunk's items the source has just given. */
export function givenBy({ items, closed = [], carried, queued }: Chunk): number {
  return items.length + closed.length - carried - (queued?.count ?? 0);
}
