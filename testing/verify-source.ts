import { isDeepStrictEqual } from 'node:util';
import type { Cursor, ItemId, Partition, RunInput, Source, SourcePlan } from 'worker-chains';
import { itemsOf } from '../functions/contract/source';
import { shown } from './shown';

/** An input of a source, and what it covers. */
export interface SourceExample {
  /** The run's input without `job`, for instance `{ ids: { first: 1, last: 10 } }`. */
  readonly input: Omit<RunInput, 'job'>;
  /** The ids that the source is to give for it, in order. */
  readonly expected: readonly ItemId[];
  /**
   * Numbers of chains to split for.
   *
   * @default - 1 to 40, every number that a run may have
   */
  readonly chains?: readonly number[];
  /**
   * Sizes of the reads, one after the other and again from the start.
   *
   * @default - 1, 2, 25 and 100 items
   */
  readonly limits?: readonly number[];
}

const EVERY_NUMBER_OF_CHAINS = Array.from({ length: 40 }, (_, index) => index + 1);
const LIMITS = [1, 2, 25, 100];

/**
 * Holds a source to what every run relies on: its partitions tile the plan, none is empty, their sizes are at most one
 * apart; every id comes once and in order, in reads of any size, from the plan as the ledger keeps it; each read advances,
 * stays within its limit, and gives nothing at the end.
 *
 * @example
 * await verifySource(idRange(), { input: { ids: { first: 5, last: 7 } }, expected: [5, 6, 7] });
 *
 * @throws Error where something does not hold: the first such thing
 * @throws what the source itself throws
 */
export async function verifySource(source: Source, example: SourceExample): Promise<void> {
  const { input, expected, chains = EVERY_NUMBER_OF_CHAINS, limits = LIMITS } = example;
  // As the ledger keeps it.
  const plan = JSON.parse(JSON.stringify(await source.plan({ job: 'any', ...input }))) as SourcePlan;
  demand(plan.items, expected.length, '`plan` to count');
  demand(await source.read(plan, plan.end, plan.end, 25), { ids: [], next: plan.end }, '`read` at the end to give');
  for (const count of chains) {
    const partitions = await source.split(plan, count);
    verifyTiling(plan, partitions, expected.length, count);
    const nextLimit = cycle(limits);
    const ids: ItemId[] = [];
    for (const partition of partitions) {
      const slice = await walk(source, plan, partition, nextLimit);
      demand(
        slice.length,
        partition.items,
        `the partition at ${shown(partition.start)} to give as many items as it says:`,
      );
      ids.push(...slice);
    }
    demand(ids, [...expected], `${count} chains to read`);
  }
}

function verifyTiling(plan: SourcePlan, partitions: readonly Partition[], items: number, chains: number): void {
  demand(
    partitions.length,
    Math.min(chains, items),
    `\`split\` for ${chains} chains to give a number of partitions of`,
  );
  const sizes = partitions.map((partition) => partition.items ?? 0);
  demand(
    sizes.reduce((sum, size) => sum + size, 0),
    items,
    'the partitions to have together',
  );
  const smallest = Math.min(...sizes);
  if (sizes.some((size) => size < 1 || size - smallest > 1)) {
    throw new Error(`Expected partitions of at least 1 item with sizes at most one apart, got ${shown(sizes)}.`);
  }
  let end: Cursor = plan.start;
  for (const partition of partitions) {
    demand(partition.start, end, 'a partition to start where the one before ended:');
    end = partition.end;
  }
  demand(end, plan.end, 'the last partition to end where the plan does:');
}

async function walk(
  source: Source,
  plan: SourcePlan,
  { start, end }: Partition,
  nextLimit: () => number,
): Promise<readonly ItemId[]> {
  const walked: ItemId[] = [];
  let cursor = start;
  while (source.compare(cursor, end) < 0) {
    const limit = nextLimit();
    const page = await source.read(plan, cursor, end, limit);
    const { next } = page;
    const ids = itemsOf(page).map(({ id }) => id);
    if (ids.length > limit) throw new Error(`Expected \`read\` to give at most ${limit} items, got ${ids.length}.`);
    if (!(source.compare(next, cursor) > 0)) {
      throw new Error(`Expected \`read\` to advance from ${shown(cursor)}, got ${shown(next)}.`);
    }
    walked.push(...ids);
    cursor = next;
  }
  demand(
    source.compare(cursor, end),
    0,
    `\`read\` to stop at the end of its partition, ${shown(end)}: \`compare\` to be`,
  );
  return walked;
}

function cycle(limits: readonly number[]): () => number {
  let reads = 0;
  return () => limits[reads++ % limits.length] ?? 1;
}

function demand(got: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`Expected ${what} ${shown(expected)}, got ${shown(got)}.`);
}
