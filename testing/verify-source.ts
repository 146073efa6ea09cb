import { isDeepStrictEqual } from 'node:util';
import type { ItemId, RunInput, Source } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import { shown } from './shown';
import { demandNumber, inCase } from './source-checks';
import { demandComplete, itemsGiven, walkAll } from './source-walk';
import { SourceWatch } from './source-watch';

const EVERY_NUMBER_OF_CHAINS = Array.from({ length: 40 }, (_, index) => index + 1);
const LIMITS = [1, 2, 25, 100];

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

/**
 * Holds a source to one example: its partitions tile the plan; every id comes once and in order, in reads of any size, from
 * the plan as the ledger keeps it; each read advances and stays within its limit and its partition; and what the source says
 * of its numbers is true. For data of every size, and for rows that come and go, there is `describeSource`.
 *
 * @example
 * await verifySource(idRange(), { input: { ids: { first: 5, last: 7 } }, expected: [5, 6, 7] });
 *
 * @throws Error where something does not hold: the first such thing
 */
export async function verifySource(source: Source, example: SourceExample): Promise<void> {
  const { input, expected, chains = EVERY_NUMBER_OF_CHAINS, limits = LIMITS } = example;
  const watch = await SourceWatch.open(source, input);
  demandNumber(watch.plan.items, expected.length, 'the plan to have');
  for (const count of chains) {
    await inCase(counted(count, 'chain'), async () => {
      const walks = await walkAll(watch, count, cycle(limits));
      const given = itemsGiven(walks);
      const advice = 'let a page end right after its last item, and a partition begin at its first';
      demandComplete(given, { once: expected, advice });
      const ids = given.map(({ id }) => id);
      if (!isDeepStrictEqual(ids, [...expected])) {
        throw new Error(
          `Expected ${shown(expected)} in this order, got ${shown(ids)}: correct the order or the example.`,
        );
      }
      for (const { partition, items } of walks) {
        demandNumber(partition.items, items.length, `the partition at ${shown(partition.start)} to have`);
      }
    });
  }
}

function cycle(limits: readonly number[]): () => number {
  let reads = 0;
  return () => limits[reads++ % limits.length] ?? 1;
}
