import type {
  DescribeMapRunOutput,
  ExecutionListItem,
  ExecutionStatus,
  HistoryEvent,
  MapRunListItem,
} from '@aws-sdk/client-sfn';
import type { Snapshot } from '../../../local/step-functions/step-functions-service';
import { VirtualClock } from '../../support/virtual-clock';
import { callbackTask, distributedMap, inlineMap, machine, World as PlainWorld } from './world';

const double = { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true };
const EXCEEDED = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
};

/** Children are named at random: with one and the same number, each would be the other. */
class World extends PlainWorld {
  constructor(clock?: VirtualClock) {
    let drawn = 1;
    const random = () => {
      drawn = (drawn * 48271) % 0x7fffffff;
      return drawn / 0x7fffffff;
    };
    super({ random, ...(clock && { clock }) });
  }
}

/** The Map Runs of an execution, oldest first. */
async function mapRunsOf(world: World, executionArn: string): Promise<MapRunListItem[]> {
  const { mapRuns } = await world.call<{ mapRuns: MapRunListItem[] }>('ListMapRuns', { executionArn });
  return mapRuns.toReversed();
}

async function mapRunOf(world: World, executionArn: string): Promise<DescribeMapRunOutput> {
  const { mapRunArn } = (await mapRunsOf(world, executionArn)).at(-1) ?? {};
  return world.call<DescribeMapRunOutput>('DescribeMapRun', { mapRunArn });
}

/** The children of an execution's latest Map Run, oldest first. */
async function childrenOf(
  world: World,
  executionArn: string,
  statusFilter?: ExecutionStatus,
): Promise<ExecutionListItem[]> {
  const { mapRunArn } = await mapRunOf(world, executionArn);
  const input = { mapRunArn, statusFilter, maxResults: 1000 };
  const { executions } = await world.call<{ executions: ExecutionListItem[] }>('ListExecutions', input);
  return executions.toReversed();
}

const chain = (events: readonly HistoryEvent[]) =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
const redrive = async (world: World, executionArn: string) => {
  await world.call('RedriveExecution', { executionArn });
  await world.clock.advance(0);
};
const callbacks = (fields: Record<string, unknown> = {}) => machine({ M: distributedMap(callbackTask(), fields) });

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

describe('a redrive', () => {
  it('redrives the same Map Run: its unsuccessful children go on, under their names, with redrives of their own', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a', 'b', 'c']);
    await world.succeed(world.tokens[0], 'A');
    await world.failTask(world.tokens[1], 'Own.Error');
    const before = await childrenOf(world, arn);
    await redrive(world, arn);
    expect((await childrenOf(world, arn)).map(({ executionArn }) => executionArn)).toEqual(
      before.map(({ executionArn }) => executionArn),
    );
    expect(await mapRunsOf(world, arn)).toHaveLength(1);
    expect(await mapRunOf(world, arn)).toMatchObject({
      status: 'RUNNING',
      redriveCount: 1,
      redriveDate: expect.any(Date),
      executionCounts: { succeeded: 1, running: 2 },
    });
    expect(world.invocations.slice(3).map(({ payload }) => [payload.input, payload.redriveCount])).toEqual([
      ['b', 1],
      ['c', 1],
    ]);
    const { mapRunArn } = await mapRunOf(world, arn);
    expect((await world.history(arn)).at(-1)).toMatchObject({
      type: 'MapRunRedriven',
      mapRunRedrivenEventDetails: { mapRunArn, redriveCount: 1 },
    });
    await world.succeed(world.tokens[3], 'B');
    await world.succeed(world.tokens[4], 'C');
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["A","B","C"]' });
  });

  it('counts the redrives of a child and of its parent apart', async () => {
    const world = new World();
    const arn = await world.start(
      machine({ W: { ...callbackTask({ Next: 'M' }), Output: ['a'] }, M: distributedMap(callbackTask()) }),
    );
    await world.failTask(world.tokens[0], 'Own.Error');
    await redrive(world, arn);
    await world.succeed(world.tokens[1], {});
    await world.failTask(world.tokens[2], 'Own.Error');
    await redrive(world, arn);
    expect(world.invocations.at(-1)?.payload).toMatchObject({ input: 'a', redriveCount: 1 });
    expect((await world.describe(arn)).redriveCount).toBe(2);
  });

  it('starts the children that never ran with the input that they were first meant to have', async () => {
    const world = new World();
    const ItemSelector = {
      item: '{% $states.context.Map.Item.Value %}',
      redrives: '{% $states.context.Execution.RedriveCount %}',
    };
    const arn = await world.start(callbacks({ MaxConcurrency: 2, ItemSelector }), ['a', 'b', 'c']);
    await world.call('StopExecution', { executionArn: arn });
    await redrive(world, arn);
    await world.call('StopExecution', { executionArn: arn });
    expect((await childrenOf(world, arn)).map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED']);
    await redrive(world, arn);
    for (const index of [4, 5]) await world.succeed(world.tokens[index], index);
    expect(world.invocations.slice(4).map(({ payload }) => [payload.input, payload.redriveCount])).toEqual([
      [{ item: 'a', redrives: 0 }, 2],
      [{ item: 'b', redrives: 0 }, 2],
      [{ item: 'c', redrives: 0 }, 0],
    ]);
  });

  it('begins a new Map Run where the Map failed for its results', async () => {
    const world = new World();
    const arn = await world.start(callbacks({ Output: '{% $error("no") %}' }), ['a']);
    await world.succeed(world.tokens[0], 'A');
    expect((await world.describe(arn)).status).toBe('FAILED');
    await redrive(world, arn);
    expect(await mapRunsOf(world, arn)).toHaveLength(2);
    expect((await mapRunsOf(world, arn)).map(({ mapRunArn }) => mapRunArn)).not.toContain(undefined);
  });

  it('is refused to a child, which only its parent can redrive', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a']);
    await world.failTask(world.tokens[0], 'Own.Error');
    const [child] = await childrenOf(world, arn);
    expect(await world.describe(child?.executionArn ?? '')).toMatchObject({ redriveStatus: 'REDRIVABLE_BY_MAP_RUN' });
    await expect(world.call('RedriveExecution', { executionArn: child?.executionArn })).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
    });
  });
});

describe('a snapshot', () => {
  it('keeps Map Runs: children go on with their tokens, and their parent waits for them', async () => {
    const before = new World();
    const arn = await before.start(callbacks({ MaxConcurrency: 2 }), ['a', 'b', 'c']);
    await before.succeed(before.tokens[0], 'A');
    const snapshot = JSON.parse(JSON.stringify(before.stepFunctions.snapshot())) as Snapshot;
    const after = new World(new VirtualClock({ start: before.clock.now() }));
    after.stepFunctions.restore(snapshot);
    expect(await mapRunOf(after, arn)).toEqual(await mapRunOf(before, arn));
    expect(await childrenOf(after, arn)).toEqual(await childrenOf(before, arn));
    await after.succeed(before.tokens[2], 'C');
    await after.succeed(before.tokens[1], 'B');
    expect(await after.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["A","B","C"]' });
  });

  it('keeps Map Runs that have ended, and lets a redrive begin them again', async () => {
    const before = new World();
    const arn = await before.start(callbacks(), ['a', 'b']);
    await before.failTask(before.tokens[0], 'Own.Error');
    const after = new World(new VirtualClock({ start: before.clock.now() }));
    after.stepFunctions.restore(JSON.parse(JSON.stringify(before.stepFunctions.snapshot())) as Snapshot);
    await redrive(after, arn);
    expect(after.invocations.map(({ payload }) => payload.input)).toEqual(['a', 'b']);
    for (const token of after.tokens) await after.succeed(token, 'done');
    expect(await after.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["done","done"]' });
  });
});

describe('a definition', () => {
  const processor = (config: Record<string, unknown>) => ({
    ItemProcessor: { ProcessorConfig: config, StartAt: 'Inner', States: { Inner: double } },
  });
  const distributed = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };

  it.each([
    [
      'EXPRESS children',
      processor({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }),
      /implement 'ExecutionType' "EXPRESS"/,
    ],
    ['no type of its children', processor({ Mode: 'DISTRIBUTED' }), /Missing required field 'ExecutionType'/],
    ['an ItemReader', { ItemReader: {} }, /implement 'ItemReader'/],
    ['an ItemBatcher', { ItemBatcher: {} }, /implement 'ItemBatcher'/],
    ['a ResultWriter', { ResultWriter: {} }, /implement 'ResultWriter'/],
    ['tolerated failures', { ToleratedFailurePercentage: 5 }, /implement 'ToleratedFailurePercentage'/],
    ['a number of tolerated failures', { ToleratedFailureCount: 5 }, /implement 'ToleratedFailureCount'/],
    ['an empty label', { Label: '' }, /non-empty string/],
    ['a long label', { Label: 'x'.repeat(41) }, /Label cannot exceed 40 characters/],
    ['a label with a space', { Label: 'a b' }, /Label contains invalid character: ' '/],
    ['a label with a colon', { Label: 'a:b' }, /Label contains invalid character: ':'/],
  ])('with %s is refused by name', async (_, fields, message) => {
    const definition = machine({ M: distributedMap(double, fields) });
    await expect(new World().create(definition)).rejects.toThrow(message);
  });

  it('with two Maps of one label, or a distributed Map inside a Map, is refused', async () => {
    const twice = machine({
      A: distributedMap(double, { Next: 'B' }),
      B: distributedMap(
        { ...double },
        { ItemProcessor: { ...processor(distributed).ItemProcessor, StartAt: 'Two', States: { Two: double } } },
      ),
    });
    await expect(new World().create(twice)).rejects.toThrow(/'Label' labels another Map too/);
    await expect(new World().create(machine({ M: inlineMap(distributedMap(double)) }))).rejects.toThrow(
      /a distributed Map inside a Map/,
    );
  });

  it('with a label or a type of children on an inline Map is refused', async () => {
    await expect(new World().create(machine({ M: inlineMap(double, { Label: 'L' }) }))).rejects.toThrow(
      /'Label' of an inline Map/,
    );
    const typed = processor({ Mode: 'INLINE', ExecutionType: 'STANDARD' });
    await expect(new World().create(machine({ M: inlineMap(double, typed) }))).rejects.toThrow(
      /'ExecutionType' of an inline Map/,
    );
  });

  it('without a label is refused', async () => {
    const { Label: _, ...unlabelled } = distributedMap(double);
    await expect(new World().create(machine({ M: unlabelled }))).rejects.toThrow(/without 'Label'/);
  });
});

describe('a request', () => {
  it('for the executions of a state machine and of a Map Run at once is refused, and one for neither', async () => {
    const world = new World();
    const arn = await world.start(callbacks(), ['a']);
    const { mapRunArn } = await mapRunOf(world, arn);
    const { stateMachineArn } = await world.describe(arn);
    const list = (input: Record<string, unknown>) => world.call('ListExecutions', input);
    await expect(list({ mapRunArn, stateMachineArn })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(list({ stateMachineArn, statusFilter: 'PENDING_REDRIVE' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(list({})).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('for a Map Run that is not there, or is none, is refused', async () => {
    const world = new World();
    const describe = (mapRunArn: string) => world.call('DescribeMapRun', { mapRunArn });
    await expect(describe('arn:aws:states:us-east-1:000000000000:mapRun:m/L:x')).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
    await expect(describe('arn:aws:states:us-east-1:000000000000:execution:m/L:x')).rejects.toMatchObject({
      name: 'InvalidArn',
    });
  });
});
