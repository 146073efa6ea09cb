import { isDeepStrictEqual } from 'node:util';
import type { Cursor, ItemId, ItemRef, SourceItem, SourcePlan } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import { SeededRandom } from './seeded-random';
import { shown } from './shown';
import { demandComplete, itemsGiven, SourceWalk, type Step, walkAll } from './source-walk';
import type { SourceWatch } from './source-watch';

/** Up to this many items a source is split for every number of chains, and resumed from each of its cursors. */
const FEW_ITEMS = 12;
/** A chunk has at most 100 items, which is what a `load` gets at a time. */
const MOST_LOADED = 100;
/** Of so many cursors each three are compared: 27,000 times three comparisons. */
const MOST_COMPARED = 30;

/** A world that nobody changes. */
export interface StillWorld {
  readonly watch: SourceWatch;
  readonly ids: readonly ItemId[];
  readonly limits: readonly number[];
}

/** Runs a check, and adds to its sentence what was the case. */
export async function inCase<Value>(theCase: string, check: () => Promise<Value> | Value): Promise<Value> {
  try {
    return await check();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : shown(error);
    // What two callers add stands in one pair of brackets.
    const told = sentence.endsWith(').') ? `${sentence.slice(0, -2)}; ` : `${sentence.replace(/\.$/, '')} (`;
    throw new Error(`${told}${theCase}).`, { cause: error });
  }
}

/** From 1 to one more than there are items; of many items some of these. */
export function numbersOfChains(items: number): readonly number[] {
  if (items <= FEW_ITEMS) return Array.from({ length: items + 1 }, (_, index) => index + 1);
  return [1, 2, 3, 7, items - 1, items, items + 1];
}

export async function checkTiling({ watch, ids }: StillWorld): Promise<void> {
  for (const chains of numbersOfChains(ids.length)) {
    await inCase(`split for ${counted(chains, 'chain')}`, async () => {
      const partitions = await watch.split(chains);
      if (partitions.length > 0 || ids.length === 0) return;
      throw new Error('Expected `split` to answer a partition, got none: let the plan end after its last item.');
    });
  }
}

export async function checkAdvance({ watch, limits }: StillWorld): Promise<void> {
  for (const limit of limits) {
    await inCase(`${limit} at a time`, () => walkAll(watch, 1, limit));
    await inCase(`${limit} at a time by 3 chains`, () => walkAll(watch, 3, limit));
  }
}

export async function checkCompleteness({ watch, ids, limits }: StillWorld): Promise<void> {
  for (const chains of numbersOfChains(ids.length)) {
    // Each limit for one chain, and in turn for the others.
    const sizes = chains === 1 ? limits : [limits[chains % limits.length] as number];
    for (const limit of sizes) {
      await inCase(`${counted(chains, 'chain')}, ${limit} at a time`, async () => {
        const advice = 'let a page end right after its last item, and a partition begin at its first';
        demandComplete(itemsGiven(await walkAll(watch, chains, limit)), { once: ids, advice });
      });
    }
  }
}

export async function checkRepetition({ watch, ids, limits }: StillWorld): Promise<void> {
  for (const limit of limits) {
    await inCase(`${limit} at a time`, async () => {
      for (const walk of await walkAll(watch, 2, limit)) {
        // Backwards: a source that remembers where it was gives itself away.
        for (const [index, step] of [...walk.steps.entries()].reverse()) {
          demandSamePage(step, await watch.read(step.cursor, walk.partition.end, limit));
          const few = walk.steps.length <= FEW_ITEMS || index % Math.ceil(walk.steps.length / FEW_ITEMS) === 0;
          if (few) await checkResumption(watch, walk, index, limits);
        }
      }
      if (ids.length > 0) return;
      await watch.split(2);
    });
  }
}

/** A killed link's successor reads on from the cursor that the ledger has, in chunks of another size. */
async function checkResumption(watch: SourceWatch, walk: SourceWalk, index: number, limits: readonly number[]) {
  const { cursor } = walk.steps[index] as Step;
  const left = walk.steps.slice(index).flatMap(({ items }) => items);
  const resumed = new SourceWalk(watch, { start: cursor, end: walk.partition.end });
  await resumed.finish(limits[index % limits.length] as number);
  if (isDeepStrictEqual(resumed.items, left)) return;
  throw new Error(
    `Expected to read on from ${shown(cursor)} as before ${shown(left)}, got ${shown(resumed.items)}: ` +
      'let what comes depend on the plan, the cursor and the end alone, and in one order.',
  );
}

/** Fewer at once are permitted, with a position right after them; others are not. */
function demandSamePage(first: Step, again: Pick<Step, 'items' | 'next'>): void {
  const shorter = Math.min(first.items.length, again.items.length);
  const same =
    isDeepStrictEqual(first.items.slice(0, shorter), again.items.slice(0, shorter)) &&
    (first.items.length === again.items.length || first.next !== again.next);
  if (same) return;
  throw new Error(
    `Expected \`read\` at ${shown(first.cursor)} to give the same when it is asked again, ${shown(first.items)}, got ` +
      `${shown(again.items)}: let what comes depend on the plan, the cursor and the end alone, and in one order.`,
  );
}

export async function checkOrder({ watch, ids, limits }: StillWorld): Promise<void> {
  for (const chains of numbersOfChains(ids.length).slice(0, FEW_ITEMS)) {
    await walkAll(watch, chains, limits[chains % limits.length] as number);
  }
  demandOrder(watch);
}

/** @throws Error where `compare` is no total order of the cursors that were seen */
export function demandOrder(watch: SourceWatch): void {
  const seen = watch.cursors;
  const every = Math.ceil(seen.length / MOST_COMPARED);
  const cursors = seen.filter((_, index) => index % every === 0);
  const sign = (a: Cursor, b: Cursor) => Math.sign(watch.compare(a, b));
  const demand = (holds: boolean, words: string) => {
    if (!holds)
      throw new Error(`Expected \`compare\` to order all cursors, got ${words}: answer by their positions alone.`);
  };
  for (const a of cursors) {
    demand(sign(a, a) === 0, `${shown(a)} not at its own position`);
    for (const b of cursors) {
      demand(sign(a, b) === -sign(b, a), `${shown(a)} and ${shown(b)} in an order that depends on who is asked first`);
      for (const c of cursors) {
        demand(
          sign(a, b) > 0 || sign(b, c) > 0 || sign(a, c) <= 0,
          `${shown(a)} not after ${shown(b)}, and that not after ${shown(c)}, but ${shown(a)} after ${shown(c)}`,
        );
      }
    }
  }
}

export async function checkNumbers({ watch, ids, limits }: StillWorld): Promise<void> {
  demandNumber(watch.plan.items, ids.length, 'the plan to have');
  demandEstimate(watch.plan.estimate, '`plan`');
  for (const chains of numbersOfChains(ids.length)) {
    await inCase(counted(chains, 'chain'), async () => {
      for (const walk of await walkAll(watch, chains, Math.max(...limits))) {
        const { start, items, estimate } = walk.partition;
        demandNumber(items, walk.items.length, `the partition at ${shown(start)} to have`);
        demandEstimate(estimate, '`split`');
      }
    });
  }
}

/** @throws Error where the source says a number that is not the true one */
export function demandNumber(said: unknown, true_: number, what: string): void {
  if (said === undefined || said === true_) return;
  throw new Error(
    `Expected ${what} ${counted(true_, 'item')}, got ${shown(said)}: count them, or leave \`items\` out where the source does not know.`,
  );
}

function demandEstimate(estimate: unknown, from: string): void {
  if (estimate === undefined || (Number.isFinite(estimate) && (estimate as number) >= 0)) return;
  throw new Error(
    `Expected \`estimate\` of ${from} to be a number from 0, got ${shown(estimate)}: leave it out instead.`,
  );
}

export async function checkLoad({ watch, limits }: StillWorld): Promise<void> {
  if (!watch.source.load) return;
  const items = itemsGiven(await walkAll(watch, 1, Math.max(...limits)));
  const shuffled = new SeededRandom(items.length).shuffled(items);
  for (let first = 0; first < shuffled.length; first += MOST_LOADED) {
    await demandLoads(watch, shuffled.slice(first, first + MOST_LOADED), watch.plan);
  }
  for (const item of shuffled.slice(0, FEW_ITEMS)) {
    await demandLoads(watch, [item], watch.plan);
    // An id that the run's input lists has no plan that it comes from.
    if (item.place === undefined) await inCase('without a plan', () => demandLoads(watch, [item], undefined));
  }
}

async function demandLoads(
  watch: SourceWatch,
  items: readonly SourceItem[],
  plan: SourcePlan | undefined,
): Promise<void> {
  const loaded = (await watch.source.load?.(plan, items.map(refOf))) ?? [];
  const given = new Map(loaded.map((item) => [JSON.stringify(refOf(item)), item]));
  for (const item of items) {
    const again = given.get(JSON.stringify(refOf(item)));
    const data = item.data ?? again?.data;
    const there = again && (again.data !== undefined || again.fault !== undefined);
    if (there && isDeepStrictEqual([again.data, again.fault], [data, item.fault])) continue;
    throw new Error(
      `Expected \`load\` to give item ${shown(item.id)} as \`read\` gave it, ${shown(item)}, got ${shown(again)}: ` +
        'read it in the same way, and answer it under the same id and place.',
    );
  }
  const asked = new Set(items.map((item) => JSON.stringify(refOf(item))));
  const stranger = loaded.find((item) => !asked.has(JSON.stringify(refOf(item))));
  if (stranger) {
    throw new Error(
      `Expected \`load\` to give what it was asked for, got item ${shown(stranger.id)} too: leave it out.`,
    );
  }
}

export function refOf({ id, place }: ItemRef): ItemRef {
  return { id, ...(place !== undefined && { place }) };
}
