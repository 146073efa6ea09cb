import { GetSendQuotaCommand, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { SendTaskFailureCommand, SendTaskHeartbeatCommand } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import 'aws-sdk-client-mock-jest';
import { handler as createWorkers } from '../../functions/create-workers';
import type { Ledger } from '../../functions/ledger/ledger';
import { handler } from '../../functions/run-chain';
import { storeRun } from './chain/fixture';
import { addRecipients, freshTables, Output, ses, sfn } from './handler-world';

jest.mock('#job', () => {
  const { default: job } = jest.requireActual('#job');
  return { __esModule: true, default: { ...job, warmUp: { firstDay: 2 } } };
});

const CONTEXT = { functionName: 'run-chain', getRemainingTimeInMillis: () => 900_000 } as Context;
const DOMAIN = 'example.com';

let ledger: Ledger;
let tables: ReturnType<typeof freshTables>['tables'];

beforeEach(() => {
  new Output().listen();
  ({ ledger, tables } = freshTables());
  ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: 50_000, MaxSendRate: 100, SentLast24Hours: 0 });
});
afterEach(() => jest.restoreAllMocks());

it('RunChain sends as many mails as the day of its sender’s domain has, and parks its chain until the next', async () => {
  sfn.on(SendTaskHeartbeatCommand).resolves({});
  sfn.on(SendTaskFailureCommand).resolves({});
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'mail-1' });
  const plan = { start: 1, end: 5, items: 4 };
  await storeRun(ledger, { job: 'weekly-digest', plan, partitions: [plan], rate: 100_000 });
  await addRecipients(tables, [1, 2, 3, 4]);

  const event = { runId: 'run-1', chainId: 0, epoch: 0, link: 0, taskToken: 'token-1' };
  expect(await handler(event, CONTEXT)).toMatchObject({ end: 'parked' });

  expect(ses).toHaveReceivedCommandTimes(SendRawEmailCommand, 2);
  const { beganAt = 0, taken } = await ledger.warmUps.read(DOMAIN, Date.now());
  expect(taken).toBe(2);
  expect(await ledger.readChains('run-1')).toMatchObject([
    { status: 'parked', parkedUntil: beganAt + 86_400_000, done: 2, unprocessed: 0, inDoubt: 0 },
  ]);
  const outline = {
    survey: { step: 'outline', input: { job: 'weekly-digest', ids: { first: 1, last: 4 } }, parts: 1 },
  };
  expect(await handler(outline as never, CONTEXT)).toMatchObject({
    ramp: { domain: DOMAIN, warmUp: { firstDay: 2 }, state: { day: 0, taken: 2 }, mailsADay: 40_000 },
  });
});

it('CreateWorkers refuses what the days of an execution do not have', async () => {
  const event = {
    executionArn: 'arn:aws:states:us-east-1:123456789012:execution:worker-chains:monday',
    executionName: 'monday',
    input: { job: 'weekly-digest', ids: { first: 1, last: 300 } },
  };
  await expect(createWorkers(event)).rejects.toThrow(
    `got 300 items, for which the warm-up of ${DOMAIN} takes 8 days: start it with at most 254 items`,
  );
});
