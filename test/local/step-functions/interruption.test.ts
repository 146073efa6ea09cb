import { callbackTask, inlineMap, machine, task, World } from './world';

/** An expression that takes JSONata many turns of the microtask queue. */
const SLOW = '{% $sum([1,2,3,4,5,6,7,8]) > 0 ? $states.input : $states.input %}';

/** Enough turns for every execution below to have ended or to wait for time. */
const TURNS = 400;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}

async function startQuietly(world: World, definition: unknown, input: unknown): Promise<string> {
  const stateMachineArn = await world.create(definition);
  const { executionArn } = await world.call<{ executionArn: string }>('StartExecution', {
    stateMachineArn,
    input: JSON.stringify(input),
  });
  return executionArn;
}

describe('an execution that is interrupted between any two microtasks', () => {
  it('and redriven at once runs each state to its end exactly once', async () => {
    const definition = machine({
      A: { Type: 'Pass', Output: SLOW, Next: 'M' },
      M: inlineMap(task({ Output: '{% $states.result.Payload + 1 %}' }), {
        ItemSelector: SLOW,
        Items: [1, 2],
        Next: 'Z',
      }),
      Z: { Type: 'Pass', Output: SLOW, End: true },
    });
    const states = new Set<string>();
    for (let turn = 0; turn < TURNS; turn++) {
      const world = new World();
      world.answer = () => 1;
      const executionArn = await startQuietly(world, definition, 1);
      await turns(turn);
      await world.call('StopExecution', { executionArn });
      const { status } = await world.describe(executionArn);
      states.add(String(status));
      if (status === 'ABORTED') await world.call('RedriveExecution', { executionArn });
      expect(await world.finish(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[2,2]' });
      const exits = (await world.history(executionArn)).flatMap((event) => event.stateExitedEventDetails?.name ?? []);
      expect(exits.toSorted()).toEqual(['A', 'Inner', 'Inner', 'M', 'Z']);
    }
    expect([...states]).toEqual(['ABORTED', 'SUCCEEDED']);
  });

  it('leaves nothing of an iteration in the history once a sibling has failed', async () => {
    const busy = {
      Type: 'Map',
      ItemSelector: SLOW,
      ItemProcessor: {
        StartAt: 'Which',
        States: {
          Which: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.context.Map.Item.Index = 0 %}', Next: 'Fragile' }],
            Default: 'Busy1',
          },
          Fragile: callbackTask(),
          Busy1: { Type: 'Pass', Output: SLOW, Next: 'Busy2' },
          Busy2: { Type: 'Pass', Output: SLOW, End: true },
        },
      },
      MaxConcurrency: 3,
      Catch: [{ ErrorEquals: ['Boom'], Next: 'Later' }],
      Next: 'Later',
    };
    const definition = machine({ M: busy, Later: { Type: 'Wait', Seconds: 60, End: true } });
    for (let turn = 0; turn < TURNS; turn += 3) {
      const world = new World();
      const executionArn = await startQuietly(world, definition, [0, 1, 2, 3, 4, 5]);
      while (world.tokens.length === 0) await undefined;
      await turns(turn);
      await world.failTask(world.tokens[0], 'Boom');
      expect(await world.finish(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
      const types = await world.types(executionArn);
      expect(types.slice(types.indexOf('MapStateFailed'))).toEqual([
        'MapStateFailed',
        'MapStateExited',
        'WaitStateEntered',
        'WaitStateExited',
        'ExecutionSucceeded',
      ]);
    }
  });
});

describe('a Map', () => {
  it('starts each iteration once, even if others end while the next ItemSelector is evaluated', async () => {
    const world = new World();
    const definition = machine({
      M: inlineMap({ Type: 'Pass', Output: 1, End: true }, { ItemSelector: SLOW, MaxConcurrency: 3 }),
    });
    const arn = await world.start(definition, [1, 2, 3, 4, 5]);
    const started = (await world.history(arn)).flatMap((event) => event.mapIterationStartedEventDetails?.index ?? []);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect((await world.describe(arn)).output).toBe('[1,1,1,1,1]');
  });
});

describe('a Task', () => {
  it('ignores the late answer of an attempt that a retry has superseded', async () => {
    const world = new World();
    world.answer = () => {
      const attempt = world.invocations.length;
      return new Promise((resolve) => world.clock.after(8000, () => resolve(`attempt ${attempt}`)));
    };
    const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const arn = await world.start(
      machine({ A: task({ TimeoutSeconds: '{% $states.context.State.RetryCount = 0 ? 5 : 50 %}', Retry }) }),
    );
    await world.clock.advance(8000);
    expect((await world.describe(arn)).status).toBe('RUNNING');
    expect(await world.finish(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"attempt 2"' });
  });

  it('fails when a catcher cannot be evaluated, instead of catching that too', async () => {
    const world = new World();
    const definition = machine({
      A: callbackTask({
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.absent %}', Next: 'B' }],
        Next: 'B',
      }),
      B: { Type: 'Succeed' },
    });
    const arn = await world.start(definition);
    await world.failTask(world.tokens[0], 'Boom');
    expect(await world.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'Catch[0]/Output'"),
    });
  });
});

describe('the timeout of an execution', () => {
  it('of the attempt before a redrive does not end the redriven one', async () => {
    const world = new World();
    const executionArn = await world.start(machine({ A: callbackTask() }, { TimeoutSeconds: 100 }));
    await world.clock.advance(50_000);
    await world.call('StopExecution', { executionArn });
    await world.call('RedriveExecution', { executionArn });
    await world.clock.advance(99_999);
    expect((await world.describe(executionArn)).status).toBe('RUNNING');
    await world.clock.advance(1);
    expect((await world.describe(executionArn)).status).toBe('TIMED_OUT');
  });
});
