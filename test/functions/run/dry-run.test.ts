import type { RunInput } from '../../../functions/contract/payloads';
import type { ItemRecord } from '../../../functions/ledger/records';
import { greeting, keysIn, storeRun } from '../chain/fixture';
import { CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
const DRY = { ids: IDS, dryRun: true } satisfies Partial<RunInput>;
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

/** Partitions of the ledger that hold anything, by what they are of. */
const kinds = async () =>
  [...new Set((await keysIn(world.table)).map(({ pk }) => pk.slice(0, pk.indexOf('#'))))].sort();

describe('a dry run', () => {
  it('is beside a run with effects, whichever was first', async () => {
    await world.create('monday', { ids: IDS });
    expect((await world.create('rehearsal', DRY)).runId).toBe('rehearsal');
    expect((await world.run('rehearsal')).dryRun).toBe(true);

    await world.create('first-rehearsal', { ...DRY, job: 'farewell' });
    await world.create('tuesday', { ids: IDS, job: 'farewell', scheduledFor: '2026-01-06T09:00:00Z' });

    expect(await world.run('tuesday')).not.toHaveProperty('dryRun');
  });

  it('is the only one of its job', async () => {
    await world.create('rehearsal', DRY);

    expect(await world.refusal('another', DRY)).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Dry run rehearsal of the job greeting is still active: wait until it ends or stop its execution, then start again.',
    });
    world.stop('rehearsal');
    expect((await world.create('another', DRY)).runId).toBe('another');
  });

  it('writes its run, its chains and its place, and takes part in no budget', async () => {
    await world.create('rehearsal', DRY);

    expect(await kinds()).toEqual(['job', 'run']);
    world.stop('rehearsal');
    await world.create('monday', { ids: IDS });
    expect(await kinds()).toEqual(['job', 'provider', 'run']);
  });

  it('has neither a canary nor feedback, and takes nothing of the 24-hour quota', async () => {
    world.jobs = [greeting({ canary: { share: 0.1 } })];
    world.quota = { perSecond: 100, perDay: 100_000, usedToday: 100_000 };

    const { canary } = await world.create('rehearsal', DRY);
    const run = await world.run('rehearsal');

    expect(canary).toBeUndefined();
    expect([run.canary, run.feedback, run.dailyAllowance]).toEqual([undefined, undefined, null]);
    expect(await world.refusal('monday', { ids: IDS })).toMatchObject({ code: 'Run.QuotaExceeded' });
  });

  it('goes at the rate of a run with effects, or at any that it is given', async () => {
    await world.create('usual', DRY);
    await world.create('fast', { ...DRY, job: 'farewell', rate: 5000 });

    expect((await world.run('usual')).rate).toBe(50);
    expect((await world.run('fast')).rate).toBe(5000);
    expect(await world.refusal('monday', { ids: IDS, rate: 5000 })).toMatchObject({ code: 'Run.InvalidInput' });
  });

  it('needs a rate of its own while the account may not send', async () => {
    world.quota = { perSecond: 0, perDay: 0, usedToday: 0 };

    expect(await world.refusal('rehearsal', DRY)).toMatchObject({ code: 'Run.QuotaExceeded' });
    expect((await world.create('rehearsal', { ...DRY, rate: 20 })).chains).toHaveLength(1);
  });

  it('leaves half of the reserved concurrency to a run with effects', async () => {
    world.quota = { perSecond: 1000, perDay: 1_000_000, usedToday: 0 };
    world.concurrentLinks = 5;

    expect(await world.refusal('rehearsal', { ...DRY, chains: 3 })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected at most 2 chains, the half of the reserved concurrency of the chain function that a dry run may have, got 3: lower `chains`, or deploy with a larger `reservedConcurrency`.',
    });
    expect((await world.create('rehearsal', DRY)).chains).toHaveLength(2);
    expect((await world.create('monday', { ids: IDS })).chains).toHaveLength(5);
  });

  it('has one chain at least, however little is reserved', async () => {
    world.concurrentLinks = 1;

    expect((await world.create('rehearsal', DRY)).chains).toHaveLength(1);
  });
});

describe('a dry run that is resumed', () => {
  beforeEach(async () => {
    await world.create('rehearsal', { ...DRY, rate: 5000, chains: 2 });
    world.stop('rehearsal');
  });

  it('is still dry, at its own rate, and in nobody’s way', async () => {
    await world.create('monday', { ids: IDS });

    const { chains, epochBase } = await world.create('again', { resume: 'rehearsal' });

    expect([chains, epochBase]).toEqual([[0, 1], 1_000_000]);
    expect(await world.run('rehearsal')).toMatchObject({
      dryRun: true,
      rate: 5000,
      dailyAllowance: null,
      generation: 1,
    });
    expect(await world.refusal('another', DRY)).toMatchObject({ code: 'Run.Overlapping' });
    // The budget is of the run with effects alone.
    const participants = (await keysIn(world.table)).filter(({ pk }) => pk.startsWith('provider#'));
    expect(participants.map(({ sk }) => sk)).toEqual(['run#monday']);
  });

  it('may get another rate, above what the provider accepts', async () => {
    await world.create('again', { resume: 'rehearsal', rate: 9000 });

    expect((await world.run('rehearsal')).rate).toBe(9000);
  });

  it('needs no rate of the account, unless it was paused', async () => {
    world.quota = { perSecond: 0, perDay: 0, usedToday: 0 };
    await world.ledger.setRate('rehearsal', 0);
    await expect(world.create('paused', { resume: 'rehearsal' })).rejects.toMatchObject({ code: 'Run.QuotaExceeded' });
    world.stop('paused');

    await world.ledger.setRate('rehearsal', 5000);

    expect((await world.create('again', { resume: 'rehearsal' })).chains).toEqual([0, 1]);
  });
});

describe('what an earlier run left over', () => {
  const leaveOver = async (runId: string, dryRun: boolean) => {
    await storeRun(world.ledger, { runId, ...(dryRun && { dryRun }) });
    const item: ItemRecord = {
      ...{ runId, id: 1, outcome: 'unprocessed', code: 'MessageRejected', message: 'no', chainId: 0, chunk: 1 },
      ...{ link: 0, index: 1, at: 0, expiresAt: 1 },
    };
    await world.ledger.recordItem(item);
    await world.ledger.setRunStatus(runId, 'reconciled');
  };

  it('is not taken up by a dry run over it', async () => {
    await leaveOver('sunday', false);

    expect((await world.create('rehearsal', { unprocessedOf: 'sunday', dryRun: true })).chains).toEqual([0]);
    world.stop('rehearsal');

    expect((await world.create('monday', { unprocessedOf: 'sunday' })).chains).toEqual([0]);
    expect((await world.run('monday')).plan).toMatchObject({ of: 'sunday', items: 1 });
  });

  it('is only for another dry run, where that run was one', async () => {
    await leaveOver('rehearsal', true);

    expect(await world.refusal('monday', { unprocessedOf: 'rehearsal' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected `unprocessedOf` to be a run with effects, got "rehearsal", a dry run, of which nothing was done: start a run over its items, or add "dryRun": true.',
    });
    expect((await world.create('again', { unprocessedOf: 'rehearsal', dryRun: true })).chains).toEqual([0]);
  });
});
