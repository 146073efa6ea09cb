import type { AsyncDelivery } from '../../../local/lambda/lambda-service';
import type { FunctionConfig } from '../../../local/lambda/runtime';
import { settleEventLoop } from '../../support/virtual-clock';
import { ARN, bench, functionConfig, RETURNED, THREW } from './fixture';

const MINUTE = 60_000;

function withDestination(changes: Partial<FunctionConfig>) {
  return [functionConfig({ ...changes, onFailureFunctionArn: `${ARN}fail` }), functionConfig({ functionName: 'fail' })];
}

describe('an asynchronous invocation', () => {
  it('is answered 202 before the function starts', async () => {
    const { event, started, clock, lambda } = bench([functionConfig()]);
    expect(await event({ link: 1 })).toEqual({ StatusCode: 202 });
    expect(started).toHaveLength(0);
    expect(lambda.queued()).toBe(1);
    await clock.advance(0);
    expect(started[0]!.invocation.event).toEqual({ link: 1 });
    expect(lambda.queued()).toBe(0);
  });

  it('that returns runs once', async () => {
    const { event, started, clock } = bench([functionConfig({ maximumRetryAttempts: 2 })]);
    await event({});
    await clock.advance(0);
    started[0]?.end(RETURNED);
    await clock.advance(10 * MINUTE);
    expect(started).toHaveLength(1);
  });

  it.each([
    [0, [0]],
    [1, [0, MINUTE]],
    [2, [0, MINUTE, 3 * MINUTE]],
  ])('with %i retry attempts retries a function error after one minute, then two', async (attempts, times) => {
    const { event, started, clock, startTimes, records } = bench([functionConfig({ maximumRetryAttempts: attempts })]);
    await event({});
    await clock.advance(0);
    for (let minute = 0; minute < 10; minute += 1) {
      started.at(-1)?.end(THREW);
      await clock.advance(MINUTE);
    }
    expect(startTimes()).toEqual(times);
    const ends = records.filter(({ outcome }) => outcome === 'threw');
    expect(ends.map(({ attempt }) => attempt)).toEqual(times.map((_time, index) => index + 1));
    expect(new Set(records.map(({ requestId }) => requestId))).toEqual(new Set(['request-1']));
  });

  it('waits two minutes between the end of its second run and its third', async () => {
    const { event, started, clock, startTimes } = bench([functionConfig({ maximumRetryAttempts: 2 })]);
    await event({});
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(MINUTE);
    started[1]?.end(THREW);
    await clock.advance(2 * MINUTE - 1);
    expect(started).toHaveLength(2);
    await clock.advance(1);
    expect(startTimes()).toEqual([0, MINUTE, 3 * MINUTE]);
  });

  it('counts a timeout as a function error', async () => {
    const { event, clock, records } = bench([functionConfig({ maximumRetryAttempts: 1, timeoutSeconds: 5 })]);
    await event({});
    await clock.advance(5000 + MINUTE);
    expect(records.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, undefined],
      [1, 'timed-out'],
      [2, undefined],
    ]);
  });

  it('gives every attempt a fresh copy of the event', async () => {
    const { event, started, clock } = bench([functionConfig({ maximumRetryAttempts: 1 })]);
    await event({ ids: [1] });
    await clock.advance(0);
    (started[0]!.invocation.event as { ids: number[] }).ids.push(2);
    started[0]?.end(THREW);
    await clock.advance(MINUTE);
    expect(started[1]?.invocation.event).toEqual({ ids: [1] });
  });
});

describe('a throttled event', () => {
  it('stays queued, backing off from one second to five minutes, and uses up no retry attempt', async () => {
    const { event, started, clock, startTimes, lambda, invoke } = bench([
      functionConfig({ reservedConcurrency: 1, maximumRetryAttempts: 0, timeoutSeconds: 900 }),
    ]);
    void invoke({ FunctionName: 'worker' });
    await event({});
    await clock.advance(0);
    expect(lambda.queued()).toBe(1);
    // Throttled at 0, 1, 3, 7, 15, 31, 63, 127, 255 s; then 256 s later and every 300 s from there.
    await clock.advance(510_000);
    expect(started).toHaveLength(1);
    started[0]?.end(RETURNED);
    await clock.advance(1_000);
    expect(startTimes()).toEqual([0, 511_000]);
  });

  it('is never kept waiting for more than five minutes', async () => {
    const { event, started, clock, startTimes, invoke } = bench(
      [functionConfig({ reservedConcurrency: 1, timeoutSeconds: 900 })],
      { random: () => 0.999 },
    );
    void invoke({ FunctionName: 'worker' });
    await event({});
    await clock.advance(899_000);
    started[0]?.end(RETURNED);
    await clock.advance(300_000);
    expect(startTimes()[1]).toBeGreaterThan(899_000);
    expect(startTimes()[1]).toBeLessThanOrEqual(1_199_000);
  });

  it('comes back at its own moment, so that events throttled together do not collide for ever', async () => {
    let draws = 0;
    const { event, started, clock, startTimes, invoke } = bench(
      [functionConfig({ reservedConcurrency: 1, timeoutSeconds: 900 })],
      {
        random: () => {
          draws += 1;
          return draws % 2 === 0 ? 0.8 : 0;
        },
      },
    );
    void invoke({ FunctionName: 'worker' });
    await event({ n: 1 });
    await event({ n: 2 });
    await clock.advance(0);
    started[0]?.end(RETURNED);
    await clock.advance(1_000);
    expect(startTimes()).toEqual([0, 1_000]);
    started[1]?.end(RETURNED);
    await clock.advance(200);
    expect(startTimes()).toEqual([0, 1_000, 1_200]);
  });

  it('is throttled by a full account as well', async () => {
    const functions = [functionConfig(), functionConfig({ functionName: 'other' })];
    const { event, invoke, started, clock, startTimes } = bench(functions, { accountConcurrency: 1 });
    void invoke({ FunctionName: 'other' });
    await event({});
    await clock.advance(500);
    started[0]?.end(RETURNED);
    await clock.advance(500);
    expect(startTimes()).toEqual([0, 1_000]);
  });

  it('is given up when it is too old, with no response in its record', async () => {
    const { event, started, clock, invoke } = bench(
      withDestination({ reservedConcurrency: 1, maximumEventAgeSeconds: 60, timeoutSeconds: 900 }),
    );
    void invoke({ FunctionName: 'worker' });
    await event({ link: 3 });
    await clock.advance(59_999);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started[1]?.config.functionName).toBe('fail');
    expect(started[1]?.invocation.event).toEqual({
      version: '1.0',
      timestamp: '2026-01-05T07:01:00.000Z',
      requestContext: {
        requestId: 'request-2',
        functionArn: `${ARN}worker:$LATEST`,
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 0,
      },
      requestPayload: { link: 3 },
    });
  });
});

describe('an event whose function fails for good', () => {
  it('reaches the on-failure destination with the last response', async () => {
    const { event, started, clock } = bench(withDestination({ maximumRetryAttempts: 1 }));
    await event({ chainId: 4 });
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(MINUTE);
    started[1]?.end(THREW);
    await clock.advance(0);
    expect(started[2]?.config.functionName).toBe('fail');
    expect(started[2]?.invocation.requestId).not.toBe('request-1');
    expect(started[2]?.invocation.event).toEqual({
      version: '1.0',
      timestamp: '2026-01-05T07:01:00.000Z',
      requestContext: {
        requestId: 'request-1',
        functionArn: `${ARN}worker:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { chainId: 4 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: {
        errorType: 'Chain.Runaway',
        errorMessage: 'The cursor did not advance.',
        trace: ['Chain.Runaway: The cursor did not advance.'],
      },
    });
  });

  it.each([
    ['timeout', 'Sandbox.Timedout', 'RequestId: request-1 Error: Task timed out after 3.00 seconds'],
    ['crash', 'Runtime.ExitError', 'RequestId: request-1 Error: Runtime exited with error: signal: killed'],
  ])('tells its destination of a %s', async (how, errorType, errorMessage) => {
    const { event, started, clock } = bench(withDestination({}));
    await event({});
    await clock.advance(0);
    if (how === 'crash') {
      const died = 'Runtime exited with error: signal: killed';
      started[0]?.end({ kind: 'died', errorType: 'Runtime.ExitError', errorMessage: died });
    }
    await clock.advance(3000);
    expect(started[1]?.invocation.event).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      responsePayload: { errorType, errorMessage },
    });
  });

  it('is given up at once if its retry would come too late', async () => {
    const { event, started, clock, lambda } = bench(
      withDestination({ maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 }),
    );
    await event({});
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(0);
    expect(started[1]?.invocation.event).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
      responseContext: { functionError: 'Unhandled' },
    });
    expect(lambda.queued()).toBe(0);
  });

  it('goes to the destination without any retry while the reservation is 0', async () => {
    const { event, started, clock } = bench(withDestination({ reservedConcurrency: 0, maximumRetryAttempts: 2 }));
    expect(await event({ link: 1 })).toEqual({ StatusCode: 202 });
    await clock.advance(0);
    expect(started).toHaveLength(1);
    expect(started[0]!.invocation.event).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
      requestPayload: { link: 1 },
    });
    expect(started[0]!.invocation.event).not.toHaveProperty('responsePayload');
  });

  it('is dropped in silence if there is no destination', async () => {
    const { event, started, clock, lambda } = bench([functionConfig()]);
    await event({});
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(0);
    await lambda.idle();
    expect(started).toHaveLength(1);
  });

  it('needs a destination that exists', () => {
    expect(() => bench([functionConfig({ onFailureFunctionArn: `${ARN}nobody` })])).toThrow(
      `Expected the on-failure destination of worker to be a function of the template, got ${ARN}nobody: add that function or remove the destination.`,
    );
  });
});

describe('a fault plan', () => {
  it('drops an event that it gives no copy', async () => {
    const { event, started, clock, lambda } = bench(withDestination({}), { asyncDelivery: () => [] });
    expect(await event({})).toEqual({ StatusCode: 202 });
    await clock.advance(24 * 60 * MINUTE);
    await lambda.idle();
    expect(started).toHaveLength(0);
  });

  it('delivers an event twice, under one request id', async () => {
    const { event, started, clock, startTimes } = bench([functionConfig()], { asyncDelivery: () => [0, 40] });
    await event({ link: 1 });
    await clock.advance(40);
    expect(startTimes()).toEqual([0, 40]);
    expect(started.map(({ invocation }) => invocation.requestId)).toEqual(['request-1', 'request-1']);
  });

  it('delays an event, which may make it too old', async () => {
    const { event, started, clock } = bench(withDestination({ maximumEventAgeSeconds: 60 }), {
      asyncDelivery: ({ functionName }) => (functionName === 'worker' ? [2 * MINUTE] : [0]),
    });
    await event({});
    await clock.advance(2 * MINUTE);
    expect(started.map(({ config }) => config.functionName)).toEqual(['fail']);
  });

  it('is asked for every event, failure records included', async () => {
    const asked: AsyncDelivery[] = [];
    const { event, started, clock } = bench(withDestination({}), {
      asyncDelivery: (delivery) => {
        asked.push(delivery);
        return [0];
      },
    });
    await event({ link: 1 });
    await clock.advance(0);
    started[0]?.end(THREW);
    await clock.advance(0);
    await settleEventLoop();
    expect(asked).toEqual([
      { functionName: 'worker', event: { link: 1 }, requestId: 'request-1' },
      { functionName: 'fail', event: started[1]?.invocation.event, requestId: 'request-2' },
    ]);
  });
});
