import { occurrenceKey } from '../../../functions/ledger/records';
import { aRun } from '../chain/fixture';
import { arnOf, CreateWorld } from './create-world';

const IDS = { first: 1, last: 90 };
let world: CreateWorld;

beforeEach(async () => {
  world = new CreateWorld();
  await world.create('monday', { ids: IDS, chains: 3, rate: 80, linkSeconds: 30 });
});

const stopped = () => world.stop('monday');
const refusal = (execution: string, input: object) =>
  world.create(execution, input).then(
    () => undefined,
    (error: { code: string; message: string }) => error,
  );

describe('a run is resumed', () => {
  it('by another execution, for the chains that are not finished, above every epoch before', async () => {
    await world.finish('monday', 1);
    stopped();

    expect(await world.create('go-on', { resume: 'monday' })).toEqual({
      runId: 'monday',
      epochBase: 1_000_000,
      heartbeatSeconds: 60,
      chainTimeoutSeconds: 600_000,
      chains: [0, 2],
    });
    expect(await world.run('monday')).toMatchObject({
      executionArn: arnOf('go-on'),
      generation: 1,
      rate: 80,
      linkSeconds: 30,
    });

    world.stop('go-on');
    expect((await world.create('once-more', { resume: 'monday' })).epochBase).toBe(2_000_000);
  });

  it('with the same answer when its execution asks again', async () => {
    stopped();
    const first = await world.create('go-on', { resume: 'monday' });

    expect(await world.create('go-on', { resume: 'monday' })).toEqual(first);
    expect((await world.run('monday')).generation).toBe(1);
  });

  it('with another rate and other links if the input says so', async () => {
    stopped();

    await world.create('go-on', { resume: 'monday', rate: 20, linkSeconds: 900 });

    expect(await world.run('monday')).toMatchObject({ rate: 20, linkSeconds: 700 });
  });

  it.each([
    // The share that it had of 100 per second; the settings' share, a half, if it had less; never more than it had.
    [80, 50, 40],
    [100, 50, 50],
    [30, 50, 25],
    [20, 50, 20],
    [80, 500, 80],
  ])(
    'that had %i of 100 per second, when the account may send %i by now: at %i',
    async (rate, perSecond, resumedAt) => {
      await world.ledger.setRate('monday', rate);
      stopped();
      world.quota = { perSecond, perDay: 1000, usedToday: 0 };

      await world.create('go-on', { resume: 'monday' });

      expect(await world.run('monday')).toMatchObject({ rate: resumedAt, quotaPerSecond: perSecond });
    },
  );

  it('no faster than the account sends by now', async () => {
    stopped();
    world.quota = { perSecond: 14, perDay: 1000, usedToday: 0 };

    await world.create('go-on', { resume: 'monday' });

    expect(await world.run('monday')).toMatchObject({ quotaPerSecond: 14 });
    world.stop('go-on');
    expect(await refusal('faster', { resume: 'monday', rate: 15 })).toMatchObject({ code: 'Run.InvalidInput' });
  });

  it('at its share of the account’s rate if it was paused', async () => {
    await world.ledger.setRate('monday', 0);
    stopped();

    await world.create('go-on', { resume: 'monday' });

    expect((await world.run('monday')).rate).toBe(50);
  });

  it('by the execution that holds the job’s place, though another one’s CreateWorkers outlived its stop and was first', async () => {
    stopped();
    const adopt = world.ledger.adoptRun.bind(world.ledger);
    jest.spyOn(world.ledger, 'adoptRun').mockImplementationOnce(async (run, ...given) => {
      await adopt(run, arnOf('stopped-meanwhile'), {});
      return adopt(run, ...given);
    });

    expect(await world.create('go-on', { resume: 'monday' })).toMatchObject({ epochBase: 2_000_000 });
    expect(await world.run('monday')).toMatchObject({ executionArn: arnOf('go-on'), generation: 2 });
  });

  it('is kept for another three months, with its chains and the items that it lists', async () => {
    const item = { runId: 'monday', id: 7, outcome: 'unprocessed', code: 'No', message: 'no', chainId: 0 } as const;
    const { expiresAt } = await world.run('monday');
    await world.ledger.recordItem({ ...item, chunk: 1, index: 0, link: 0, at: 0, expiresAt });
    stopped();
    await world.clock.advance(60 * 86_400_000);

    await world.create('go-on', { resume: 'monday' });

    const later = expiresAt + 60 * 86_400;
    expect((await world.run('monday')).expiresAt).toBe(later);
    for (const chain of await world.ledger.readChains('monday')) expect(chain.expiresAt).toBe(later);
    expect((await world.ledger.listItems('monday')).items).toMatchObject([{ id: 7, expiresAt: later }]);
  });

  it('is kept for longer also if CreateWorkers died after it had taken the run up', async () => {
    stopped();
    await world.clock.advance(60 * 86_400_000);
    const extend = jest.spyOn(world.ledger, 'extend').mockRejectedValueOnce(new Error('out of memory'));
    await expect(world.create('go-on', { resume: 'monday' })).rejects.toThrow('out of memory');

    await world.create('go-on', { resume: 'monday' });

    expect(extend).toHaveBeenCalledTimes(2);
    const { expiresAt } = await world.run('monday');
    for (const chain of await world.ledger.readChains('monday')) expect(chain.expiresAt).toBe(expiresAt);
  });

  it('though it was stopped before its chains were in the ledger', async () => {
    await world.ledger.createRun(aRun({ runId: 'early', status: 'creating', executionArn: arnOf('early') }));
    stopped();

    expect((await world.create('go-on', { resume: 'early' })).chains).toEqual([0, 1]);
    expect(await world.run('early')).toMatchObject({ status: 'running', generation: 1 });
  });

  it('with the little time that an earlier version planned for its chains', async () => {
    stopped();
    await world.ledger.setRunStatus('monday', 'running', { chainTimeoutSeconds: 3600 });

    expect(await world.create('go-on', { resume: 'monday' })).toMatchObject({ chainTimeoutSeconds: 600_000 });
  });

  it('after its proof has failed', async () => {
    for (const chainId of [0, 1, 2]) await world.finish('monday', chainId);
    await world.ledger.setRunStatus('monday', 'unreconciled');
    stopped();

    expect((await world.create('go-on', { resume: 'monday' })).chains).toEqual([]);
    expect((await world.run('monday')).status).toBe('running');
  });

  it('without any chain once it is reconciled: only its report is left to be given', async () => {
    await world.ledger.setRunStatus('monday', 'reconciled', { finishedAt: 5 });
    await world.ledger.deactivate({ job: 'greeting', runId: 'monday' });
    stopped();
    const before = world.contents();

    expect(await world.create('go-on', { resume: 'monday' })).toMatchObject({ runId: 'monday', chains: [] });
    expect(world.contents()).toEqual(before);
  });
});

it('a run that comes to its proof while it is being taken up has only its report left to be given', async () => {
  stopped();
  const adopt = world.ledger.adoptRun.bind(world.ledger);
  jest.spyOn(world.ledger, 'adoptRun').mockImplementationOnce(async (...given) => {
    await world.ledger.setRunStatus('monday', 'reconciled', { finishedAt: 5 });
    return adopt(...given);
  });

  expect(await world.create('go-on', { resume: 'monday' })).toMatchObject({ runId: 'monday', chains: [] });

  // The place is free for the next run.
  expect((await world.create('tuesday', { ids: IDS })).runId).toBe('tuesday');
});

describe('a run is not resumed', () => {
  it('when the ledger does not know it', async () => {
    expect(await refusal('go-on', { resume: 'sunday' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected `resume` to be a run of the job greeting, got "sunday", which the ledger does not know: take the run\'s id from its execution\'s name.',
    });
  });

  it('for another job', async () => {
    expect(await refusal('go-on', { job: 'farewell', resume: 'monday' })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected `resume` to be a run of the job farewell, got "monday", a run of greeting: take the run\'s id from its execution\'s name.',
    });
  });

  it('while its execution is running', async () => {
    const before = world.contents();

    expect(await refusal('go-on', { resume: 'monday' })).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Run monday of the job greeting is still active: wait until it ends or stop its execution, then start again.',
    });
    expect(world.contents()).toEqual(before);
  });

  it('at a rate at which an execution is too short for what is left; at the least one that will do it is', async () => {
    await world.finish('monday', 1);
    stopped();

    // 60 of its 90 items are left.
    expect(await refusal('slow', { resume: 'monday', rate: 0.00009 })).toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringMatching(
        /got 60 items at 0\.00009 per second, which need 185\.2 hours: .*0\.001 per second/,
      ),
    });
    expect(await world.run('monday')).toMatchObject({ rate: 80, generation: 0 });
    expect(await refusal('less slow', { resume: 'monday', rate: 0.0001 })).toBeUndefined();
    expect((await world.run('monday')).rate).toBe(0.0001);
  });

  it('while the account may not send at all', async () => {
    stopped();
    world.quota = { perSecond: 0, perDay: 50_000, usedToday: 0 };

    expect(await refusal('go-on', { resume: 'monday' })).toMatchObject({ code: 'Run.QuotaExceeded' });
    expect((await world.run('monday')).generation).toBe(0);
  });

  it('whose occurrence another run serves: its CreateWorkers had outlived its stopped execution', async () => {
    const moment = '2026-01-05T09:00:00.000Z';
    await world.ledger.createRun(aRun({ runId: 'zombie', executionArn: arnOf('zombie'), scheduledFor: moment }));
    const served = { runId: 'monday', executionArn: arnOf('monday'), redriveCount: 0 };
    await world.ledger.claims.take(occurrenceKey('greeting', moment), served);
    stopped();

    expect(await refusal('go-on', { resume: 'zombie' })).toMatchObject({
      code: 'Run.AlreadyServed',
      message: expect.stringContaining('is served by run monday'),
    });
    expect((await world.run('zombie')).generation).toBe(0);
  });

  it('while another run of the job is active', async () => {
    stopped();
    await world.create('tuesday', { ids: IDS });

    expect(await refusal('go-on', { resume: 'monday' })).toMatchObject({
      code: 'Run.Overlapping',
      message: expect.stringContaining('Run tuesday of the job greeting is still active'),
    });
    expect((await world.run('monday')).generation).toBe(0);
  });

  it('by two executions at the same time', async () => {
    stopped();

    const both = await Promise.allSettled([
      world.create('a', { resume: 'monday' }),
      world.create('b', { resume: 'monday' }),
    ]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: 'Run.Overlapping',
        message: expect.stringContaining('Run monday of the job greeting is still active'),
      },
    });
    expect((await world.run('monday')).generation).toBe(1);
  });
});
