import type { Chunk } from '../../../functions/chain/chunk';
import { positionOf } from '../../../functions/ledger/postponed';
import { ChainWorld, idsOf } from './chain-world';

const EMPTY = { items: [], carried: 0, loadedAt: 0 };

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

/** A chain that has postponed ids 1 to 3 until 1000, 2000 and 3000. */
async function postponing() {
  const link = await world.linkIn();
  const closed = [1, 2, 3].map((id) => ({ id, due: id * 1000 }));
  const rest = await link.chain.postpone({ ...EMPTY, cursor: 5, items: [{ id: 4, data: 4 }], closed });
  return { ...link, rest };
}

/** The first items in the queue, until 2000 or so, come up and are postponed again. */
const again = (due: number): Chunk => ({
  ...{ ...EMPTY, cursor: 5, items: [{ id: 2, data: 2 }], closed: [{ id: 1, due }] },
  queued: { count: 2, upTo: positionOf({ id: 2, due: 2000, chunk: 1, index: 1 }) },
});

const waiting = async () => {
  const { postponedAt } = await world.stored();
  const { items } = await world.ledger.postponed.read('run-1', 0, 10, postponedAt);
  return items.map(({ id, due }) => [id, due]);
};

describe('items that are postponed', () => {
  it('are counted as given, are in the queue, and leave the others of their chunk carried', async () => {
    const { rest, chain } = await postponing();

    expect(idsOf(rest)).toEqual([4]);
    expect(rest.carried).toBe(1);
    const claim = {
      ids: [],
      stragglers: [],
      postpone: [{ id: 1, due: 1000 }, { id: 2 }, { id: 3, chunk: 1, index: 2 }],
    };
    expect(await world.stored()).toMatchObject({ given: 4, cursor: 5, carry: [4], postponed: 3, claim });
    expect(await waiting()).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 3000],
    ]);
    await chain.settle('running');
    expect(await world.stored()).toMatchObject({ postponed: 3, claim: null });
  });

  it('and come up are not given a second time, and wait again behind those that were taken', async () => {
    const { chain } = await postponing();
    await chain.postpone(again(9000));

    expect(await world.stored()).toMatchObject({ given: 4, postponed: 2 });
    expect(await waiting()).toEqual([
      [3, 3000],
      [1, 9000],
    ]);
  });

  it('by a clock that is behind wait until the time of those that were taken, and are not lost', async () => {
    const { chain } = await postponing();
    await chain.postpone(again(1500));

    expect(await waiting()).toEqual([
      [1, 2000],
      [3, 3000],
    ]);
  });

  it('are claimed with what was carried in between at the end', async () => {
    const { chain } = await postponing();
    const { postponedAt: _, ...before } = await world.stored();
    const { queued } = again(0);
    const items = [1, 2].map((id) => ({ id, data: id }));

    await chain.claim({ ...EMPTY, cursor: 5, items, ...(queued && { queued }) }, 1);

    expect(await world.stored()).toMatchObject({
      ...{ given: before.given, postponed: 1, postponedAt: queued?.upTo, carry: [2, 4] },
      claim: { ids: [1] },
    });
  });
});
