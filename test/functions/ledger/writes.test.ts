import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { ChainRecord } from '../../../functions/ledger/records';
import { range, storeRun } from '../chain/fixture';
import { describeLedger, progressOf } from './ledger-world';

describeLedger((world) => {
  describe('lets only the owner write:', () => {
    beforeEach(() => storeRun(world.ledger, { runId: world.runId }));

    it('a chunk is reserved and the one before settled in the same write', async () => {
      const chain = await world.claimed();
      const first = (await world.ledger.claimChunk(chain, range(1, 10), {
        ...progressOf(chain),
        cursor: 11,
      })) as ChainRecord;
      expect(first).toMatchObject({ cursor: 11, claim: { chunk: 1, ids: range(1, 10) }, sequence: 1, done: 0 });
      const writes = world.client.calls.length;

      const counts = { ...NO_COUNTS, done: 8, unprocessed: 1, skipped: 1, skippedBecause: { unsubscribed: 1 } };
      const second = await world.ledger.claimChunk(first, range(11, 20), {
        ...progressOf(first),
        cursor: 21,
        counts,
        failures: 1,
      });

      expect(world.client.calls.slice(writes)).toEqual(['Update']);
      expect(second).toMatchObject({
        cursor: 21,
        claim: { chunk: 2, ids: range(11, 20) },
        sequence: 2,
        ...counts,
        failures: 1,
      });
      expect(await world.ledger.readChain(world.runId, 0)).toEqual(second);
    });

    it('to settle without reserving leaves nothing in doubt', async () => {
      const chain = await world.claimed();
      const first = (await world.ledger.claimChunk(chain, [1], { ...progressOf(chain), cursor: 2 })) as ChainRecord;

      expect(
        await world.ledger.settle(first, { ...progressOf(first), carry: [1] }, 'handed-off', { fullLinks: 1 }),
      ).toMatchObject({
        claim: null,
        carry: [1],
        status: 'handed-off',
        sequence: 2,
        fullLinks: 1,
      });
    });

    it('whoever has lost the chain writes nothing', async () => {
      const zombie = await world.claimed();
      const owner = await world.claimed({ epoch: 1, owner: 'next' });

      expect(await world.ledger.claimChunk(zombie, [1], progressOf(zombie))).toBeUndefined();
      expect(await world.ledger.settle(zombie, progressOf(zombie), 'finished')).toBeUndefined();
      expect(await world.ledger.readChain(world.runId, 0)).toEqual(owner);
    });

    it('whoever builds on an old state of the chain writes nothing', async () => {
      const old = await world.claimed();
      const now = await world.ledger.claimChunk(old, [1], { ...progressOf(old), cursor: 2 });
      // The same write again, as an echo, is one's own; another one from the same state is not.
      await world.ledger.claimChunk(now as ChainRecord, [2], { ...progressOf(old), cursor: 3 });

      expect(await world.ledger.claimChunk(old, [9], { ...progressOf(old), cursor: 9 })).toBeUndefined();
      expect(await world.ledger.settle(old, progressOf(old), 'finished')).toBeUndefined();
      expect(await world.ledger.readChain(world.runId, 0)).toMatchObject({ cursor: 3, claim: { chunk: 2, ids: [2] } });
    });

    it('a write whose answer was lost is known as one’s own, and counted once', async () => {
      const chain = await world.claimed();
      world.client.faults.push('answer lost');

      const stored = await world.ledger.claimChunk(chain, [1, 2], { ...progressOf(chain), cursor: 3 });

      expect(stored).toMatchObject({ sequence: 1, cursor: 3 });
      expect(await world.ledger.readChain(world.runId, 0)).toEqual(stored);
    });

    it('a dead link is noted, and can write no more should it wake', async () => {
      const chain = await world.claimed();

      await world.ledger.interruptChain(chain, 'out of memory');

      expect(await world.ledger.readChain(world.runId, 0)).toMatchObject({
        status: 'interrupted',
        lastError: 'out of memory',
        owner: 'nobody',
      });
      expect(await world.ledger.settle(chain, progressOf(chain), 'finished')).toBeUndefined();
    });

    it('a chain whose successor will never come is noted as it was handed off', async () => {
      await world.ledger.interruptChain(await world.handedOff(), 'EventAgeExceeded');

      expect(await world.ledger.readChain(world.runId, 0)).toMatchObject({ status: 'interrupted', link: 0 });
    });

    it('the death of whoever had the chain before changes nothing', async () => {
      const before = await world.handedOff({ epoch: 1 });
      const chain = await world.claimed({ epoch: 1, link: 1, owner: 'second' });

      await world.ledger.interruptChain(before, 'out of memory');

      expect(await world.ledger.readChain(world.runId, 0)).toEqual(chain);
    });
  });

  describe('lists items:', () => {
    it('the first word on an item counts', async () => {
      expect(await world.ledger.recordItem(world.anItem({ outcome: 'in-doubt', code: 'Interrupted' }))).toBe(
        'in-doubt',
      );
      expect(await world.ledger.recordItem(world.anItem())).toBe('in-doubt');

      const { items } = await world.ledger.listItems(world.runId);
      expect(items).toMatchObject([{ id: 17, outcome: 'in-doubt', code: 'Interrupted' }]);
    });

    it('by chain, then chunk, then place in the chunk, page by page', async () => {
      const places = [
        { id: 'a', chainId: 0, chunk: 2, index: 9 },
        { id: 'b', chainId: 0, chunk: 10, index: 0 },
        { id: 'c', chainId: 0, chunk: 10, index: 11 },
        { id: 4, chainId: 3, chunk: 1, index: 0 },
        { id: 5, chainId: 12, chunk: 1, index: 0 },
      ];
      for (const place of [...places].reverse()) await world.ledger.recordItem(world.anItem(place));

      const pages: (string | number)[][] = [];
      let after: string | undefined;
      do {
        const { items, next } = await world.ledger.listItems(world.runId, {
          limit: 2,
          ...(after !== undefined && { after }),
        });
        pages.push(items.map(({ id }) => id));
        after = next;
      } while (after !== undefined);

      expect(pages.flat()).toEqual(['a', 'b', 'c', 4, 5]);
      expect(pages.slice(0, 2)).toEqual([
        ['a', 'b'],
        ['c', 4],
      ]);
    });

    it('without those that came up again', async () => {
      await world.ledger.recordItem(world.anItem({ outcome: 'carried' }));
      await world.ledger.recordItem(world.anItem({ id: 18, index: 1 }));

      expect((await world.ledger.listItems(world.runId)).items.map(({ id }) => id)).toEqual([18]);
      expect(
        [...(await world.ledger.readChunkItems(world.runId, 0, 1)).values()].map(({ id, outcome }) => [id, outcome]),
      ).toEqual([
        [17, 'carried'],
        [18, 'unprocessed'],
      ]);
    });

    it('of one chunk without those of the next', async () => {
      await world.ledger.recordItem(world.anItem({ chunk: 1, index: 4, id: 'one' }));
      await world.ledger.recordItem(world.anItem({ chunk: 10, index: 5, id: 'ten' }));

      expect([...(await world.ledger.readChunkItems(world.runId, 0, 1)).keys()]).toEqual([4]);
    });
  });
});
