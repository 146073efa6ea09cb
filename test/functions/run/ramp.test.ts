import type { Ramp } from '../../../functions/contract/warm-up';
import { daysOf, rampFault } from '../../../functions/run/ramp';
import { itemsWithin, LONGEST_RUN_SECONDS } from '../../../functions/run/time-limits';
import { greeting, MONDAY } from '../chain/fixture';
import { CreateWorld } from './create-world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEW: Ramp = {
  domain: 'news.example.com',
  warmUp: { firstDay: 100 },
  state: { day: 0, taken: 0 },
  now: MONDAY,
  mailsADay: 50_000,
};
/** An hour before its second day ends, with 150 of 200 mails sent. */
const SECOND: Ramp = { ...NEW, state: { beganAt: MONDAY - 47 * HOUR, day: 1, taken: 150 } };

describe('the days of a run whose domain is warmed up', () => {
  it('have as many of its mails as they allow, today what is left', () => {
    expect(daysOf(700, NEW)).toEqual({
      days: [0, 1, 2].map((day) => ({ from: MONDAY + day * DAY, mails: 100 * 2 ** day })),
      left: 0,
    });
    expect(daysOf(500, SECOND)).toEqual({
      days: [
        { from: MONDAY, mails: 50 },
        { from: MONDAY + HOUR, mails: 400 },
        { from: MONDAY + 25 * HOUR, mails: 50 },
      ],
      left: 0,
    });
    expect(daysOf(0, NEW)).toEqual({ days: [], left: 0 });
  });

  it('have none where others have sent more than the job would, and all of the rest once the warm-up is over', () => {
    const full = { ...SECOND, state: { ...SECOND.state, taken: 260 } };
    expect(daysOf(9000, { ...full, mailsADay: 800 }).days.map(({ mails }) => mails)).toEqual([0, 400, 8600]);
  });

  it('have no more than there is time for', () => {
    const anHour = itemsWithin({ from: '08:00', until: '09:00', zone: 'UTC' }, 0.05);
    expect(daysOf(300, NEW, LONGEST_RUN_SECONDS, anHour).days.map(({ mails }) => mails)).toEqual([100, 180, 20]);
    expect(daysOf(100_000, NEW, LONGEST_RUN_SECONDS, itemsWithin(undefined, 1000))).toEqual({
      days: expect.arrayContaining([{ from: MONDAY + 6 * DAY, mails: 6400 }]),
      left: 100_000 - 12_700,
    });
  });

  it.each([
    [12_700, undefined],
    [
      12_701,
      'Expected a run to end within the 166.7 hours that an execution has, got 12701 items, for which the warm-up of ' +
        'news.example.com takes 8 days: start it with at most 12700 items, or let the job’s `warmUp` begin with more.',
    ],
  ])('have room for %i mails within an execution: %s', (items, sentence) => {
    expect(rampFault({ items }, NEW)).toBe(sentence?.replace('’', "'"));
  });

  it('are not reckoned without end', () => {
    const slow = { ...NEW, warmUp: { firstDay: 1, growth: 1.000001 } };
    expect(rampFault({ estimate: 5000 }, slow)).toContain('about 5000 items, for which');
    expect(rampFault({ estimate: 5000 }, slow)).toContain('takes more than 1000 days: start it with at most 7 items');
    expect(rampFault({}, slow)).toBeUndefined();
  });
});

describe('a run whose domain is warmed up', () => {
  let world: CreateWorld;
  const ids = (last: number) => ({ ids: { first: 1, last } });
  const outcome = (execution: string, input: object) =>
    world.create(execution, input).then(
      () => 'created',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  beforeEach(() => {
    world = new CreateWorld();
    world.sendingDomain = 'news.example.com';
    world.jobs = [greeting({ warmUp: { firstDay: 100 } })];
    world.quota = { perSecond: 100, perDay: 100_000, usedToday: 0 };
  });

  it('is refused where its days are more than an execution has, and changes nothing', async () => {
    expect(await world.refusal('monday', ids(12_701))).toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringContaining(
        'the warm-up of news.example.com takes 8 days: start it with at most 12700 items',
      ),
    });
    expect(await outcome('tuesday', ids(12_700))).toBe('created');
  });

  it('counts what was sent today, and from the day that it is', async () => {
    world.quota = { ...world.quota, perDay: 10_000_000 };
    const { warmUps } = world.ledger;
    const began = await warmUps.begin('news.example.com', world.clock.now() - 3 * DAY);
    for (let mails = 0; mails < 5; mails += 1) await warmUps.take('news.example.com', began, 3);
    // 800 of day 3 but 5, and six days more.
    const most = 800 * (2 ** 7 - 1) - 5;
    expect(await outcome('monday', ids(most + 1))).toContain(`takes 8 days: start it with at most ${most} items`);
    expect(await outcome('monday', ids(most))).toBe('created');
  });

  it('needs of the quota only what it sends within 24 hours', async () => {
    world.quota = { perSecond: 100, perDay: 600, usedToday: 200 };
    // 100 today of the 100 that are left, 200 tomorrow: with those of today no more than 300 within 24 hours.
    expect(await outcome('monday', ids(300))).toBe('created');
    world.stop('monday');
    // 400 on the third day are what runs may send anyway, but not with the 200 of the day before.
    expect(await outcome('tuesday', ids(700))).toContain('Run.QuotaExceeded: The run needs 600 of the 24-hour');
    world.quota = { ...world.quota, usedToday: 201 };
    expect(await outcome('wednesday', ids(300))).toContain('Run.QuotaExceeded: The run needs 100 of the 24-hour');
    expect(await outcome('wednesday', { ...ids(300), allowPartial: true })).toBe('created');
  });

  it('is like any other where the warm-up is over, or the job has none, or nobody knows the domain', async () => {
    const { warmUps } = world.ledger;
    await warmUps.begin('news.example.com', world.clock.now() - 9 * DAY);
    expect(await outcome('monday', ids(40_000))).toBe('created');
    world.stop('monday');
    world.sendingDomain = undefined;
    expect(await outcome('tuesday', ids(40_000))).toBe('created');
    world.stop('tuesday');
    world.sendingDomain = 'other.example.com';
    world.jobs = [greeting()];
    expect(await outcome('wednesday', ids(40_000))).toBe('created');
  });

  it('is taken up again only where what is left of it has its days', async () => {
    world.jobs = [greeting()];
    await world.create('monday', ids(12_701));
    world.stop('monday');
    world.jobs = [greeting({ warmUp: { firstDay: 100 } })];
    expect(await outcome('resumption', { resume: 'monday' })).toContain('got 12701 items, for which the warm-up');
  });
});
