import type { RunInput } from '../../../functions/contract/payloads';
import { activeRunKey, type ItemRecord, occurrenceKey } from '../../../functions/ledger/records';
import { aRun, greeting, MONDAY, storeRun } from '../chain/fixture';
import { arnOf, CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
const AT_NINE = '2026-01-05T09:00:00Z';
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

/** The refusal of a run, after which the ledger must hold what it held before. */
async function refusal(execution: string, input: object) {
  const before = world.contents();
  const refused = await world.create(execution, input).then(
    () => undefined,
    (error: { code: string; message: string }) => error,
  );
  expect(world.contents()).toEqual(before);
  return refused;
}

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
      version: 1,
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
      sendShare: 0.5,
      dailyAllowance: 50_000,
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

  it.each([
    [10, 1],
    [100, 1],
    [101, 2],
    [1000, 10],
    [100_000, 40],
  ])(
    'takes from an account that sends %i per second as many chains as its share keeps busy: %i',
    async (perSecond, chains) => {
      world.quota = { ...world.quota, perSecond };

      expect((await world.create('monday', { ids: IDS })).chains).toHaveLength(chains);
    },
  );

  it.each([
    // Twice 80 × 5 = 800 items under way, 25 in each chain.
    [5, 80, 32, 25],
    // As many chains as there may be: 10 per second in each, twice 10 × 10 items under way, no more than a bulk read.
    [10, 400, 40, 100],
    [1, 40, 4, 25],
    [0.05, 500, 2, 25],
  ])(
    'has for items of %d seconds, at %i per second, %i chains with chunks of %i',
    async (itemSeconds, rate, chains, items) => {
      world.quota = { perSecond: 1000, perDay: 100_000, usedToday: 0 };
      world.jobs = [greeting({ itemSeconds })];

      expect((await world.create('monday', { ids: IDS, rate })).chains).toHaveLength(chains);
      expect((await world.run('monday')).chunkItems).toBe(items);
    },
  );

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
      ['166.7 hours that an execution has', '1 items at 0.000001 per second', '277.8 hours', '0.001 per second'],
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

  it.each([
    [50, 2, 25],
    [100, 1, 50],
    [400, 4, 50],
    [1000, 2, 100],
  ])(
    'at %i per second over %i chains claims half a second’s work at once, at least 25: %i',
    async (rate, chains, items) => {
      world.quota = { perSecond: 1000, perDay: 100_000, usedToday: 0 };

      await world.create('monday', { ids: IDS, rate, chains });

      expect((await world.run('monday')).chunkItems).toBe(items);
    },
  );

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
    expect(await refusal('monday', { chains: 0 })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await refusal('monday', { job: 'unknown' })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await refusal('monday', { ids: { first: 9, last: 1 } })).toMatchObject({ code: 'Run.InvalidInput' });
  });

  it('when it needs more than is left of the quota, with both numbers', async () => {
    world.quota = { perSecond: 100, perDay: 4000, usedToday: 1001 };

    expect(await refusal('monday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.QuotaExceeded',
      message:
        'The run needs 1000 of the 24-hour sending quota, of which 999 are left beside the 50 % that are kept for production: start it with at most 999 items, when the quota allows it, or with "allowPartial": true.',
    });
  });

  it('when its rate is above that of the account', async () => {
    expect(await refusal('monday', { ids: IDS, rate: 101 })).toMatchObject({
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
      expect(await refusal('monday', { ids: IDS, allowPartial })).toMatchObject({
        code: 'Run.QuotaExceeded',
        message:
          "The account's sending rate is 0 per second: start the run when the provider lets the account send again.",
      });
    }
  });
});

describe('an occurrence', () => {
  it('is served by one run, however its moment is spelled', async () => {
    await world.create('monday', { ids: IDS, scheduledFor: AT_NINE });
    world.stop('monday');

    expect(await refusal('again', { ids: IDS, scheduledFor: '2026-01-05T10:00:00+01:00' })).toMatchObject({
      code: 'Run.AlreadyServed',
      message:
        'The occurrence greeting@2026-01-05T09:00:00.000Z is served by run monday: a schedule that fires twice runs once.',
    });
  });

  it('is told apart by its job and by its moment', async () => {
    await world.create('monday', { ids: IDS, scheduledFor: AT_NINE });
    world.stop('monday');

    await world.create('later', { ids: IDS, scheduledFor: '2026-01-05T10:00:00Z' });
    await world.create('other', { job: 'farewell', ids: IDS, scheduledFor: AT_NINE });
  });

  it('that two executions claim at the same moment is served by one, and the other leaves no lock behind', async () => {
    const key = occurrenceKey('greeting', '2026-01-05T09:00:00.000Z');
    // The other execution writes its claim after this one has looked.
    const holder = { runId: 'winner', executionArn: arnOf('winner'), redriveCount: 0 };
    const take = world.ledger.claims.take.bind(world.ledger.claims);
    const taking = jest.spyOn(world.ledger.claims, 'take').mockImplementationOnce(async (...asked) => {
      await take(key, holder);
      return take(...asked);
    });
    world.running.add(arnOf('winner'));

    await expect(world.create('loser', { ids: IDS, scheduledFor: AT_NINE })).rejects.toMatchObject({
      code: 'Run.AlreadyServed',
    });
    taking.mockRestore();

    expect(await world.ledger.readRun('loser')).toBeUndefined();
    expect(await world.ledger.claims.read(activeRunKey('greeting'))).toBeUndefined();
  });

  it('goes back to whoever had it when the job turns out to have an active run', async () => {
    await world.create('sunday', { ids: IDS });
    const key = occurrenceKey('greeting', '2026-01-05T09:00:00.000Z');
    const abandoned = { runId: 'monday', executionArn: arnOf('monday'), redriveCount: 0 };
    await world.ledger.claims.take(key, abandoned);
    const before = await world.ledger.claims.read(key);

    expect(await world.create('tuesday', { ids: IDS, scheduledFor: AT_NINE }).catch((error) => error)).toMatchObject({
      code: 'Run.Overlapping',
    });
    expect(await world.ledger.claims.read(key)).toEqual(before);

    const later = occurrenceKey('greeting', '2026-01-06T09:00:00.000Z');
    await world.create('wednesday', { ids: IDS, scheduledFor: '2026-01-06T09:00:00Z' }).catch(() => {});
    expect(await world.ledger.claims.read(later)).toBeUndefined();
  });

  it('and the job’s place are taken in this order by everybody: nobody holds what the other waits for', async () => {
    const order: string[] = [];
    const take = world.ledger.claims.take.bind(world.ledger.claims);
    jest.spyOn(world.ledger.claims, 'take').mockImplementation(async (key, holder, options) => {
      order.push(key.sk);
      return take(key, holder, options);
    });

    await world.create('monday', { ids: IDS, scheduledFor: AT_NINE });

    expect(order).toEqual(['occurrence', 'active']);
  });

  it('of an execution that ended without a run can be served again; that one finds it taken when it is redriven', async () => {
    const claims = { runId: 'monday', executionArn: arnOf('monday'), redriveCount: 0 };
    await world.ledger.claims.take(occurrenceKey('greeting', '2026-01-05T09:00:00.000Z'), claims);
    await world.ledger.claims.take(activeRunKey('greeting'), claims);
    world.running.add(arnOf('monday'));
    expect(await refusal('again', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({ code: 'Run.AlreadyServed' });

    world.stop('monday');
    expect((await world.create('again', { ids: IDS, scheduledFor: AT_NINE })).runId).toBe('again');

    world.stop('again');
    world.redrive('monday');
    expect(await refusal('monday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({ code: 'Run.AlreadyServed' });
  });
});

describe('a job', () => {
  it('has one run at a time, as long as the execution of that run is running', async () => {
    await world.create('monday', { ids: IDS });

    expect(await refusal('tuesday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Run monday of the job greeting is still active: wait until it ends or stop its execution, then start again.',
    });
    await world.create('other', { job: 'farewell', ids: IDS });

    world.stop('monday');
    await world.create('tuesday', { ids: IDS, scheduledFor: AT_NINE });
    expect(await refusal('wednesday', { ids: IDS })).toMatchObject({ message: expect.stringContaining('Run tuesday') });
  });

  it('is not blocked by an execution that ended before its run came into the ledger', async () => {
    await world.ledger.claims.take(activeRunKey('greeting'), {
      runId: 'ghost',
      executionArn: arnOf('ghost'),
      redriveCount: 0,
    });

    expect((await world.create('monday', { ids: IDS })).runId).toBe('monday');
  });

  it('is blocked by an execution whose run is not in the ledger yet, and that Step Functions does not tell of yet', async () => {
    await world.ledger.claims.take(activeRunKey('greeting'), {
      runId: 'starting',
      executionArn: arnOf('starting'),
      redriveCount: 0,
    });
    world.describe = () => undefined;

    expect(await refusal('monday', { ids: IDS })).toMatchObject({
      code: 'Run.Overlapping',
      message: expect.stringContaining('Run starting'),
    });

    // An execution that nobody knows of after a day was forgotten, 90 days after its end.
    await world.clock.advance(24 * 3600 * 1000);
    expect((await world.create('monday', { ids: IDS })).runId).toBe('monday');
  });

  it('waits some seconds for news of the end of a run: DescribeExecution may tell of what was', async () => {
    await world.create('monday', { ids: IDS });
    const told = world.describe;
    const stoppedAt = world.clock.now();
    world.describe = (arn) =>
      arn === arnOf('monday') && world.clock.now() < stoppedAt + 8000
        ? { hasEnded: false, redriveCount: 0 }
        : told(arn);
    world.stop('monday');

    expect((await world.create('tuesday', { ids: IDS })).runId).toBe('tuesday');
    expect(world.clock.now() - stoppedAt).toBeGreaterThanOrEqual(8000);
    expect(world.clock.now() - stoppedAt).toBeLessThan(11_000);
  });

  it('is not taken from a run that was redriven, though Step Functions still tells of its end before', async () => {
    await world.create('monday', { ids: IDS });
    world.stop('monday');
    const told = world.describe(arnOf('monday'));
    world.redrive('monday');
    await world.create('monday', { ids: IDS });
    world.describe = () => told;

    expect(await refusal('tuesday', { ids: IDS })).toMatchObject({ code: 'Run.Overlapping' });
  });

  it('keeps a run that belongs to another execution of the same name, and one that another has adopted', async () => {
    await world.ledger.createRun(aRun({ runId: 'monday', executionArn: 'arn:of-another-state-machine:monday' }));
    const refused = await refusal('monday', { ids: IDS });
    expect(refused).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Run monday of the job greeting belongs to the execution arn:of-another-state-machine:monday: follow that one, or start an execution with a name that no run has yet.',
    });

    await world.create('tuesday', { ids: IDS });
    world.stop('tuesday');
    await world.create('go-on', { resume: 'tuesday' });
    world.stop('go-on');
    world.redrive('tuesday');
    expect(await refusal('tuesday', { ids: IDS })).toMatchObject({
      code: 'Run.Overlapping',
      message: expect.stringContaining(`belongs to the execution ${arnOf('go-on')}`),
    });
  });

  it('whose holder two executions replace at the same time gets one run', async () => {
    await world.create('monday', { ids: IDS });
    world.stop('monday');

    const both = await Promise.allSettled([world.create('a', { ids: IDS }), world.create('b', { ids: IDS })]);

    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'Run.Overlapping' } });
  });
});

describe('what an earlier run left over', () => {
  const item = (id: number, outcome: ItemRecord['outcome']): ItemRecord => ({
    ...{ runId: 'sunday', id, outcome, code: 'MessageRejected', message: 'no', chainId: 0, chunk: 1, link: 0 },
    ...{ index: id, at: 0, expiresAt: 1 },
  });
  beforeEach(async () => {
    await storeRun(world.ledger, { runId: 'sunday' });
    for (const id of [1, 3, 5]) await world.ledger.recordItem(item(id, 'unprocessed'));
    await world.ledger.recordItem(item(7, 'in-doubt'));
    await world.ledger.setRunStatus('sunday', 'reconciled');
  });

  it.each([
    ['unprocessedOf', 'unprocessed', 3],
    ['inDoubtOf', 'in-doubt', 1],
  ] as const)('is taken up once by `%s`', async (field, outcome, items) => {
    const input: Partial<RunInput> = { [field]: 'sunday' };
    await world.create('monday', input);
    world.stop('monday');

    expect((await world.run('monday')).plan).toMatchObject({ of: 'sunday', outcome, items });
    expect(await refusal('tuesday', input)).toMatchObject({
      code: 'Run.InvalidInput',
      message: `Expected ${outcome} items of run sunday that no run has taken up yet, but run monday has: start from what that run left over.`,
    });
  });

  it('is taken up apart: the unprocessed by one run, the ones in doubt by another', async () => {
    await world.create('monday', { unprocessedOf: 'sunday' });
    world.stop('monday');

    expect((await world.create('tuesday', { inDoubtOf: 'sunday' })).chains).toEqual([0]);
  });

  it('of a run that is unknown or of another job is refused', async () => {
    expect(await refusal('monday', { unprocessedOf: 'nosuch' })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await refusal('monday', { job: 'farewell', unprocessedOf: 'sunday' })).toMatchObject({
      code: 'Run.InvalidInput',
    });
  });
});
