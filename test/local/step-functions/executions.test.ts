import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { callbackTask, inlineMap, machine, ROLE, task, World } from './world';

const waiting = machine({ A: callbackTask() });
const passing = machine({ A: { Type: 'Pass', End: true } });

async function executions(world: World, input: Record<string, unknown>) {
  return world.call<{ executions: { name: string }[]; nextToken?: string }>('ListExecutions', input);
}

describe('state machines', () => {
  it('are created once for the same definition, and refused under the same name for another', async () => {
    const world = new World();
    const arn = await world.create(waiting);
    await world.clock.advance(5000);
    expect(await world.create(waiting)).toBe(arn);
    await expect(world.create(passing)).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
    expect(await world.call('DescribeStateMachine', { stateMachineArn: arn })).toEqual({
      stateMachineArn: arn,
      name: 'machine',
      type: 'STANDARD',
      status: 'ACTIVE',
      definition: JSON.stringify(waiting),
      roleArn: ROLE,
      creationDate: new Date(world.began),
    });
    await world.create(passing, 'another');
    const { stateMachines } = await world.call<{ stateMachines: unknown[] }>('ListStateMachines', {});
    expect(stateMachines).toHaveLength(2);
  });

  it('are listed page by page, and keep the tags of their creation, over a restart, too', async () => {
    const world = new World();
    const tags = [
      { key: 'team', value: 'mails' },
      { key: 'worker-chains:stack', value: '' },
    ];
    const created = { definition: JSON.stringify(passing), roleArn: ROLE };
    const { stateMachineArn } = await world.call('CreateStateMachine', { ...created, name: 'tagged', tags });
    const plain = await world.create(passing, 'plain');
    await world.create(passing, 'third');
    const page = await world.call<{ stateMachines: unknown[]; nextToken: string }>('ListStateMachines', {
      maxResults: 2,
    });
    expect(page.stateMachines).toHaveLength(2);
    const { nextToken } = page;
    expect(await world.call('ListStateMachines', { maxResults: 2, nextToken })).toMatchObject({
      stateMachines: [{ name: 'third' }],
    });
    await world.call('CreateStateMachine', { ...created, name: 'tagged', tags: [] });

    const next = new World();
    next.stepFunctions.restore(world.stepFunctions.snapshot());
    for (const each of [world, next]) {
      expect(await each.call('ListTagsForResource', { resourceArn: stateMachineArn })).toEqual({ tags });
      expect(await each.call('ListTagsForResource', { resourceArn: plain })).toEqual({ tags: [] });
    }
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['CreateStateMachine', { name: 'a b', definition: '{}', roleArn: ROLE }, 'InvalidName', "'a b'"],
    ['CreateStateMachine', { name: 'a', definition: '{}', roleArn: 'r' }, 'InvalidArn', "Invalid Role Arn: 'r'"],
    [
      'CreateStateMachine',
      { name: 'a', definition: '{}', roleArn: ROLE, type: 'FAST' },
      'ValidationException',
      "at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
    ],
    ['StartExecution', { stateMachineArn: 'm', traceHeader: 'x' }, 'ValidationException', "'traceHeader' of"],
    [
      'DescribeExecution',
      { executionArn: 5 },
      'SerializationException',
      "Expected 'executionArn' to be a string, got 5.",
    ],
    ['DescribeExecution', { executionArn: 'e', includedData: 'METADATA_ONLY' }, 'ValidationException', 'METADATA_ONLY'],
    [
      'CreateStateMachine',
      { name: 'a', definition: '{}', roleArn: ROLE, type: 'EXPRESS' },
      'StateMachineTypeNotSupported',
      'EXPRESS',
    ],
    [
      'CreateStateMachine',
      { name: 'a', definition: '{}', roleArn: ROLE, publish: true },
      'ValidationException',
      "'publish' of CreateStateMachine",
    ],
    [
      'CreateStateMachine',
      { name: 'a', definition: '{}', roleArn: ROLE, tags: Array.from({ length: 51 }, () => ({ key: 'a', value: '' })) },
      'TooManyTags',
      'got 51',
    ],
    [
      'CreateStateMachine',
      { name: 'a', definition: '{}', roleArn: ROLE, tags: [{ key: 'a#', value: '' }] },
      'ValidationException',
      "got 'a#'",
    ],
    ['ListTagsForResource', { resourceArn: 'none' }, 'InvalidArn', "Invalid Arn: 'Invalid ARN prefix: none'"],
    [
      'ListTagsForResource',
      { resourceArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none' },
      'ResourceNotFound',
      'Resource not found',
    ],
    ['TagResource', {}, 'UnknownOperationException', 'The embedded Step Functions does not implement TagResource.'],
  ])('%s %j answers %s', async (operation, input, name, message) => {
    await expect(new World().call(operation, input)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });
});

describe('StartExecution', () => {
  it('answers the running execution for the same name and input, and refuses every other use of the name', async () => {
    const world = new World();
    const arn = await world.start(waiting, { a: 1 }, 'once');
    const stateMachineArn = await world.create(waiting);
    await world.clock.advance(1000);
    const again = { stateMachineArn, name: 'once', input: '{"a":1}' };
    expect(await world.call('StartExecution', again)).toEqual({ executionArn: arn, startDate: new Date(world.began) });
    expect(world.invocations).toHaveLength(1);
    await expect(world.call('StartExecution', { ...again, input: '{"a":2}' })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${arn}'`,
    });
    await world.succeed(world.tokens[0], 1);
    await expect(world.call('StartExecution', again)).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('names an execution itself and takes {} for its input', async () => {
    const world = new World();
    const stateMachineArn = await world.create(passing);
    const { executionArn } = await world.call<{ executionArn: string }>('StartExecution', { stateMachineArn });
    expect(executionArn).toMatch(/:machine:[0-9a-f-]{36}$/);
    expect(await world.finish(executionArn)).toMatchObject({ input: '{}', output: '{}' });
  });
});

describe('what is told of an execution', () => {
  it('DescribeExecution and DescribeStateMachineForExecution tell how it ended', async () => {
    const world = new World();
    const arn = await world.start(waiting, { a: 1 });
    expect(await world.describe(arn)).toMatchObject({
      name: 'run',
      status: 'RUNNING',
      input: '{"a":1}',
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    await world.clock.advance(2000);
    await world.succeed(world.tokens[0], 'done');
    expect(await world.describe(arn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '"done"',
      startDate: new Date(world.began),
      stopDate: new Date(world.began + 2000),
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    expect(await world.call('DescribeStateMachineForExecution', { executionArn: arn })).toMatchObject({
      name: 'machine',
      definition: JSON.stringify(waiting),
    });
  });

  it('ListExecutions gives the newest first, by status, page by page', async () => {
    const world = new World();
    const stateMachineArn = await world.create(waiting);
    for (const name of ['a', 'b', 'c']) await world.call('StartExecution', { stateMachineArn, name });
    await world.clock.advance(0);
    await world.succeed(world.tokens[1], 1);
    const first = await executions(world, { stateMachineArn, maxResults: 2 });
    expect(first.executions.map(({ name }) => name)).toEqual(['c', 'b']);
    const second = await executions(world, { stateMachineArn, maxResults: 2, nextToken: first.nextToken });
    expect(second.executions.map(({ name }) => name)).toEqual(['a']);
    expect(second.nextToken).toBeUndefined();
    const running = await executions(world, { stateMachineArn, statusFilter: 'RUNNING' });
    expect(running.executions.map(({ name }) => name)).toEqual(['c', 'a']);
    await expect(executions(world, { stateMachineArn, nextToken: 'x' })).rejects.toMatchObject({
      name: 'InvalidToken',
    });
  });

  it('a page token expires after 24 hours', async () => {
    const world = new World();
    const stateMachineArn = await world.create(waiting);
    for (const name of ['a', 'b']) await world.call('StartExecution', { stateMachineArn, name });
    const { nextToken } = await executions(world, { stateMachineArn, maxResults: 1 });
    await world.clock.advance(24 * 3600 * 1000 - 1);
    await expect(executions(world, { stateMachineArn, nextToken })).resolves.toBeDefined();
    await world.clock.advance(1);
    await expect(executions(world, { stateMachineArn, nextToken })).rejects.toMatchObject({ name: 'InvalidToken' });
  });

  it('GetExecutionHistory pages, reverses, and leaves payloads out if asked', async () => {
    const world = new World();
    const arn = await world.start(passing, { a: 1 });
    const get = (input: Record<string, unknown>) =>
      world.call<{ events: HistoryEvent[]; nextToken?: string }>('GetExecutionHistory', {
        executionArn: arn,
        ...input,
      });
    const first = await get({ maxResults: 3 });
    const rest = await get({ maxResults: 3, nextToken: first.nextToken });
    expect(
      [...first.events, ...rest.events].map(({ id, previousEventId, type }) => [id, previousEventId, type]),
    ).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'PassStateEntered'],
      [3, 2, 'PassStateExited'],
      [4, 3, 'ExecutionSucceeded'],
    ]);
    expect((await get({ reverseOrder: true })).events[0]?.type).toBe('ExecutionSucceeded');
    expect((await get({})).events[1]).toEqual({
      timestamp: new Date(world.began),
      type: 'PassStateEntered',
      id: 2,
      previousEventId: 0,
      stateEnteredEventDetails: { name: 'A', input: '{"a":1}', inputDetails: { truncated: false } },
    });
    expect((await get({ includeExecutionData: false })).events[1]?.stateEnteredEventDetails).toEqual({ name: 'A' });
  });

  it('a listener hears every event as it is recorded', async () => {
    const heard: HistoryEvent[] = [];
    const world = new World({ onHistoryEvent: (_, event) => heard.push(event) });
    const arn = await world.start(passing);
    expect(heard).toEqual(await world.history(arn));
  });

  it('the history tells the variables that a state assigned', async () => {
    const world = new World();
    const arn = await world.start(machine({ A: { Type: 'Pass', Assign: { v: { n: 1 } }, End: true } }));
    expect((await world.history(arn))[2]?.stateExitedEventDetails).toMatchObject({
      assignedVariables: { v: '{"n":1}' },
    });
  });
});

describe('how an execution ends before its states do', () => {
  it('times out after TimeoutSeconds: no error in the description, States.Timeout in the event, tokens dead', async () => {
    const world = new World();
    const arn = await world.start(machine({ A: callbackTask() }, { TimeoutSeconds: 100 }));
    await world.clock.advance(99_999);
    expect((await world.describe(arn)).status).toBe('RUNNING');
    await world.clock.advance(1);
    const described = await world.describe(arn);
    expect(described.status).toBe('TIMED_OUT');
    expect(described).not.toHaveProperty('error');
    expect((await world.history(arn)).at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      previousEventId: 0,
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
    await expect(world.succeed(world.tokens[0], 1)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('keeps the first answer when it is stopped again', async () => {
    const world = new World();
    const arn = await world.start(waiting);
    const { stopDate } = await world.call('StopExecution', { executionArn: arn, error: 'Manual', cause: 'probe' });
    await world.clock.advance(1000);
    expect(await world.call('StopExecution', { executionArn: arn })).toEqual({ stopDate });
    expect(await world.describe(arn)).toMatchObject({ status: 'ABORTED', error: 'Manual', cause: 'probe' });
  });

  it('does not let a retry that is due start after it was stopped', async () => {
    const world = new World();
    const arn = await world.start(machine({ A: callbackTask({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) }));
    await world.failTask(world.tokens[0], 'X');
    await world.call('StopExecution', { executionArn: arn });
    await world.clock.advance(60_000);
    expect(world.invocations).toHaveLength(1);
  });

  it('fails with event 25,000 when its history is full, and cannot be redriven', async () => {
    const world = new World();
    const definition = machine({
      A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'End' }], Default: 'A' },
      End: { Type: 'Succeed' },
    });
    const arn = await world.start(definition);
    expect(await world.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution history event limit exceeded',
    });
    expect((await world.history(arn)).at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  });
});

describe('RedriveExecution', () => {
  it('runs a failed Task again with the same input, RedriveCount 1 and fresh retries', async () => {
    const world = new World();
    const definition = machine({
      A: { Type: 'Pass', Output: 'input', Assign: { v: 1 }, Next: 'B' },
      B: callbackTask({ Retry: [{ ErrorEquals: ['X'], MaxAttempts: 1, IntervalSeconds: 1 }] }),
    });
    const arn = await world.start(definition);
    await world.failTask(world.tokens[0], 'X');
    await world.clock.advance(1000);
    await world.failTask(world.tokens[1], 'X');
    expect((await world.describe(arn)).status).toBe('FAILED');
    await world.clock.advance(5000);
    const { redriveDate } = await world.call('RedriveExecution', { executionArn: arn });
    await world.clock.advance(0);
    const described = await world.describe(arn);
    expect(described).toMatchObject({ status: 'RUNNING', redriveCount: 1, redriveDate });
    for (const gone of ['error', 'cause', 'stopDate']) expect(described).not.toHaveProperty(gone);
    await world.failTask(world.tokens[2], 'X');
    await world.clock.advance(1000);
    expect(world.invocations.map(({ payload }) => [payload.input, payload.retryCount, payload.redriveCount])).toEqual([
      ['input', 0, 0],
      ['input', 1, 0],
      ['input', 0, 1],
      ['input', 1, 1],
    ]);
    const types = await world.types(arn);
    expect(types.slice(types.indexOf('ExecutionRedriven') - 1, types.indexOf('ExecutionRedriven') + 3)).toEqual([
      'ExecutionFailed',
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
    ]);
  });

  it('keeps the results of iterations that succeeded and goes on to those that never started', async () => {
    const world = new World();
    const arn = await world.start(machine({ M: inlineMap(callbackTask(), { MaxConcurrency: 2 }) }), [
      'a',
      'b',
      'c',
      'd',
    ]);
    await world.succeed(world.tokens[0], 'A');
    await world.failTask(world.tokens[1], 'X');
    expect(world.tokens).toHaveLength(3);
    await world.call('RedriveExecution', { executionArn: arn });
    await world.clock.advance(0);
    expect(world.invocations.slice(3).map(({ payload }) => payload.input)).toEqual(['b', 'c']);
    await world.succeed(world.tokens[3], 'B');
    expect(world.invocations.at(-1)?.payload.input).toBe('d');
    await world.succeed(world.tokens[4], 'C');
    await world.succeed(world.tokens[5], 'D');
    expect(JSON.parse((await world.describe(arn)).output ?? '')).toEqual(['A', 'B', 'C', 'D']);
  });

  it('fails again on a Fail state, and starts the execution’s TimeoutSeconds anew', async () => {
    const failing = new World();
    const failed = await failing.start(machine({ F: { Type: 'Fail', Error: 'E' } }));
    await failing.call('RedriveExecution', { executionArn: failed });
    await failing.clock.advance(0);
    expect(await failing.describe(failed)).toMatchObject({ status: 'FAILED', error: 'E', redriveCount: 1 });

    const world = new World();
    const arn = await world.start(machine({ A: callbackTask() }, { TimeoutSeconds: 100 }));
    await world.clock.advance(150_000);
    await world.call('RedriveExecution', { executionArn: arn });
    await world.clock.advance(99_999);
    expect((await world.describe(arn)).status).toBe('RUNNING');
    await world.clock.advance(1);
    expect((await world.describe(arn)).status).toBe('TIMED_OUT');
  });

  it('is refused while running, after success, and 14 days after the end', async () => {
    const world = new World();
    const arn = await world.start(waiting);
    const redrive = () => world.call('RedriveExecution', { executionArn: arn });
    await expect(redrive()).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
      message: 'Execution is RUNNING and cannot be redriven',
    });
    await world.call('StopExecution', { executionArn: arn });
    await world.clock.advance(14 * 24 * 3600 * 1000);
    expect((await world.describe(arn)).redriveStatus).toBe('REDRIVABLE');
    await world.clock.advance(1);
    await expect(redrive()).rejects.toMatchObject({ message: 'Execution redrivable period exceeded' });
    const done = new World();
    const succeeded = await done.start(passing);
    await expect(done.call('RedriveExecution', { executionArn: succeeded })).rejects.toMatchObject({
      message: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  it('remembers the last ten client tokens, for 15 minutes', async () => {
    const world = new World();
    const arn = await world.start(waiting);
    const redrive = (clientToken: string) => world.call('RedriveExecution', { executionArn: arn, clientToken });
    const dates: unknown[] = [];
    for (let token = 0; token <= 10; token += 1) {
      await world.call('StopExecution', { executionArn: arn });
      dates.push((await redrive(`t${token}`)).redriveDate);
      await world.clock.advance(1000);
    }
    expect((await redrive('t1')).redriveDate).toEqual(dates[1]);
    await expect(redrive('t0')).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
    await world.clock.advance(15 * 60 * 1000);
    await expect(redrive('t10')).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
  });

  it('happens once for the same clientToken', async () => {
    const world = new World();
    const arn = await world.start(waiting);
    await world.call('StopExecution', { executionArn: arn });
    const first = await world.call('RedriveExecution', { executionArn: arn, clientToken: 't' });
    await world.clock.advance(1000);
    expect(await world.call('RedriveExecution', { executionArn: arn, clientToken: 't' })).toEqual(first);
    expect((await world.describe(arn)).redriveCount).toBe(1);
  });
});

describe('the engine itself', () => {
  it('fails the execution, rather than leaving it to run for ever, when a listener throws', async () => {
    const world = new World({
      onHistoryEvent: (_, { type }) => {
        if (type === 'TaskSucceeded') throw new Error('listener broke');
      },
    });
    expect(await world.run(machine({ A: task() }))).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining('listener broke'),
    });
  });
});
