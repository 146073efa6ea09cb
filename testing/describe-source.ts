import { randomInt } from 'node:crypto';
import type { ItemId } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import { SeededRandom } from './seeded-random';
import { ChangingWorld, checkChanges } from './source-changes';
import {
  checkAdvance,
  checkCompleteness,
  checkLoad,
  checkNumbers,
  checkOrder,
  checkRepetition,
  checkTiling,
  inCase,
  type StillWorld,
} from './source-checks';
import { checkChangingRound, checkStillRound } from './source-rounds';
import type { SourceWatch } from './source-watch';
import { demandRefusal, type MakeWorld, type SourceWorld, withWorld } from './source-world';
import { findRunner, type TestRunner } from './test-runner';

export interface DescribeSourceOptions {
  /**
   * The id number `index`, 0 to about 500: another one for each, the same one each time. Let some follow each other in an
   * order that is easily got wrong, as 9 and 10 do where numbers are compared as texts.
   *
   * @default - `index + 1`
   */
  readonly id?: (index: number) => ItemId;
  /**
   * Whether ids may be left out between others. Without gaps, `make` is only asked for ids that follow each other from
   * `id(0)` on: for a source whose input is a range.
   *
   * @default true
   */
  readonly gaps?: boolean;
  /**
   * Whether `plan` refuses an input that covers nothing, as `Run.InvalidInput`.
   *
   * @default - false: it covers nothing
   */
  readonly refusesEmpty?: boolean;
  /**
   * Limits of the reads, each a whole number from 1. The source has 0, 1, as many items as a limit, and one less and one
   * more.
   *
   * @default - 1, 2, 3, 10 and 100, the largest chunk that a run has
   */
  readonly limits?: readonly number[];
  /** Worlds at random, and as many in which rows come and go. @default 20 */
  readonly rounds?: number;
  /** A whole number: replays the random worlds of a failure, which names it. @default - a new one each time */
  readonly seed?: number;
  /** How long one test may take, in seconds, where the runner lets a test say so. @default 120 */
  readonly timeoutSeconds?: number;
  /**
   * The test runner, where it has no globals: the module `node:test`, for instance.
   *
   * @default - the globals `describe` and `test` or `it`
   */
  readonly runner?: TestRunner;
}

const LIMITS = [1, 2, 3, 10, 100];

/** Each on every world that nobody changes. */
const CHECKS: readonly (readonly [string, (world: StillWorld) => Promise<void>])[] = [
  ['tiles its plan with partitions, at most one for each chain', checkTiling],
  ['advances with each read, keeps to its limit and stays before the end', checkAdvance],
  ['gives every item exactly once, however it is split and read', checkCompleteness],
  ['gives the same again where a chain reads again, or goes on from any cursor', checkRepetition],
  ['orders its cursors', checkOrder],
  ['knows its numbers, where it says any', checkNumbers],
  ['loads items again as it gave them, where it can', checkLoad],
];

/**
 * Declares tests, with the test runner that is there, which hold a source to what every run relies on: for 0 and 1 items,
 * as many as a read may give, one less and one more; for up to one chain more than there are items; for data at random;
 * and, where the world has `remove` or `insert`, while rows come and go: those that stay come exactly once, all others at
 * most once. Plans, partitions and cursors go through JSON, as in the ledger.
 *
 * @param make sets up a world with exactly the given items, a new one each time: between one and two hundred of them
 *
 * @example
 * describeSource('customers()', async (ids) => {
 *   const customers = await createCustomers(ids);
 *   return {
 *     source: customersOf(customers.url),
 *     remove: (id) => customers.delete(id),
 *     insert: (id) => customers.add(id),
 *     close: () => customers.drop(),
 *   };
 * });
 *
 * @throws Error where there is no test runner, or an option is wrong. A test that fails throws an Error of one sentence
 */
export function describeSource(name: string, make: MakeWorld, options: DescribeSourceOptions = {}): void {
  const { describe, test } = findRunner(options.runner);
  const suite = new SourceSuite(make, options);
  const milliseconds = (options.timeoutSeconds ?? 120) * 1000;
  describe(name, () => {
    for (const [sentence, check] of CHECKS) test(sentence, () => suite.checkStill(check), milliseconds);
    test('holds for data at random', () => suite.checkRounds(), milliseconds);
    test(
      'gives what stays exactly once, where rows may be deleted or inserted',
      () => suite.checkChanges(),
      milliseconds,
    );
    test('gives what stays exactly once, amid changes at random', () => suite.checkChangingRounds(), milliseconds);
  });
}

class SourceSuite {
  readonly #limits: readonly number[];
  readonly #id: (index: number) => ItemId;
  readonly #gaps: boolean;
  readonly #refusesEmpty: boolean;
  readonly #rounds: number;
  readonly #seed: number;

  constructor(
    private readonly make: MakeWorld,
    options: DescribeSourceOptions,
  ) {
    const { limits = LIMITS, id = (index) => index + 1, gaps = true, refusesEmpty = false } = options;
    const { rounds = 20, seed = randomInt(2 ** 31) } = options;
    if (limits.length === 0 || !limits.every((limit) => Number.isSafeInteger(limit) && limit >= 1)) {
      throw new Error(
        `Expected \`limits\` to be whole numbers from 1, got ${JSON.stringify(limits)}: give at least one.`,
      );
    }
    this.#limits = limits;
    this.#id = (index) => id(index);
    this.#gaps = gaps;
    this.#refusesEmpty = refusesEmpty;
    this.#rounds = rounds;
    this.#seed = seed;
  }

  async checkStill(check: (world: StillWorld) => Promise<void>): Promise<void> {
    const sizes = new Set([0, 1, ...this.#limits.flatMap((limit) => [limit - 1, limit, limit + 1])]);
    for (const size of [...sizes].sort((a, b) => a - b)) {
      const ids = this.idsAt(Array.from({ length: size }, (_, index) => index));
      await inCase(counted(size, 'item'), () =>
        this.inWorld(ids, new SeededRandom(size), (_, watch) => check({ watch, ids, limits: this.#limits })),
      );
    }
  }

  async checkRounds(): Promise<void> {
    await this.eachRound(async (random, size) => {
      const [ids] = this.someOf(size, random);
      await this.inWorld(ids, random, (_, watch) => checkStillRound(watch, ids, random));
    });
  }

  async checkChanges(): Promise<void> {
    const random = new SeededRandom(1);
    const ids = this.idsAt(this.#gaps ? [1, 3, 5, 7, 9, 11, 13] : [0, 1, 2, 3, 4, 5, 6]);
    const spare = this.idsAt(this.#gaps ? [0, 2, 4, 6, 8, 10, 12, 14, 15] : [7, 8, 9, 10, 11, 12, 13, 14, 15]);
    await checkChanges(
      (use) => this.inWorld(ids, random, async (world, watch) => use(await ChangingWorld.open(world, watch, spare))),
      random,
    );
  }

  async checkChangingRounds(): Promise<void> {
    await this.eachRound(async (random, size) => {
      const [ids, spare] = this.someOf(size, random);
      await this.inWorld(ids, random, (world, watch) => checkChangingRound(world, watch, spare, random));
    });
  }

  /** Small worlds first: the first failure is easy to look at. */
  private async eachRound(check: (random: SeededRandom, size: number) => Promise<void>): Promise<void> {
    for (let round = 0; round < this.#rounds; round++) {
      const random = new SeededRandom(this.#seed + round);
      await inCase(`seed ${this.#seed}, round ${round + 1}`, () => check(random, random.below(3 * round + 3)));
    }
  }

  /** Of twice and a half as many ids `size` at random, and the others. */
  private someOf(size: number, random: SeededRandom): [readonly ItemId[], readonly ItemId[]] {
    const indexes = Array.from({ length: Math.ceil(size * 2.5) }, (_, index) => index);
    const order = this.#gaps ? random.shuffled(indexes) : indexes;
    return [this.idsAt(order.slice(0, size)), this.idsAt(order.slice(size))];
  }

  private idsAt(indexes: readonly number[]): readonly ItemId[] {
    return indexes.map(this.#id);
  }

  private async inWorld(
    ids: readonly ItemId[],
    random: SeededRandom,
    use: (world: SourceWorld, watch: SourceWatch) => Promise<void>,
  ): Promise<void> {
    if (ids.length === 0 && this.#refusesEmpty) return demandRefusal(this.make);
    // Rows are rarely written in the order of their keys.
    await withWorld(this.make, random.shuffled(ids), use);
  }
}
