import type { Cursor } from '../contract/source';
import type { LoadedItem } from '../effects/process-item';

/** Items that come next with their data, and where the chain stands once they are claimed. */
export interface Chunk {
  readonly items: readonly LoadedItem[];
  /** Position in the source after them. */
  readonly cursor: Cursor;
  /** How many of them were carried: the first of the chain's carried items. */
  readonly carried: number;
  /** When the data were asked for, in milliseconds since the epoch. */
  readonly loadedAt: number;
}

/** What is left of a chunk after the claim of its first `count` items: it is carried by then. */
export function remainder({ items, ...chunk }: Chunk, count: number): Chunk {
  return { ...chunk, items: items.slice(count), carried: items.length - count };
}
