import { callbackTask, inlineMap, machine, task, World } from './world';

const double = { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true };

async function outputOf(definition: unknown, input?: unknown): Promise<unknown> {
  const { status, output, cause } = await new World().run(definition, input);
  expect({ status, cause }).toEqual({ status: 'SUCCEEDED', cause: undefined });
  return JSON.parse(output ?? '');
}

describe('an inline Map', () => {
  it('takes its items from the input unless Items says otherwise', async () => {
    expect(await outputOf(machine({ M: inlineMap(double) }), [1, 2, 3])).toEqual([2, 4, 6]);
    expect(await outputOf(machine({ M: inlineMap(double, { Items: [4, '{% $states.input %}'] }) }), 5)).toEqual([
      8, 10,
    ]);
  });

  it('gives each iteration its ItemSelector, which sees the item, its index, the input and the variables', async () => {
    const definition = machine({
      A: { Type: 'Pass', Assign: { outer: 'v' }, Next: 'M' },
      M: inlineMap(
        {
          Type: 'Pass',
          Output: ['{% $states.input %}', '{% $states.context.Map.Item.Index %}', '{% $outer %}'],
          End: true,
        },
        {
          Items: '{% $states.input.items %}',
          ItemSelector: {
            value: '{% $states.context.Map.Item.Value %}',
            index: '{% $states.context.Map.Item.Index %}',
            of: '{% $count($states.input.items) %}',
          },
        },
      ),
    });
    expect(await outputOf(definition, { items: ['a', 'b'] })).toEqual([
      [{ value: 'a', index: 0, of: 2 }, 0, 'v'],
      [{ value: 'b', index: 1, of: 2 }, 1, 'v'],
    ]);
  });

  it('keeps the order of the items, whatever the order in which iterations end', async () => {
    const world = new World();
    const arn = await world.start(machine({ M: inlineMap(callbackTask()) }), ['a', 'b', 'c']);
    for (const index of [2, 0, 1]) await world.succeed(world.tokens[index], `result ${index}`);
    expect(JSON.parse((await world.describe(arn)).output ?? '')).toEqual(['result 0', 'result 1', 'result 2']);
  });

  it.each([
    [undefined, 40],
    [0, 40],
    [100, 40],
    [3, 3],
    ['{% 1 + 1 %}', 2],
  ])('with MaxConcurrency %j runs %i iterations at a time', async (MaxConcurrency, live) => {
    const world = new World();
    const items = Array.from({ length: 45 }, (_, index) => index);
    const arn = await world.start(machine({ M: inlineMap(callbackTask(), { MaxConcurrency }) }), items);
    for (let ended = 0; ended < items.length; ended++) {
      expect(world.tokens).toHaveLength(Math.min(live + ended, items.length));
      await world.succeed(world.tokens[ended], ended);
    }
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('succeeds at once without items', async () => {
    const world = new World();
    const arn = await world.start(machine({ M: inlineMap(double) }), []);
    expect(await world.types(arn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect((await world.describe(arn)).output).toBe('[]');
  });

  it('keeps what an iteration assigns to itself', async () => {
    const inner = {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Assign',
        States: {
          Assign: { Type: 'Pass', Assign: { mine: '{% $states.input %}' }, Next: 'Read' },
          Read: { Type: 'Pass', Output: '{% $mine %}', End: true },
        },
      },
      Next: 'After',
    };
    const definition = machine({
      M: inner,
      After: { Type: 'Pass', Output: ['{% $states.input %}', '{% $exists($mine) %}'], End: true },
    });
    expect(await outputOf(definition, [1, 2])).toEqual([[1, 2], false]);
  });

  it('runs inside another Map', async () => {
    const inner = inlineMap(double);
    const nested = machine({
      Outer: { ...inner, ItemProcessor: { StartAt: 'Middle', States: { Middle: inner } } },
    });
    expect(await outputOf(nested, [[1, 2], [], [3]])).toEqual([[2, 4], [], [6]]);
  });

  it('starts no more iterations once one has failed, and records the waits that it cut', async () => {
    const world = new World();
    const definition = machine({
      M: {
        Type: 'Map',
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'Which',
          States: {
            Which: {
              Type: 'Choice',
              Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Boom' }],
              Default: 'Long',
            },
            Long: { Type: 'Wait', Seconds: 15, End: true },
            Boom: { Type: 'Fail', Error: 'Boom', Cause: 'sibling failed' },
          },
        },
        End: true,
      },
    });
    const arn = await world.start(definition, [0, 1, 2]);
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Boom', cause: 'sibling failed' });
    const events = await world.history(arn);
    const failed = events.findIndex(({ type }) => type === 'FailStateEntered');
    expect(events.slice(failed + 1)).toMatchObject([
      { type: 'MapIterationAborted', mapIterationAbortedEventDetails: { name: 'M', index: 0 } },
      { type: 'WaitStateAborted' },
      { type: 'MapIterationFailed', mapIterationFailedEventDetails: { name: 'M', index: 1 } },
      { type: 'MapStateFailed' },
      { type: 'ExecutionFailed' },
    ]);
    expect(events.filter(({ type }) => type === 'MapIterationStarted')).toHaveLength(2);
    await world.clock.advance(60_000);
    expect(await world.history(arn)).toHaveLength(events.length);
  });

  it('is retried as a whole and caught as a whole', async () => {
    const world = new World();
    const definition = machine({
      M: inlineMap(callbackTask(), {
        Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['Boom'], Output: 'caught', Next: 'End' }],
        End: undefined,
        Next: 'End',
      }),
      End: { Type: 'Succeed' },
    });
    const arn = await world.start(definition, ['a', 'b']);
    await world.succeed(world.tokens[0], 1);
    await world.failTask(world.tokens[1], 'Boom');
    await world.clock.advance(1000);
    expect(world.invocations.map(({ payload }) => payload.input)).toEqual(['a', 'b', 'a', 'b']);
    await world.failTask(world.tokens[3], 'Boom');
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"caught"' });
  });

  it.each([
    ['1', "'number' for value: 1"],
    ["'string'", '\'string\' for value: "string"'],
    ["{'foo': 'bar'}", '\'object\' for value: {"foo":"bar"}'],
    ['null', "'null' for value: null"],
  ])('fails as recorded at AWS when the expression of its Items is %s', async (source, was) => {
    const world = new World();
    const arn = await world.start(machine({ M: inlineMap(double, { Items: `{% ${source} %}` }) }));
    expect(await world.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'M' (entered at the event id #2). The JSONata expression " +
        `'${source}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was ${was}`,
    });
    expect((await world.types(arn)).slice(2)).toEqual(['EvaluationFailed', 'MapStateFailed', 'ExecutionFailed']);
  });

  it('fails when its Items are not an array, or its ItemSelector is nothing', async () => {
    expect(await new World().run(machine({ M: inlineMap(double) }), { a: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('\'Items\' must be an array, but was {"a":1}'),
    });
    const world = new World();
    const selector = '{% $states.context.Map.Item.Value.task %}';
    const arn = await world.start(machine({ M: inlineMap(callbackTask(), { ItemSelector: selector }) }), [
      { task: 1 },
      {},
    ]);
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(await world.types(arn)).toContain('MapIterationAborted');
  });
});

describe('Choice, Wait, Succeed and Fail', () => {
  it('takes the first rule that holds, with its Output and Assign, else the Default with the state’s own', async () => {
    const definition = machine({
      C: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Output: 'large', Assign: { by: 'first' }, Next: 'End' },
          { Condition: '{% $states.input.n > 5 %}', Next: 'End', Assign: { by: 'second' } },
        ],
        Output: 'small',
        Assign: { by: 'default' },
        Default: 'End',
      },
      End: { Type: 'Pass', Output: ['{% $states.input %}', '{% $by %}'], End: true },
    });
    expect(await outputOf(definition, { n: 11 })).toEqual(['large', 'first']);
    expect(await outputOf(definition, { n: 6 })).toEqual([{ n: 6 }, 'second']);
    expect(await outputOf(definition, { n: 1 })).toEqual(['small', 'default']);
  });

  it('fails when no rule holds and there is no Default, and when a condition is not a boolean', async () => {
    const choice = (Condition: string) =>
      machine({ C: { Type: 'Choice', Choices: [{ Condition, Next: 'End' }] }, End: { Type: 'Succeed' } });
    expect(await new World().run(choice('{% false %}'))).toMatchObject({ error: 'States.NoChoiceMatched' });
    expect(await new World().run(choice('{% 1 %}'))).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('waits for seconds, or until a moment', async () => {
    const world = new World();
    const at = new Date(world.began + 90_000).toISOString();
    const arn = await world.start(
      machine({
        A: { Type: 'Wait', Seconds: '{% $states.input.n %}', Next: 'B' },
        B: { Type: 'Wait', Timestamp: at, End: true },
      }),
      { n: 30 },
    );
    await world.clock.advance(29_999);
    expect(await world.types(arn)).toEqual(['ExecutionStarted', 'WaitStateEntered']);
    await world.finish(arn);
    expect(world.clock.now() - world.began).toBe(90_000);
  });

  it('ends with the error and cause of a Fail state', async () => {
    const definition = machine({ F: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: 'because' } });
    const world = new World();
    const arn = await world.start(definition, { e: 'E' });
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'because' });
    expect(await world.types(arn)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  it('assigns variables next to the values that they had before', async () => {
    const definition = machine({
      Z: { Type: 'Pass', Assign: { kept: 0 }, Next: 'A' },
      A: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'C' },
      C: task({ Output: ['{% $states.input %}', '{% $a %}', '{% $b %}', '{% $kept %}'] }),
    });
    expect(await outputOf(definition)).toEqual([1, 2, 1, 0]);
  });
});
