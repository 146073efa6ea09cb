import type { PlannedQuery } from './table-plan';
import type { TableReader } from './table-reader';

/** Segments that are counted at a time: CreateWorkers waits for the slowest. */
const COUNTED_AT_A_TIME = 16;

/**
 * How many rows there are, read by read: as much as is read in the run itself, at the same price.
 *
 * @throws NoSuchTable where there is no table of this name
 */
export async function countRows(reader: TableReader, table: string, query: PlannedQuery | undefined): Promise<number> {
  const segments = query?.partitions.length ?? COUNTED_AT_A_TIME;
  const waiting = Array.from({ length: segments }, (_, segment) => segment);
  let rows = 0;
  const countOn = async () => {
    for (let segment = waiting.shift(); segment !== undefined; segment = waiting.shift()) {
      for await (const count of reader.counts({ table, segment, segments, ...(query && { query }) })) rows += count;
    }
  };
  await Promise.all(Array.from({ length: Math.min(segments, COUNTED_AT_A_TIME) }, countOn));
  return rows;
}
