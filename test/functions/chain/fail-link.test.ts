import { failLink } from '../../../functions/chain/fail-link';
import type { WorkerChainsError } from '../../../functions/contract/errors';
import type { ChainRecord } from '../../../functions/ledger/records';
import { aChain } from './fixture';

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

const REQUEST = RECORD.requestContext.requestId;
const { taskToken: _, ...IDENTITY } = EVENT;
const CAUSE =
  'Link 7 of chain 4 did not end by itself (RetriesExhausted): Sandbox.Timedout: Task timed out after 900.00 seconds';
/** The chain in the hands of the link that died. */
const HELD = { chainId: 4, epoch: 1000, link: 7, status: 'running', owner: `${REQUEST}#nonce` } as const;

function report(record: unknown, chain: Partial<ChainRecord> | undefined = HELD, { alive = true } = {}) {
  const calls: unknown[] = [];
  const found = chain && aChain(chain);
  const reported = failLink(record, {
    callbacks: {
      fail: async (taskToken: string, { code, message }: WorkerChainsError) => {
        calls.push({ fail: taskToken, code, message });
        return alive;
      },
    },
    ledger: {
      readChain: async () => found,
      interruptChain: async (asRead, lastError) => {
        expect(asRead).toBe(found);
        calls.push({ interrupt: lastError });
      },
    },
  });
  return { calls, reported };
}

/** The record of an event that was never delivered. */
function expired(change: object = {}) {
  const { responseContext: _context, responsePayload: _payload, ...rest } = RECORD;
  return { ...rest, requestContext: { ...RECORD.requestContext, condition: 'EventAgeExceeded' }, ...change };
}

describe('a link that died', () => {
  it('is reported to its execution first, then noted in the ledger', async () => {
    const { calls, reported } = report(RECORD, { ...HELD, link: 7 });

    expect(await reported).toEqual({ ...EVENT, cause: CAUSE, end: 'reported' });
    expect(calls).toEqual([{ fail: 'token-1', code: 'Chain.Interrupted', message: CAUSE }, { interrupt: CAUSE }]);
  });

  it.each([
    ['costs no retry if its attempt had handed over before', { link: 7 }, 'Chain.Interrupted'],
    ['costs no retry if it had settled items', { link: 0, done: 3, settledBefore: 2 }, 'Chain.Interrupted'],
    ['costs a retry if it got nothing done', { link: 0, done: 2, settledBefore: 2 }, 'Chain.Crashed'],
    ['costs a retry if all that it did was to find items in doubt', { link: 0, inDoubt: 5 }, 'Chain.Crashed'],
  ])('%s', async (_name, { link, ...change }, code) => {
    const record = { ...RECORD, requestPayload: { ...EVENT, link } };

    const { calls, reported } = report(record, { ...HELD, link, ...change });
    await reported;

    expect(calls[0]).toMatchObject({ fail: 'token-1', code });
  });

  it.each([
    ['its predecessor has handed over to it, and its event expired', expired(), { status: 'handed-off', link: 6 }],
    ['it died before it could take the chain', RECORD, { status: 'handed-off', link: 6 }],
    ['it had settled the last item, and not answered', RECORD, { status: 'finished' }],
    ['it had noted the handoff, and died before it handed over', RECORD, { status: 'handed-off' }],
    ['the chain does not tell whose it is', RECORD, { owner: 'a-nonce' }],
    [
      'its record does not tell which invocation it was',
      { ...RECORD, requestContext: { condition: 'RetriesExhausted' } },
      {},
    ],
    ['it has given up by itself, and its answer may be lost', RECORD, { status: 'interrupted' }],
  ])('is reported if %s', async (_name, record, change) => {
    const { calls, reported } = report(record, { ...HELD, ...change } as Partial<ChainRecord>);

    expect(await reported).toMatchObject({ end: 'reported' });
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['has no response', {}],
    ['has an empty response', { responsePayload: null }],
    ['has a response without an error', { responsePayload: {} }],
  ])('is reported though its record %s: the function never ran', async (_name, change) => {
    const { calls, reported } = report(expired(change), { ...HELD, link: 6, status: 'handed-off' });

    expect((await reported).cause).toBe('Link 7 of chain 4 did not end by itself (EventAgeExceeded): no response');
    expect(calls).toHaveLength(2);
  });

  it('of an attempt that never had the chain is reported, and leaves the chain to whoever has it', async () => {
    const record = { ...RECORD, requestPayload: { ...EVENT, link: 0 } };

    const { calls, reported } = report(record, { ...HELD, epoch: 999, link: 12 });
    await reported;

    expect(calls).toEqual([expect.objectContaining({ fail: 'token-1', code: 'Chain.Crashed' })]);
  });

  it('of a chain that the ledger does not know is reported', async () => {
    const reported = await failLink(RECORD, {
      callbacks: { fail: async () => true },
      ledger: { readChain: async () => undefined, interruptChain: async () => {} },
    });

    expect(reported.end).toBe('reported');
  });

  it('is noted in the ledger though its task was given up already', async () => {
    const { calls, reported } = report(RECORD, HELD, { alive: false });
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

describe('a failure record is ignored if', () => {
  const ANOTHER = { owner: 'another-request#nonce' };
  it.each([
    ['its event was a duplicate that expired in the queue, while the link is at work', expired(), ANOTHER],
    ['its event was a duplicate of the very invocation that is at work', expired(), {}],
    ['its event was a duplicate of a link that has handed over', expired(), { ...ANOTHER, status: 'handed-off' }],
    ['another invocation runs this link: the one that died was a duplicate', RECORD, ANOTHER],
    ['the chain has moved on to a later link', RECORD, { link: 8 }],
    ['the chain has moved on to a later attempt', RECORD, { epoch: 1001, link: 0 }],
    ['the chain has finished under a later link', RECORD, { link: 9, status: 'finished' }],
    ['its link was too early: the one before still works', RECORD, { link: 6 }],
  ] as const)('%s', async (_name, record, change) => {
    const { calls, reported } = report(record, { ...HELD, ...change } as Partial<ChainRecord>);

    expect(await reported).toMatchObject({ end: 'ignored' });
    expect(calls).toEqual([]);
  });
});
