import type { Snapshot } from '../../../local/step-functions/step-functions-service';
import { VirtualClock } from '../../support/virtual-clock';
import { callbacks, childrenOf, mapRunOf, mapRunsOf, redrive, World } from './map-run-world';
import { callbackTask, distributedMap, machine } from './world';

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
