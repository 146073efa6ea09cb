import { sleep } from '../../functions/contract/clock';
import type { ProcessContext } from '../../functions/contract/job';
import type { ItemId } from '../../functions/contract/payloads';
import { idRange } from '../../functions/sources/id-range';
import { sdkError } from '../support/sdk-errors';
import type { FaultProbabilities } from './faults';
import { Random } from './random';
import { busiestSecond, rateBetween, type SharedBudget, type SharedRun, shareBudget } from './shared-budget';

/** What a guard of the product is replaced by. */
const mockBroken: {
  settledMilliseconds?: number;
  lookMilliseconds?: number;
  verdictOn?: () => undefined;
  leftForLower?: number;
  isBackLate?: () => boolean;
} = {};
jest.mock('../../functions/chain/part', () => {
  const actual = jest.requireActual('../../functions/chain/part');
  return {
    ...actual,
    isBackLate: (...asked: readonly unknown[]) => (mockBroken.isBackLate ?? actual.isBackLate)(...asked),
  };
});
jest.mock('../../functions/ledger/participants', () => {
  const actual = jest.requireActual('../../functions/ledger/participants');
  return {
    ...actual,
    get SETTLED_MILLISECONDS() {
      return mockBroken.settledMilliseconds ?? actual.SETTLED_MILLISECONDS;
    },
    get LOOK_MILLISECONDS() {
      return mockBroken.lookMilliseconds ?? actual.LOOK_MILLISECONDS;
    },
    verdictOn: (...asked: readonly unknown[]) => (mockBroken.verdictOn ?? actual.verdictOn)(...asked),
  };
});
jest.mock('../../functions/ledger/shares', () => {
  const actual = jest.requireActual('../../functions/ledger/shares');
  return {
    ...actual,
    sharesOf: (demands: object, perSecond: number) => actual.sharesOf(demands, perSecond, mockBroken.leftForLower),
  };
});

afterEach(() => {
  for (const guard of Object.keys(mockBroken)) delete mockBroken[guard as keyof typeof mockBroken];
});

const PER_SECOND = 100;
const HEARTBEAT_SECONDS = 30;

/** In no second more mails than this: 1.1 times the budget, and one for each run, whose permits do not interleave. */
const mostIn = (runs: number) => 1.1 * PER_SECOND + runs;

const share = (seed: number, runs: readonly SharedRun[], change: Partial<SharedBudget> = {}) =>
  shareBudget({ seed, perSecond: PER_SECOND, heartbeatSeconds: HEARTBEAT_SECONDS, runs, ...change });

type Shared = Awaited<ReturnType<typeof shareBudget>>;

const allSends = ({ results }: Shared) => [...results.values()].flatMap(({ sends }) => sends);
const throttles = ({ world }: Shared) => world.reports.reduce((sum, report) => sum + report.throttles, 0);

/** One starts in the other's middle. */
const IN_THE_MIDDLE: readonly SharedRun[] = [
  { name: 'statement', items: 6000, input: { chains: 4 } },
  { name: 'digest', items: 4000, startsAfterSeconds: 30, input: { chains: 3 } },
];

/** For half a minute one run cannot read who takes part, and can read and write everything else. */
function cutOff(runId: string, from: number, until: number): Partial<SharedBudget> {
  return {
    refuses: (asking, seconds, { ExpressionAttributeValues: values }) =>
      asking === runId && seconds >= from && seconds < until && JSON.stringify(values ?? {}).includes('"provider#ses"')
        ? sdkError('ProvisionedThroughputExceededException', 400, 'The partition is too hot.')
        : undefined,
  };
}

describe('two runs of different jobs', () => {
  it('of which one starts in the other’s middle take little longer than at the whole budget, within it, and are not throttled', async () => {
    const shared = await share(1, IN_THE_MIDDLE);

    const sends = allSends(shared);
    expect(sends).toHaveLength(10_000);
    expect(busiestSecond(sends).mails).toBeLessThanOrEqual(mostIn(2));
    expect(Math.max(...sends)).toBeLessThanOrEqual(1.05 * (10_000 / PER_SECOND));
    expect(throttles(shared)).toBeLessThanOrEqual(10);
  });

  it.each([
    [{ weight: 1 }, { weight: 1 }, 0.5],
    [{ weight: 3 }, { weight: 1 }, 0.75],
    [{ weight: 1 }, { weight: 4 }, 0.2],
  ])('share by their weights, to 5 %%: %j beside %j', async (first, second, part) => {
    const shared = await share(2, [
      { name: 'first', items: 5000, input: { chains: 2, ...first } },
      { name: 'second', items: 5000, startsAfterSeconds: 10, input: { chains: 5, ...second } },
    ]);

    const rate = rateBetween(shared.of('first').sends, 22, 58);
    expect(rate / PER_SECOND).toBeGreaterThan(part * 0.95);
    expect(rate / PER_SECOND).toBeLessThan(part * 1.05);
    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(2));
  });

  it('go on while one of them gives way to the other: a backfill beside the weekly mail', async () => {
    const shared = await share(3, [
      { name: 'backfill', items: 3000, input: { priority: -1 } },
      { name: 'weekly-mail', items: 4000, startsAfterSeconds: 10 },
    ]);

    expect(rateBetween(shared.of('weekly-mail').sends, 22, 50) / PER_SECOND).toBeGreaterThan(0.95 * 0.95);
    const backfill = rateBetween(shared.of('backfill').sends, 22, 50) / PER_SECOND;
    expect(backfill).toBeGreaterThan(0.95 * 0.05);
    expect(backfill).toBeLessThan(1.05 * 0.05);
    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(2));
  });

  it('use what a dead one leaves within two heartbeat intervals', async () => {
    const shared = await share(4, [
      { name: 'dead', items: 4000, crashesAfterSeconds: 20 },
      { name: 'living', items: 8000, input: { chains: 3 } },
    ]);

    const { sends } = shared.of('living');
    expect(rateBetween(sends, 10, 60) / PER_SECOND).toBeLessThan(0.55);
    const twoIntervals = 20 + 2 * HEARTBEAT_SECONDS;
    expect(rateBetween(sends, twoIntervals, twoIntervals + 20) / PER_SECOND).toBeGreaterThan(0.98);
    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(2));
  });

  it('share again when one that was stopped for minutes is redriven', async () => {
    const shared = await share(5, [
      { name: 'stopped', items: 3000, stopsAfterSeconds: 20, redrivenAfterSeconds: 140, input: { chains: 3 } },
      { name: 'other', items: 14_000, input: { chains: 3 } },
    ]);

    expect(shared.of('stopped')).toMatchObject({ status: 'SUCCEEDED', report: { done: 3000 } });
    // Nobody waits until it has been silent for long: it says that it has stopped.
    expect(rateBetween(shared.of('other').sends, 45, 140) / PER_SECOND).toBeGreaterThan(0.97);
    expect(rateBetween(shared.of('stopped').sends, 155, 175) / PER_SECOND).toBeGreaterThan(0.475);
    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(2));
  });

  it('are within the budget though one of them cannot read who takes part', async () => {
    const shared = await share(6, IN_THE_MIDDLE, cutOff('statement', 28, 60));

    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(2));
    expect(allSends(shared)).toHaveLength(10_000);
  });

  it('are within a budget that an operator lowers, pauses and lifts for both', async () => {
    const set = (rate: number | undefined) => (world: Shared['world']) => world.ledger().budgets.setRate('ses', rate);
    const shared = await share(7, IN_THE_MIDDLE, {
      events: [
        { atSeconds: 50, happens: set(20) },
        { atSeconds: 70, happens: set(0) },
        { atSeconds: 90, happens: set(undefined) },
      ],
    });

    const sends = allSends(shared);
    expect(rateBetween(sends, 53, 70)).toBeGreaterThan(19);
    expect(rateBetween(sends, 53, 70)).toBeLessThan(21);
    expect(rateBetween(sends, 73, 90)).toBe(0);
    expect(rateBetween(sends, 95, 110)).toBeGreaterThan(0.97 * PER_SECOND);
    expect(busiestSecond(sends).mails).toBeLessThanOrEqual(mostIn(2));
  });

  it('divide what is left of the 24-hour quota, and leave production its reserve', async () => {
    const runs = [
      { name: 'first', items: 4000, input: { allowPartial: true, chains: 2, weight: 5 } },
      { name: 'second', items: 4000, startsAfterSeconds: 5, input: { allowPartial: true, chains: 3 } },
    ];

    // A fifth of it is production's. What one chain reads the others see within two seconds.
    const shared = await share(10, runs, { dailyQuota: 5000 });

    expect(allSends(shared).length).toBeLessThanOrEqual(4000 + 2 * PER_SECOND);
    expect(allSends(shared).length).toBeGreaterThan(3900);
    expect(shared.of('second').sends.length).toBeGreaterThan(500);
    expect(shared.of('first').status).toBe('FAILED');
  });

  it('step back together when one of them is throttled', async () => {
    let throttled = 0;
    const shared = await share(
      8,
      [
        { name: 'first', items: 3000 },
        { name: 'second', items: 3000 },
      ],
      {
        refusesMail: (runId, seconds) => runId === 'first' && seconds > 30 && throttled++ < 3,
      },
    );

    expect(rateBetween(shared.of('first').sends, 33, 35) / PER_SECOND).toBeLessThan(0.45);
    expect(rateBetween(shared.of('second').sends, 33, 35) / PER_SECOND).toBeLessThan(0.45);
  });
});

/** Six chains come back, one after the other within some seconds, when their run was stopped for minutes. */
const BACK_LATE: readonly SharedRun[] = [
  { name: 'alone', items: 4000, input: { chains: 6 }, stopsAfterSeconds: 15, redrivenAfterSeconds: 150 },
];
const SLOW_STARTS: Partial<SharedBudget> = { circumstances: { coldStartMilliseconds: 4000 } };

it('a run of which the chains come back one after the other is within its budget', async () => {
  const shared = await share(12, BACK_LATE, SLOW_STARTS);

  expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(1));
  expect(shared.of('alone').status).toBe('SUCCEEDED');
});

describe('a provider of jobs that call it', () => {
  it('never has more calls under way, from all of them together, than it takes at a time', async () => {
    const calls = { most: 0, underWay: 0, at: [] as number[] };
    const calling = (name: string) => (world: () => Shared['world']) => ({
      ...{ name, source: idRange(), delivery: 'at-most-once' as const, tolerate: { unprocessed: 0 } },
      providers: { crm: { rate: 50, concurrency: 9 } },
      load: async (ids: readonly ItemId[]) => new Map(ids.map((id) => [id, id])),
      process: async (_: unknown, { call }: ProcessContext) => {
        await call('crm', async () => {
          calls.underWay += 1;
          calls.most = Math.max(calls.most, calls.underWay);
          calls.at.push(world().clock.now() / 1000);
          await sleep(world().clock, 400);
          calls.underWay -= 1;
        });
      },
    });
    const shared = await share(11, [
      { name: 'import', items: 500, input: { chains: 2 }, job: calling('import') },
      { name: 'export', items: 400, startsAfterSeconds: 8, input: { chains: 3 }, job: calling('export') },
      { name: 'audit', items: 100, startsAfterSeconds: 15, input: { chains: 1 }, job: calling('audit') },
    ]);

    expect([...shared.results.values()].map(({ report }) => report?.done)).toEqual([500, 400, 100]);
    expect(calls.most).toBeLessThanOrEqual(9);
    expect(calls.most).toBeGreaterThan(6);
    expect(busiestSecond(calls.at).mails).toBeLessThanOrEqual(1.1 * 50 + 3);
  });
});

describe('three runs', () => {
  it('of which one wants only little share the rest', async () => {
    const shared = await share(9, [
      { name: 'a', items: 4000, input: { chains: 2 } },
      { name: 'b', items: 3000, startsAfterSeconds: 11, input: { chains: 3 } },
      { name: 'c', items: 800, startsAfterSeconds: 20, input: { chains: 1, rate: 20 } },
    ]);

    expect(rateBetween(shared.of('c').sends, 32, 58)).toBeGreaterThan(19);
    for (const name of ['a', 'b']) {
      expect(rateBetween(shared.of(name).sends, 32, 58)).toBeGreaterThan(38);
      expect(rateBetween(shared.of(name).sends, 32, 58)).toBeLessThan(42);
    }
    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(mostIn(3));
  });
});

/** Two or three runs that are drawn, with what goes wrong around them. */
function drawn(seed: number): Partial<SharedBudget> & Pick<SharedBudget, 'runs' | 'perSecond'> {
  const random = new Random(seed);
  const perSecond = random.pick([20, 50]);
  const runs = ['a', 'b', 'c'].slice(0, random.integer(2, 3)).map((name) => {
    const stopsAfterSeconds = random.chance(0.25) ? random.integer(10, 50) : undefined;
    return {
      name,
      items: random.integer(5, 25) * perSecond,
      startsAfterSeconds: random.integer(0, 30),
      input: {
        chains: random.integer(1, 5),
        weight: random.pick([1, 1, 2, 3]),
        priority: random.pick([0, 0, 0, 1]),
        ...(random.chance(0.3) && { rate: perSecond * random.pick([0.2, 0.5]) }),
      },
      ...(stopsAfterSeconds !== undefined && {
        stopsAfterSeconds: 30 + stopsAfterSeconds,
        redrivenAfterSeconds: 30 + stopsAfterSeconds + random.integer(1, 80),
      }),
    };
  });
  const faults: FaultProbabilities = {};
  for (const kind of OFTEN) if (random.chance(0.35)) faults[kind] = 0.003;
  for (const kind of RARE) if (random.chance(0.35)) faults[kind] = 0.3;
  const from = random.integer(0, 50_000);
  const how = random.pick(['refused', 'timeout'] as const);
  const outage = { service: 'dynamodb', from, until: from + 25_000, how } as const;
  return {
    ...{ perSecond, runs, faults, heartbeatSeconds: 15, linkSeconds: random.pick([10, 20, 60]) },
    ...(random.chance(0.3) && { circumstances: { outages: [outage] } }),
  };
}

const OFTEN = ['kill-before-effect', 'kill-after-effect', 'freeze', 'throttle', 'lose-response', 'hang'] as const;
const RARE = ['drop-event', 'duplicate-event', 'delay-event', 'clock-skew'] as const;

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'runs that die, freeze, lose answers, are stopped and have wrong clocks stay within the budget: seed %i',
  async (seed) => {
    const { perSecond, runs, ...change } = drawn(seed);
    const shared = await shareBudget({ seed, perSecond, runs, ...change });

    expect(busiestSecond(allSends(shared)).mails).toBeLessThanOrEqual(1.1 * perSecond + runs.length);
    // Nobody is mailed twice for it, and whoever succeeded has forgotten nobody.
    const ids = shared.world.sends.map(({ id, runId }) => `${runId}/${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { items, name } of runs) {
      const { status, report } = shared.of(name);
      if (status === 'SUCCEEDED') expect(report?.given).toBe(items);
    }
  },
);

describe('a guard that is removed is missed:', () => {
  it('a run that does not wait until the others have seen it', async () => {
    mockBroken.settledMilliseconds = 0;

    const [first, second] = IN_THE_MIDDLE as [SharedRun, SharedRun];
    const shared = await share(1, [first, { ...second, startsAfterSeconds: 31 }]);
    expect(busiestSecond(allSends(shared)).mails).toBeGreaterThan(mostIn(2));
  });

  it('a chain that does not wait until those beside it count it again', async () => {
    mockBroken.isBackLate = () => false;

    expect(busiestSecond(allSends(await share(12, BACK_LATE, SLOW_STARTS))).mails).toBeGreaterThan(mostIn(1));
  });

  it('a look that counts for ever', async () => {
    mockBroken.lookMilliseconds = 1_000_000;

    const shared = await share(6, IN_THE_MIDDLE, cutOff('statement', 28, 60));
    expect(busiestSecond(allSends(shared)).mails).toBeGreaterThan(mostIn(2));
  });

  it('a dead run that is not dropped', async () => {
    mockBroken.verdictOn = () => undefined;

    const shared = await share(4, [
      { name: 'dead', items: 4000, crashesAfterSeconds: 20 },
      { name: 'living', items: 6000 },
    ]);
    expect(rateBetween(shared.of('living').sends, 80, 100) / PER_SECOND).toBeLessThan(0.6);
  });

  it('a lower priority for which nothing is left', async () => {
    mockBroken.leftForLower = 0;

    const shared = await share(3, [
      { name: 'backfill', items: 3000, input: { priority: -1 } },
      { name: 'weekly-mail', items: 4000, startsAfterSeconds: 10 },
    ]);
    expect(rateBetween(shared.of('backfill').sends, 22, 45)).toBe(0);
  });
});
