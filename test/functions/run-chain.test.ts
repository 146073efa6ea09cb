import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import 'aws-sdk-client-mock-jest';
import { METRICS, METRICS_NAMESPACE } from '../../functions/contract/names';
import type { Ledger } from '../../functions/ledger/ledger';
import { recipientKeyOf } from '../../functions/ledger/recipients';
import { handler } from '../../functions/run-chain';
import type { MemoryDynamoDB } from '../../local/dynamodb/memory';
import { sdkError } from '../support/sdk-errors';
import { storeRun } from './chain/fixture';
import { addRecipients, dynamoDb, freshTables, lambda, Output, ses, sfn } from './handler-world';

const EVENT = { runId: 'run-1', chainId: 0, epoch: 0, link: 0, taskToken: 'token-1' };
const IDS = [1, 2, 3, 4];
const output = new Output();
let ledger: Ledger;
let tables: MemoryDynamoDB;

beforeEach(async () => {
  ({ ledger, tables } = freshTables());
  sfn.on(SendTaskHeartbeatCommand).resolves({});
  sfn.on(SendTaskSuccessCommand).resolves({});
  sfn.on(SendTaskFailureCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'mail-1' });
  await storeRun(ledger, {
    job: 'weekly-digest',
    plan: { start: 1, end: 6, items: 5 },
    partitions: [{ start: 1, end: 6, items: 5 }],
    rate: 100_000,
  });
  // Recipient 5 does not exist.
  await addRecipients(tables, IDS);
  output.listen();
});
afterEach(() => jest.restoreAllMocks());

const context = (remaining = 900_000) =>
  ({ functionName: 'run-chain', getRemainingTimeInMillis: () => remaining }) as Context;
const commandsOf = (client: { calls(): { args: unknown[] }[] }) =>
  client.calls().map(({ args }) => (args[0] as object).constructor.name);

describe('RunChain', () => {
  it('works through its chain with SES and Step Functions, and tells how the link ended', async () => {
    expect(await handler(EVENT, context())).toEqual({
      end: 'finished',
      settled: { done: 4, skipped: 1, unprocessed: 0, inDoubt: 0 },
    });

    expect(ses).toHaveReceivedCommandTimes(SendRawEmailCommand, 4);
    const destinations = ses.commandCalls(SendRawEmailCommand).map(({ args }) => args[0].input.Destinations);
    expect(destinations).toEqual(IDS.map((id) => [`user.${id}@example.com`]));
    // The first heartbeat answers for the claim as well, unless a second passes between them.
    const [first, ...others] = commandsOf(sfn);
    expect(first).toBe('SendTaskHeartbeatCommand');
    expect(others.filter((command) => command !== first)).toEqual(['SendTaskSuccessCommand']);
    expect(others.at(-1)).toBe('SendTaskSuccessCommand');
    expect(sfn).toHaveReceivedCommandWith(SendTaskSuccessCommand, {
      taskToken: 'token-1',
      output: JSON.stringify({ chainId: 0, links: 1, done: 4, skipped: 1, unprocessed: 0, inDoubt: 0 }),
    });
    expect(lambda.calls()).toHaveLength(0);
    // The recipients, and whether their addresses may get a mail.
    expect(dynamoDb).toHaveReceivedCommandTimes(BatchGetCommand, 2);
  });

  it('sends mails from its sender, each with one click to unsubscribe', async () => {
    await handler(EVENT, context());

    const raw = Buffer.from(ses.commandCalls(SendRawEmailCommand)[0]?.args[0].input.RawMessage?.Data ?? []).toString();
    expect(raw).toMatch(/^From: Weekly Digest <digest@example.com>\r$/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(raw).toContain('https://example.com/unsubscribe');
  });

  it('invokes itself for the next link when the time of the function runs out', async () => {
    await ledger.setRate('run-1', 0);

    expect(await handler(EVENT, context(0))).toMatchObject({ end: 'handed-off' });

    expect(lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input)).toEqual([
      {
        FunctionName: 'run-chain',
        InvocationType: 'Event',
        Payload: JSON.stringify({ ...EVENT, link: 1, version: 1 }),
      },
    ]);
    expect(sfn).not.toHaveReceivedCommand(SendTaskSuccessCommand);
    expect(ses.calls()).toHaveLength(0);
  });

  it('touches nothing once its run was stopped', async () => {
    sfn
      .on(SendTaskHeartbeatCommand)
      .rejects(new TaskTimedOut({ message: 'Task Timed Out', $metadata: { httpStatusCode: 400 } }));

    expect(await handler(EVENT, context())).toMatchObject({ end: 'lease-lost' });

    expect(dynamoDb.calls()).toHaveLength(0);
    expect(ses.calls()).toHaveLength(0);
    expect(output.logs).toMatchObject([{ level: 'WARN', message: 'link ended: lease-lost', runId: 'run-1' }]);
    expect(output.metrics).toEqual([]);
  });

  it('answers what went wrong by its code', async () => {
    dynamoDb.on(BatchGetCommand).rejects(sdkError('AccessDeniedException', 400, 'not allowed'));

    expect(await handler(EVENT, context())).toMatchObject({ end: 'failed' });

    expect(sfn).toHaveReceivedCommandWith(SendTaskFailureCommand, {
      taskToken: 'token-1',
      error: 'Chain.Crashed',
      cause: 'AccessDeniedException: not allowed',
    });
    expect(output.logs).toMatchObject([
      { level: 'ERROR', message: 'link failed: Chain.Crashed: AccessDeniedException: not allowed' },
    ]);
    expect(output.metrics).toMatchObject([{ values: { [METRICS.chainsInterrupted]: 1, [METRICS.chainsFinished]: 0 } }]);
  });
});

describe('RunChain, in a dry run', () => {
  it('reads, composes and asks as ever, and calls SES for nothing', async () => {
    await storeRun(ledger, {
      ...{ runId: 'dry', job: 'weekly-digest', dryRun: true, rate: 100_000 },
      ...{ plan: { start: 1, end: 6, items: 5 }, partitions: [{ start: 1, end: 6, items: 5 }] },
    });
    await ledger.recipients.suppress(recipientKeyOf('user.2@example.com'), 'complained', 1);
    const [row] = (await tables.handle('Scan', { TableName: 'recipients' })).Items as { id: number }[];
    await tables.handle('Put', { TableName: 'recipients', Item: { ...row, id: 3, email: 'nobody' } });

    expect(await handler({ ...EVENT, runId: 'dry' }, context())).toMatchObject({ end: 'finished' });

    expect(ses.calls()).toHaveLength(0);
    expect(sfn).toHaveReceivedCommandWith(SendTaskSuccessCommand, {
      taskToken: 'token-1',
      output: JSON.stringify({ chainId: 0, links: 1, done: 2, skipped: 2, unprocessed: 1, inDoubt: 0 }),
    });
    expect((await ledger.readChain('dry', 0))?.skippedBecause).toEqual({ suppressed: 1, 'not-found': 1 });
    expect((await ledger.listItems('dry')).items).toMatchObject([
      { id: 3, outcome: 'unprocessed', code: 'InvalidEmail' },
    ]);
    expect(output.logs).toMatchObject([{ runId: 'dry', dryRun: true, done: 2 }]);
    expect(output.metrics).toEqual([]);
  });
});

describe('the output of RunChain', () => {
  it('is one log line for a link, of ids and numbers', async () => {
    await handler(EVENT, context());

    expect(output.logs).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'link ended: finished',
        service: 'worker-chains',
        ...{ runId: 'run-1', chainId: 0, epoch: 0, link: 0, end: 'finished', job: 'weekly-digest' },
        ...{ done: 4, skipped: 1, unprocessed: 0, inDoubt: 0, chunks: expect.any(Number), throttles: 0 },
      }),
    ]);
  });

  it('holds no mail address and no token, whatever SES says', async () => {
    ses
      .on(SendRawEmailCommand)
      .resolvesOnce({ MessageId: 'mail-1' })
      .rejects(sdkError('MessageRejected', 400, 'Email address is not verified: user.2@example.com'));

    await handler(EVENT, context());

    expect(output.lines.length).toBeGreaterThan(0);
    expect(output.raw).not.toMatch(/@|Recipient \d|token/i);
  });

  it('holds one flush of metrics, told apart by service and job only', async () => {
    await handler(EVENT, context());

    const known: readonly string[] = Object.values(METRICS);
    expect(output.metrics).toHaveLength(1);
    const [flush] = output.metrics;
    expect(flush).toMatchObject({
      namespaces: [METRICS_NAMESPACE],
      dimensions: [{ service: 'worker-chains', job: 'weekly-digest' }],
      values: {
        [METRICS.links]: 1,
        [METRICS.itemsDone]: 4,
        [METRICS.itemsSkipped]: 1,
        [METRICS.itemsUnprocessed]: 0,
        [METRICS.itemsInDoubt]: 0,
        [METRICS.throttles]: 0,
        [METRICS.chainsFinished]: 1,
        [METRICS.chainsInterrupted]: 0,
      },
    });
    for (const name of Object.keys(flush?.values ?? {})) expect(known).toContain(name);
  });

  it('counts a duplicate apart, and nothing of its work', async () => {
    await ledger.setRate('run-1', 0);
    await handler(EVENT, context(0));
    output.listen();

    expect(await handler(EVENT, context())).toMatchObject({ end: 'duplicate' });

    expect(output.metrics).toEqual([
      {
        namespaces: [METRICS_NAMESPACE],
        dimensions: [{ service: 'worker-chains' }],
        values: { [METRICS.duplicateDeliveries]: 1 },
      },
    ]);
  });

  it('does not carry the dimensions of one link over to the next', async () => {
    await ledger.setRate('run-1', 0);
    await handler(EVENT, context(0));
    await handler(EVENT, context());
    await ledger.setRate('run-1', 100_000);
    await handler({ ...EVENT, link: 1 }, context());

    expect(output.metrics.map(({ dimensions }) => dimensions)).toEqual([
      [{ service: 'worker-chains', job: 'weekly-digest' }],
      [{ service: 'worker-chains' }],
      [{ service: 'worker-chains', job: 'weekly-digest' }],
    ]);
    expect(output.metrics[0]?.values).toHaveProperty(METRICS.handoffMilliseconds);
    expect(output.metrics[2]?.values).not.toHaveProperty(METRICS.handoffMilliseconds);
  });
});
