import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { CreateWorkersResult } from '../../../functions/contract/payloads';
import { ServiceError } from '../../../local/aws-service';
import { functionError, type Invoked, World, workerChains } from './world';

const workers: CreateWorkersResult = {
  runId: 'run',
  epochBase: 0,
  heartbeatSeconds: 60,
  chainTimeoutSeconds: 3600,
  chains: [0, 1],
};
const report = { runId: 'run', planned: 20, done: 20 };

function worldOf(created: CreateWorkersResult = workers): World {
  const world = new World();
  world.answer = ({ FunctionName }) =>
    FunctionName.endsWith('CreateWorkers') ? created : FunctionName.endsWith('ReconcileRun') ? report : undefined;
  return world;
}

function links(world: World): Invoked[] {
  return world.invocations.filter(({ FunctionName }) => FunctionName.endsWith('RunChain'));
}

function result(chainId: number) {
  return { chainId, links: 3, done: 10, skipped: 0, unprocessed: 0, inDoubt: 0 };
}

const CREATE = ['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'];
const RECONCILE = CREATE;
const ITERATION = [
  'MapIterationStarted',
  'TaskStateEntered',
  'TaskScheduled',
  'TaskStarted',
  'TaskSubmitted',
  'TaskSucceeded',
  'TaskStateExited',
  'MapIterationSucceeded',
];

/** The events of one iteration's chain, found through previousEventId. */
function chainOf(events: HistoryEvent[], index: number): string[] {
  const last = events.findLast((event) => event.mapIterationSucceededEventDetails?.index === index);
  const types: string[] = [];
  for (let event = last; event !== undefined; event = events[(event.previousEventId ?? 0) - 1]) {
    types.unshift(String(event.type));
    if (event.type === 'MapIterationStarted') break;
  }
  return types;
}

describe('the deployed state machine', () => {
  it('records exactly the events of AWS for two chains that succeed, 8 per iteration', async () => {
    const world = worldOf();
    const arn = await world.start(workerChains(), { job: 'weekly-digest' });
    await world.succeed(world.tokens[0], result(0));
    await world.succeed(world.tokens[1], result(1));

    expect(await world.types(arn)).toEqual([
      'ExecutionStarted',
      ...CREATE,
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'TaskStateEntered',
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      ...RECONCILE,
      'ExecutionSucceeded',
    ]);
    const events = await world.history(arn);
    expect(chainOf(events, 0)).toEqual(ITERATION);
    expect(chainOf(events, 1)).toEqual(ITERATION);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify(report) });
  });

  it('hands every function the payload of the contract', async () => {
    const world = worldOf({ ...workers, epochBase: 5000 });
    const arn = await world.start(workerChains(), { job: 'weekly-digest' });
    expect(world.invocations).toEqual([
      {
        FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:CreateWorkers',
        InvocationType: 'RequestResponse',
        payload: { executionArn: arn, executionName: 'run', redriveCount: 0, input: { job: 'weekly-digest' } },
        at: 0,
      },
      ...[0, 1].map((chainId) => ({
        FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:RunChain',
        InvocationType: 'Event',
        payload: { runId: 'run', chainId, epoch: 5000, link: 0, version: 1, taskToken: expect.any(String) },
        at: 0,
      })),
    ]);
    const scheduled = (await world.history(arn)).filter(({ type }) => type === 'TaskScheduled');
    expect(scheduled[1]?.taskScheduledEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      region: 'us-east-1',
      timeoutInSeconds: 3600,
      heartbeatInSeconds: 60,
      parameters: JSON.stringify({
        FunctionName: 'arn:aws:lambda:us-east-1:000000000000:function:RunChain',
        InvocationType: 'Event',
        Payload: links(world)[0]?.payload,
      }),
    });
  });

  it('retries a crashed chain with a fresh token and a higher epoch, without entering the state again', async () => {
    const world = worldOf({ ...workers, chains: [0] });
    const arn = await world.start(workerChains());
    await world.failTask(world.tokens[0], 'Chain.Crashed');
    // FULL jitter of 2 s at random 0.5.
    await world.clock.advance(999);
    expect(links(world)).toHaveLength(1);
    await world.clock.advance(1);
    expect(links(world).map(({ payload }) => payload.epoch)).toEqual([0, 1]);
    expect(new Set(world.tokens).size).toBe(2);
    await world.succeed(world.tokens[1], result(0));
    const types = await world.types(arn);
    expect(types.slice(types.indexOf('MapIterationStarted'))).toEqual([
      'MapIterationStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskFailed',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      ...RECONCILE,
      'ExecutionSucceeded',
    ]);
  });

  it('retries a chain that falls silent, after exactly HeartbeatSeconds', async () => {
    const world = worldOf({ ...workers, chains: [0] });
    const arn = await world.start(workerChains());
    await world.clock.advance(59_999);
    expect(await world.types(arn)).not.toContain('TaskTimedOut');
    await world.clock.advance(1);
    expect((await world.history(arn)).at(-1)).toMatchObject({
      type: 'TaskTimedOut',
      taskTimedOutEventDetails: { error: 'States.HeartbeatTimeout' },
    });
    await world.clock.advance(1000);
    expect(links(world).map(({ payload }) => payload.epoch)).toEqual([0, 1]);
  });

  it('notes a chain that cannot go on, lets the others end, and finishes it in FinishChains', async () => {
    const world = worldOf();
    const arn = await world.start(workerChains());
    await world.failTask(world.tokens[1], 'Chain.QuotaExhausted');
    expect((await world.describe(arn)).status).toBe('RUNNING');
    await world.succeed(world.tokens[0], result(0));

    const exited = (await world.history(arn)).find(({ stateExitedEventDetails: exit }) => exit?.name === 'RunChains');
    expect(JSON.parse(exited?.stateExitedEventDetails?.output ?? '')).toEqual([
      result(0),
      { chainId: 1, unfinished: 'Chain.QuotaExhausted' },
    ]);
    expect(links(world)[2]?.payload).toMatchObject({ chainId: 1, epoch: 250 });
    await world.succeed(world.tokens[2], result(1));
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
    const types = await world.types(arn);
    expect(types).toContain('PassStateEntered');
    expect(types).toContain('PassStateExited');
  });

  it('catches a chain only after its twenty retries, between which those that got something done do not count', async () => {
    const world = worldOf({ ...workers, chains: [0] });
    const arn = await world.start(workerChains());
    for (let attempt = 0; attempt <= 25; attempt++) {
      expect(links(world)).toHaveLength(attempt + 1);
      const hasProgressed = attempt % 5 === 4;
      await world.failTask(world.tokens[attempt], hasProgressed ? 'Chain.Interrupted' : 'Chain.Crashed');
      await world.clock.advance(50_000);
    }
    expect(links(world)[25]?.payload).toMatchObject({ epoch: 25 });
    expect(links(world)[26]?.payload).toMatchObject({ epoch: 250 });
    expect(await world.types(arn)).toContain('PassStateExited');
  });

  it('ends the whole run at once on Chain.TooManyFailures, and aborts the other chains', async () => {
    const world = worldOf();
    const arn = await world.start(workerChains());
    await world.failTask(world.tokens[0], 'Chain.TooManyFailures', 'too many');
    expect(await world.describe(arn)).toMatchObject({
      status: 'FAILED',
      error: 'Chain.TooManyFailures',
      cause: 'too many',
      redriveStatus: 'REDRIVABLE',
    });
    const events = await world.history(arn);
    const failed = events.findIndex(({ type }) => type === 'TaskFailed');
    expect(events.slice(failed + 1).map(({ type }) => type)).toEqual([
      'MapIterationAborted',
      'TaskStateAborted',
      'MapIterationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    const failureId = events[failed]?.id;
    expect(events.slice(failed + 1).map(({ previousEventId }) => previousEventId)).toEqual([
      failureId,
      failureId,
      failureId,
      failureId,
      events.at(-2)?.id,
    ]);
    await expect(world.succeed(world.tokens[1], result(1))).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  it('resumes exactly the unfinished chains when a run that failed in FinishChains is redriven', async () => {
    const world = worldOf({ ...workers, chains: [0, 1, 2] });
    const arn = await world.start(workerChains());
    await world.succeed(world.tokens[0], result(0));
    await world.failTask(world.tokens[1], 'Chain.QuotaExhausted');
    await world.failTask(world.tokens[2], 'Chain.QuotaExhausted');
    await world.succeed(world.tokens[3], result(1));
    await world.failTask(world.tokens[4], 'Chain.QuotaExhausted', 'quota');
    expect(await world.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Chain.QuotaExhausted' });

    await world.clock.advance(24 * 3600 * 1000);
    await world.call('RedriveExecution', { executionArn: arn });
    await world.clock.advance(0);
    expect(links(world)).toHaveLength(6);
    expect(links(world)[5]?.payload).toMatchObject({ chainId: 2, epoch: 1250 });
    await world.succeed(world.tokens[5], result(2));
    expect(await world.describe(arn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
    const types = await world.types(arn);
    expect(types.slice(types.indexOf('ExecutionRedriven'))).toEqual([
      'ExecutionRedriven',
      'MapIterationStarted',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      ...RECONCILE,
      'ExecutionSucceeded',
    ]);
    const finished = (await world.history(arn)).findLast((event) => event.type === 'MapStateExited');
    expect(JSON.parse(finished?.stateExitedEventDetails?.output ?? '')).toEqual([result(1), result(2)]);
  });

  it('stops every chain with StopExecution and resumes those that had not ended with RedriveExecution', async () => {
    const world = worldOf();
    const arn = await world.start(workerChains());
    await world.succeed(world.tokens[0], result(0));
    await world.call('StopExecution', { executionArn: arn, error: 'Stopped', cause: 'by hand' });
    expect(await world.describe(arn)).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect((await world.types(arn)).at(-1)).toBe('ExecutionAborted');
    await expect(world.call('SendTaskHeartbeat', { taskToken: world.tokens[1] })).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });

    await world.call('RedriveExecution', { executionArn: arn });
    await world.clock.advance(0);
    expect(links(world).map(({ payload }) => [payload.chainId, payload.epoch])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1000],
    ]);
    await world.succeed(world.tokens[2], result(1));
    expect((await world.describe(arn)).status).toBe('SUCCEEDED');
  });

  it('tries CreateWorkers again when Lambda fails, but not when the function refuses the input', async () => {
    const throttled = worldOf({ ...workers, chains: [] });
    const answer = throttled.answer;
    throttled.answer = (invoked) => {
      if (throttled.invocations.length === 1) throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
      return answer(invoked);
    };
    const arn = await throttled.start(workerChains());
    expect((await throttled.history(arn)).find(({ type }) => type === 'TaskFailed')?.taskFailedEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      error: 'Lambda.TooManyRequestsException',
      cause: 'Rate Exceeded. (Service: Lambda, Status Code: 429)',
    });
    expect((await throttled.finish(arn)).status).toBe('SUCCEEDED');

    const refused = new World();
    refused.answer = () => functionError('Run.InvalidInput', 'Expected `job`.');
    expect(await refused.run(workerChains())).toMatchObject({
      status: 'FAILED',
      error: 'Run.InvalidInput',
      cause: JSON.stringify({ errorType: 'Run.InvalidInput', errorMessage: 'Expected `job`.' }),
    });
    expect(refused.invocations).toHaveLength(1);
  });
});
