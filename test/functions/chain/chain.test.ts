import { ChainTaken } from '../../../functions/chain/chain-taken';
import { type Chunk, remainder } from '../../../functions/chain/chunk';
import { RECORD_VERSION } from '../../../functions/contract/versions';
import { type ClaimedItem, claimedItems } from '../../../functions/ledger/records';
import { CARRIED, ChainWorld, comeOut, done, idsOf, nextOf, UNPROCESSED } from './chain-world';
import { MONDAY, range } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

describe('a chain', () => {
  it('settles a chunk with the claim of the next', async () => {
    const link = await world.linkIn();
    const first = await nextOf(link);
    await comeOut(link, await link.chain.claim(first), done(idsOf(first)));
    expect(await world.stored()).toMatchObject({ done: 0, claim: { ids: range(1, 10) } });

    await link.chain.claim(await nextOf(link));

    expect(await world.stored()).toMatchObject({ done: 10, claim: { ids: range(11, 20) }, cursor: 21 });
  });

  it('claims the first items of a chunk and carries the others, whose data it has', async () => {
    const link = await world.linkIn({ run: { chunkItems: 10 } });
    const chunk = await nextOf(link);

    const first = await link.chain.claim(chunk, 4);
    expect(first.map(({ id }) => id)).toEqual(range(1, 4));
    expect(await world.stored()).toMatchObject({ cursor: 11, carry: range(5, 10) });

    const rest = remainder(chunk, 4);
    expect(rest.items).toEqual(chunk.items.slice(4));
    await comeOut(link, first, [CARRIED, ...done(range(2, 4))]);
    const second = await link.chain.claim(rest, 3);
    expect(second.map(({ id }) => id)).toEqual(range(5, 7));
    expect(await world.stored()).toMatchObject({ cursor: 11, carry: [...range(8, 10), 1], done: 3 });
  });

  it('claims anew while items are under way, and settles those that have come out', async () => {
    const link = await world.linkIn({ run: { chunkItems: 4 } });
    const [one, two, three, four] = await link.chain.claim(await nextOf(link));
    await comeOut(link, [one, three] as ClaimedItem[], [...done([1]), UNPROCESSED]);

    const next = await link.reader.next(2);
    const later = await link.chain.claim(next as Chunk);

    expect(later.map(({ id }) => id)).toEqual([5, 6]);
    expect(await world.stored()).toMatchObject({ done: 1, unprocessed: 1, cursor: 7 });
    expect(claimedItems(await world.stored())).toEqual(
      [two, four, ...later].map((item) => ({ chunk: item?.chunk, index: item?.index, id: item?.id })),
    );
  });

  it('takes in what comes out while a claim is under way', async () => {
    const link = await world.linkIn({ run: { chunkItems: 4 } });
    const [one, two, three, four] = await link.chain.claim(await nextOf(link));
    await comeOut(link, [one] as ClaimedItem[], [CARRIED]);
    const claim = link.chain.claim(await nextOf(link));
    await comeOut(link, [two, three, four] as ClaimedItem[], [CARRIED, ...done([3]), UNPROCESSED]);
    const [again] = await claim;

    expect(again?.id).toBe(1);
    await comeOut(link, [again] as ClaimedItem[], done([1]));
    await link.chain.settle('interrupted');
    expect(await world.stored()).toMatchObject({ carry: [2], done: 2, unprocessed: 1, claim: null });
  });

  it('lists by id what was unprocessed or is in doubt, where it stood in its chunk', async () => {
    const link = await world.linkIn({ link: 5 });
    const items = await link.chain.claim(await nextOf(link));
    const outcomes = done(items.map(({ id }) => id));
    outcomes[3] = UNPROCESSED;
    outcomes[7] = { outcome: 'in-doubt', code: 'TimeoutError', message: 'no answer' };
    outcomes[9] = { outcome: 'skipped', reason: 'unsubscribed' };

    await comeOut(link, items, outcomes);
    await link.chain.settle('running');

    const listed = await world.ledger.listItems('run-1');
    expect(listed.items).toEqual([
      {
        ...{
          version: RECORD_VERSION,
          runId: 'run-1',
          chainId: 0,
          chunk: 1,
          index: 3,
          link: 5,
          id: 4,
          at: MONDAY,
          position: '0000#000000001#003',
        },
        ...{ outcome: 'unprocessed', code: 'MessageRejected', message: 'no', expiresAt: MONDAY / 1000 + 86_400 },
      },
      expect.objectContaining({ id: 8, outcome: 'in-doubt', code: 'TimeoutError', index: 7 }),
    ]);
    expect(await world.stored()).toMatchObject({ done: 7, unprocessed: 1, inDoubt: 1, skipped: 1, failures: 2 });
  });

  it('adds the throttles of this link to those of the links before', async () => {
    const first = await world.linkIn();
    world.throttles = 3;
    await first.chain.settle('interrupted');

    const second = await world.linkIn({ epoch: 1 });
    world.throttles = 2;
    await second.chain.claim(await nextOf(second));

    expect((await world.stored()).throttles).toBe(5);
  });

  it('tells when it was taken from its link', async () => {
    const zombie = await world.linkIn();
    const chunk = await nextOf(zombie);
    await world.linkIn({ epoch: 1 });

    await expect(zombie.chain.claim(chunk)).rejects.toThrow(ChainTaken);
    await expect(zombie.chain.settle('finished')).rejects.toThrow(
      'Chain 0 of run run-1 was taken from link 0 of epoch 0.',
    );
    expect((await world.stored()).owner).toBe('owner of epoch 1');
  });
});
