import { FEEDBACK_DEFAULTS } from '../../../functions/contract/mail-policy';
import { RECORD_VERSION } from '../../../functions/contract/versions';
import { aRun, greeting, MONDAY } from '../chain/fixture';
import { arnOf, CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
const AT_NINE = '2026-01-05T09:00:00Z';
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

describe('a run', () => {
  it('is stored with its chains, and answered in what the execution carries', async () => {
    const answer = await world.create('monday', { ids: IDS, chains: 3, rate: 40, linkSeconds: 30, chunkItems: 10 });

    expect(answer).toEqual({
      runId: 'monday',
      epochBase: 0,
      heartbeatSeconds: 60,
      chainTimeoutSeconds: 600_000,
      chains: [0, 1, 2],
    });
    expect(await world.run('monday')).toEqual({
      version: RECORD_VERSION,
      runId: 'monday',
      job: 'greeting',
      status: 'running',
      source: 'id-range',
      plan: { start: 1, end: 1001, items: 1000 },
      partitions: [
        { start: 1, end: 335, items: 334 },
        { start: 335, end: 668, items: 333 },
        { start: 668, end: 1001, items: 333 },
      ],
      delivery: 'at-most-once',
      tolerateUnprocessed: 1,
      rate: 40,
      quotaPerSecond: 100,
      rateShare: 0.5,
      providers: [{ name: 'mail', budget: 'ses', perSecond: 50 }],
      sendShare: 0.5,
      dailyAllowance: 50_000,
      feedback: FEEDBACK_DEFAULTS,
      chunkItems: 10,
      linkSeconds: 30,
      heartbeatSeconds: 60,
      chainTimeoutSeconds: 600_000,
      generation: 0,
      executionArn: arnOf('monday'),
      createdAt: MONDAY,
      expiresAt: MONDAY / 1000 + 90 * 86_400,
    });
    const chains = await world.ledger.readChains('monday');
    expect(chains.map(({ start, end, cursor, status }) => [start, cursor, end, status])).toEqual([
      [1, 1, 335, 'planned'],
      [335, 335, 668, 'planned'],
      [668, 668, 1001, 'planned'],
    ]);
  });

  it('has what its input does not name from the job and from the settings', async () => {
    world.jobs = [greeting({ delivery: 'at-least-once', tolerate: { unprocessed: 0.02 } })];

    await world.create('monday', { ids: IDS });

    expect(await world.run('monday')).toMatchObject({
      delivery: 'at-least-once',
      tolerateUnprocessed: 0.02,
      // Half of the account's 100 per second.
      rate: 50,
      chunkItems: 25,
      linkSeconds: 700,
    });
  });

  it('has no more chains than items, and none without items', async () => {
    expect((await world.create('monday', { ids: { first: 1, last: 3 }, chains: 10 })).chains).toEqual([0, 1, 2]);
    world.stop('monday');
    expect((await world.create('tuesday', { ids: { first: 1, last: 0 } })).chains).toEqual([]);
  });

  it('gives its chains all the time that an execution has, whatever the rate: it may be lowered later', async () => {
    for (const [execution, rate] of [
      ['quick', 50],
      ['slow', 0.01],
    ] as const) {
      const answer = await world.create(execution, { ids: { first: 1, last: 100 }, rate });
      world.stop(execution);

      expect(answer.chainTimeoutSeconds).toBe(600_000);
    }
  });

  it.each([
    [6_000_000, 10, undefined],
    [6_000_001, 10, ['6000001 items at 10 per second', '166.7 hours: give', '10.001 per second']],
    [
      1,
      1e-6,
      ['166.7 hours that an execution has', '1 item at 0.000001 per second', '277.8 hours', '0.001 per second'],
    ],
    [0, 1e-6, undefined],
  ])('that has %i items at %d per second is refused if an execution is too short for it', async (items, rate, why) => {
    world.quota = { perSecond: 10, perDay: Number.POSITIVE_INFINITY, usedToday: 0 };

    const created = await world.create('monday', { ids: { first: 1, last: items }, rate }).then(
      () => undefined,
      (error: Error) => error,
    );

    expect(created?.name).toBe(why && 'Run.InvalidInput');
    for (const part of why ?? []) expect(created?.message).toContain(part);
    expect(await world.ledger.readRun('monday')).toEqual(why ? undefined : expect.anything());
  });

  it('may be started over more than the quota if its input allows that', async () => {
    world.quota = { perSecond: 100, perDay: 20, usedToday: 0 };

    expect((await world.create('monday', { ids: IDS, chains: 4, allowPartial: true })).chains).toHaveLength(4);
  });

  it('never works longer in a link than the function allows', async () => {
    await world.create('monday', { ids: IDS, linkSeconds: 900 });

    expect((await world.run('monday')).linkSeconds).toBe(700);
  });

  it('is the same when its execution asks again, though the quota has changed since', async () => {
    const first = await world.create('monday', { ids: IDS, scheduledFor: AT_NINE });
    const stored = world.contents();
    world.quota = { perSecond: 1, perDay: 0, usedToday: 0 };
    await world.clock.advance(60_000);

    expect(await world.create('monday', { ids: IDS, scheduledFor: AT_NINE })).toEqual(first);
    expect(world.contents()).toEqual(stored);
  });

  it('is completed when its execution asks again after dying half way', async () => {
    await world.ledger.createRun(aRun({ runId: 'monday', executionArn: arnOf('monday'), status: 'creating' }));

    expect((await world.create('monday', {})).chains).toEqual([0, 1]);
    expect((await world.run('monday')).status).toBe('running');
    expect(await world.ledger.readChains('monday')).toHaveLength(2);
  });
});

describe('a run is refused', () => {
  it('without a trace when its input is wrong', async () => {
    expect(await world.refusal('monday', { chains: 0 })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await world.refusal('monday', { job: 'unknown' })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await world.refusal('monday', { ids: { first: 9, last: 1 } })).toMatchObject({ code: 'Run.InvalidInput' });
  });

  it('when it needs more than is left of the quota, with both numbers', async () => {
    world.quota = { perSecond: 100, perDay: 4000, usedToday: 1001 };

    expect(await world.refusal('monday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.QuotaExceeded',
      message:
        'The run needs 1000 of the 24-hour sending quota, of which 999 are left beside the 50 % that are kept for production: start it with at most 999 items, when the quota allows it, or with "allowPartial": true.',
    });
  });

  it('when its rate is above that of the account', async () => {
    expect(await world.refusal('monday', { ids: IDS, rate: 101 })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        "Expected `rate` to be at most the account's sending rate of 100 per second, got 101: lower it, or ask the provider for more.",
    });
    await world.create('monday', { ids: IDS, rate: 100 });
    expect((await world.run('monday')).rate).toBe(100);
  });

  it('when the account may not send at all', async () => {
    world.quota = { perSecond: 0, perDay: 50_000, usedToday: 0 };

    for (const allowPartial of [false, true]) {
      expect(await world.refusal('monday', { ids: IDS, allowPartial })).toMatchObject({
        code: 'Run.QuotaExceeded',
        message:
          "The account's sending rate is 0 per second: start the run when the provider lets the account send again.",
      });
    }
  });
});
