import type { RunInput } from '../../../functions/contract/payloads';
import { activeRunKey, type ItemRecord, occurrenceKey } from '../../../functions/ledger/records';
import { aRun, storeRun } from '../chain/fixture';
import { arnOf, CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
const AT_NINE = '2026-01-05T09:00:00Z';
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

describe('an occurrence', () => {
  it('is served by one run, however its moment is spelled', async () => {
    await world.create('monday', { ids: IDS, scheduledFor: AT_NINE });
    world.stop('monday');

    expect(await world.refusal('again', { ids: IDS, scheduledFor: '2026-01-05T10:00:00+01:00' })).toMatchObject({
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

  it('is told apart by its schedule where there are several, each of which is served once', async () => {
    const of = (schedule: string) => ({ ids: IDS, scheduledFor: AT_NINE, schedule });
    await world.create('east', of('berlin'));
    expect(await world.refusal('overlapping', of('paris'))).toMatchObject({ code: 'Run.Overlapping' });
    world.stop('east');

    await world.create('west', of('paris'));
    world.stop('west');
    expect(await world.refusal('again', of('berlin'))).toMatchObject({
      code: 'Run.AlreadyServed',
      message:
        'The occurrence greeting@2026-01-05T09:00:00.000Z of berlin is served by run east: a schedule that fires twice runs once.',
    });
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

  it('stays with whoever had it where the job has an active run', async () => {
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

  it('stays with the run that a redrive made of it, whatever an earlier CreateWorkers of that execution comes to', async () => {
    const take = world.ledger.claims.take.bind(world.ledger.claims);
    // The first CreateWorkers lies frozen once it has claimed the occurrence, while its execution is stopped and redriven.
    const taking = jest.spyOn(world.ledger.claims, 'take').mockImplementationOnce(async (key, claimant, options) => {
      const taken = await take(key, claimant, options);
      world.redrive('monday');
      await take(key, { ...claimant, redriveCount: 1 }, options);
      await storeRun(world.ledger, { runId: 'monday', scheduledFor: AT_NINE });
      await take(activeRunKey('greeting'), { runId: 'rival', executionArn: arnOf('rival'), redriveCount: 0 });
      return taken;
    });
    world.running.add(arnOf('rival'));
    await expect(world.create('monday', { ids: IDS, scheduledFor: AT_NINE })).rejects.toMatchObject({
      code: 'Run.Overlapping',
    });
    taking.mockRestore();
    world.stop('monday');
    world.stop('rival');

    expect(await world.refusal('again', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.AlreadyServed',
    });
  });

  it('that was claimed in vain, because another state machine’s execution of the same name stored its run first, can be served again', async () => {
    const elsewhere = 'arn:aws:states:us-east-1:123456789012:execution:other-chains:monday';
    // The two look for a run of that name at the same instant: neither finds one.
    const createRun = world.ledger.createRun.bind(world.ledger);
    jest.spyOn(world.ledger, 'createRun').mockImplementationOnce(async (run) => {
      await storeRun(world.ledger, { runId: 'monday', job: 'farewell', executionArn: elsewhere });
      return createRun(run);
    });
    await expect(world.create('monday', { ids: IDS, scheduledFor: AT_NINE })).rejects.toMatchObject({
      code: 'Run.Overlapping',
    });
    expect(await world.refusal('again', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.AlreadyServed',
    });

    world.stop('monday');

    expect((await world.create('again', { ids: IDS, scheduledFor: AT_NINE })).runId).toBe('again');
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
    expect(await world.refusal('again', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.AlreadyServed',
    });

    world.stop('monday');
    expect((await world.create('again', { ids: IDS, scheduledFor: AT_NINE })).runId).toBe('again');

    world.stop('again');
    world.redrive('monday');
    expect(await world.refusal('monday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.AlreadyServed',
    });
  });
});

describe('a job', () => {
  it('has one run at a time, as long as the execution of that run is running', async () => {
    await world.create('monday', { ids: IDS });

    expect(await world.refusal('tuesday', { ids: IDS, scheduledFor: AT_NINE })).toMatchObject({
      code: 'Run.Overlapping',
      message:
        'Run monday of the job greeting is still active: wait until it ends or stop its execution, then start again.',
    });
    await world.create('other', { job: 'farewell', ids: IDS });

    world.stop('monday');
    await world.create('tuesday', { ids: IDS, scheduledFor: AT_NINE });
    expect(await world.refusal('wednesday', { ids: IDS })).toMatchObject({
      message: expect.stringContaining('Run tuesday'),
    });
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

    expect(await world.refusal('monday', { ids: IDS })).toMatchObject({
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

    expect(await world.refusal('tuesday', { ids: IDS })).toMatchObject({ code: 'Run.Overlapping' });
  });

  it('keeps a run that belongs to another execution of the same name, and one that another has adopted', async () => {
    await world.ledger.createRun(aRun({ runId: 'monday', executionArn: 'arn:of-another-state-machine:monday' }));
    const refused = await world.refusal('monday', { ids: IDS });
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
    expect(await world.refusal('tuesday', { ids: IDS })).toMatchObject({
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
    expect(await world.refusal('tuesday', input)).toMatchObject({
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
    expect(await world.refusal('monday', { unprocessedOf: 'nosuch' })).toMatchObject({ code: 'Run.InvalidInput' });
    expect(await world.refusal('monday', { job: 'farewell', unprocessedOf: 'sunday' })).toMatchObject({
      code: 'Run.InvalidInput',
    });
  });
});
