import { occurrenceKey } from '../../../../functions/chain/ledger/records';
import { aRun, storeRun } from '../fixture';
import { describeLedger } from './ledger-world';

describeLedger((world) => {
  describe('keeps runs:', () => {
    it('a run that is stored reads back as it was', async () => {
      const run = await world.ledger.createRun(aRun({ runId: world.runId, scheduledFor: '2026-01-05T09:00:00Z' }));

      expect(await world.ledger.readRun(world.runId)).toEqual(
        aRun({ runId: world.runId, scheduledFor: '2026-01-05T09:00:00Z' }),
      );
      expect(run).toEqual(await world.ledger.readRun(world.runId));
      expect(await world.ledger.readRun('unknown')).toBeUndefined();
    });

    it('a second creation answers the first run', async () => {
      await world.ledger.createRun(aRun({ runId: world.runId, rate: 7 }));

      expect((await world.ledger.createRun(aRun({ runId: world.runId, rate: 8 }))).rate).toBe(7);
      expect((await world.ledger.readRun(world.runId))?.rate).toBe(7);
    });

    it('creating chains again leaves those that are at work as they are', async () => {
      const run = await storeRun(world.ledger, { runId: world.runId });
      const chain = await world.claimed();

      await world.ledger.createChains(run);

      expect(await world.ledger.readChain(world.runId, 0)).toEqual(chain);
      expect((await world.ledger.readChains(world.runId)).map(({ chainId, status }) => [chainId, status])).toEqual([
        [0, 'running'],
        [1, 'planned'],
      ]);
    });

    it('every read sees what was written before it', async () => {
      await storeRun(world.ledger, { runId: world.runId });
      await world.claimed();

      await world.ledger.readRun(world.runId);
      await world.ledger.readChains(world.runId);
      await world.ledger.listItems(world.runId);
      await world.ledger.readChunkItems(world.runId, 0, 1);

      expect(world.client.reads.length).toBeGreaterThanOrEqual(5);
      for (const read of world.client.reads) expect(read).toMatchObject({ ConsistentRead: true });
    });

    it('the rate of a run changes whatever its status, and nothing else does', async () => {
      const run = await storeRun(world.ledger, { runId: world.runId });

      expect(await world.ledger.setRate(world.runId, 0)).toBe(true);
      expect(await world.ledger.readRun(world.runId)).toEqual({ ...run, status: 'running', rate: 0 });
    });

    it('a run that is not there has no rate to change', async () => {
      expect(await world.ledger.setRate('unknown', 5)).toBe(false);
      expect(await world.ledger.readRun('unknown')).toBeUndefined();
    });

    it('a run has one adopter per generation', async () => {
      const run = await storeRun(world.ledger, { runId: world.runId });

      const adopted = await world.ledger.adoptRun(run, 'execution-2', { rate: 5 });
      const late = await world.ledger.adoptRun(run, 'execution-3', { rate: 6 });

      expect(adopted).toMatchObject({ executionArn: 'execution-2', generation: 1, rate: 5, status: 'running' });
      expect(late).toBeUndefined();
      expect(await world.ledger.readRun(world.runId)).toEqual(adopted);
    });

    it('an adoption whose answer was lost is known as one’s own', async () => {
      const run = await storeRun(world.ledger, { runId: world.runId });
      world.client.faults.push('answer lost');

      expect(await world.ledger.adoptRun(run, 'execution-2', {})).toMatchObject({ generation: 1 });
    });
  });

  describe('gives what only one run may have:', () => {
    it('a claim stays with the first', async () => {
      const key = occurrenceKey('greeting', world.runId);
      expect(await world.ledger.readClaim(key)).toBeUndefined();

      expect(await world.ledger.claim(key, 'first', 1)).toBe('first');
      expect(await world.ledger.claim(key, 'second', 1)).toBe('first');
      expect(await world.ledger.claim(key, 'first', 1)).toBe('first');
      expect(await world.ledger.readClaim(key)).toBe('first');
    });

    it('a claim whose answer was lost is known as one’s own', async () => {
      world.client.faults.push('answer lost');

      expect(await world.ledger.claim(occurrenceKey('greeting', world.runId), 'first', 1)).toBe('first');
    });

    it('a job has one active run, which another replaces only by its name', async () => {
      const job = `job-of-${world.runId}`;

      expect(await world.ledger.activate(job, 'first')).toBe('first');
      expect(await world.ledger.activate(job, 'second')).toBe('first');
      expect(await world.ledger.activate(job, 'second', 'someone else')).toBe('first');
      expect(await world.ledger.activate(job, 'second', 'first')).toBe('second');
      expect(await world.ledger.activate(job, 'first')).toBe('second');
    });

    it('only the active run gives its place up', async () => {
      const job = `job-of-${world.runId}`;
      await world.ledger.activate(job, 'first');

      await world.ledger.deactivate(job, 'second');
      expect(await world.ledger.activate(job, 'second')).toBe('first');

      await world.ledger.deactivate(job, 'first');
      expect(await world.ledger.activate(job, 'second')).toBe('second');
    });

    it('a place that is given up while another asks for it is taken in writing', async () => {
      const job = `job-of-${world.runId}`;
      await world.ledger.activate(job, 'first');
      world.client.afterNextRefusal = () => world.somebodyElse.deactivate(job, 'first');

      expect(await world.ledger.activate(job, 'second')).toBe('second');
      expect(await world.ledger.activate(job, 'third')).toBe('second');
    });
  });
});
