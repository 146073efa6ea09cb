import { sleep } from '../../../functions/contract/clock';
import type { ItemId } from '../../../functions/contract/payloads';
import { claimedItems } from '../../../functions/ledger/records';
import { greeting, when } from './fixture';
import { LinkWorld } from './link-world';

let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

/** A link whose mails take `sendMilliseconds`; looks again and again at what would be in doubt if it died now. */
async function crashAnywhere(sendMilliseconds: number, lookMilliseconds = 5) {
  let underWay = 0;
  let mostUnderWay = 0;
  world.provider = async () => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    await sleep(world.clock, sendMilliseconds);
    underWay -= 1;
    return undefined;
  };
  let mostInDoubt = 0;
  const look = async () => {
    mostInDoubt = Math.max(mostInDoubt, claimedItems(await world.chain()).length);
    world.clock.after(lookMilliseconds, () => void look());
  };
  void look();
  const { chunks } = await world.link();
  return { mostUnderWay, mostInDoubt, claims: chunks };
}

describe('the price of a crash', () => {
  it.each([
    [20, 50],
    [20, 400],
    [25, 50],
    [100, 50],
    [100, 90],
  ])('at %d items a second of %d ms is twice what is under way and two', async (rate, milliseconds) => {
    await world.store({ rate, chunkItems: 25 });

    const { mostUnderWay, mostInDoubt } = await crashAnywhere(milliseconds);

    expect(mostInDoubt).toBeLessThanOrEqual(2 * mostUnderWay + 2);
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, inDoubt: 0 });
  });

  it('is one item where a claim of many would wait for its permits for minutes', async () => {
    await world.store({ rate: 0.02, linkSeconds: 720 });

    expect((await crashAnywhere(50, 1000)).mostInDoubt).toBe(1);
  });
});

describe('data', () => {
  it('are read again after a pause, so that nobody gets what was true long before', async () => {
    await world.store({ rate: 10, heartbeatSeconds: 30, linkSeconds: 720 });
    const readAt = new Map<ItemId, number>();
    const ages: number[] = [];
    world.job = greeting({
      load: async (ids) => {
        for (const id of ids) readAt.set(id, world.clock.now());
        return new Map(ids.map((id) => [id, id]));
      },
      process: (_, { id }) => {
        ages.push(world.clock.now() - (readAt.get(id) as number));
      },
    });
    const link = world.start();
    await world.clock.advance(1500);
    await world.ledger.setRate('run-1', 0);
    await world.clock.advance(300_000);
    await world.ledger.setRate('run-1', 10);

    expect((await when(world.clock, link)).end).toBe('finished');
    expect(ages.length).toBe(50);
    // As old as the claim may find them, and as long as a claimed item may wait.
    expect(Math.max(...ages)).toBeLessThanOrEqual(120_000);
    expect(await world.chain()).toMatchObject({ done: 50, inDoubt: 0 });
  });
});
