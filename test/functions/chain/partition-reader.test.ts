import { counted } from '../../../functions/contract/counted';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import type { Source } from '../../../functions/contract/source';
import { CARRIED, ChainWorld, comeOut, done, idsOf, nextOf } from './chain-world';
import { range, sourceWith } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

describe('the reader of a partition', () => {
  it('reads chunk after chunk with their data, up to the end of its partition', async () => {
    const link = await world.linkIn({ run: { chunkItems: 20 } });
    const chunks: (readonly ItemId[])[] = [];
    for (let chunk = await link.reader.next(); chunk; chunk = await link.reader.next()) {
      expect(chunk.items.map(({ data }) => data)).toEqual(idsOf(chunk));
      chunks.push(idsOf(chunk));
      await comeOut(link, await link.chain.claim(chunk), done(idsOf(chunk)));
    }

    expect(chunks).toEqual([range(1, 20), range(21, 40), range(41, 50)]);
    expect(link.reader.isAtEnd()).toBe(true);
  });

  it('takes carried items up before anything new, a chunk at a time', async () => {
    const link = await world.linkIn({ run: { chunkItems: 4 } });
    await comeOut(link, await link.chain.claim(await nextOf(link)), [CARRIED, ...done([2]), CARRIED, CARRIED]);

    const second = await nextOf(link);
    expect(idsOf(second)).toEqual([1, 3, 4]);
    expect(second.items.map(({ data }) => data)).toEqual([1, 3, 4]);
    expect(second).toMatchObject({ cursor: 5, carried: 3 });
    const items = await link.chain.claim(second);
    expect(await world.stored()).toMatchObject({ cursor: 5, carry: [], claim: { ids: [1, 3, 4] } });
    await comeOut(link, items, done(idsOf(second)));

    expect(idsOf(await nextOf(link))).toEqual([5, 6, 7, 8]);
  });

  it('works off more carried items than a chunk holds, those that are carried again last', async () => {
    const before = await world.linkIn({ run: { chunkItems: 2 } });
    await world.ledger.settle(
      before.chain.record,
      { ...before.chain.record, counts: NO_COUNTS, cursor: 6, given: 5, carry: [1, 2, 3, 4, 5], underWay: [] },
      'interrupted',
    );
    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 2 } });
    const items = await link.chain.claim(await nextOf(link));
    expect(await world.stored()).toMatchObject({ claim: { ids: [1, 2] }, carry: [3, 4, 5] });

    await comeOut(link, items, [...done([1]), CARRIED]);

    expect(idsOf(await nextOf(link))).toEqual([3, 4]);
    await link.chain.settle('interrupted');
    expect(await world.stored()).toMatchObject({ carry: [3, 4, 5, 2], done: 1 });
  });

  it('is not at its end while an item is carried', async () => {
    const link = await world.linkIn({ run: { chunkItems: 50 } });
    const chunk = await nextOf(link);
    await comeOut(link, await link.chain.claim(chunk), [...done(idsOf(chunk).slice(1)), CARRIED]);

    expect(link.reader.isAtEnd()).toBe(false);
    expect((await link.reader.next())?.items).toMatchObject([{ id: 50 }]);
  });
});

describe('a chain guards against a source that', () => {
  const answering = (read: Source['read']) => world.linkIn({ job: { source: sourceWith({ read }) } });
  const runaway = (ids: number, next: string) => ({
    code: 'Chain.Runaway',
    message: `The source id-range of chain 0 must advance from 1 towards 51 by at most 10 items, but it answered ${counted(ids, 'item')} and ${next}.`,
  });

  it.each([
    ['stays where it is', async () => ({ ids: [1], next: 1 }), runaway(1, '1')],
    ['goes back', async () => ({ ids: [], next: 0 }), runaway(0, '0')],
    ['goes beyond the partition', async () => ({ ids: [50, 51], next: 52 }), runaway(2, '52')],
    ['answers more than was asked for', async () => ({ ids: range(1, 11), next: 12 }), runaway(11, '12')],
  ])('%s', async (_, read, refusal) => {
    const link = await answering(read);

    await expect(link.reader.next()).rejects.toMatchObject(refusal);
  });
});

it('a chain guards against a source that answers more items than were planned', async () => {
  const link = await world.linkIn({ run: { chunkItems: 20 } });
  for (const _ of [1, 2]) {
    const chunk = await nextOf(link);
    await comeOut(link, await link.chain.claim(chunk), [CARRIED, ...done(idsOf(chunk).slice(1))]);
    // The source begins anew.
    link.chain.skipTo(1);
    expect(idsOf(await nextOf(link))).toHaveLength(1);
    await comeOut(link, await link.chain.claim(await nextOf(link)), done([1]));
  }

  const next = await nextOf(link);
  expect(() => link.reader.guardItems(next)).toThrow(
    expect.objectContaining({
      code: 'Chain.Runaway',
      message: 'The source id-range of chain 0 was planned with 50 items, but it answered 60.',
    }),
  );
});
