import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { RunRecord } from '../../functions/ledger/records';
import { handler } from '../../functions/notify-run';
import type { EndedEvent } from '../../functions/run/tell-of-run';
import { sdkError } from '../support/sdk-errors';
import { aChain, LEDGER_TABLE, storeRun } from './chain/fixture';
import { dynamoDb, freshTables, Output, sfn } from './handler-world';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:tickets';
const RUNBOOK = 'https://example.com/operations.md';
const ARN = 'arn:aws:states:eu-west-1:123456789012:execution:digest:run-1';
Object.assign(process.env, {
  [ENVIRONMENT.noticeTopic]: TOPIC,
  [ENVIRONMENT.job]: 'weekly-digest',
  [ENVIRONMENT.stack]: 'Mail-Blue',
  [ENVIRONMENT.runbookUrl]: RUNBOOK,
});
const sns = mockClient(SNSClient);
const output = new Output();
let world: ReturnType<typeof freshTables>;

beforeEach(() => {
  output.listen();
  world = freshTables();
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  sfn.on(DescribeExecutionCommand).resolves({ input: '{"job":"weekly-digest"}' });
});
afterEach(() => jest.restoreAllMocks());

const ended = (change: Partial<EndedEvent['detail']> = {}): EndedEvent => ({
  detail: {
    executionArn: ARN,
    name: 'run-1',
    status: 'FAILED',
    error: 'Chain.TooManyFailures',
    cause: 'Too many.',
    ...change,
  },
});

/** A run of two chains, one of which was stopped by what it met. */
async function failedRun(change: Partial<RunRecord> = {}) {
  await storeRun(world.ledger, { plan: { items: 100 }, executionArn: ARN, ...change } as Partial<RunRecord>);
  for (const chain of [
    aChain({ chainId: 0, status: 'finished', done: 40, skipped: 8, unprocessed: 2 }),
    aChain({
      chainId: 1,
      status: 'interrupted',
      done: 9,
      inDoubt: 1,
      lastError: 'Chain.TooManyFailures: 3 of zoe@example.com',
    }),
  ]) {
    await world.tables.handle('Put', {
      TableName: LEDGER_TABLE,
      Item: { ...chain, pk: 'run#run-1', sk: `chain#000${chain.chainId}` },
    });
  }
  for (const [index, code] of ['MessageRejected', 'MessageRejected', 'TimeoutError'].entries()) {
    await world.ledger.recordItem({
      ...{ runId: 'run-1', chainId: 0, index, chunk: 1, link: 0, at: 0, expiresAt: 0, id: 7 + index, code },
      ...{ outcome: index < 2 ? 'unprocessed' : 'in-doubt', message: 'no' },
    });
  }
}

async function published(event: EndedEvent) {
  await handler(event);
  const calls = sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input);
  expect(calls).toHaveLength(1);
  return calls[0] as { TopicArn: string; Subject: string; Message: string };
}

const WHERE = 'run-1 --stack Mail-Blue --job weekly-digest';

describe('NotifyRun', () => {
  it('tells the topic why a run has ended, what it did, which chain and error, and what to do', async () => {
    await failedRun();
    expect(await published(ended())).toEqual({
      TopicArn: TOPIC,
      Subject: 'weekly-digest: run FAILED Chain.TooManyFailures: run-1',
      Message: [
        'weekly-digest: the run run-1 has ended as FAILED with Chain.TooManyFailures.',
        'Why: Too many.',
        '',
        'Of 100 planned: 49 done, 8 skipped, 2 unprocessed, 1 in doubt, 40 not begun or not settled.',
        'Most frequent: MessageRejected, 2 of them, among these 7, 8.',
        'Not finished: 1 of 2 chains. Their last errors:',
        '  chain 1: Chain.TooManyFailures: 3 of <address>',
        '',
        `What it did: worker-chains show ${WHERE}`,
        `Whom it left: worker-chains leftovers ${WHERE}`,
        `To go on with the rest: worker-chains resume ${WHERE}`,
        `The execution: https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${ARN}`,
        `What to do: ${RUNBOOK}#run-failed`,
      ].join('\n'),
    });
    expect(output.logs).toMatchObject([{ message: 'notice sent' }]);
  });

  it('asks Step Functions for the error and the cause that the event lacks, and takes the sentence out of a function’s error', async () => {
    sfn.on(DescribeExecutionCommand, { executionArn: ARN }).resolves({
      error: 'Run.QuotaExceeded',
      cause: JSON.stringify({
        errorType: 'Run.QuotaExceeded',
        errorMessage: 'It does\nnot fit for zoe@example.com.',
        trace: [],
      }),
    });
    const { Message } = await published(ended({ error: undefined, cause: undefined }));
    expect(Message).toMatch(
      /^weekly-digest: the run run-1 has ended as FAILED with Run.QuotaExceeded\.\nWhy: It does not fit for <address>/,
    );
  });

  it('says of an execution that has made no run that nothing was begun, and names no command that needs one', async () => {
    const { Message } = await published(ended({ error: 'Run.InvalidInput' }));
    expect(Message).toContain('Nothing was begun: the ledger has no run of this execution.');
    expect(Message).not.toContain('worker-chains ');
    expect(Message).toContain(`${RUNBOOK}#run-failed`);
  });

  it('goes out with what the event says where neither the ledger nor Step Functions can be asked', async () => {
    dynamoDb.reset();
    dynamoDb.onAnyCommand().rejects(sdkError('AccessDeniedException', 400));
    sfn.on(DescribeExecutionCommand).rejects(sdkError('AccessDeniedException', 400));
    const { Subject, Message } = await published(ended());
    expect(Subject).toBe('weekly-digest: run FAILED Chain.TooManyFailures: run-1');
    expect(Message).toMatch(/Why: Too many\.\n\nWhat it did is not in this message: the ledger could not be read \(/);
    expect(Message).toContain(`To go on with the rest: worker-chains resume ${WHERE}`);
  });

  it('finds the run that an execution was to resume, and says where another one serves it', async () => {
    await failedRun({ executionArn: `${ARN}-third` });
    sfn.on(DescribeExecutionCommand).resolves({ input: '{"job":"weekly-digest","resume":"run-1"}' });
    const { Message } = await published(ended({ name: 'second', executionArn: `${ARN}-second` }));
    expect(Message).toContain(
      'Another execution serves its run now, of which this is how far it is.\nIts run is run-1.\n',
    );
    expect(Message).toContain('worker-chains resume second --stack');
  });

  it.each([
    ['TIMED_OUT', undefined, 'run-timed-out'],
    ['ABORTED', undefined, 'stop-which-is-to-pause'],
    ['ABORTED', 'Run.StoppedByAlarm', 'stop-runs-by-an-alarm'],
  ])('leads from %s %s to the entry #%s of the runbook', async (status, error, entry) => {
    await failedRun();
    const { Message } = await published(ended({ status, error, cause: undefined }));
    expect(Message.endsWith(`${RUNBOOK}#${entry}`)).toBe(true);
    expect(Message).not.toContain('undefined');
  });

  it('has a subject that SNS takes, whatever the name and the error, and quotes the name for a shell', async () => {
    await failedRun();
    sfn.on(DescribeExecutionCommand).resolves({ input: '{"resume":"run-1"}' });
    const { Subject, Message } = await published(ended({ name: `né'e-${'x'.repeat(76)}`, error: 'Custom\n→' }));
    expect(Subject).toMatch(/^weekly-digest: run FAILED Custom\?\?: n\?'e-x+$/);
    expect(Subject.length).toBeLessThan(100);
    expect(Message).toMatch(/worker-chains show 'né'\\''e-x{76}' --stack/);
  });

  it('says of a dry run that it is one', async () => {
    await failedRun({ dryRun: true });
    expect(await published(ended())).toMatchObject({
      Subject: 'weekly-digest: dry run FAILED Chain.TooManyFailures: run-1',
    });
  });

  it('fails where SNS does not take it, so that the event comes again', async () => {
    sns.on(PublishCommand).rejects(sdkError('AuthorizationErrorException', 403));
    await expect(handler(ended())).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
  });
});
