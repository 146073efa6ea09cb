import { ChainTaken } from '../../../functions/chain/chain-taken';
import { INTERRUPTED } from '../../../functions/chain/recovery';
import type { ItemId } from '../../../functions/contract/payloads';
import { ses } from '../../../functions/contract/provider';
import { type ClaimedItem, claimedItems, type ItemRecord, type RunRecord } from '../../../functions/ledger/records';
import { noAnswer } from '../../support/sdk-errors';
import { ChainWorld, comeOut, done, idsOf, nextOf, UNPROCESSED } from './chain-world';
import { range } from './fixture';

let world: ChainWorld;

beforeEach(() => {
  world = new ChainWorld();
});

/** A link that dies after it has recorded some of its items. */
async function dead(recorded: Partial<Record<number, Partial<ItemRecord>>> = {}, run: Partial<RunRecord> = {}) {
  const link = await world.linkIn({ run: { chunkItems: 4, ...run } });
  const chunk = await nextOf(link);
  const items = await link.chain.claim(chunk);
  for (const [index, change] of Object.entries(recorded)) {
    await world.ledger.recordItem({
      ...{ runId: 'run-1', chainId: 0, chunk: 1, link: 0, at: 0, expiresAt: 0, outcome: 'unprocessed' },
      ...{ code: 'MessageRejected', message: 'no', id: idsOf(chunk)[Number(index)] as ItemId, index: Number(index) },
      ...change,
    });
  }
  return { link, items };
}

describe('a chain whose link died with a claimed chunk', () => {
  it('has every item in doubt that was not recorded, and none is processed again', async () => {
    await dead({ 1: {} });

    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    await link.recover();

    expect(await world.stored()).toMatchObject({
      claim: null,
      unprocessed: 1,
      inDoubt: 3,
      done: 0,
      cursor: 5,
      carry: [],
    });
    expect(await world.listed()).toEqual([
      [1, 'in-doubt', 'Interrupted'],
      [2, 'unprocessed', 'MessageRejected'],
      [3, 'in-doubt', 'Interrupted'],
      [4, 'in-doubt', 'Interrupted'],
    ]);
    expect(idsOf(await nextOf(link))).toEqual([5, 6, 7, 8]);
  });

  it.each([
    ['every provider honours the key', { crm: { rate: 1, idempotent: true } }, ['carried', 0]],
    ['one provider does not', { crm: { rate: 1, idempotent: true }, erp: { rate: 1 } }, ['in-doubt', 3]],
    ['mails are sent, too', { crm: { rate: 1, idempotent: true }, mail: ses() }, ['in-doubt', 3]],
  ] as const)('where %s', async (_, providers, [outcome, inDoubt]) => {
    await dead({ 1: {} });

    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4 }, job: { providers } });
    await link.recover();

    const { carry, claim } = await world.stored();
    expect(await world.stored()).toMatchObject({ claim: null, unprocessed: 1, inDoubt, given: 4 });
    expect([carry, claim]).toEqual([outcome === 'carried' ? [1, 3, 4] : [], null]);
    expect(idsOf(await nextOf(link))).toEqual(outcome === 'carried' ? [1, 3, 4] : [5, 6, 7, 8]);
  });

  it('has them come up again when delivered at least once, but not those that were recorded', async () => {
    const atLeastOnce = { chunkItems: 4, delivery: 'at-least-once' } as const;
    await dead({ 1: {} }, atLeastOnce);

    const link = await world.linkIn({ epoch: 1, run: atLeastOnce });
    await link.recover();

    expect(await world.stored()).toMatchObject({ claim: null, unprocessed: 1, inDoubt: 0, carry: [1, 3, 4] });
    expect(idsOf(await nextOf(link))).toEqual([1, 3, 4]);
    expect(await world.listed()).toEqual([[2, 'unprocessed', 'MessageRejected']]);
  });

  it('has them come up again in a dry run, which has done nothing', async () => {
    const dry = { chunkItems: 4, dryRun: true } as const;
    await dead({ 1: {} }, dry);
    const evidence = jest.spyOn(world.ledger.feedback, 'evidenceOf');

    const link = await world.linkIn({ epoch: 1, run: dry });
    await link.recover();

    expect(await world.stored()).toMatchObject({ claim: null, unprocessed: 1, inDoubt: 0, carry: [1, 3, 4] });
    expect(evidence).not.toHaveBeenCalled();
  });

  it.each(['at-most-once', 'at-least-once'] as const)(
    'does not hear what the zombie says later, delivered %s',
    async (delivery) => {
      const { link: zombie, items } = await dead({}, { delivery });
      const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4, delivery } });
      await link.recover();
      const before = await world.listed();

      await comeOut(zombie, items, [UNPROCESSED, ...done([2, 3, 4])]);

      expect(await world.listed()).toEqual(before);
      await expect(zombie.chain.settle('interrupted')).rejects.toThrow(ChainTaken);
    },
  );

  it('keeps a zombie’s word that came before: the counts are those of the list', async () => {
    const { link: zombie, items } = await dead();
    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    const read = jest.spyOn(world.ledger, 'readChunkItems').mockImplementationOnce(async () => {
      await comeOut(zombie, items, [UNPROCESSED, ...done([2, 3, 4])]);
      return new Map();
    });

    await link.recover();
    read.mockRestore();

    expect(await world.stored()).toMatchObject({ unprocessed: 1, inDoubt: 3 });
    expect((await world.listed())[0]).toEqual([1, 'unprocessed', 'MessageRejected']);
  });

  it('is left alone by a link that has lost it meanwhile', async () => {
    await dead();
    const late = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    await world.linkIn({ epoch: 2, run: { chunkItems: 4 } });

    await expect(late.recover()).rejects.toThrow(ChainTaken);
  });

  it('can be recovered again when that link died, too', async () => {
    await dead();
    const second = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    jest.spyOn(world.ledger, 'settle').mockRejectedValueOnce(noAnswer());
    await expect(second.recover()).rejects.toThrow();

    const third = await world.linkIn({ epoch: 2, run: { chunkItems: 4 } });
    await third.recover();

    expect(await world.stored()).toMatchObject({ inDoubt: 4, claim: null });
    expect(await world.listed()).toHaveLength(4);
    expect((await world.ledger.listItems('run-1')).items[0]).toMatchObject(INTERRUPTED);
  });

  it('has nothing to recover when nothing was claimed', async () => {
    const link = await world.linkIn();

    await link.recover();
    expect((await world.stored()).sequence).toBe(0);
  });
});

describe('a chain that is given up', () => {
  it('settles what is known and notes the error', async () => {
    const link = await world.linkIn();
    const chunk = await nextOf(link);
    await comeOut(link, await link.chain.claim(chunk), done(idsOf(chunk)));

    await link.chain.giveUp('x'.repeat(600));

    expect(await world.stored()).toMatchObject({
      status: 'interrupted',
      lastError: 'x'.repeat(500),
      done: 10,
      claim: null,
      cursor: 11,
    });
  });

  it('leaves claimed what has not come out: only recovery may say what became of it', async () => {
    const link = await world.linkIn({ run: { chunkItems: 4 } });
    const [one, ...others] = await link.chain.claim(await nextOf(link));
    await comeOut(link, [one as ClaimedItem], done([1]));

    await link.chain.giveUp('the table is gone');

    expect(await world.stored()).toMatchObject({ status: 'interrupted', done: 1, cursor: 5, carry: [] });
    expect(claimedItems(await world.stored())).toEqual(others.map(({ data: _, ...item }) => item));
    const next = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    await next.recover();
    expect(await world.listed()).toEqual([2, 3, 4].map((id) => [id, 'in-doubt', 'Interrupted']));
  });

  it('leaves claimed what it could not recover', async () => {
    await dead();
    const link = await world.linkIn({ epoch: 1, run: { chunkItems: 4 } });
    jest.spyOn(world.ledger, 'recordItem').mockRejectedValueOnce(new Error('the table is gone'));
    await expect(link.recover()).rejects.toThrow('the table is gone');

    await link.chain.giveUp('the table is gone');

    const { inDoubt } = await world.stored();
    expect(claimedItems(await world.stored())).toHaveLength(4 - inDoubt);
    const next = await world.linkIn({ epoch: 2, run: { chunkItems: 4 } });
    await next.recover();
    expect(await world.stored()).toMatchObject({ inDoubt: 4, claim: null });
    expect(await world.listed()).toHaveLength(4);
  });

  it('builds on a write that took effect though its answer was lost', async () => {
    const link = await world.linkIn();
    const first = await nextOf(link);
    await comeOut(link, await link.chain.claim(first), done(idsOf(first)));
    const second = await nextOf(link);
    const claimChunk = world.ledger.claimChunk.bind(world.ledger);
    jest.spyOn(world.ledger, 'claimChunk').mockImplementationOnce(async (...given) => {
      await claimChunk(...given);
      throw noAnswer();
    });
    await expect(link.chain.claim(second)).rejects.toThrow('socket hang up');

    await link.chain.giveUp('no answer');

    // Nothing of the second chunk was touched: it comes next.
    expect(await world.stored()).toMatchObject({
      status: 'interrupted',
      done: 10,
      claim: null,
      cursor: 11,
      sequence: 3,
    });
    expect(idsOf(await nextOf(await world.linkIn({ epoch: 1 })))).toEqual(range(11, 20));
  });

  it('is left alone when it belongs to somebody else', async () => {
    const link = await world.linkIn();
    await world.linkIn({ epoch: 1 });
    const before = await world.stored();

    await link.chain.giveUp('too late');

    expect(await world.stored()).toEqual(before);
  });
});
