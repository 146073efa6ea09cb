import { SendTaskFailureCommand, TaskTimedOut } from '@aws-sdk/client-sfn';
import 'aws-sdk-client-mock-jest';
import { handler } from '../../functions/fail-chain';
import type { Ledger } from '../../functions/ledger/ledger';
import { storeRun } from './chain/fixture';
import { freshTables, Output, ses, sfn } from './handler-world';

const RECORD = {
  requestContext: { condition: 'RetriesExhausted' },
  requestPayload: { runId: 'run-1', chainId: 0, epoch: 0, link: 0, taskToken: 'token-1' },
  responsePayload: { errorType: 'Runtime.OutOfMemory', errorMessage: 'signal: killed' },
};
const CAUSE = 'Link 0 of chain 0 did not end by itself (RetriesExhausted): Runtime.OutOfMemory: signal: killed';
const output = new Output();
let ledger: Ledger;

beforeEach(async () => {
  ({ ledger } = freshTables());
  sfn.on(SendTaskFailureCommand).resolves({});
  await storeRun(ledger);
  await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 0, link: 0, owner: 'dead' });
  output.listen();
});
afterEach(() => jest.restoreAllMocks());

describe('FailChain', () => {
  it('answers the task of a link that died, and notes it in the ledger', async () => {
    await handler(RECORD);

    expect(sfn.calls()).toHaveLength(1);
    expect(sfn).toHaveReceivedCommandWith(SendTaskFailureCommand, {
      taskToken: 'token-1',
      error: 'Chain.Crashed',
      cause: CAUSE,
    });
    expect(await ledger.readChain('run-1', 0)).toMatchObject({ status: 'interrupted', lastError: CAUSE });
    expect(ses.calls()).toHaveLength(0);
  });

  it('tells of it in one log line, without the token', async () => {
    await handler(RECORD);

    expect(output.lines).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        message: 'link died',
        ...{ runId: 'run-1', chainId: 0, epoch: 0, link: 0, cause: CAUSE },
      }),
    ]);
    expect(output.raw).not.toContain('token');
  });

  it('has nothing to say to a task that was given up already, and does not fail over it', async () => {
    sfn
      .on(SendTaskFailureCommand)
      .rejects(new TaskTimedOut({ message: 'Task Timed Out', $metadata: { httpStatusCode: 400 } }));

    await handler(RECORD);

    expect((await ledger.readChain('run-1', 0))?.status).toBe('interrupted');
  });

  it('fails for what is no record, so that Lambda tries again and then counts it', async () => {
    await expect(handler({ unexpected: true })).rejects.toThrow();
    expect(sfn.calls()).toHaveLength(0);
  });
});
