import { ServiceError } from '../../../local/aws-service';
import { callbackTask, functionError, machine, task, World } from './world';

function times(world: World): number[] {
  return world.invocations.map(({ at }) => at / 1000);
}

describe('a Task that calls Lambda', () => {
  it('takes the parsed payload, the status and the version for its result', async () => {
    const world = new World();
    world.answer = () => ({ n: 1 });
    const { output } = await world.run(machine({ A: task({ Output: '{% $states.result %}' }) }));
    expect(JSON.parse(output ?? '')).toEqual({ ExecutedVersion: '$LATEST', Payload: { n: 1 }, StatusCode: 200 });
  });

  it.each<[string, unknown, string, string]>([
    [
      'the type that the function threw',
      functionError('Custom.Error', 'no'),
      'Custom.Error',
      '{"errorType":"Custom.Error","errorMessage":"no"}',
    ],
    [
      'Lambda.Unknown if the function did not say',
      { StatusCode: 200, FunctionError: 'Unhandled', Payload: '{"errorMessage":"Task timed out after 3.00 seconds"}' },
      'Lambda.Unknown',
      'The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"Task timed out after 3.00 seconds"}',
    ],
    [
      "the API's own error",
      new ServiceError('ServiceException', 'Oops.', 500),
      'Lambda.ServiceException',
      'Oops. (Service: Lambda, Status Code: 500)',
    ],
    [
      'Lambda.SdkClientException without an answer',
      new Error('socket hang up'),
      'Lambda.SdkClientException',
      'Unable to execute HTTP request: socket hang up',
    ],
  ])('fails with %s', async (_, answer, error, cause) => {
    const world = new World();
    world.answer = () => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    expect(await world.run(machine({ A: task() }))).toMatchObject({ status: 'FAILED', error, cause });
  });

  it('times out after TimeoutSeconds, without a cause, and drops a late answer', async () => {
    const world = new World();
    world.answer = () => new Promise((resolve) => world.clock.after(20_000, () => resolve('late')));
    const arn = await world.start(machine({ A: task({ TimeoutSeconds: 10 }) }));
    await world.clock.advance(9_999);
    expect((await world.describe(arn)).status).toBe('RUNNING');
    await world.clock.advance(1);
    const described = await world.describe(arn);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(described).not.toHaveProperty('cause');
    const { length } = await world.history(arn);
    await world.clock.advance(60_000);
    expect(await world.history(arn)).toHaveLength(length);
  });

  it('fails with States.DataLimitExceeded above 256 KiB, which States.ALL does not take', async () => {
    const world = new World();
    world.answer = () => 'x'.repeat(262_144);
    const definition = machine({
      A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }),
      B: { Type: 'Succeed' },
    });
    expect(await world.run(definition)).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(world.invocations).toHaveLength(1);
  });
});

describe('a Task that waits for its token', () => {
  it('lives as long as heartbeats come in time, which leave no event and do not extend TimeoutSeconds', async () => {
    const world = new World();
    const arn = await world.start(machine({ A: callbackTask({ HeartbeatSeconds: 10, TimeoutSeconds: 35 }) }));
    const { length } = await world.history(arn);
    for (let beat = 0; beat < 3; beat++) {
      await world.clock.advance(9_999);
      await world.call('SendTaskHeartbeat', { taskToken: world.tokens[0] });
    }
    expect(await world.history(arn)).toHaveLength(length);
    await world.clock.advance(35_000 - 3 * 9_999);
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each(['States.HeartbeatTimeout', 'States.Timeout'] as const)(
    'reports a missed heartbeat as %s where that is chosen, and is caught under either name',
    async (heartbeatTimeoutError) => {
      for (const name of ['States.HeartbeatTimeout', 'States.Timeout']) {
        const world = new World({ heartbeatTimeoutError });
        const definition = machine({
          A: callbackTask({ HeartbeatSeconds: 10, Catch: [{ ErrorEquals: [name], Next: 'B' }] }),
          B: { Type: 'Succeed' },
        });
        const { status, output } = await world.run(definition);
        expect({ status, output: JSON.parse(output ?? '') }).toEqual({
          status: 'SUCCEEDED',
          output: { Error: heartbeatTimeoutError, Cause: '' },
        });
      }
    },
  );

  it('takes HeartbeatSeconds and TimeoutSeconds from expressions, and refuses values that make no sense', async () => {
    const definition = machine({
      A: callbackTask({ HeartbeatSeconds: '{% $states.input.beat %}', TimeoutSeconds: '{% $states.input.whole %}' }),
    });
    const world = new World();
    const arn = await world.start(definition, { beat: 7, whole: 20 });
    expect((await world.history(arn))[2]?.taskScheduledEventDetails).toMatchObject({
      heartbeatInSeconds: 7,
      timeoutInSeconds: 20,
    });
    for (const input of [
      { beat: 20, whole: 20 },
      { beat: 1.5, whole: 20 },
      { beat: 0, whole: 20 },
      { beat: '7', whole: 20 },
    ]) {
      expect(await new World().run(definition, input)).toMatchObject({
        status: 'FAILED',
        error: 'States.QueryEvaluationError',
        cause: expect.stringContaining("'HeartbeatSeconds' must be"),
      });
    }
  });

  it('accepts an answer that is faster than the acknowledgement of the invocation', async () => {
    const world = new World();
    world.answer = async ({ payload }) => {
      await world.call('SendTaskSuccess', { taskToken: payload.taskToken, output: '"quick"' });
      await expect(world.call('SendTaskHeartbeat', { taskToken: payload.taskToken })).rejects.toMatchObject({
        name: 'TaskTimedOut',
      });
    };
    const arn = await world.start(machine({ A: callbackTask() }));
    expect((await world.types(arn)).slice(1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(await world.describe(arn)).toMatchObject({ output: '"quick"' });
  });

  it('fails when Lambda does not take the event, and its token with it', async () => {
    const world = new World();
    world.answer = () => {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    };
    const arn = await world.start(machine({ A: callbackTask() }));
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException' });
    expect(await world.types(arn)).not.toContain('TaskSubmitted');
    await expect(world.succeed(world.tokens[0], 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('refuses a token that was used, superseded, made up, or belongs to an execution it does not know', async () => {
    const world = new World();
    const definition = machine({
      A: callbackTask({ Retry: [{ ErrorEquals: ['Again'] }], Next: 'B' }),
      B: callbackTask(),
    });
    await world.start(definition);
    await world.failTask(world.tokens[0], 'Again');
    await world.clock.advance(1000);
    const goneMessage = "Task Timed Out: 'Provided task does not exist anymore'";
    await expect(world.succeed(world.tokens[0], 1)).rejects.toMatchObject({
      name: 'TaskTimedOut',
      message: goneMessage,
    });
    await world.succeed(world.tokens[1], 1);
    await expect(world.failTask(world.tokens[1], 'X')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await expect(world.succeed('made up', 1)).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(new World().succeed(world.tokens[2], 1)).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
    const guessed = Buffer.from(
      Buffer.from(world.tokens[2] ?? '', 'base64')
        .toString()
        .replace('secret', 'guess'),
    );
    await expect(world.succeed(guessed.toString('base64'), 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('refuses an output that is not JSON or too large, and goes on waiting', async () => {
    const world = new World();
    const arn = await world.start(machine({ A: callbackTask() }));
    const taskToken = world.tokens[0];
    await expect(world.call('SendTaskSuccess', { taskToken, output: '{' })).rejects.toMatchObject({
      name: 'InvalidOutput',
    });
    await expect(
      world.call('SendTaskSuccess', { taskToken, output: JSON.stringify('x'.repeat(262_144)) }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await world.succeed(taskToken, 1);
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });
});

describe('Retry', () => {
  it('waits IntervalSeconds, times BackoffRate, up to MaxDelaySeconds, MaxAttempts times', async () => {
    const world = new World();
    world.answer = () => functionError('Boom', 'no');
    const Retry = [{ ErrorEquals: ['Boom'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 10 }];
    expect(await world.run(machine({ A: task({ Retry }) }))).toMatchObject({ status: 'FAILED', error: 'Boom' });
    expect(times(world)).toEqual([0, 2, 8, 18, 28]);
  });

  it('retries 3 times after 1, 2 and 4 seconds when only the errors are named', async () => {
    const world = new World();
    world.answer = () => functionError('Boom', 'no');
    await world.run(machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) }));
    expect(times(world)).toEqual([0, 1, 3, 7]);
  });

  it('draws the delay between 0 and the full one with JitterStrategy FULL', async () => {
    const draws = [0.25, 0.999, 0];
    const world = new World({ random: () => draws.shift() ?? 1 });
    world.answer = () => functionError('Boom', 'no');
    await world.run(
      machine({ A: task({ Retry: [{ ErrorEquals: ['Boom'], IntervalSeconds: 4, JitterStrategy: 'FULL' }] }) }),
    );
    expect(times(world)).toEqual([0, 1, 8.992, 8.992]);
  });

  it('counts attempts per retrier, and all of them in RetryCount', async () => {
    const world = new World();
    await world.start(
      machine({
        A: callbackTask({
          Retry: [
            { ErrorEquals: ['X'], MaxAttempts: 1 },
            { ErrorEquals: ['Y'], MaxAttempts: 2 },
          ],
        }),
      }),
    );
    for (const [index, error] of ['X', 'Y', 'Y'].entries()) {
      await world.failTask(world.tokens[index], error);
      await world.clock.advance(60_000);
    }
    expect(world.invocations.map(({ payload }) => payload.retryCount)).toEqual([0, 1, 2, 3]);
    await world.failTask(world.tokens[3], 'X');
    await world.clock.advance(60_000);
    expect(world.invocations).toHaveLength(4);
  });

  it('does not take States.Timeout for States.TaskFailed', async () => {
    const retried = new World();
    retried.answer = () => functionError('Boom', 'no');
    const definition = machine({ A: task({ TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] }) });
    await retried.run(definition);
    expect(retried.invocations).toHaveLength(4);
    const silent = new World();
    silent.answer = () => new Promise(() => undefined);
    await silent.run(definition);
    expect(silent.invocations).toHaveLength(1);
  });
});

describe('Catch', () => {
  it('goes on with errorOutput and Assign of the first catcher that matches, after the retries', async () => {
    const world = new World();
    world.answer = () => functionError('Boom', 'no');
    const definition = machine({
      A: task({
        Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ['Other'], Next: 'C' },
          {
            ErrorEquals: ['States.ALL'],
            Assign: { error: '{% $states.errorOutput.Error %}' },
            Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
            Next: 'B',
          },
        ],
        Next: 'C',
      }),
      B: { Type: 'Pass', Output: ['{% $states.input %}', '{% $error %}'], End: true },
      C: { Type: 'Fail' },
    });
    const { output } = await world.run(definition);
    expect(JSON.parse(output ?? '')).toEqual(['no', 'Boom']);
    expect(world.invocations).toHaveLength(2);
  });

  it('takes an expression of the state that failed', async () => {
    const definition = machine({
      A: task({
        Output: '{% $states.result.Payload.absent %}',
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }],
      }),
      B: { Type: 'Succeed' },
    });
    expect((await new World().run(definition)).status).toBe('SUCCEEDED');
  });
});
