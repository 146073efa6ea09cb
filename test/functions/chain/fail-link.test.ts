import type { WorkerChainsError } from '../../../functions/chain/errors';
import { failLink } from '../../../functions/chain/fail-link';

const EVENT = { runId: 'run-1', chainId: 4, epoch: 1000, link: 7, taskToken: 'token-1' };
/** The shape of Lambda's record of a failed asynchronous invocation, version 1.0. */
const RECORD = {
  version: '1.0',
  timestamp: '2026-01-05T09:00:00.000Z',
  requestContext: {
    requestId: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e',
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run-chain:$LATEST',
    condition: 'RetriesExhausted',
    approximateInvokeCount: 1,
  },
  requestPayload: EVENT,
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 900.00 seconds' },
};

function report(record: unknown, { alive = true } = {}) {
  const calls: unknown[] = [];
  const reported = failLink(record, {
    callbacks: {
      fail: async (taskToken: string, { code, message }: WorkerChainsError) => {
        calls.push({ fail: taskToken, code, message });
        return alive;
      },
    },
    ledger: {
      interruptLink: async (identity, lastError) => {
        calls.push({ interrupt: identity, lastError });
      },
    },
  });
  return { calls, reported };
}

const { taskToken: _, ...IDENTITY } = EVENT;

describe('a link that died', () => {
  it('is reported to its execution first, then noted in the ledger', async () => {
    const { calls, reported } = report(RECORD);

    const cause =
      'Link 7 of chain 4 did not end by itself (RetriesExhausted): Sandbox.Timedout: Task timed out after 900.00 seconds';
    expect(await reported).toEqual({ ...EVENT, cause });
    expect(calls).toEqual([
      { fail: 'token-1', code: 'Chain.Crashed', message: cause },
      { interrupt: IDENTITY, lastError: cause },
    ]);
  });

  it.each([
    ['has no response', {}],
    ['has an empty response', { responsePayload: null }],
    ['has a response without an error', { responsePayload: {} }],
  ])('is reported though its record %s: the function never ran', async (_name, change) => {
    const { responseContext: _context, responsePayload: _payload, ...expired } = RECORD;
    const requestContext = { ...RECORD.requestContext, condition: 'EventAgeExceeded' };

    const { calls, reported } = report({ ...expired, requestContext, ...change });

    expect((await reported).cause).toBe('Link 7 of chain 4 did not end by itself (EventAgeExceeded): no response');
    expect(calls).toHaveLength(2);
  });

  it('is noted in the ledger though its task was given up already', async () => {
    const { calls, reported } = report(RECORD, { alive: false });
    await reported;

    expect(calls).toHaveLength(2);
  });

  it.each([
    ['nothing', undefined],
    ['an event of another service', { Records: [{ eventSource: 'aws:sqs' }] }],
    ['a record of another function', { ...RECORD, requestPayload: { userId: 7 } }],
    ['a record without a token', { ...RECORD, requestPayload: IDENTITY }],
    ['a record without a condition', { ...RECORD, requestContext: {} }],
  ])('is not found in %s, which is refused before anything is done', async (_name, record) => {
    const { calls, reported } = report(record);

    await expect(reported).rejects.toThrow();
    expect(calls).toEqual([]);
  });
});
