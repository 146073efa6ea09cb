import { INTERRUPTED } from '../../functions/chain/recovery';
import type { ChunkContext, ChunkItem } from '../../functions/contract/chunk-job';
import type { Job } from '../../functions/contract/job';
import type { ItemId, RunReport } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { NO_CIRCUMSTANCES } from './circumstances';
import { listLeftovers, untilEnded } from './evidence';
import type { Process } from './process';
import { ProviderApi } from './provider-api';
import { Random } from './random';
import { drawScenario } from './scenario';
import { World } from './world';

/** Rounds after which nothing goes wrong any more, and within which a run must then have ended. */
const FAULTY_ROUNDS = 4;
const MOST_ROUNDS = 8;

/** A link dies, freezes or loses an answer at one call in fifty; the API throttles one in twenty and loses one in twenty. */
const FAULTS = {
  'kill-before-effect': 0.01,
  'kill-after-effect': 0.01,
  freeze: 0.005,
  hang: 0.005,
  'lose-response': 0.01,
  'fail-before-effect': 0.01,
  throttle: 0.01,
  'ses-throttle': 0.05,
  'ses-lose-response': 0.05,
  'ses-fail-before-effect': 0.02,
  'duplicate-event': 0.1,
  'drop-event': 0.05,
  'drop-failure-record': 0.3,
  'clock-skew': 0.3,
} as const;

interface Shape {
  readonly honoursKeys: boolean;
  readonly inChunks?: boolean;
  /** Whether a second provider, which each item calls after the first, honours the key. @default - there is none */
  readonly other?: boolean;
}

interface Outcome {
  readonly report: RunReport;
  readonly api: ProviderApi;
  readonly second: ProviderApi;
  readonly ids: readonly number[];
  /** Ids of the run's leftovers, with their codes. */
  readonly left: ReadonlyMap<number, string>;
  readonly crashes: number;
}

/** A run over an API, to its end: redriven as often as it fails, stopped once in some of the seeds. */
async function play(seed: number, { honoursKeys, inChunks = false, other }: Shape): Promise<Outcome> {
  const drawn = drawScenario(seed, { faults: FAULTS, circumstances: NO_CIRCUMSTANCES, delivery: 'at-most-once' });
  const draw = new Random(seed ^ 0x1f35);
  const scenario = { ...drawn, items: draw.integer(10, 80), rate: draw.pick([20, 60, 200]) };
  const api = new ProviderApi(honoursKeys, () => world.clock.now(), draw);
  const second = new ProviderApi(other === true, () => world.clock.now(), draw);
  const concurrency = draw.pick([undefined, 2, 5]);
  const jobIn = (link?: Process): Job => ({
    name: 'simulated',
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 1 },
    providers: {
      api: { rate: scenario.rate, idempotent: honoursKeys, ...(concurrency && { concurrency }) },
      ...(other !== undefined && { other: { rate: scenario.rate / 2, idempotent: other } }),
    },
    load: async (ids: readonly ItemId[]) => new Map(ids.map((id) => [id, id])),
    process: async (_, { id, call }) => {
      await call('api', (context) => api.attempt(link as Process, Number(id), context));
      if (other !== undefined) await call('other', (context) => second.attempt(link as Process, Number(id), context));
    },
    ...(inChunks && {
      processChunk: async (all: readonly ChunkItem[], { call }: ChunkContext) => {
        const ids = all.map(({ id }) => Number(id));
        await call('api', (context) => api.attemptAll(link as Process, ids, context));
        return all.map(() => 'done' as const);
      },
    }),
  });
  const world = new World(scenario, { job: jobIn(), jobIn });
  await world.createStateMachine();
  const { first, items, chains, chunkItems, linkSeconds } = scenario;
  const executionArn = await world.start('first', {
    ...{ job: 'simulated', ids: { first, last: first + items - 1 } },
    ...{ chains, chunkItems, linkSeconds },
  });
  if (draw.chance(0.3)) {
    world.clock.after(
      draw.integer(500, 10_000),
      () => void world.stepFunctions.handle('StopExecution', { executionArn }),
    );
  }
  let ended = await untilEnded(world, executionArn);
  for (let round = 1; ended.status !== 'SUCCEEDED'; round += 1) {
    if (round === MOST_ROUNDS) throw new Error(`Seed ${seed}: the run does not end: ${ended.error}: ${ended.cause}`);
    if (round === FAULTY_ROUNDS) scenario.faults.ended = true;
    await world.stepFunctions.handle('RedriveExecution', { executionArn });
    ended = await untilEnded(world, executionArn);
  }
  const leftovers = await listLeftovers(world, 'first');
  return {
    report: JSON.parse(ended.output as string) as RunReport,
    api,
    second,
    ids: Array.from({ length: items }, (_, index) => first + index),
    left: new Map(leftovers.map(({ id, code }) => [Number(id), code])),
    crashes: scenario.faults.crashes,
  };
}

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);

test.each([
  ['item by item', false],
  ['in chunks, whoever comes together after a crash', true],
])(
  'a provider that honours the key has nobody twice, nobody is missing and nobody is in doubt: %s',
  async (_, inChunks) => {
    let crashes = 0;
    let again = 0;
    for (const seed of SEEDS) {
      const { report, api, ids, left, crashes: met } = await play(seed, { honoursKeys: true, inChunks });
      const effects = ids.map((id) => api.effectsFor(id));

      expect({ seed, effects, left: [...left] }).toEqual({ seed, effects: ids.map(() => 1), left: [] });
      expect({ seed, done: report.done, inDoubt: report.inDoubt }).toEqual({ seed, done: ids.length, inDoubt: 0 });
      crashes += met;
      again += api.calls.length - ids.length;
    }
    expect(crashes).toBeGreaterThan(50);
    expect(again).toBeGreaterThan(50);
  },
);

test.each([
  ['item by item', false],
  ['in chunks', true],
])(
  'a provider that does not honour it has nobody twice either, whoever may have been called is in doubt: %s',
  async (_, inChunks) => {
    let inDoubt = 0;
    let interrupted = 0;
    for (const seed of SEEDS) {
      const { report, api, ids, left } = await play(seed, { honoursKeys: false, inChunks });
      const wrong = ids.filter((id) => {
        const effects = api.effectsFor(id);
        // Done once, or listed with one effect or none.
        return left.has(id) ? effects > 1 : effects !== 1;
      });

      expect({ seed, wrong }).toEqual({ seed, wrong: [] });
      expect({ seed, settled: report.done + report.inDoubt }).toEqual({ seed, settled: ids.length });
      inDoubt += report.inDoubt;
      interrupted += [...left.values()].filter((code) => code === INTERRUPTED.code).length;
    }
    expect(inDoubt).toBeGreaterThan(25);
    expect(interrupted).toBeGreaterThan(5);
  },
);

test('of two providers that honour the key each has everybody once, and nobody is in doubt', async () => {
  for (const seed of SEEDS) {
    const { api, second, ids, left } = await play(seed, { honoursKeys: true, other: true });

    expect({ seed, first: ids.map((id) => api.effectsFor(id)) }).toEqual({ seed, first: ids.map(() => 1) });
    expect({ seed, second: ids.map((id) => second.effectsFor(id)) }).toEqual({ seed, second: ids.map(() => 1) });
    expect({ seed, left: [...left] }).toEqual({ seed, left: [] });
  }
});

test.each([
  ['second', { honoursKeys: true, other: false }],
  ['first', { honoursKeys: false, other: true }],
])('of two providers the %s, which does not honour the key, has nobody twice either', async (_, shape) => {
  for (const seed of SEEDS) {
    const { api, second, ids, left } = await play(seed, shape);
    const wrong = ids.filter((id) => {
      const effects = [api.effectsFor(id), second.effectsFor(id)];
      return left.has(id) ? Math.max(...effects) > 1 : effects.some((one) => one !== 1);
    });

    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  }
});
