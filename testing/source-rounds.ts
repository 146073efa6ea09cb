import type { ItemId } from 'worker-chains';
import type { SeededRandom } from './seeded-random';
import { ChangingWorld } from './source-changes';
import { demandOrder } from './source-checks';
import { demandComplete, itemsGiven, SourceWalk } from './source-walk';
import type { SourceWatch } from './source-watch';
import type { SourceWorld } from './source-world';

/** Chains that read in turns at random, some reads being lost and made again, as when a link is killed. */
async function walkAtRandom(
  watch: SourceWatch,
  random: SeededRandom,
  chains: number,
  then: (walk: SourceWalk) => Promise<void>,
): Promise<readonly SourceWalk[]> {
  const walks = (await watch.split(chains)).map((partition) => new SourceWalk(watch, partition));
  const longest = random.pick([1, 3, 10, 100]);
  for (;;) {
    const going = walks.filter(({ ended }) => !ended);
    if (going.length === 0) return walks;
    const walk = random.pick(going);
    if (random.onceIn(4)) await walk.lose(random.below(longest) + 1);
    await walk.step(random.below(longest) + 1);
    await then(walk);
  }
}

/** One round over data that stay as they are. */
export async function checkStillRound(watch: SourceWatch, ids: readonly ItemId[], random: SeededRandom): Promise<void> {
  const walks = await walkAtRandom(watch, random, random.below(Math.min(ids.length, 44) + 1) + 1, async () => {});
  const advice = 'let a page end right after its last item, and a partition begin at its first';
  demandComplete(itemsGiven(walks), { once: ids, advice });
  demandOrder(watch);
}

/** One round in which rows come and go, before the split and after reads. */
export async function checkChangingRound(
  world: SourceWorld,
  watch: SourceWatch,
  spare: readonly ItemId[],
  random: SeededRandom,
): Promise<void> {
  const changing = await ChangingWorld.open(world, watch, spare);
  const change = async (walk?: SourceWalk) => {
    if (random.onceIn(2)) return;
    const near = walk ? [...walk.items.slice(-3).map(({ id }) => id), ...changing.upcoming(walk.steps.at(-1), 2)] : [];
    const some = random.onceIn(2) ? near : changing.staying;
    if (some.length > 0) await changing.remove([random.pick(some)]);
    if (random.onceIn(2)) await changing.insert(random);
  };
  await change();
  const walks = await walkAtRandom(watch, random, random.below(6) + 1, change);
  await changing.check(walks);
}
