import type { Cursor, ItemId, Partition, Source, SourceItem, SourcePage } from 'worker-chains';
import { type DescribeSourceOptions, describeSource, type MakeWorld, type SourceWorld } from 'worker-chains/testing';

/** Runs the suite with a test runner of its own, and tells each test's name and why it failed, if it did. */
async function verdicts(make: MakeWorld, options: DescribeSourceOptions = {}) {
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

async function sentences(make: MakeWorld, options?: DescribeSourceOptions): Promise<string> {
  return [...(await verdicts(make, options)).values()].filter((sentence) => sentence !== undefined).join('\n');
}

const at = (cursor: Cursor) => Number(cursor);

/** Rows by their number, as a database has them, and a source which pages through them by key. */
function rowsOf(ids: readonly ItemId[]) {
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
const changed =
  (change: (given: Rows) => Partial<Source>): MakeWorld =>
  (ids): SourceWorld => {
    const { source, remove, insert, ...given } = rowsOf(ids);
    return { source: { ...source, ...change({ source, remove, insert, ...given }) }, remove, insert };
  };

const reading = (change: (page: SourcePage, end: Cursor, cursor: Cursor) => SourcePage) =>
  changed(({ source }) => ({
    read: async (plan, cursor, end, limit) => change(await source.read(plan, cursor, end, limit), end, cursor),
  }));

const splitting = (change: (partitions: readonly Partition[]) => readonly Partition[]) =>
  changed(({ source }) => ({ split: async (plan, chains) => change(await source.split(plan, chains)) }));

describe('describeSource', () => {
  test('passes a source that does what every run relies on, and declares a test for each part of it', async () => {
    const found = await verdicts(changed(() => ({})));

    expect([...found.entries()].filter(([, sentence]) => sentence !== undefined)).toEqual([]);
    expect([...found.keys()]).toEqual([
      'tiles its plan with partitions, at most one for each chain',
      'advances with each read, keeps to its limit and stays before the end',
      'gives every item exactly once, however it is split and read',
      'gives the same again where a chain reads again, or goes on from any cursor',
      'orders its cursors',
      'knows its numbers, where it says any',
      'loads items again as it gave them, where it can',
      'holds for data at random',
      'gives what stays exactly once, where rows may be deleted or inserted',
      'gives what stays exactly once, amid changes at random',
    ]);
  });

  test.each<[string, MakeWorld, string]>([
    [
      'partitions that overlap',
      splitting((all) => all.map((one, index) => (index === 0 ? one : { ...one, start: at(one.start) - 1 }))),
      "Expected partition 2 of 2 to start at 2, where the one before it or the plan's start is, got 1: " +
        'they overlap, and items would come twice; let each start where the one before ends (split for 2 chains; 2 items).',
    ],
    [
      'a gap between partitions',
      splitting((all) => all.filter((_, index) => index !== 1)),
      "Expected the partitions to go on to the plan's end 3, got an end at 2",
    ],
    [
      'a cursor that does not advance',
      reading((page, _, cursor) => ({ ...page, next: cursor })),
      'Expected `read` at 1 to advance, got 1 as `next`: answer a position that `compare` puts after the cursor, or `end` where nothing is left (1 at a time; 1 item).',
    ],
    [
      'a page beyond the end',
      changed(({ source }) => ({
        read: (plan, cursor, _, limit) => source.read(plan, cursor, plan.end, limit),
      })),
      'Expected `read` at 1 to stay before the end of its partition 2, got 3 as `next`',
    ],
    [
      'a page that loses its last item',
      reading((page) => (page.items && page.items.length > 1 ? { ...page, items: page.items.slice(0, -1) } : page)),
      'Expected every item exactly once, got 2 not at all: let a page end right after its last item, and a partition begin at its first (1 chain, 2 at a time; 2 items).',
    ],
    [
      'a second read that differs',
      changed(({ source }) => {
        let reads = 0;
        return {
          read: async (plan, cursor, end, limit) => {
            const page = await source.read(plan, cursor, end, limit);
            reads += 1;
            return reads % 2 === 1 || !page.items ? page : { ...page, items: [...page.items].reverse() };
          },
        };
      }),
      'to give the same when it is asked again, ',
    ],
  ])('is red for %s', async (_, make, sentence) => {
    expect(await sentences(make)).toContain(sentence);
  });
});
