import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { activeRunKey, type ClaimKey, type Holder, occurrenceKey } from '../../../functions/ledger/records';
import { aRun, LEDGER_TABLE, storeRun } from '../chain/fixture';
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
    const holder = (name: string, redriveCount = 0) => ({ runId: name, executionArn: `arn:${name}`, redriveCount });
    const take = async (key: ClaimKey, name: string, options = {}, redriveCount = 0) =>
      (await world.ledger.claims.take(key, holder(name, redriveCount), options)).runId;
    const place = () => activeRunKey(`job-of-${world.runId}`);

    it('a claim stays with the first', async () => {
      const key = occurrenceKey('greeting', world.runId);
      expect(await world.ledger.claims.read(key)).toBeUndefined();

      expect(await take(key, 'first', { expiresAt: 1 })).toBe('first');
      expect(await take(key, 'second', { expiresAt: 1 })).toBe('first');
      expect(await take(key, 'first', { expiresAt: 1 })).toBe('first');
      expect(await world.ledger.claims.read(key)).toMatchObject(holder('first'));
    });

    it('a claim whose answer was lost is known as one’s own', async () => {
      world.client.faults.push('answer lost');

      expect(await take(occurrenceKey('greeting', world.runId), 'first')).toBe('first');
    });

    it('a claim is taken from its holder only as it was read', async () => {
      await take(place(), 'first', {}, 1);
      const instead = (change: Partial<Holder>) => ({ instead: { ...holder('first', 1), at: 0, ...change } });

      expect(await take(place(), 'second', instead({ runId: 'someone else' }))).toBe('first');
      expect(await take(place(), 'second', instead({ executionArn: 'arn:someone-else' }))).toBe('first');
      expect(await take(place(), 'second', instead({ redriveCount: 0 }))).toBe('first');
      expect(await take(place(), 'second', instead({}))).toBe('second');
      expect(await take(place(), 'first', {}, 1)).toBe('second');
    });

    it('an execution that was redriven writes its claim again, and not back', async () => {
      await take(place(), 'first');

      await take(place(), 'first', {}, 2);
      await take(place(), 'first', {}, 1);

      expect(await world.ledger.claims.read(place())).toMatchObject(holder('first', 2));
    });

    it('another execution with the name of the holder does not have its claim', async () => {
      await take(place(), 'first');

      const other = { ...holder('first'), executionArn: 'arn:another-state-machine:first' };
      expect(await world.ledger.claims.take(place(), other)).toMatchObject(holder('first'));
    });

    it('a claim of a version that knew only runs is its run’s, and can be taken over', async () => {
      const { pk, sk } = place();
      await world.client.send(new PutCommand({ TableName: LEDGER_TABLE, Item: { pk, sk, runId: 'first' } }));

      expect(await world.ledger.claims.read(place())).toEqual({ runId: 'first', redriveCount: 0, at: 0 });
      expect(await take(place(), 'second')).toBe('first');
      expect(await take(place(), 'second', { instead: await world.ledger.claims.read(place()) })).toBe('second');
    });

    it('only the active run gives its place up', async () => {
      const job = `job-of-${world.runId}`;
      await take(place(), 'first');

      await world.ledger.deactivate({ job, runId: 'second' });
      expect(await take(place(), 'second')).toBe('first');

      await world.ledger.deactivate({ job, runId: 'first' });
      expect(await take(place(), 'second')).toBe('second');
    });

    it('a place that is given up while another asks for it is taken in writing', async () => {
      await take(place(), 'first');
      world.client.afterNextRefusal = () =>
        world.somebodyElse.deactivate({ job: `job-of-${world.runId}`, runId: 'first' });

      expect(await take(place(), 'second')).toBe('second');
      expect(await take(place(), 'third')).toBe('second');
    });
  });
});
