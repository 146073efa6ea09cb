import type { Cursor, ItemId, Partition, Source, SourceItem, SourcePage } from 'worker-chains';
import { type DescribeSourceOptions, describeSource, type MakeWorld, type SourceWorld } from 'worker-chains/testing';

/** Runs the suite with a test runner of its own, and tells each test's name and why it failed, if it did. */
export async function verdicts(make: MakeWorld, options: DescribeSourceOptions = {}) {
  const tests: [string, () => Promise<void>][] = [];
  const test = (name: string, body: () => Promise<void>) => tests.push([name, body]);
  const runner = { describe: (_: string, body: () => void) => body(), test };
  describeSource('a source', make, { limits: [1, 2, 3], seed: 1, runner, ...options });
  const found = new Map<string, string | undefined>();
  for (const [name, body] of tests) {
    found.set(
      name,
      await body().then(
        () => undefined,
        (error: Error) => error.message,
      ),
    );
  }
  return found;
}

export async function sentences(make: MakeWorld, options?: DescribeSourceOptions): Promise<string> {
  return [...(await verdicts(make, options)).values()].filter((sentence) => sentence !== undefined).join('\n');
}

export const at = (cursor: Cursor) => Number(cursor);

/** Rows by their number, as a database has them, and a source which pages through them by key. */
export function rowsOf(ids: readonly ItemId[]) {
  const rows = new Set(ids.map(Number));
  const sorted = () => [...rows].sort((a, b) => a - b);
  const dataOf = (id: ItemId): SourceItem => ({ id, data: { name: `Reader ${id}` } });
  const source = {
    kind: 'rows',
    async plan() {
      const all = sorted();
      return { start: all[0] ?? 0, end: (all.at(-1) ?? -1) + 1, items: all.length };
    },
    async split({ start, end }, chains) {
      if (at(start) >= at(end)) return [];
      const all = sorted().filter((id) => id >= at(start) && id < at(end));
      const count = Math.max(1, Math.min(chains, all.length));
      const borders = Array.from({ length: count + 1 }, (_, part) =>
        part === 0 ? start : part === count ? end : (all[Math.floor((part * all.length) / count)] as number),
      );
      return borders.slice(1).map((border, index): Partition => {
        const from = borders[index] as number;
        return { start: from, end: border, items: all.filter((id) => id >= from && id < at(border)).length };
      });
    },
    async read(_plan, cursor, end, limit): Promise<SourcePage> {
      const all = sorted().filter((id) => id >= at(cursor) && id < at(end));
      const next = all[limit] ?? end;
      return { items: all.slice(0, limit).map(dataOf), next };
    },
    compare: (a, b) => at(a) - at(b),
    load: async (_plan, refs) => refs.filter(({ id }) => rows.has(Number(id))).map(({ id }) => dataOf(id)),
  } satisfies Source;
  return {
    rows,
    sorted,
    source: source as Source & Required<Pick<Source, 'load'>>,
    remove: (id: ItemId) => void rows.delete(Number(id)),
    insert: (id: ItemId) => void rows.add(Number(id)),
  };
}

type Rows = ReturnType<typeof rowsOf>;

/** The source over rows, with something changed. */
export const changed =
  (change: (given: Rows) => Partial<Source>): MakeWorld =>
  (ids): SourceWorld => {
    const { source, remove, insert, ...given } = rowsOf(ids);
    return { source: { ...source, ...change({ source, remove, insert, ...given }) }, remove, insert };
  };

export const reading = (change: (page: SourcePage, end: Cursor, cursor: Cursor) => SourcePage) =>
  changed(({ source }) => ({
    read: async (plan, cursor, end, limit) => change(await source.read(plan, cursor, end, limit), end, cursor),
  }));

export const splitting = (change: (partitions: readonly Partition[]) => readonly Partition[]) =>
  changed(({ source }) => ({ split: async (plan, chains) => change(await source.split(plan, chains)) }));
