import { REQUEST_LIMIT_BYTES, RESPONSE_LIMIT_BYTES } from '../../../local/lambda/payload';
import { settleEventLoop } from '../../support/virtual-clock';
import { ARN, bench, decoded, functionConfig, RETURNED, THREW } from './fixture';

describe('a synchronous invocation', () => {
  it('answers with what the function returned', async () => {
    const { invoke, started } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker', Payload: '{"runId":"r"}' });
    expect(started[0]!.invocation.event).toEqual({ runId: 'r' });
    started[0]?.end(RETURNED);
    const output = await answer;
    expect(output).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST', Payload: expect.any(Uint8Array) });
    expect(decoded(output)).toEqual({ ok: true });
  });

  it('takes a payload as bytes, and gives {} to the function if there is none', async () => {
    const { invoke, started } = bench([functionConfig()]);
    void invoke({ FunctionName: 'worker', Payload: new TextEncoder().encode('{"name":"Zoë"}') });
    void invoke({ FunctionName: 'worker' });
    void invoke({ FunctionName: 'worker', Payload: new Uint8Array() });
    expect(started.map(({ invocation }) => invocation.event)).toEqual([{ name: 'Zoë' }, {}, {}]);
  });

  it('answers null for a function that returns nothing', async () => {
    const { invoke, started } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker' });
    started[0]?.end({ kind: 'returned', value: undefined });
    expect(decoded(await answer)).toBeNull();
  });

  it('reports a thrown error by its name, with status 200', async () => {
    const { invoke, started } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker' });
    started[0]?.end(THREW);
    const output = await answer;
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(decoded(output)).toEqual({
      errorType: 'Chain.Runaway',
      errorMessage: 'The cursor did not advance.',
      trace: ['Chain.Runaway: The cursor did not advance.'],
    });
  });

  it.each([
    ['Runtime.ExitError', 'Runtime exited with error: exit status 1'],
    ['Runtime.OutOfMemory', 'Runtime exited with error: signal: killed'],
  ])('reports a process that died as %s, with the request id', async (errorType, errorMessage) => {
    const { invoke, started } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker' });
    started[0]?.end({ kind: 'died', errorType, errorMessage });
    const output = await answer;
    expect(output.FunctionError).toBe('Unhandled');
    expect(decoded(output)).toEqual({ errorType, errorMessage: `RequestId: request-1 Error: ${errorMessage}` });
  });

  it('is killed at its timeout and not a millisecond earlier', async () => {
    const { invoke, started, clock, lambda } = bench([functionConfig({ timeoutSeconds: 3 })]);
    const answer = invoke({ FunctionName: 'worker' });
    expect(started[0]!.invocation.deadline).toBe(clock.now() + 3000);
    await clock.advance(2999);
    expect(started[0]?.killed).toBe(false);
    await clock.advance(1);
    expect(started[0]?.killed).toBe(true);
    const output = await answer;
    expect(output.FunctionError).toBe('Unhandled');
    expect(decoded(output)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-1 Error: Task timed out after 3.00 seconds',
    });
    expect(lambda.running()).toBe(0);
  });

  it('ends once, even if its result comes in the very turn of its deadline', async () => {
    const { invoke, started, clock, records } = bench([functionConfig({ timeoutSeconds: 1, reservedConcurrency: 1 })]);
    void invoke({ FunctionName: 'worker' });
    clock.after(1000, () => started[0]?.end(RETURNED));
    await clock.advance(1000);
    expect(records.filter(({ outcome }) => outcome !== undefined)).toHaveLength(1);
    void invoke({ FunctionName: 'worker' });
    await expect(invoke({ FunctionName: 'worker' })).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('leaves no timer behind', async () => {
    const { invoke, started, clock } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker' });
    started[0]?.end(RETURNED);
    await answer;
    expect(clock.timers).toBe(0);
  });

  it('reports a response above 6 MB as Function.ResponseSizeTooLarge', async () => {
    const { invoke, started } = bench([functionConfig()]);
    const fits = invoke({ FunctionName: 'worker' });
    const tooLarge = invoke({ FunctionName: 'worker' });
    started[0]?.end({ kind: 'returned', value: 'x'.repeat(RESPONSE_LIMIT_BYTES - 2) });
    started[1]?.end({ kind: 'returned', value: 'x'.repeat(RESPONSE_LIMIT_BYTES - 1) });
    expect(await fits).not.toHaveProperty('FunctionError');
    expect(decoded(await tooLarge)).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  it('reports a response that is not JSON', async () => {
    const { invoke, started } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker' });
    started[0]?.end({ kind: 'returned', value: 1n });
    expect(decoded(await answer)).toMatchObject({
      errorType: 'Error',
      errorMessage: 'Unable to stringify response body',
    });
  });
});

describe('a request', () => {
  it.each([
    ['a name', 'worker'],
    ['a name with $LATEST', 'worker:$LATEST'],
    ['a full ARN', `${ARN}worker`],
    ['a full ARN with $LATEST', `${ARN}worker:$LATEST`],
    ['a partial ARN', '123456789012:function:worker'],
  ])('finds the function by %s', async (_format, name) => {
    const { invoke } = bench([functionConfig()]);
    expect(await invoke({ FunctionName: name, InvocationType: 'DryRun' })).toEqual({ StatusCode: 204 });
  });

  it.each([
    ['an unknown name', 'nobody', `${ARN}nobody:$LATEST`],
    ['an alias that does not exist', 'worker:live', `${ARN}worker:live`],
    [
      'another account',
      '999999999999:function:worker',
      'arn:aws:lambda:us-east-1:999999999999:function:worker:$LATEST',
    ],
  ])('is answered 404 for %s', async (_case, name, arn) => {
    const { invoke } = bench([functionConfig()]);
    await expect(invoke({ FunctionName: name, InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      statusCode: 404,
      message: `Function not found: ${arn}`,
    });
  });

  it.each([[undefined], ['no spaces allowed'], [7]])('is refused for the function name %p', async (name) => {
    const { invoke } = bench([functionConfig()]);
    await expect(invoke({ FunctionName: name })).rejects.toMatchObject({
      name: 'ValidationException',
      statusCode: 400,
    });
  });

  it.each([
    ['RequestResponse', 6_291_456],
    ['Event', 1_048_576],
  ] as const)('of type %s carries at most %i bytes', async (invocationType, limit) => {
    expect(REQUEST_LIMIT_BYTES[invocationType]).toBe(limit);
    const { invoke, started } = bench([functionConfig()]);
    const largest = `"${'x'.repeat(limit - 2)}"`;
    const input = { FunctionName: 'worker', InvocationType: invocationType };
    await expect(invoke({ ...input, Payload: `${largest} ` })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      statusCode: 413,
      message: `${limit + 1} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`,
    });
    const accepted = invoke({ ...input, Payload: largest });
    started[0]?.end(RETURNED);
    await expect(accepted).resolves.toBeDefined();
  });

  it('counts the bytes of a payload, not its characters', async () => {
    const { invoke } = bench([functionConfig()]);
    const payload = `"${'ë'.repeat(524_288)}"`;
    await expect(invoke({ FunctionName: 'worker', InvocationType: 'Event', Payload: payload })).rejects.toMatchObject({
      message: expect.stringContaining('1048578 byte payload'),
    });
  });

  it.each([['{"runId":'], [new Uint8Array([0x22, 0xff, 0x22])]])(
    'is refused if its payload is not JSON',
    async (payload) => {
      const { invoke, started } = bench([functionConfig()]);
      await expect(invoke({ FunctionName: 'worker', Payload: payload })).rejects.toMatchObject({
        name: 'InvalidRequestContentException',
        statusCode: 400,
        message: expect.stringContaining('Could not parse request body into json'),
      });
      expect(started).toHaveLength(0);
    },
  );

  it('with DryRun runs nothing', async () => {
    const { invoke, started, lambda } = bench([functionConfig()]);
    await invoke({ FunctionName: 'worker', InvocationType: 'DryRun', Payload: '{}' });
    expect(started).toHaveLength(0);
    expect(lambda.queued()).toBe(0);
  });

  it('with an unknown invocation type is refused', async () => {
    const { invoke } = bench([functionConfig()]);
    await expect(invoke({ FunctionName: 'worker', InvocationType: 'Later' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it.each([
    ['Invoke', { FunctionName: 'worker', LogType: 'Tail' }, 'Invoke with LogType Tail'],
    ['Invoke', { FunctionName: 'worker', ClientContext: 'e30=' }, 'Invoke with ClientContext'],
    ['CreateFunction', { FunctionName: 'worker' }, 'CreateFunction'],
  ])('that the embedded service does not implement is rejected by name: %s %p', async (operation, input, named) => {
    const { lambda } = bench([functionConfig()]);
    await expect(lambda.handle(operation, input)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      statusCode: 501,
      message: `The embedded Lambda does not implement ${named}.`,
    });
  });
});

describe('concurrency', () => {
  it('throttles what exceeds the reservation, with 429 and the reason', async () => {
    const { invoke, started } = bench([functionConfig({ reservedConcurrency: 1 })]);
    const first = invoke({ FunctionName: 'worker' });
    await expect(invoke({ FunctionName: 'worker' })).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      statusCode: 429,
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
    });
    started[0]?.end(RETURNED);
    await first;
    void invoke({ FunctionName: 'worker' });
    expect(started).toHaveLength(2);
  });

  it('throttles every synchronous invocation of a function with a reservation of 0', async () => {
    const { invoke } = bench([functionConfig({ reservedConcurrency: 0 })]);
    await expect(invoke({ FunctionName: 'worker' })).rejects.toMatchObject({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
  });

  it('leaves to other functions only what is not reserved', async () => {
    const functions = [functionConfig({ reservedConcurrency: 3 }), functionConfig({ functionName: 'other' })];
    const { invoke, started } = bench(functions, { accountConcurrency: 4 });
    void invoke({ FunctionName: 'other' });
    await expect(invoke({ FunctionName: 'other' })).rejects.toMatchObject({
      Reason: 'ConcurrentInvocationLimitExceeded',
    });
    void invoke({ FunctionName: 'worker' });
    expect(started.map(({ config }) => config.functionName)).toEqual(['other', 'worker']);
  });

  it('refuses functions that reserve more than the account has', () => {
    expect(() => bench([functionConfig({ reservedConcurrency: 11 })], { accountConcurrency: 10 })).toThrow(
      "Expected reserved concurrency of at most 10 in all, the account's own, got 11: lower a function's reservation.",
    );
  });
});

describe('records', () => {
  it('tell the start and the end of every run, in one shape', async () => {
    const { invoke, started, clock, records } = bench([functionConfig()]);
    const answer = invoke({ FunctionName: 'worker', Payload: '{"link":1}' });
    const start = {
      requestId: 'request-1',
      functionName: 'worker',
      event: { link: 1 },
      startedAt: clock.now(),
      invocationType: 'RequestResponse',
      attempt: 1,
    };
    expect(records).toEqual([start]);
    await clock.advance(250);
    started[0]?.end(THREW);
    await answer;
    expect(records[1]).toEqual({
      ...start,
      endedAt: start.startedAt + 250,
      outcome: 'threw',
      errorType: 'Chain.Runaway',
    });
  });

  it('show the event as it was sent, whatever the function did to its copy', async () => {
    const { invoke, started, records } = bench([functionConfig()]);
    void invoke({ FunctionName: 'worker', Payload: '{"ids":[1]}' });
    (started[0]!.invocation.event as { ids: number[] }).ids.push(2);
    expect(records[0]?.event).toEqual({ ids: [1] });
  });
});

describe('idle and killAll', () => {
  it('idle waits for what runs and for what is queued', async () => {
    const { event, lambda, started, clock } = bench([functionConfig({ maximumRetryAttempts: 1 })]);
    let idle = false;
    await event({});
    const waiting = lambda.idle().then(() => {
      idle = true;
    });
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(59_999);
    expect(idle).toBe(false);
    await clock.advance(1);
    expect(idle).toBe(false);
    started[1]?.end(RETURNED);
    await waiting;
    expect(idle).toBe(true);
  });

  it('idle resolves at once if there is nothing to wait for', async () => {
    const { lambda } = bench([functionConfig()]);
    await expect(lambda.idle()).resolves.toBeUndefined();
  });

  it('killAll kills what runs, drops what is queued and reports no failure', async () => {
    const functions = [
      functionConfig({ maximumRetryAttempts: 2, onFailureFunctionArn: `${ARN}fail` }),
      functionConfig({ functionName: 'fail' }),
    ];
    const { event, invoke, lambda, started, clock } = bench(functions);
    await event({ n: 1 });
    await clock.advance(0);
    await event({ n: 2 });
    const answer = invoke({ FunctionName: 'worker' });
    expect(lambda.running()).toBe(2);
    expect(lambda.queued()).toBe(1);
    lambda.killAll();
    expect(started.every(({ killed }) => killed)).toBe(true);
    expect(decoded(await answer)).toMatchObject({ errorType: 'Runtime.ExitError' });
    await settleEventLoop();
    expect(lambda.running()).toBe(0);
    expect(lambda.queued()).toBe(0);
    await lambda.idle();
    await clock.advance(24 * 3_600_000);
    expect(started).toHaveLength(2);
  });

  it('killOldest crashes what has run longest of one function, and that is reported', async () => {
    const functions = [
      functionConfig({ onFailureFunctionArn: `${ARN}fail` }),
      functionConfig({ functionName: 'fail' }),
      functionConfig({ functionName: 'other' }),
    ];
    const { event, invoke, lambda, started, clock } = bench(functions);
    void invoke({ FunctionName: 'other' });
    await event({ n: 1 });
    await event({ n: 2 });
    await clock.advance(0);
    expect(lambda.killOldest('worker')).toBe(true);
    await clock.advance(0);
    expect(started.map(({ config, killed }) => [config.functionName, killed])).toEqual([
      ['other', false],
      ['worker', true],
      ['worker', false],
      ['fail', false],
    ]);
    expect(started[3]?.invocation.event).toMatchObject({ requestPayload: { n: 1 } });
    expect(lambda.killOldest('worker')).toBe(true);
    expect(lambda.killOldest('worker')).toBe(false);
  });
});
