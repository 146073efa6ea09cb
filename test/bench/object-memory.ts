import type { Cursor } from '../../functions/contract/source';
import { type Content, ObjectStore } from '../functions/sources/object-store';
import { heldMegabytes } from './held-memory';

/** What it takes to plan and read an object of very many lines. */
export interface ObjectCell {
  readonly lines: number;
  readonly megabytes: number;
  readonly planSeconds: number;
  /** Megabytes a second, planning: one pass that finds where the records begin. */
  readonly planMegabytesPerSecond: number;
  /** Lines a second, read in chunks of 100. */
  readonly readLinesPerSecond: number;
  /** Heap and buffers after garbage collection, at most, above what there was before. */
  readonly mostGrownMegabytes: number;
  /** As the ledger keeps it. */
  readonly planBytes: number;
}

const LINE_BYTES = 64;
const MEGABYTE = 1024 * 1024;

/** Lines of one length, made for each range that is asked for: the object is nowhere. */
export function linesOf(count: number): Content {
  const filled = (text: string) => text.padEnd(LINE_BYTES - 1, '.').concat('\n');
  const line = (index: number) =>
    filled(index === 0 ? 'id,note,' : `${String(index).padStart(9, '0')},"a, ""quoted"" note of ${index % 997}",`);
  return {
    size: (count + 1) * LINE_BYTES,
    range(from, to) {
      const first = Math.floor(from / LINE_BYTES);
      const lines = Array.from({ length: Math.ceil(to / LINE_BYTES) - first }, (_, index) => line(first + index));
      return Buffer.from(lines.join('')).subarray(from - first * LINE_BYTES, to - first * LINE_BYTES);
    },
  };
}

/** Needs `node --expose-gc`. Plans and splits an object, and reads every partition to its end. */
export async function memoryOfObject(lines: number, chains = 40): Promise<ObjectCell> {
  const store = new ObjectStore();
  const { content } = store.putContent({ content: linesOf(lines), etag: '"lines"' });
  const source = store.source();
  const before = await heldMegabytes(0);
  let most = before;

  const planning = performance.now();
  const plan = await source.plan({ job: 'import' });
  const planSeconds = (performance.now() - planning) / 1000;
  most = Math.max(most, await heldMegabytes(most));
  const partitions = await source.split(plan, chains);
  let given = 0;
  let ids = 0;
  const reading = performance.now();
  for (const { start, end } of partitions) {
    for (let cursor: Cursor = start; source.compare(cursor, end) < 0; ) {
      const { items = [], next } = await source.read(plan, cursor, end, 100);
      for (const { id } of items) ids += Number(id);
      given += items.length;
      cursor = next;
    }
    store.ranges.length = 0;
    most = Math.max(most, await heldMegabytes(most));
  }
  const readSeconds = (performance.now() - reading) / 1000;
  if (given !== lines || ids !== (lines * (lines + 1)) / 2) {
    throw new Error(`Expected each of ${lines} lines once, got ${given} whose ids sum up to ${ids}.`);
  }
  const megabytes = content.size / MEGABYTE;
  return {
    lines,
    megabytes,
    planSeconds,
    planMegabytesPerSecond: megabytes / planSeconds,
    readLinesPerSecond: lines / readSeconds,
    mostGrownMegabytes: most - before,
    planBytes: JSON.stringify(plan).length,
  };
}
