import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { Handoff } from '../../../functions/chain/handoff';
import { noAnswer, sdkError } from '../../support/sdk-errors';
import { FastClock } from '../email/fast-clock';

const lambda = mockClient(LambdaClient);
const SUCCESSOR = { runId: 'run-1', chainId: 4, epoch: 1000, link: 3, taskToken: 'token-1' };
let clock: FastClock;
let handoff: Handoff;

beforeEach(() => {
  lambda.reset();
  clock = new FastClock();
  handoff = new Handoff({ client: new LambdaClient({}), functionName: 'run-chain', clock, random: () => 1 });
});

describe('a handoff', () => {
  it('invokes the function itself for the successor, as an event', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });

    await handoff.invoke(SUCCESSOR);

    expect(lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'run-chain', InvocationType: 'Event', Payload: JSON.stringify({ ...SUCCESSOR, version: 1 }) },
    ]);
  });

  it('that is throttled, or whose answer is lost, is made again after a pause', async () => {
    lambda
      .on(InvokeCommand)
      .rejectsOnce(sdkError('TooManyRequestsException', 429))
      .rejectsOnce(noAnswer())
      .resolves({ StatusCode: 202 });

    await handoff.invoke(SUCCESSOR);

    expect(lambda).toHaveReceivedCommandTimes(InvokeCommand, 3);
    expect(clock.pauses).toEqual([100, 200]);
  });

  it('that stays refused fails with Chain.HandoffFailed, and pauses at most five seconds between tries', async () => {
    const refusal = sdkError('TooManyRequestsException', 429, 'Rate Exceeded.');
    lambda.on(InvokeCommand).rejects(refusal);

    await expect(handoff.invoke(SUCCESSOR)).rejects.toMatchObject({
      code: 'Chain.HandoffFailed',
      name: 'Chain.HandoffFailed',
      message: 'Link 3 of chain 4 could not be invoked: Rate Exceeded.',
      cause: refusal,
    });
    expect(clock.pauses.slice(0, 8)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    const waited = clock.pauses.reduce((sum, pause) => sum + pause, 0);
    // An outage of two minutes is sat out, within what a link keeps free at its end.
    expect(waited).toBeGreaterThan(140_000);
    expect(waited).toBeLessThanOrEqual(150_000);
  });

  it('that no second try mends fails at once', async () => {
    lambda.on(InvokeCommand).rejects(sdkError('AccessDeniedException', 403, 'not allowed'));

    await expect(handoff.invoke(SUCCESSOR)).rejects.toMatchObject({ code: 'Chain.HandoffFailed' });
    expect(lambda).toHaveReceivedCommandTimes(InvokeCommand, 1);
  });
});
