import { dueAt, type PostponedItem, positionOf } from '../../../functions/ledger/postponed';
import { aRun } from '../chain/fixture';
import { describeLedger, progressOf } from './ledger-world';

const item = (due: number, chunk: number, index: number, id: PostponedItem['id'] = due): PostponedItem => ({
  ...{ id, due, chunk, index },
});
const idsIn = ({ items }: { readonly items: readonly PostponedItem[] }) => items.map(({ id }) => id);

describe('positions in the queue', () => {
  it('are as items are due, and of the same time as they were postponed', () => {
    const inOrder = [
      item(999, 50, 9),
      item(1_767_600_000_000, 9, 99),
      item(1_767_600_000_000, 10, 2),
      item(1_767_600_000_000, 10, 10),
      item(1_767_600_060_000, 1, 0),
    ];
    const positions = inOrder.map(positionOf);

    expect([...positions].sort()).toEqual(positions);
    expect(positions.map(dueAt)).toEqual(inOrder.map(({ due }) => due));
  });
});

describeLedger((world) => {
  const chain = () => ({ runId: world.runId, chainId: 0, expiresAt: 100 });

  it('gives postponed items as they are due, whatever the order in which they were written', async () => {
    const { postponed } = world.ledger;
    await postponed.write(chain(), [item(30, 2, 0, 'later'), item(10, 2, 1, 7)]);
    await postponed.write(chain(), [item(10, 3, 0, '7'), { ...item(20, 3, 1, 'at a place'), place: 'line 5' }]);
    await postponed.write({ ...chain(), chainId: 1 }, [item(1, 2, 0, 'of another chain')]);

    const first = await postponed.read(world.runId, 0, 2, undefined);
    expect(idsIn(first)).toEqual([7, '7']);
    expect(first.isLast).toBe(false);
    const second = await postponed.read(world.runId, 0, 10, positionOf(item(10, 3, 0)));
    expect(second).toEqual({
      items: [{ ...item(20, 3, 1, 'at a place'), place: 'line 5' }, item(30, 2, 0, 'later')],
      isLast: true,
    });
  });

  it('has an item once, however often it is written, and never changes it', async () => {
    const { postponed } = world.ledger;
    await postponed.write(chain(), [item(10, 2, 0, 'first')]);
    world.client.faults.push('answer lost');
    await postponed.write(chain(), [item(10, 2, 0, 'second')]);

    expect(idsIn(await postponed.read(world.runId, 0, 10, undefined))).toEqual(['first']);
  });

  it('keeps what waits for as long as the run', async () => {
    const { ledger } = world;
    await ledger.createRun(aRun({ runId: world.runId }));
    await ledger.createChains(aRun({ runId: world.runId }));
    const held = await world.claimed();
    const waiting = [item(10, 2, 0), item(20, 2, 1), item(30, 2, 2)];
    await ledger.postponed.write(chain(), waiting);
    const position = positionOf(waiting[0] as PostponedItem);
    await ledger.settle(held, { ...progressOf(held), postponed: 2, postponedAt: position }, 'parked');

    await ledger.extend(world.runId, 5_000_000);

    const kept = await world.stored(`postponed#${world.runId}#0000`);
    // The first was taken before.
    expect(kept.map(({ expiresAt }) => expiresAt)).toEqual([100, 5_000_000, 5_000_000]);
    expect(await ledger.readChain(world.runId, 0)).toMatchObject({ status: 'parked', expiresAt: 5_000_000 });
  });
});
