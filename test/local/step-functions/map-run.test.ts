import type { ExecutionListItem } from '@aws-sdk/client-sfn';
import { callbacks, chain, childrenOf, double, EXCEEDED, mapRunOf, mapRunsOf, World } from './map-run-world';
import { callbackTask, distributedMap, machine } from './world';

describe('a distributed Map', () => {
  it('puts the outputs of its children in the order of their items', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a', 'b', 'c']);
    for (const index of [2, 0, 1]) await world.succeed(world.tokens[index], `result ${index}`);
    expect(await world.describe(arn)).toMatchObject({ output: '["result 0","result 1","result 2"]' });
  });

  it('tells in its history of the Map Run, and nothing of the children', async () => {
    const world = new World();
    const { executionArn = '' } = await world.run(machine({ M: distributedMap(double) }), [1, 2]);
    const events = await world.history(executionArn);
    expect(chain(events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 MapStateStarted',
      '4<3 MapRunStarted',
      '5<4 MapRunSucceeded',
      '6<5 MapStateSucceeded',
      '7<5 MapStateExited',
      '8<7 ExecutionSucceeded',
    ]);
    expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
    const [run] = await mapRunsOf(world, executionArn);
    expect(events[3]?.mapRunStartedEventDetails).toEqual({ mapRunArn: run?.mapRunArn });
  });

  it('succeeds without items, after a Map Run of none', async () => {
    const world = new World();
    const { executionArn = '', output } = await world.run(machine({ M: distributedMap(double) }), []);
    expect(output).toBe('[]');
    expect(await mapRunOf(world, executionArn)).toMatchObject({ status: 'SUCCEEDED', executionCounts: { total: 0 } });
  });

  it('runs each item as an execution of its own, under the label, with its own history, name and input', async () => {
    const world = new World();
    const definition = machine({
      M: distributedMap(
        { Type: 'Pass', Output: '{% $states.context %}', End: true },
        { ItemSelector: { value: '{% $states.context.Map.Item.Value %}', of: '{% $states.context.Execution.Name %}' } },
      ),
    });
    const { executionArn = '', output = '' } = await world.run(definition, ['a']);
    const [child] = await childrenOf(world, executionArn);
    const { mapRunArn } = await mapRunOf(world, executionArn);
    const { name = '', executionArn: childArn = '' } = child ?? {};
    expect(childArn).toBe(`arn:aws:states:us-east-1:000000000000:execution:machine/Label:${name}`);
    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:machine\/Label:[0-9a-f-]{36}$/);
    expect(child).toMatchObject({
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine/Label',
      mapRunArn,
      itemCount: 1,
      status: 'SUCCEEDED',
    });
    expect(await world.describe(childArn)).toMatchObject({ mapRunArn, input: '{"value":"a","of":"run"}' });
    expect(await world.types(childArn)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    const [context] = JSON.parse(output);
    expect(context.Execution).toMatchObject({ Id: childArn, Name: name, Input: { value: 'a', of: 'run' } });
    expect(context).not.toHaveProperty('Map');
  });

  it('hides the variables around it from its children, which may have one of the same name', async () => {
    const within = (state: Record<string, unknown>) =>
      machine({ A: { Type: 'Pass', Assign: { outer: 'v' }, Next: 'M' }, M: distributedMap(state) });
    const read = await new World().run(within({ Type: 'Pass', Output: '{% $outer %}', End: true }), [1]);
    expect(read).toMatchObject({ status: 'FAILED', ...EXCEEDED });
    const own = await new World().run(within({ Type: 'Pass', Assign: { outer: 1 }, Output: 'own', End: true }), [1]);
    expect(own).toMatchObject({ status: 'SUCCEEDED', output: '["own"]' });
  });

  it.each([
    [undefined, 60],
    [0, 60],
    [50, 50],
    ['{% 1 + 1 %}', 2],
  ])('with MaxConcurrency %j runs %i of 60 children at a time', async (MaxConcurrency, live) => {
    const world = new World();
    const items = Array.from({ length: 60 }, (_, index) => index);
    const arn = await world.start(callbacks({ MaxConcurrency }), items);
    for (let ended = 0; ended < items.length; ended++) {
      expect(world.tokens).toHaveLength(Math.min(live + ended, items.length));
      await world.succeed(world.tokens[ended], ended);
    }
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('fails with the first child that fails, under an error of its own, and stops the others', async () => {
    const world = new World();
    const arn = await world.start(callbacks({ MaxConcurrency: 2 }), ['a', 'b', 'c']);
    await world.failTask(world.tokens[0], 'Own.Error');
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', ...EXCEEDED });
    expect(chain(await world.history(arn)).slice(3)).toEqual([
      '4<3 MapRunStarted',
      '5<4 MapRunFailed',
      '6<5 MapStateFailed',
      '7<6 ExecutionFailed',
    ]);
    expect((await world.history(arn))[4]?.mapRunFailedEventDetails).toEqual(EXCEEDED);
    const [failed, stopped, ...more] = await childrenOf(world, arn);
    expect(more).toEqual([]);
    expect(await world.describe(failed?.executionArn ?? '')).toMatchObject({ status: 'FAILED', error: 'Own.Error' });
    expect(stopped?.status).toBe('ABORTED');
    await expect(world.succeed(world.tokens[1], 'late')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    expect(await mapRunOf(world, arn)).toMatchObject({
      status: 'FAILED',
      executionCounts: { total: 3, failed: 1, aborted: 1, pending: 1, running: 0, succeeded: 0, resultsWritten: 0 },
    });
  });

  it('takes a child that is stopped for one that failed', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a', 'b']);
    const [child] = await childrenOf(world, arn);
    await world.call('StopExecution', { executionArn: child?.executionArn });
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', ...EXCEEDED });
  });

  it('lets a Catch of the Map have the failure, and a Retry begin another Map Run', async () => {
    const world = new World();
    const ErrorEquals = ['States.ExceedToleratedFailureThreshold'];
    const definition = machine({
      M: distributedMap(callbackTask(), {
        Retry: [{ ErrorEquals, IntervalSeconds: 1, MaxAttempts: 1 }],
        Catch: [{ ErrorEquals, Next: 'C' }],
      }),
      C: { Type: 'Pass', Output: 'caught', End: true },
    });
    const arn = await world.start(definition, ['a']);
    await world.failTask(world.tokens[0], 'Own.Error');
    await world.clock.advance(1000);
    await world.failTask(world.tokens[1], 'Own.Error');
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"caught"' });
    expect(await mapRunsOf(world, arn)).toHaveLength(2);
  });

  it('stops its children with the execution that it belongs to', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a', 'b']);
    await world.succeed(world.tokens[0], 'A');
    await world.call('StopExecution', { executionArn: arn });
    expect((await childrenOf(world, arn)).map(({ status }) => status)).toEqual(['SUCCEEDED', 'ABORTED']);
    expect(await mapRunOf(world, arn)).toMatchObject({ status: 'ABORTED', stopDate: expect.any(Date) });
    expect((await world.types(arn)).at(-1)).toBe('ExecutionAborted');
    await expect(world.succeed(world.tokens[1], 'late')).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('stops its children when the execution times out, and gives them no timeout of its own', async () => {
    const world = new World();
    const definition = machine({ M: distributedMap(callbackTask()) }, { TimeoutSeconds: 60 });
    const arn = await world.start(definition, ['a']);
    await world.clock.advance(60_000);
    expect((await world.describe(arn)).status).toBe('TIMED_OUT');
    expect((await childrenOf(world, arn)).map(({ status }) => status)).toEqual(['ABORTED']);
  });

  it('shows the children to whoever asks for its Map Run, and to nobody who asks for the state machine', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a', 'b']);
    await world.succeed(world.tokens[1], 'B');
    expect(await childrenOf(world, arn, 'RUNNING')).toHaveLength(1);
    expect(await childrenOf(world, arn, 'SUCCEEDED')).toHaveLength(1);
    const { stateMachineArn } = await world.describe(arn);
    const { executions } = await world.call<{ executions: ExecutionListItem[] }>('ListExecutions', { stateMachineArn });
    expect(executions.map(({ executionArn }) => executionArn)).toEqual([arn]);
  });
});
