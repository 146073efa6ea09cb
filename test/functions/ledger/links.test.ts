import { NO_COUNTS } from '../../../functions/contract/outcomes';
import { storeRun } from '../chain/fixture';
import { describeLedger, progressOf } from './ledger-world';

describeLedger((world) => {
  describe('gives a chain to one link:', () => {
    beforeEach(() => storeRun(world.ledger, { runId: world.runId }));

    it('link 0 takes a planned chain', async () => {
      expect(await world.claimed()).toMatchObject({
        status: 'running',
        epoch: 0,
        link: 0,
        owner: 'first',
        links: 1,
        cursor: 1,
      });
    });

    it('the same event delivered again is a duplicate, while the link works and after', async () => {
      const chain = await world.claimed();
      expect(await world.kindOf({ owner: 'twin' })).toBe('duplicate');

      await world.ledger.settle(chain, progressOf(chain), 'handed-off');
      expect(await world.kindOf({ owner: 'twin' })).toBe('duplicate');

      await world.claimed({ link: 1, owner: 'second' });
      expect(await world.kindOf({ owner: 'twin' })).toBe('duplicate');
      expect((await world.ledger.readChain(world.runId, 0))?.owner).toBe('second');
    });

    it('a link that asks twice has the chain once', async () => {
      const chain = await world.claimed();

      expect(await world.claimed()).toEqual(chain);
    });

    it('a successor takes the chain only after the handoff, and only once', async () => {
      const chain = await world.claimed();
      expect(await world.kindOf({ link: 1, owner: 'early' })).toBe('duplicate');

      await world.ledger.settle(chain, progressOf(chain), 'handed-off');
      expect(await world.kindOf({ link: 2, owner: 'too far' })).toBe('duplicate');
      expect(await world.claimed({ link: 1, owner: 'second' })).toMatchObject({ link: 1, links: 2 });
      expect(await world.kindOf({ link: 1, owner: 'third' })).toBe('duplicate');
    });

    it('a successor does not take a chain that was interrupted in the meantime', async () => {
      const chain = await world.handedOff();
      await world.ledger.interruptChain(chain, 'the event expired');

      expect(await world.kindOf({ link: 1, owner: 'late' })).toBe('duplicate');
    });

    it.each(['running', 'handed-off', 'interrupted'] as const)(
      'a later epoch takes a chain that is %s and fences the earlier',
      async (status) => {
        const chain = await world.claimed();
        await world.ledger.settle(chain, progressOf(chain), status);

        expect(await world.claimed({ epoch: 1, owner: 'next' })).toMatchObject({
          epoch: 1,
          link: 0,
          owner: 'next',
          links: 2,
        });
        expect(await world.kindOf({ link: 1, owner: 'zombie' })).toBe('superseded');
        expect(await world.kindOf({ owner: 'zombie' })).toBe('superseded');
      },
    );

    it('a link beyond the first cannot begin an epoch', async () => {
      await world.claimed();

      expect(await world.kindOf({ epoch: 1, link: 3, owner: 'stray' })).toBe('superseded');
    });

    it('a finished chain only tells its result', async () => {
      const chain = await world.claimed();
      await world.ledger.settle(chain, { ...progressOf(chain), counts: { ...NO_COUNTS, done: 50 } }, 'finished');

      expect(await world.ledger.claimLink(world.identity({ epoch: 7, owner: 'next' }))).toMatchObject({
        kind: 'finished',
        chain: { done: 50, status: 'finished', epoch: 0 },
      });
      expect(await world.kindOf({ owner: 'twin' })).toBe('duplicate');
    });

    it('of two epochs that ask at the same time, the later has the chain', async () => {
      world.client.afterNextRead = () => world.claimed({ epoch: 2, owner: 'later' });

      expect(await world.kindOf({ epoch: 1, owner: 'earlier' })).toBe('superseded');
      expect((await world.ledger.readChain(world.runId, 0))?.owner).toBe('later');
    });

    it('an epoch that finds the chain moved on while it asked looks again, and has it', async () => {
      await world.handedOff();
      world.client.afterNextRead = () => world.claimed({ link: 1, owner: 'second' });

      expect(await world.claimed({ epoch: 1, owner: 'next' })).toMatchObject({ epoch: 1, links: 3 });
    });

    it('a claim whose answer was lost, and was throttled before, is known as one’s own', async () => {
      const before = world.client.calls.length;
      world.client.faults.push('throttled', 'answer lost');

      expect(await world.claimed()).toMatchObject({ owner: 'first', links: 1 });
      expect(world.client.calls.slice(before)).toEqual(['Get', 'Update', 'Update', 'Update', 'Get']);
    });

    it('a redrive or a resumption starts with a clean slate, a retry within one execution does not', async () => {
      const chain = await world.claimed();
      await world.ledger.settle(chain, { ...progressOf(chain), failures: 9 }, 'interrupted');

      expect(await world.claimed({ epoch: 1, owner: 'retry' })).toMatchObject({
        forgivenFailures: 0,
        forgivenLinks: 0,
        links: 2,
      });
      expect(await world.claimed({ epoch: 1000, owner: 'redrive' })).toMatchObject({
        forgivenFailures: 9,
        forgivenLinks: 2,
      });
      expect(await world.claimed({ epoch: 1_000_000, owner: 'resume' })).toMatchObject({
        forgivenFailures: 9,
        forgivenLinks: 3,
      });
    });

    it('a chain that the ledger does not know is an error', async () => {
      await expect(world.ledger.claimLink(world.identity({ chainId: 9 }))).rejects.toThrow(
        `Run ${world.runId} has no chain 9 in the ledger.`,
      );
    });
  });
});
