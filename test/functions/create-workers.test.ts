import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import 'aws-sdk-client-mock-jest';
import { METRICS } from '../../functions/contract/names';
import { handler } from '../../functions/create-workers';
import type { Ledger } from '../../functions/ledger/ledger';
import { storeRun } from './chain/fixture';
import { freshTables, lambda, Output, ses, sfn } from './handler-world';

const output = new Output();
let ledger: Ledger;

beforeEach(() => {
  ({ ledger } = freshTables());
  output.listen();
  ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: 50_000, MaxSendRate: 100, SentLast24Hours: 1000 });
});
afterEach(() => jest.restoreAllMocks());

const event = (input: object, executionName = 'monday') => ({
  executionArn: `arn:aws:states:us-east-1:123456789012:execution:worker-chains:${executionName}`,
  executionName,
  input: { job: 'weekly-digest', ...input },
});
const IDS = { first: 1, last: 60 };

describe('CreateWorkers', () => {
  it('creates the run of its execution with a share of what SES lets the account send', async () => {
    const answer = await handler(event({ ids: IDS }));

    expect(answer).toEqual({
      runId: 'monday',
      epochBase: 0,
      heartbeatSeconds: 60,
      chainTimeoutSeconds: 600_000,
      chains: [0, 1],
    });
    expect(await ledger.readRun('monday')).toMatchObject({
      job: 'weekly-digest',
      status: 'running',
      rate: 80,
      linkSeconds: 600,
      tolerateUnprocessed: 0.01,
      plan: { items: 60 },
    });
    expect(ses).toHaveReceivedCommandTimes(GetSendQuotaCommand, 1);
    expect(sfn.calls()).toHaveLength(0);
    expect(lambda.calls()).toHaveLength(0);
  });

  it('remembers the run for a quarter', async () => {
    const now = Date.now() / 1000;

    await handler(event({ ids: IDS }));

    const { expiresAt = 0 } = (await ledger.readRun('monday')) ?? {};
    expect(expiresAt - now).toBeGreaterThan(90 * 86_400 - 60);
    expect(expiresAt - now).toBeLessThan(90 * 86_400 + 60);
  });

  it('tells of it in one log line of ids and numbers, and of the daily quota in a metric', async () => {
    await handler(event({ ids: IDS }));

    expect(output.lines).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'workers created',
        service: 'worker-chains',
        runId: 'monday',
        chains: 2,
      }),
      expect.objectContaining({ [METRICS.dailyQuotaUsedShare]: 0.02, job: 'weekly-digest' }),
    ]);
  });

  it('says nothing of a daily quota where there is none', async () => {
    ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: -1, MaxSendRate: 100, SentLast24Hours: 1000 });

    await handler(event({ ids: IDS }));

    expect(output.lines).toHaveLength(1);
  });

  it('takes a list of ids, and what an earlier run left over, from their own sources', async () => {
    await storeRun(ledger, { runId: 'sunday', job: 'weekly-digest' });
    const why = { code: 'MessageRejected', message: 'no', link: 0, at: 0, expiresAt: 0, chunk: 1, chainId: 0 };
    await ledger.recordItem({ runId: 'sunday', id: 7, outcome: 'unprocessed', index: 0, ...why });
    await ledger.setRunStatus('sunday', 'reconciled');

    await handler(event({ ids: [3, 4] }));
    await handler(event({ job: 'weekly-digest', unprocessedOf: 'sunday' }, 'tuesday')).catch(() => {});
    expect(await ledger.readRun('monday')).toMatchObject({ source: 'list', plan: { items: 2, ids: [3, 4] } });
    expect(await ledger.readRun('tuesday')).toBeUndefined();

    sfn.on(DescribeExecutionCommand).resolves({ status: 'SUCCEEDED' });
    await handler(event({ unprocessedOf: 'sunday' }, 'tuesday'));
    expect(await ledger.readRun('tuesday')).toMatchObject({ source: 'leftovers', plan: { items: 1, of: 'sunday' } });
  });

  it('refuses ids between quotes of a job whose own source counts: they would name nobody', async () => {
    await expect(handler(event({ ids: ['1', '2'] }))).rejects.toMatchObject({
      name: 'Run.InvalidInput',
      message: expect.stringContaining(
        'Expected `ids[0]` to be a number, as the ids of this job are, got the string "1"',
      ),
    });
    expect(await ledger.readRun('monday')).toBeUndefined();
  });

  it('knows no limit for an account without a daily quota', async () => {
    ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: -1, MaxSendRate: 100, SentLast24Hours: 900_000 });

    expect((await handler(event({ ids: { first: 1, last: 1_000_000 } }))).chains).toHaveLength(2);
  });

  it.each([
    ['Run.InvalidInput', { ids: { first: 9, last: 1 } }],
    ['Run.InvalidInput', { job: 'nosuch' }],
    ['Run.InvalidInput', { ids: IDS, rate: 101 }],
    ['Run.QuotaExceeded', { ids: { first: 1, last: 49_001 } }],
  ])('throws %s by that name for %j, so that the execution shows it', async (name, input) => {
    await expect(handler(event(input))).rejects.toMatchObject({ name });
    expect(output.raw).toBe('');
  });

  it('asks Step Functions whether the run that holds the job is still running', async () => {
    const holder = event({}).executionArn;
    await handler(event({ ids: IDS }));
    sfn.on(DescribeExecutionCommand).resolvesOnce({ status: 'RUNNING' }).resolves({ status: 'ABORTED' });

    // What DescribeExecution answers may be stale: it is asked again, two seconds later.
    jest.useFakeTimers();
    const created = handler(event({ ids: IDS }, 'tuesday'));
    await jest.advanceTimersByTimeAsync(3000);
    jest.useRealTimers();

    expect((await created).runId).toBe('tuesday');
    expect(sfn).toHaveReceivedCommandTimes(DescribeExecutionCommand, 2);
    expect(sfn).toHaveReceivedCommandWith(DescribeExecutionCommand, { executionArn: holder });
  });

  it('throws Run.AlreadyServed by that name for a schedule that fires twice', async () => {
    const scheduledFor = '2026-01-05T09:00:00Z';
    await handler(event({ ids: IDS, scheduledFor }));

    await expect(handler(event({ ids: IDS, scheduledFor }, 'again'))).rejects.toMatchObject({
      name: 'Run.AlreadyServed',
    });
  });
});
