import {
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { Callbacks } from '../../../functions/chain/callbacks';
import { WorkerChainsError } from '../../../functions/contract/errors';
import { ERROR_CODES } from '../../../functions/contract/names';
import { noAnswer, sdkError } from '../../support/sdk-errors';
import { FastClock } from '../email/fast-clock';

const sfn = mockClient(SFNClient);
let clock: FastClock;
let callbacks: Callbacks;

beforeEach(() => {
  sfn.reset();
  clock = new FastClock();
  callbacks = new Callbacks({ client: new SFNClient({}), clock, random: () => 1 });
});

const RESULT = { chainId: 3, links: 7, done: 40, skipped: 8, unprocessed: 1, inDoubt: 1 };
const dead = (Failure: typeof TaskTimedOut | typeof TaskDoesNotExist | typeof InvalidToken) =>
  new Failure({ message: 'Task Timed Out', $metadata: { httpStatusCode: 400 } });

const QUESTIONS = [
  ['heartbeat', () => callbacks.heartbeat('token-1')],
  ['success', () => callbacks.succeed('token-1', RESULT)],
  ['failure', () => callbacks.fail('token-1', new WorkerChainsError(ERROR_CODES.crashed, 'out of memory'))],
] as const;

describe('the callbacks', () => {
  it('renew the lease of a token', async () => {
    sfn.on(SendTaskHeartbeatCommand).resolves({});

    expect(await callbacks.heartbeat('token-1')).toBe(true);
    expect(sfn).toHaveReceivedCommandWith(SendTaskHeartbeatCommand, { taskToken: 'token-1' });
  });

  it('answer a token with the result of the chain', async () => {
    sfn.on(SendTaskSuccessCommand).resolves({});

    expect(await callbacks.succeed('token-1', RESULT)).toBe(true);
    expect(sfn).toHaveReceivedCommandWith(SendTaskSuccessCommand, {
      taskToken: 'token-1',
      output: JSON.stringify(RESULT),
    });
  });

  it('answer a token with the code of what went wrong, and its cause in words', async () => {
    sfn.on(SendTaskFailureCommand).resolves({});

    expect(await callbacks.fail('token-1', new WorkerChainsError(ERROR_CODES.runaway, 'It does not advance.'))).toBe(
      true,
    );
    expect(sfn).toHaveReceivedCommandWith(SendTaskFailureCommand, {
      taskToken: 'token-1',
      error: 'Chain.Runaway',
      cause: 'It does not advance.',
    });
  });

  it('cut a cause that is longer than Step Functions accepts', async () => {
    sfn.on(SendTaskFailureCommand).resolves({});

    await callbacks.fail('token-1', new WorkerChainsError(ERROR_CODES.crashed, 'x'.repeat(40_000)));

    expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input.cause).toHaveLength(32_768);
  });

  describe.each(QUESTIONS)('%s', (_, ask) => {
    it.each([
      ['TaskTimedOut', TaskTimedOut],
      ['TaskDoesNotExist', TaskDoesNotExist],
      ['InvalidToken', InvalidToken],
    ])('is false after %s, without asking again', async (_name, Failure) => {
      sfn.rejects(dead(Failure));

      expect(await ask()).toBe(false);
      expect(sfn.calls()).toHaveLength(1);
    });

    it('is asked again after a throttle and after no answer', async () => {
      sfn.rejectsOnce(sdkError('ThrottlingException', 400)).rejectsOnce(noAnswer()).resolves({});

      expect(await ask()).toBe(true);
      expect(sfn.calls()).toHaveLength(3);
      expect(clock.pauses).toEqual([50, 100]);
    });

    it('throws at once what no second try mends', async () => {
      sfn.rejects(sdkError('AccessDeniedException', 400));

      await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' });
      expect(sfn.calls()).toHaveLength(1);
    });
  });

  it('try a heartbeat three times, since the next tick tries again', async () => {
    sfn.rejects(sdkError('ServiceUnavailable', 503));

    await expect(callbacks.heartbeat('token-1')).rejects.toMatchObject({ name: 'ServiceUnavailable' });

    expect(sfn).toHaveReceivedCommandTimes(SendTaskHeartbeatCommand, 3);
  });

  it.each([
    ['an answer', () => callbacks.succeed('token-1', RESULT)],
    ['the first heartbeat of a link', () => callbacks.heartbeat('token-1', { patiently: true })],
  ])('try %s for ten minutes: an outage of a service costs time, and not the run', async (_what, ask) => {
    sfn.rejects(sdkError('ServiceUnavailable', 503));

    await expect(ask()).rejects.toMatchObject({ name: 'ServiceUnavailable' });

    const waited = clock.pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(590_000);
    expect(waited).toBeLessThanOrEqual(600_000);
  });
});
