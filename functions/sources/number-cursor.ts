import type { Cursor, Partition } from '../contract/source';

/**
 * A cursor of a source whose positions are whole numbers.
 *
 * @throws TypeError where it is no whole number
 */
export function position(cursor: Cursor): number {
  if (typeof cursor !== 'number' || !Number.isSafeInteger(cursor)) {
    throw new TypeError(`Expected a cursor that is a whole number, got ${JSON.stringify(cursor)}.`);
  }
  return cursor;
}

/**
 * Tiles `[start, end)` with at most `chains` partitions: none empty, sizes that differ by at most one.
 *
 * @throws TypeError where `chains` is no whole number from 1
 */
export function splitPositions(slice: Partition, chains: number): (Partition & { readonly items: number })[] {
  if (!Number.isSafeInteger(chains) || chains < 1) {
    throw new TypeError(`Expected the number of chains to be a whole number from 1, got ${chains}.`);
  }
  const start = position(slice.start);
  const total = position(slice.end) - start;
  const count = Math.min(chains, total);
  const size = Math.floor(total / count);
  const larger = total % count;
  return Array.from({ length: count }, (_, index) => {
    const from = start + index * size + Math.min(index, larger);
    const items = size + (index < larger ? 1 : 0);
    return { start: from, end: from + items, items };
  });
}

/**
 * The position after at most `limit` items from `cursor`, not beyond `end`.
 *
 * @throws TypeError where `limit` is no whole number from 1
 */
export function advance(cursor: Cursor, end: Cursor, limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new TypeError(`Expected to read at least 1 item, got a limit of ${limit}.`);
  }
  return Math.max(position(cursor), Math.min(position(cursor) + limit, position(end)));
}
