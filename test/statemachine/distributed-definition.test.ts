import validate from 'asl-validator';
import { distributedDefinition, labelsOf } from '../../cdk/distributed-definition';
import { MOST_CHAINS } from '../../functions/contract/map-mode';
import type { CreateWorkersResult, LinkEvent } from '../../functions/contract/payloads';
import { COMMITTED, evaluate, type State, stateNamed } from './definition';

const TEXT = distributedDefinition(COMMITTED, MOST_CHAINS.distributed);
const { States, ...machine } = JSON.parse(TEXT) as { readonly States: Readonly<Record<string, State>> };
const MAPS = [
  ['RunChains', 'RunChain'],
  ['FinishChains', 'FinishChain'],
] as const;

const WORKERS: CreateWorkersResult = {
  ...{ runId: 'monday', epochBase: 2_000_000, heartbeatSeconds: 60, chainTimeoutSeconds: 3600, chains: [0, 1] },
};

/** Redrives of the execution, and retries of the Task. */
interface Counts {
  readonly redrives?: number;
  readonly retries?: number;
}

const contextOf = ({ redrives, retries }: Counts) => ({
  Execution: { Id: 'arn', Name: 'name', ...(redrives !== undefined && { RedriveCount: redrives }) },
  State: { ...(retries !== undefined && { RetryCount: retries }) },
});

/** What the child of a chain gets for its input from a parent with so many redrives. */
const inputOf = (map: string, redrives?: number) =>
  evaluate(States[map]?.ItemSelector, {
    run: WORKERS,
    states: { context: { ...contextOf({ redrives }), Map: { Item: { Index: 0, Value: 7 } } } },
  });

/** A field of a child's Task, evaluated where nothing but the child is known. */
async function inChild(map: string, task: string, field: (state: State) => unknown, input: unknown, counts: Counts) {
  const context = { ...contextOf(counts), Task: { Token: 'token-1' } };
  const state = States[map]?.ItemProcessor?.States[task] as State;
  return evaluate(field(state), { states: { input, context } });
}

const payloadOf = ({ Arguments }: State) => Arguments?.Payload;
const epochOf = async (map: string, task: string, parentRedrives: number, counts: Counts) =>
  ((await inChild(map, task, payloadOf, await inputOf(map, parentRedrives), counts)) as LinkEvent).epoch;

it('is valid Amazon States Language once its functions are filled in', () => {
  const filled = TEXT.replaceAll(/\$\{Partition\}/g, 'aws').replaceAll(
    /\$\{(\w+)\}/g,
    'arn:aws:lambda:us-east-1:1:function:$1',
  );
  expect(filled).not.toMatch(/\$\{/);
  expect(validate(JSON.parse(filled)).errorsText()).toBe('');
  expect(validate(JSON.parse(filled.replace('"EveryChainFinished"', '"Nowhere"'))).isValid).toBe(false);
});

it('is the committed definition but for its Maps, and the time that ReconcileRun is told', async () => {
  const { States: committed, ...committedMachine } = JSON.parse(COMMITTED) as typeof machine & { States: object };
  expect(machine).toEqual(committedMachine);
  expect(Object.keys(States)).toEqual(Object.keys(committed));
  const others = (states: object) => Object.entries(states).filter(([name]) => !MAPS.some(([map]) => map === name));
  const { ReconcileRun, ...rest } = Object.fromEntries(others(States)) as Record<string, State>;
  const { ReconcileRun: committedReconcileRun, ...committedRest } = Object.fromEntries(others(committed));
  expect(rest).toEqual(committedRest);
  const { roundSince, ...payload }: Record<string, unknown> = { ...ReconcileRun?.Arguments?.Payload };
  expect({ ...ReconcileRun, Arguments: { ...ReconcileRun?.Arguments, Payload: payload } }).toEqual(
    committedReconcileRun,
  );
  const at = (Execution: object) => evaluate(roundSince, { states: { context: { Execution } } });
  expect(await at({ StartTime: 'started' })).toBe('started');
  expect(await at({ StartTime: 'started', RedriveTime: 'redriven' })).toBe('redriven');
  expect(labelsOf(COMMITTED)).toEqual(['RunChains', 'FinishChains']);
});

describe.each(MAPS)('%s', (map, task) => {
  it('runs each chain as a Standard execution, which can wait for a token and be redriven, all of them at once', () => {
    expect(States[map]).toMatchObject({
      Label: map,
      MaxConcurrency: 100,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
    const { Items, Next } = stateNamed(map);
    expect(States[map]).toMatchObject({ Items, Next });
  });

  it('keeps what a chain is retried and caught for', () => {
    const { Retry, Catch, Resource } = stateNamed(task);
    expect(States[map]?.ItemProcessor?.States[task]).toMatchObject({ Retry, Resource, ...(Catch && { Catch }) });
  });

  it('gives each child what it needs of the run, because a child sees no variable from around it', async () => {
    expect(JSON.stringify(States[map]?.ItemProcessor)).not.toContain('$run');
    expect(await inputOf(map)).toEqual({
      ...{ chainId: 7, runId: 'monday', epochBase: 2_000_000, heartbeatSeconds: 60, chainTimeoutSeconds: 3600 },
    });
  });

  it('starts the same link as inline', async () => {
    const counts = { redrives: 0, retries: 2 };
    const payload = await inChild(map, task, payloadOf, await inputOf(map, 3), counts);
    const inline = await evaluate(stateNamed(task).Arguments?.Payload, {
      run: WORKERS,
      states: {
        input: { chainId: 7 },
        context: { ...contextOf({ redrives: 3, retries: 2 }), Task: { Token: 'token-1' } },
      },
    });
    expect(payload).toEqual(inline);
    const limits = (state: State) => [state.HeartbeatSeconds, state.TimeoutSeconds];
    expect(await inChild(map, task, limits, await inputOf(map, 3), counts)).toEqual([60, 3600]);
  });
});

describe('the epoch of a child', () => {
  it('counts the redrives of its parent before it began, and its own since', async () => {
    expect(await epochOf('RunChains', 'RunChain', 0, {})).toBe(2_000_000);
    expect(await epochOf('RunChains', 'RunChain', 2, { redrives: 3, retries: 4 })).toBe(2_005_004);
    expect(await epochOf('FinishChains', 'FinishChain', 2, { redrives: 3, retries: 4 })).toBe(2_005_254);
  });

  it('grows with every attempt, also from RunChains to a FinishChains that begins after more redrives', async () => {
    const epochs: number[] = [];
    for (const redrives of [0, 1, 2]) {
      for (const retries of [0, 1, 120]) epochs.push(await epochOf('RunChains', 'RunChain', 0, { redrives, retries }));
    }
    // The parent had been redriven at least as often as the child.
    for (const redrives of [0, 1]) {
      for (const retries of [0, 120])
        epochs.push(await epochOf('FinishChains', 'FinishChain', 2, { redrives, retries }));
    }
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  });
});
