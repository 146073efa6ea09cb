import { type Chain, type Chunk, remainder } from '../../../functions/chain/chain';
import type { Source } from '../../../functions/contract/job';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import { type ClaimedItem, claimedItems, type RunRecord } from '../../../functions/ledger/records';
import { CARRIED, ChainWorld, claimed, complete, done, nextOf, UNPROCESSED } from './chain-world';
import { MONDAY, range, sourceWith, storeRun } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

describe('a chain', () => {
  it('reads chunk after chunk with their data, up to the end of its partition', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 20 } });
    const chunks: (readonly ItemId[])[] = [];
    for (let chunk = await chain.next(0); chunk; chunk = await chain.next(0)) {
      expect([...chunk.data.keys()]).toEqual(chunk.ids);
      chunks.push(chunk.ids);
      await complete(chain, await claimed(chain, chunk), done(chunk.ids));
    }

    expect(chunks).toEqual([range(1, 20), range(21, 40), range(41, 50)]);
    expect(chain.isAtEnd()).toBe(true);
  });

  it('settles a chunk with the claim of the next', async () => {
    const chain = await world.chainIn();
    const first = await nextOf(chain);
    await complete(chain, await claimed(chain, first), done(first.ids));
    expect(await world.stored()).toMatchObject({ done: 0, claim: { ids: range(1, 10) } });

    await chain.claim(await nextOf(chain));

    expect(await world.stored()).toMatchObject({ done: 10, claim: { ids: range(11, 20) }, cursor: 21 });
  });

  it('claims the first items of a chunk and carries the others, whose data it has', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 10 } });
    const chunk = await nextOf(chain);

    const first = (await chain.claim(chunk, 4)) as readonly ClaimedItem[];
    expect(first.map(({ id }) => id)).toEqual(range(1, 4));
    expect(await world.stored()).toMatchObject({ cursor: 11, carry: range(5, 10) });

    const rest = remainder(chunk, 4);
    expect(rest.data).toBe(chunk.data);
    await complete(chain, first, [CARRIED, ...done(range(2, 4))]);
    const second = (await chain.claim(rest, 3)) as readonly ClaimedItem[];
    expect(second.map(({ id }) => id)).toEqual(range(5, 7));
    expect(await world.stored()).toMatchObject({ cursor: 11, carry: [...range(8, 10), 1], done: 3 });
  });

  it('claims anew while items are under way, and settles those that have come out', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 4 } });
    const [one, two, three, four] = await claimed(chain, await nextOf(chain));
    await complete(chain, [one, three] as ClaimedItem[], [...done([1]), UNPROCESSED]);

    const next = await chain.next(0, 2);
    const later = await claimed(chain, next as Chunk);

    expect(later.map(({ id }) => id)).toEqual([5, 6]);
    expect(await world.stored()).toMatchObject({ done: 1, unprocessed: 1, cursor: 7 });
    expect(claimedItems(await world.stored())).toEqual([two, four, ...later]);
  });

  it('takes in what comes out while a claim is under way', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 4 } });
    const [one, two, three, four] = await claimed(chain, await nextOf(chain));
    await complete(chain, [one] as ClaimedItem[], [CARRIED]);
    const claim = claimed(chain, await nextOf(chain));
    await complete(chain, [two, three, four] as ClaimedItem[], [CARRIED, ...done([3]), UNPROCESSED]);
    const [again] = await claim;

    expect(again?.id).toBe(1);
    await complete(chain, [again] as ClaimedItem[], done([1]));
    await chain.settle('interrupted');
    expect(await world.stored()).toMatchObject({ carry: [2], done: 2, unprocessed: 1, claim: null });
  });

  it('lists by id what was unprocessed or is in doubt, where it stood in its chunk', async () => {
    const chain = await world.chainIn();
    const items = await claimed(chain, await nextOf(chain));
    const outcomes = done(items.map(({ id }) => id));
    outcomes[3] = UNPROCESSED;
    outcomes[7] = { outcome: 'in-doubt', code: 'TimeoutError', message: 'no answer' };
    outcomes[9] = { outcome: 'skipped', reason: 'unsubscribed' };

    await complete(chain, items, outcomes, { link: 5, now: MONDAY });
    await chain.settle('running');

    const listed = await world.ledger.listItems('run-1');
    expect(listed.items).toEqual([
      {
        ...{
          version: 1,
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

  it('takes carried items up before anything new, a chunk at a time', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 4 } });
    await complete(chain, await claimed(chain, await nextOf(chain)), [CARRIED, ...done([2]), CARRIED, CARRIED]);

    const second = await nextOf(chain);
    expect(second.ids).toEqual([1, 3, 4]);
    expect([...second.data.keys()]).toEqual([1, 3, 4]);
    expect(second).toMatchObject({ cursor: 5, carried: 3 });
    const items = await claimed(chain, second);
    expect(await world.stored()).toMatchObject({ cursor: 5, carry: [], claim: { ids: [1, 3, 4] } });
    await complete(chain, items, done(second.ids));

    expect((await nextOf(chain)).ids).toEqual([5, 6, 7, 8]);
  });

  it('works off more carried items than a chunk holds, those that are carried again last', async () => {
    const before = await world.chainIn({ run: { chunkItems: 2 } });
    await world.ledger.settle(
      before.record,
      { ...before.record, counts: NO_COUNTS, cursor: 6, carry: [1, 2, 3, 4, 5], underWay: [] },
      'interrupted',
    );
    const chain = await world.chainIn({ epoch: 1, run: { chunkItems: 2 } });
    const items = await claimed(chain, await nextOf(chain));
    expect(await world.stored()).toMatchObject({ claim: { ids: [1, 2] }, carry: [3, 4, 5] });

    await complete(chain, items, [...done([1]), CARRIED]);

    expect((await nextOf(chain)).ids).toEqual([3, 4]);
    await chain.settle('interrupted');
    expect(await world.stored()).toMatchObject({ carry: [3, 4, 5, 2], done: 1 });
  });

  it('is not at its end while an item is carried', async () => {
    const chain = await world.chainIn({ run: { chunkItems: 50 } });
    const chunk = await nextOf(chain);
    await complete(chain, await claimed(chain, chunk), [...done(chunk.ids.slice(1)), CARRIED]);

    expect(chain.isAtEnd()).toBe(false);
    expect((await chain.next(0))?.ids).toEqual([50]);
  });

  it('adds the throttles of this link to those of the links before', async () => {
    const first = await world.chainIn();
    world.pace.throttles = 3;
    await first.settle('interrupted');

    const second = await world.chainIn({ epoch: 1 });
    world.pace.throttles = 2;
    await second.claim(await nextOf(second));

    expect((await world.stored()).throttles).toBe(5);
  });

  it('tells when it was taken from its link', async () => {
    const zombie = await world.chainIn();
    const chunk = await nextOf(zombie);
    await world.chainIn({ epoch: 1 });

    expect(await zombie.claim(chunk)).toBeUndefined();
    expect(await zombie.settle('finished')).toBeUndefined();
    expect((await world.stored()).owner).toBe('owner of epoch 1');
  });
});

describe('a chain guards against a source that', () => {
  const answering = (read: Source['read']) => world.chainIn({ job: { source: sourceWith({ read }) } });
  const runaway = (ids: number, next: string) => ({
    code: 'Chain.Runaway',
    message: `The source id-range of chain 0 must advance from 1 towards 51 by at most 10 items, but it answered ${ids} items and ${next}.`,
  });

  it.each([
    ['stays where it is', async () => ({ ids: [1], next: 1 }), runaway(1, '1')],
    ['goes back', async () => ({ ids: [], next: 0 }), runaway(0, '0')],
    ['goes beyond the partition', async () => ({ ids: [50, 51], next: 52 }), runaway(2, '52')],
    ['answers more than was asked for', async () => ({ ids: range(1, 11), next: 12 }), runaway(11, '12')],
  ])('%s', async (_, read, refusal) => {
    const chain = await answering(read);

    await expect(chain.next(0)).rejects.toMatchObject(refusal);
  });
});

it('a chain guards against a source that answers more items than were planned', async () => {
  const chain = await world.chainIn({ run: { chunkItems: 20 } });
  for (const _ of [1, 2]) {
    const chunk = await nextOf(chain);
    await complete(chain, await claimed(chain, chunk), [CARRIED, ...done(chunk.ids.slice(1))]);
    // The source begins anew.
    chain.skipTo(1);
    expect((await nextOf(chain)).ids).toHaveLength(1);
    await complete(chain, await claimed(chain, await nextOf(chain)), done([1]));
  }

  await expect(chain.claim(await nextOf(chain))).rejects.toMatchObject({
    code: 'Chain.Runaway',
    message: 'The source id-range of chain 0 was planned with 50 items, but it answered 60.',
  });
});

describe('a chain guards the tolerance of the run', () => {
  async function withFailures(own: number, others: number, run: Partial<RunRecord>): Promise<Chain> {
    await storeRun(world.ledger, run);
    const claim = await world.ledger.claimLink({ runId: 'run-1', chainId: 1, epoch: 0, link: 0, owner: 'other' });
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    await world.ledger.settle(
      claim.chain,
      { ...claim.chain, counts: NO_COUNTS, failures: others, underWay: [] },
      'running',
    );
    const chain = await world.chainIn({ run });
    const chunk = await nextOf(chain);
    await complete(
      chain,
      await claimed(chain, chunk),
      chunk.ids.map((_, index) => (index < own ? UNPROCESSED : { outcome: 'done' })),
    );
    return chain;
  }

  it('over the failures of all its chains', async () => {
    await expect((await withFailures(3, 2, { tolerateUnprocessed: 0.05 })).guardFailures()).resolves.toBeUndefined();
    world = new ChainWorld();
    await expect((await withFailures(3, 3, { tolerateUnprocessed: 0.05 })).guardFailures()).rejects.toMatchObject({
      code: 'Chain.TooManyFailures',
      message:
        '6 of 100 items failed where the job tolerates 5: look at the unprocessed items, mend the cause, then redrive the execution.',
    });
  });

  it('without rounding up what is allowed', async () => {
    await expect((await withFailures(1, 0, { tolerateUnprocessed: 0.009 })).guardFailures()).rejects.toMatchObject({
      code: 'Chain.TooManyFailures',
    });
  });

  it('without the failures that a redrive has forgiven', async () => {
    const chain = await withFailures(6, 0, { tolerateUnprocessed: 0.05 });
    await chain.settle('interrupted');

    const retried = await world.chainIn({ epoch: 1, run: { tolerateUnprocessed: 0.05 } });
    await expect(retried.guardFailures()).rejects.toMatchObject({ code: 'Chain.TooManyFailures' });
    const redriven = await world.chainIn({ epoch: 1000, run: { tolerateUnprocessed: 0.05 } });
    await expect(redriven.guardFailures()).resolves.toBeUndefined();
  });
});
