import { type Snapshot, StepFunctions } from '../../../local/step-functions/step-functions-service';
import { VirtualClock } from '../../support/virtual-clock';
import { callbackTask, inlineMap, machine, World, workerChains } from './world';

/** What a new process makes of the snapshot: only JSON survives. */
function restart(world: World, downSeconds = 0): World {
  const snapshot = JSON.parse(JSON.stringify(world.stepFunctions.snapshot())) as Snapshot;
  const next = new World({ clock: new VirtualClock({ start: world.clock.now() + downSeconds * 1000 }) });
  next.stepFunctions.restore(snapshot);
  return next;
}

describe('a snapshot', () => {
  it('keeps tokens valid, so that a chain that outlived the engine can still answer', async () => {
    const before = new World();
    const arn = await before.start(machine({ M: inlineMap(callbackTask()) }), ['a', 'b']);
    await before.succeed(before.tokens[0], 'A');
    const after = restart(before);
    expect(await after.history(arn)).toEqual(await before.history(arn));
    await after.succeed(before.tokens[1], 'B');
    expect(await after.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["A","B"]' });
    await expect(after.succeed(before.tokens[0], 'again')).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('lets a task that died with the process miss its heartbeat and be retried from its variables', async () => {
    const before = new World();
    before.answer = ({ FunctionName }) =>
      FunctionName.endsWith('CreateWorkers')
        ? { runId: 'run', epochBase: 0, heartbeatSeconds: 60, chainTimeoutSeconds: 3600, chains: [0, 1] }
        : undefined;
    const arn = await before.start(workerChains());
    await before.clock.advance(20_000);
    const after = restart(before, 10);
    await after.clock.advance(29_999);
    expect(await after.types(arn)).not.toContain('TaskTimedOut');
    await after.clock.advance(1_001);
    expect((await after.types(arn)).filter((type) => type === 'TaskTimedOut')).toHaveLength(2);
    expect(after.invocations.map(({ payload }) => [payload.chainId, payload.epoch])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    await after.succeed(after.tokens[0], {});
    await after.succeed(after.tokens[1], {});
    expect((await after.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('fails an invocation that was under way as one without an answer', async () => {
    const before = new World();
    before.answer = () => new Promise(() => undefined);
    const arn = await before.start(
      machine({ A: callbackTask({ Retry: [{ ErrorEquals: ['Lambda.SdkClientException'], IntervalSeconds: 2 }] }) }),
    );
    const after = restart(before);
    await after.clock.advance(2000);
    expect((await after.history(arn)).find(({ type }) => type === 'TaskFailed')?.taskFailedEventDetails?.error).toBe(
      'Lambda.SdkClientException',
    );
    await after.succeed(after.tokens[0], 1);
    expect((await after.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('goes on with waits, pauses before a retry and the execution’s own timeout', async () => {
    const before = new World();
    const waiting = await before.start(machine({ A: { Type: 'Wait', Seconds: 100, End: true } }));
    const pausing = await before.call<{ executionArn: string }>('StartExecution', {
      stateMachineArn: await before.create(
        machine({ A: callbackTask({ Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 50 }] }) }, { TimeoutSeconds: 200 }),
        'pausing',
      ),
    });
    await before.clock.advance(0);
    await before.failTask(before.tokens[0], 'X');
    await before.clock.advance(30_000);
    const after = restart(before);
    await after.clock.advance(20_000);
    expect(after.invocations.map(({ payload }) => payload.retryCount)).toEqual([1]);
    await after.clock.advance(50_000);
    expect((await after.describe(waiting)).status).toBe('SUCCEEDED');
    await after.clock.advance(100_000);
    expect((await after.describe(pausing.executionArn)).status).toBe('TIMED_OUT');
  });

  it('lets an execution that had failed be redriven after the restart', async () => {
    const before = new World();
    const arn = await before.start(machine({ M: inlineMap(callbackTask()) }), ['a', 'b']);
    await before.succeed(before.tokens[0], 'A');
    await before.failTask(before.tokens[1], 'X', 'why');
    const after = restart(before, 3600);
    expect(await after.describe(arn)).toMatchObject({ status: 'FAILED', error: 'X', cause: 'why' });
    await after.call('RedriveExecution', { executionArn: arn });
    await after.clock.advance(0);
    await after.succeed(after.tokens[0], 'B');
    expect(await after.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["A","B"]', redriveCount: 1 });
  });

  it('taken between any two events leads to the same end', async () => {
    const definition = machine({
      A: { Type: 'Pass', Assign: { n: '{% $states.input.n + 1 %}' }, Output: [1, 2], Next: 'M' },
      M: inlineMap(
        { Type: 'Pass', Output: '{% $states.input * $n %}', End: true },
        { ItemSelector: '{% $states.context.Map.Item.Value + $n %}', MaxConcurrency: 1, End: undefined, Next: 'C' },
      ),
      C: { Type: 'Choice', Choices: [{ Condition: '{% $sum($states.input) > 3 %}', Next: 'W' }], Default: 'F' },
      W: { Type: 'Wait', Seconds: 5, End: true },
      F: { Type: 'Fail' },
    });
    const taken: { readonly at: number; readonly snapshot: Snapshot }[] = [];
    const world: World = new World({
      onHistoryEvent: () =>
        queueMicrotask(() => taken.push({ at: world.clock.now(), snapshot: world.stepFunctions.snapshot() })),
    });
    const arn = await world.start(definition, { n: 1 });
    await world.finish(arn);
    expect((await world.describe(arn)).output).toBe('[6,8]');
    const types = await world.types(arn);
    expect(taken).toHaveLength(types.length);

    for (const { at, snapshot } of taken) {
      const next = new World({ clock: new VirtualClock({ start: at }) });
      next.stepFunctions.restore(snapshot);
      await next.clock.advance(5000);
      expect(await next.types(arn)).toEqual(types);
      expect(await next.describe(arn)).toEqual(await world.describe(arn));
    }
  });

  it('is refused by a service that is not empty', async () => {
    const world = new World();
    await world.create(machine({ A: { Type: 'Pass', End: true } }));
    expect(() => world.stepFunctions.restore(world.stepFunctions.snapshot())).toThrow('Expected an empty service');
    expect(world.stepFunctions).toBeInstanceOf(StepFunctions);
  });
});
