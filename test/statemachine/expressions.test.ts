import type {
  ChainResult,
  CreateWorkersEvent,
  CreateWorkersResult,
  JudgeCanaryEvent,
  LinkEvent,
  ReconcileRunEvent,
  RunReport,
  UnfinishedChain,
} from '../../functions/contract/payloads';
import { EVENT_VERSION } from '../../functions/contract/versions';
import { EPOCHS_AFTER_CANARY } from '../../functions/ledger/attempts';
import { evaluate, stateNamed } from './definition';

const WORKERS: CreateWorkersResult = {
  runId: 'monday',
  epochBase: 2_000_000,
  heartbeatSeconds: 60,
  chainTimeoutSeconds: 3600,
  chains: [0, 1, 2],
};

const execution = {
  Id: 'arn:aws:states:us-east-1:123456789012:execution:worker-chains:monday',
  Name: 'monday',
};

/** Counts of the context object; Step Functions leaves them out where there is nothing to count. */
interface Counts {
  readonly retries?: number;
  readonly redrives?: number;
  /** Epoch of the attempt that was parked before this one. */
  readonly parkedAt?: number;
}

const statesIn = ({ retries, redrives, parkedAt }: Counts, chainId = 7) => ({
  context: {
    Execution: { ...execution, ...(redrives !== undefined && { RedriveCount: redrives }) },
    State: { ...(retries !== undefined && { RetryCount: retries }) },
    Task: { Token: 'token-1' },
  },
  input: { chainId, ...(parkedAt !== undefined && { parked: { until: '2026-01-05T08:00:00Z', epoch: parkedAt } }) },
});

async function payloadOf(state: string, counts: Counts, run: CreateWorkersResult = WORKERS): Promise<LinkEvent> {
  const { Payload } = stateNamed(state).Arguments ?? {};
  return (await evaluate(Payload, { run, states: statesIn(counts) })) as LinkEvent;
}

const epochOf = async (state: string, counts: Counts, run?: CreateWorkersResult) =>
  (await payloadOf(state, counts, run)).epoch;

describe('CreateWorkers', () => {
  it('is given the execution and its input as they are', async () => {
    const input = { job: 'weekly-digest', ids: { first: 1, last: 9 } };
    const states = { context: { Execution: execution }, input };

    const payload = await evaluate(stateNamed('CreateWorkers').Arguments?.Payload, { states });

    expect(payload).toEqual<CreateWorkersEvent>({
      executionArn: execution.Id,
      executionName: 'monday',
      redriveCount: 0,
      input,
    });
  });

  it.each([[[]], [[0]], [[0, 1, 2]]])('hands on its chains as a list: %j', async (chains) => {
    const { Assign, Output } = stateNamed('CreateWorkers');
    const answer = { ...WORKERS, chains };
    const states = { result: { Payload: answer } };

    expect(await evaluate(Assign, { states })).toEqual({ run: answer });
    expect(await evaluate(Output, { states })).toEqual(chains);
    expect(await evaluate(stateNamed('RunChains').Items, { states: { input: chains } })).toEqual(chains);
  });
});

describe.each(['RunChain', 'FinishChain'])('%s', (state) => {
  it('starts link 0 of its chain with a fresh token', async () => {
    const { epoch, ...payload } = await payloadOf(state, { retries: 0, redrives: 0 });

    expect(payload).toEqual<Omit<LinkEvent, 'epoch'>>({
      runId: 'monday',
      chainId: 7,
      link: 0,
      version: EVENT_VERSION,
      taskToken: 'token-1',
    });
    expect(Number.isSafeInteger(epoch)).toBe(true);
  });

  it('takes a count that is missing for 0', async () => {
    expect(await epochOf(state, {})).toBe(await epochOf(state, { retries: 0, redrives: 0 }));
    expect(await epochOf(state, { retries: 3 })).toBe(await epochOf(state, { retries: 3, redrives: 0 }));
  });

  it('waits for a heartbeat, and for the end, as long as the run says', async () => {
    const { HeartbeatSeconds, TimeoutSeconds } = stateNamed(state);
    const bindings = { run: WORKERS, states: statesIn({}) };

    expect(await evaluate(HeartbeatSeconds, bindings)).toBe(60);
    expect(await evaluate(TimeoutSeconds, bindings)).toBe(3600);
  });

  it('is told its chain by the item of the Map', async () => {
    const { ItemSelector } = stateNamed(`${state}s`);

    expect(await evaluate(ItemSelector, { states: { context: { Map: { Item: { Index: 0, Value: 7 } } } } })).toEqual({
      chainId: 7,
    });
  });
});

describe('the epoch', () => {
  it('grows with every attempt there can be: retries, FinishChain, redrives, and executions that resume the run', async () => {
    const epochs: number[] = [];
    for (const generation of [0, 1]) {
      const run = { ...WORKERS, epochBase: generation * 1_000_000 };
      for (const redrives of [0, 1, 999]) {
        for (const state of ['RunChain', 'FinishChain']) {
          // Each rule of Retry counts its own attempts, and RetryCount counts those of all.
          const most = (stateNamed(state).Retry ?? []).reduce((sum, { MaxAttempts = 3 }) => sum + MaxAttempts, 0);
          for (let retries = 0; retries <= most; retries++)
            epochs.push(await epochOf(state, { retries, redrives }, run));
        }
      }
    }

    expect(epochs).toHaveLength(2 * 3 * 2 * 121);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
    expect(epochs[0]).toBe(0);
  });

  it('changes its thousand with a redrive and with a resumption only: a retry is forgiven nothing', async () => {
    const thousand = async (...given: Parameters<typeof epochOf>) => Math.floor((await epochOf(...given)) / 1000);
    const first = await thousand('RunChain', {});

    expect(await thousand('RunChain', { retries: 5 })).toBe(first);
    expect(await thousand('FinishChain', { retries: 5 })).toBe(first);
    expect(await thousand('RunChain', { redrives: 1 })).toBe(first + 1);
    expect(await thousand('RunChain', {}, { ...WORKERS, epochBase: 3_000_000 })).toBe(first + 1000);
  });
});

describe('a chain that is parked', () => {
  const until = '2026-01-05T08:00:00Z';

  it.each([
    ['RunChain', 'AwaitOpening'],
    ['FinishChain', 'AwaitOpeningToFinish'],
  ])('of %s waits in %s until the time that it gave, and keeps what it needs to go on', async (state, wait) => {
    const rule = stateNamed(state).Catch?.find(({ Next }) => Next === wait);
    const errorOutput = { Error: 'Chain.Parked', Cause: JSON.stringify({ until, epoch: 2_000_003 }) };
    // A child of a distributed Map has more in its input.
    const input = { chainId: 7, runId: 'monday' };

    const parked = await evaluate(rule?.Output, { states: { input, errorOutput } });
    const again = await evaluate(rule?.Output, { states: { input: parked, errorOutput } });

    expect(parked).toEqual({ ...input, parked: { until, epoch: 2_000_003 } });
    expect(again).toEqual(parked);
    expect(await evaluate(stateNamed(wait).Timestamp, { states: { input: parked } })).toBe(until);
  });

  it.each(['RunChain', 'FinishChain'])('goes on in an attempt above the one that was parked: %s', async (state) => {
    const first = await epochOf(state, {});

    expect(await epochOf(state, { parkedAt: first })).toBe(first + 1);
    expect(await epochOf(state, { parkedAt: first + 7, retries: 2 })).toBe(first + 10);
  });

  it('begins a new round when its execution is redriven, as every other chain does', async () => {
    const before = await epochOf('RunChain', { retries: 3 });

    expect(await epochOf('RunChain', { parkedAt: before, redrives: 1 })).toBe(
      await epochOf('RunChain', { redrives: 1 }),
    );
    expect(await epochOf('RunChain', { parkedAt: before + 1000, redrives: 1 })).toBe(before + 1001);
  });
});

describe('a canary', () => {
  const through = [{ chainId: 0, links: 1, done: 9, skipped: 0, unprocessed: 0, inDoubt: 0 }];
  const canary = { feedbackSeconds: 600 };

  it.each([
    [{ ...WORKERS, canary }, 'AwaitFeedback'],
    [WORKERS, 'ReconcileRun'],
  ])('is judged when its chains are at their end, and only where the run has one', async (run, next) => {
    const { Choices = [], Default } = stateNamed('EveryChainFinished');

    for (const input of [through, []]) {
      const conditions = Choices.map(({ Condition }) => evaluate(Condition, { run, states: { input } }));
      const taken = (await Promise.all(conditions)).indexOf(true);
      expect(Choices[taken]?.Next ?? Default).toBe(next);
    }
  });

  it('is waited for as long as the run says', async () => {
    const { Seconds } = stateNamed('AwaitFeedback');

    expect(await evaluate(Seconds, { run: { ...WORKERS, canary } })).toBe(600);
  });

  it('is judged once a round, and then the same chains go on', async () => {
    const { Arguments, Assign, Output, Next } = stateNamed('JudgeCanary');
    const answer = { ...WORKERS, epochBase: 2_000_500 };
    const states = { ...statesIn({ redrives: 3 }), result: { Payload: answer } };

    expect(await evaluate(Arguments?.Payload, { run: WORKERS, states })).toEqual<JudgeCanaryEvent>({
      ...{ runId: 'monday', epoch: 2_003_000 },
    });
    expect(await evaluate(Assign, { states })).toEqual({ run: answer });
    expect(await evaluate(Output, { states })).toEqual(WORKERS.chains);
    expect(Next).toBe('RunChains');
  });

  it('is followed by attempts above all of its own', async () => {
    const after = { ...WORKERS, epochBase: WORKERS.epochBase + EPOCHS_AFTER_CANARY };

    expect(await epochOf('RunChain', { redrives: 2 }, after)).toBeGreaterThan(
      await epochOf('FinishChain', { redrives: 2, retries: 120 }),
    );
    expect(await epochOf('FinishChain', { redrives: 2, retries: 120 }, after)).toBeLessThan(
      await epochOf('RunChain', { redrives: 3 }),
    );
  });
});

describe('a chain that cannot be brought to its end', () => {
  it('is noted by its number and its error', async () => {
    const rule = stateNamed('RunChain').Catch?.find(({ Next }) => Next === 'ChainUnfinished');
    const states = { input: { chainId: 7 }, errorOutput: { Error: 'Chain.Runaway', Cause: 'It does not advance.' } };

    expect(await evaluate(rule?.Output, { states })).toEqual<UnfinishedChain>({
      chainId: 7,
      unfinished: 'Chain.Runaway',
    });
  });

  const finished = (chainId: number): ChainResult => ({
    ...{ chainId, links: 3, done: 10, skipped: 0, unprocessed: 0, inDoubt: 0 },
  });
  const unfinished = (chainId: number): UnfinishedChain => ({ chainId, unfinished: 'Chain.Crashed' });

  it.each<[string, readonly (ChainResult | UnfinishedChain)[], readonly number[]]>([
    ['the run has no chains', [], []],
    ['every chain is finished', [finished(0), finished(1)], []],
    ['one of one is not', [unfinished(0)], [0]],
    ['one of several is not', [finished(0), unfinished(1), finished(2)], [1]],
    ['several are not', [unfinished(0), finished(1), unfinished(2), unfinished(9)], [0, 2, 9]],
    ['none is', [unfinished(0), unfinished(1)], [0, 1]],
  ])('is found, and no other, when %s', async (_, input, expected) => {
    const { Choices = [], Default } = stateNamed('EveryChainFinished');
    const [choice] = Choices;
    const states = { input };

    expect(await evaluate(choice?.Condition, { states })).toBe(expected.length > 0);
    expect([choice?.Next, Default]).toEqual(['FinishChains', 'ReconcileRun']);
    if (expected.length === 0) return;
    const handedOn = await evaluate(choice?.Output, { states });
    expect(handedOn).toEqual(expected);
    expect(await evaluate(stateNamed('FinishChains').Items, { states: { input: handedOn } })).toEqual(expected);
  });
});

describe('ReconcileRun', () => {
  it('is given the run, and its report is the output of the execution', async () => {
    const { Arguments, Output } = stateNamed('ReconcileRun');
    const report: RunReport = {
      ...{
        runId: 'monday',
        job: 'weekly-digest',
        planned: 1,
        given: 1,
        gone: 0,
        added: 0,
        done: 1,
        skipped: 0,
        unprocessed: 0,
        inDoubt: 0,
      },
      ...{ skippedBecause: {}, chains: 1, links: 1, elapsedSeconds: 0.1, topErrors: [] },
    };

    expect(
      await evaluate(Arguments?.Payload, { run: WORKERS, states: statesIn({ redrives: 3 }) }),
    ).toEqual<ReconcileRunEvent>({
      runId: 'monday',
      epoch: 2_003_000,
    });
    expect(await evaluate(Output, { states: { result: { Payload: report } } })).toEqual(report);
  });
});
