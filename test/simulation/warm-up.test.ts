import type { Job } from '../../functions/contract/job';
import type { ItemId, RunInput, RunReport } from '../../functions/contract/payloads';
import { warmUpDay, warmUpLimit } from '../../functions/contract/warm-up';
import { idRange } from '../../functions/sources/id-range';
import { guardWarmUp } from '../../functions/wiring/guard-warm-up';
import { ledgerIn } from '../../functions/wiring/surroundings';
import { NO_CIRCUMSTANCES } from './circumstances';
import { listLeftovers } from './evidence';
import type { FaultProbabilities } from './faults';
import { drawScenario } from './scenario';
import { World, type WorldOptions } from './world';

const DOMAIN = 'news.example.com';
const WARM_UP = { firstDay: 100, growth: 2 };
const RATE = 50;
const STEP_MILLISECONDS = 10_000;
const MOST_STEPS = (6 * 86_400_000) / STEP_MILLISECONDS;
const SHAPE = { chains: 3, chunkItems: 10, linkSeconds: 20, rate: RATE };

function jobNamed(name: string): Job {
  return {
    name,
    source: idRange(),
    delivery: 'at-most-once',
    tolerate: { unprocessed: 1 },
    warmUp: WARM_UP,
    load: async (asked: readonly ItemId[]) => new Map(asked.map((id) => [id, id])),
    process: (_, { id, send }) =>
      send({ to: `u${id}@example.com`, subject: '', html: '', text: '', unsubscribeUrl: 'https://example.com' }),
  };
}

/** As the chain function asks it. @param mailsADay what runs may send within a day anyway */
const guardOf =
  (mailsADay: number): WorldOptions['guard'] =>
  (around) => {
    const takePlace = guardWarmUp({
      ...{ ledger: ledgerIn(around), clock: around.clock },
      ...{ warmUp: WARM_UP, domain: DOMAIN, readMailsADay: async () => mailsADay },
    });
    return async (_, origin) => {
      await takePlace(origin);
      return undefined;
    };
  };

interface Play {
  readonly seed: number;
  readonly faults?: FaultProbabilities;
  /** What runs may send within a day anyway. @default - 50,000 */
  readonly mailsADay?: number;
  readonly options?: WorldOptions;
}

/** A world whose domain has sent nothing yet, and runs that wait for days in it. */
async function begin({ seed, faults = {}, mailsADay = 50_000, options }: Play): Promise<World> {
  const drawn = drawScenario(seed, { faults, circumstances: NO_CIRCUMSTANCES, delivery: 'at-most-once' });
  const scenario = { ...drawn, ...SHAPE, items: 700, maxSendRate: 2 * RATE, dailyQuota: 50_000 };
  const jobs = { job: jobNamed('simulated'), others: [jobNamed('other')] };
  const world = new World(scenario, { ...jobs, guard: guardOf(mailsADay), ...options });
  await world.createStateMachine();
  return world;
}

/** The execution's own end: nobody redrives it. */
async function ended(world: World, executionArn: string) {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { status, error, output } = await world.describe(executionArn);
    if (status !== 'RUNNING') return { status, error, report: JSON.parse(output ?? 'null') as RunReport | null };
    await world.clock.advance(STEP_MILLISECONDS);
  }
  throw new Error('The run does not end within six days.');
}

function start(world: World, job: string, ids: { readonly first: number; readonly last: number }) {
  const input: RunInput = { job, ids, ...SHAPE };
  return world.start(job, input);
}

/** Mails that SES accepted, by the day of the warm-up, which begins with the first of them. */
function mailsByDay({ sends }: World): number[] {
  const beganAt = Math.min(...sends.map(({ calledAt }) => calledAt));
  const days: number[] = [];
  for (const { sentAt } of sends) {
    const day = warmUpDay(beganAt, sentAt);
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

function twice({ sends }: World): number {
  return sends.length - new Set(sends.map(({ id }) => id)).size;
}

test('a run of 700 mails takes three days, 100, 200 and 400, and succeeds by itself', async () => {
  const world = await begin({ seed: 1 });

  const { status, report } = await ended(world, await start(world, 'simulated', { first: 1, last: 700 }));

  expect([status, mailsByDay(world), twice(world)]).toEqual(['SUCCEEDED', [100, 200, 400], 0]);
  expect(report).toMatchObject({ done: 700, skipped: 0, unprocessed: 0, inDoubt: 0 });
  expect(world.reports.filter(({ end }) => end === 'parked').length).toBeGreaterThanOrEqual(6);
});

test('without the guard, all of them are sent on day 0; a mail that is tried again has one place', async () => {
  const unguarded = await begin({ seed: 1, options: { guard: () => async () => undefined } });
  await ended(unguarded, await start(unguarded, 'simulated', { first: 1, last: 700 }));
  expect(mailsByDay(unguarded)).toEqual([700]);

  const throttled = await begin({ seed: 1, faults: { 'ses-throttle': 0.1 } });
  await ended(throttled, await start(throttled, 'simulated', { first: 1, last: 700 }));
  expect(throttled.reports.some(({ throttles }) => throttles > 5)).toBe(true);
  expect(mailsByDay(throttled)).toEqual([100, 200, 400]);
});

test('two jobs of one domain that run at once share its days', async () => {
  const world = await begin({ seed: 2 });
  const first = await start(world, 'simulated', { first: 1, last: 350 });
  const second = await start(world, 'other', { first: 351, last: 700 });

  const both = [await ended(world, first), await ended(world, second)];

  expect(both.map(({ status, report }) => [status, report?.done])).toEqual([
    ['SUCCEEDED', 350],
    ['SUCCEEDED', 350],
  ]);
  expect([mailsByDay(world), twice(world)]).toEqual([[100, 200, 400], 0]);
});

test('a domain that may send as many as the account sends the rest at once', async () => {
  const world = await begin({ seed: 3, mailsADay: 200 });

  const { status } = await ended(world, await start(world, 'simulated', { first: 1, last: 700 }));

  expect([status, mailsByDay(world)]).toEqual(['SUCCEEDED', [100, 600]]);
  // Nor is anything written for each of them, once it is known.
  expect((await world.ledger().warmUps.read(DOMAIN, world.clock.now())).taken).toBeLessThan(10);
});

const HARM: FaultProbabilities = {
  ...{ 'kill-before-effect': 0.003, 'kill-after-effect': 0.003, 'drop-event': 0.01, 'duplicate-event': 0.05 },
  ...{ throttle: 0.02, 'fail-before-effect': 0.02, 'lose-response': 0.02, freeze: 0.002 },
  ...{ 'ses-throttle': 0.03, 'ses-lose-response': 0.01, 'ses-fail-before-effect': 0.01 },
};

test.each([4, 5, 6, 7, 8, 9])(
  'links die, answers are lost: no day has too many, nobody gets two and nobody is missing (seed %i)',
  async (seed) => {
    const world = await begin({ seed, faults: HARM });

    const { status, report } = await ended(world, await start(world, 'simulated', { first: 1, last: 700 }));

    expect(status).toBe('SUCCEEDED');
    for (const [day, mails] of mailsByDay(world).entries()) {
      expect(mails ?? 0).toBeLessThanOrEqual(warmUpLimit(WARM_UP, day));
    }
    expect(twice(world)).toBe(0);
    const got = new Set([
      ...world.sends.map(({ id }) => id),
      ...(await listLeftovers(world, 'simulated')).map(({ id }) => Number(id)),
    ]);
    expect(got.size).toBe(700);
    expect((report?.done ?? 0) + (report?.unprocessed ?? 0) + (report?.inDoubt ?? 0)).toBe(700);
    expect(report?.unprocessed).toBe(0);
  },
);
