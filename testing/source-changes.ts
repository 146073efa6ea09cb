import type { ItemId, ItemRef } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import type { SeededRandom } from './seeded-random';
import { shown } from './shown';
import { inCase, refOf } from './source-checks';
import { demandComplete, itemsGiven, SourceWalk, type Step, walkAll } from './source-walk';
import type { SourceWatch } from './source-watch';
import type { SourceWorld } from './source-world';

/** A world whose rows come and go while chains read it. */
export class ChangingWorld {
  /** Those that nobody has touched. */
  readonly #staying: Set<ItemId>;
  readonly #removed: ItemId[] = [];
  readonly #inserted: ItemId[] = [];
  readonly #spare: ItemId[];
  /** As they come where nothing changes. */
  readonly #order: readonly ItemRef[];

  private constructor(
    private readonly world: SourceWorld,
    readonly watch: SourceWatch,
    order: readonly ItemRef[],
    spare: readonly ItemId[],
  ) {
    this.#order = order;
    this.#staying = new Set(order.map(({ id }) => id));
    this.#spare = [...spare];
  }

  /** @param spare ids that may be inserted */
  static async open(world: SourceWorld, watch: SourceWatch, spare: readonly ItemId[]): Promise<ChangingWorld> {
    const order = itemsGiven(await walkAll(watch, 1, 10)).map(refOf);
    return new ChangingWorld(world, watch, order, spare);
  }

  get staying(): readonly ItemId[] {
    return [...this.#staying];
  }

  async remove(ids: readonly ItemId[]): Promise<void> {
    if (!this.world.remove) return;
    for (const id of ids) {
      if (!this.#staying.delete(id)) continue;
      this.#removed.push(id);
      await this.world.remove(id);
    }
  }

  /** Inserts one that was never there before. */
  async insert(random: SeededRandom): Promise<void> {
    if (!this.world.insert || this.#spare.length === 0) return;
    const [id] = this.#spare.splice(random.below(this.#spare.length), 1) as [ItemId];
    this.#inserted.push(id);
    await this.world.insert(id);
  }

  /** The next `count` of those that stay, as they came where nothing changed, after what was given last. */
  upcoming(step: Step | undefined, count: number): readonly ItemId[] {
    const last = step?.items.at(-1)?.id;
    const from = this.#order.findIndex(({ id }) => id === last) + 1;
    return this.#order
      .slice(from)
      .map(({ id }) => id)
      .filter((id) => this.#staying.has(id))
      .slice(0, count);
  }

  /** @throws Error where an item that stayed did not come exactly once, or another one more than once */
  async check(walks: readonly SourceWalk[]): Promise<void> {
    const given = itemsGiven(walks);
    demandComplete(given, {
      once: this.#staying,
      perhaps: [...this.#removed, ...this.#inserted],
      advice:
        'let a cursor be a key, not a number of rows, let a page begin after it, and let partitions end where the plan says',
    });
    const { frozen } = this.watch.source;
    if (frozen && given.length > this.#order.length) {
      throw new Error(
        `Expected a frozen source to give no more than the ${counted(this.#order.length, 'item')} that were there at first, ` +
          `got ${given.length}: leave \`frozen\` out where rows may come.`,
      );
    }
    await this.checkRemoved();
  }

  private async checkRemoved(): Promise<void> {
    const { source, plan } = this.watch;
    const gone = this.#order.filter(({ id }) => this.#removed.includes(id));
    if (!source.load || gone.length === 0) return;
    const found = (await source.load(plan, gone.slice(0, 100))).filter(({ fault }) => !fault);
    if (found.length === 0) return;
    throw new Error(
      `Expected \`load\` to leave out item ${shown(found[0]?.id)}, which was deleted, got ${shown(found[0])}: answer what is there now.`,
    );
  }
}

/** What happens after a page was read, or, where there is no page yet, after the plan was made and before it is split. */
type Change = (world: ChangingWorld, step: Step | undefined, random: SeededRandom) => Promise<void>;

const CHANGES: readonly (readonly [string, Change])[] = [
  ['what was read is deleted', (world, step) => world.remove((step?.items ?? []).map(({ id }) => id))],
  [
    'the last item that was read is deleted',
    (world, step) => world.remove((step?.items ?? []).slice(-1).map(({ id }) => id)),
  ],
  ['what comes next is deleted', (world, step) => world.remove(world.upcoming(step, 2))],
  [
    'everything is deleted before the first read',
    (world, step) => (step ? Promise.resolve() : world.remove(world.staying)),
  ],
  ['a row is inserted after each read', (world, step, random) => (step ? world.insert(random) : Promise.resolve())],
  [
    'rows are inserted before the first read',
    async (world, step, random) => {
      for (let count = 0; !step && count < 5; count++) await world.insert(random);
    },
  ],
  [
    'a row is inserted and what was read is deleted',
    async (world, step, random) => {
      await world.insert(random);
      await world.remove((step?.items ?? []).map(({ id }) => id));
    },
  ],
];

/** Holds the source to what it must give while rows come and go: in each of these ways, in a fresh world each. */
export async function checkChanges(
  inWorld: (use: (world: ChangingWorld) => Promise<void>) => Promise<void>,
  random: SeededRandom,
): Promise<void> {
  for (const [name, change] of CHANGES) {
    for (const [chains, limit] of [
      [1, 1],
      [1, 3],
      [3, 2],
    ] as const) {
      await inCase(`${name}; ${counted(chains, 'chain')}, ${limit} at a time`, () =>
        inWorld(async (world) => {
          await change(world, undefined, random);
          await walkAmid(world, chains, limit, (step) => change(world, step, random));
        }),
      );
    }
  }
}

/** The chains read in turn, and something happens after each read. */
async function walkAmid(
  world: ChangingWorld,
  chains: number,
  limit: number,
  then: (step: Step) => Promise<void>,
): Promise<void> {
  const walks = (await world.watch.split(chains)).map((partition) => new SourceWalk(world.watch, partition));
  for (;;) {
    const going = walks.filter(({ ended }) => !ended);
    if (going.length === 0) return world.check(walks);
    for (const walk of going) await then(await walk.step(limit));
  }
}
