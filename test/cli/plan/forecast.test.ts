import { forecastOf, lookOf } from '../../../cli/plan/forecast';
import { printPlan } from '../../../cli/plan/plan-report';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import type { Outline, SurveyedItems } from '../../../functions/contract/survey-event';
import type { Ramp } from '../../../functions/contract/warm-up';
import { answer, looked, OUTLINE, TERMS } from './planned';

describe('a forecast', () => {
  it('computes the whole from what was looked at', () => {
    expect(forecastOf(OUTLINE, looked(), TERMS)).toMatchObject({
      items: 3000,
      isEstimate: false,
      mails: 2700,
      seconds: 2700 / 200 + 5,
      mailsLeftToday: 40_000,
      objections: [],
    });
  });

  it('waits for the canary, which costs transitions and no time of a chain', () => {
    const plain = forecastOf(OUTLINE, looked(), TERMS);
    const canary = { share: 0.01, feedbackSeconds: 600 };
    const { seconds, cost } = forecastOf({ ...OUTLINE, canary }, looked(), TERMS);

    expect(seconds).toBe((plain.seconds as number) + 600);
    expect((cost?.others as number) - (plain.cost?.others as number)).toBeGreaterThan(
      (OUTLINE.chains + 4) * 0.000025 - 1e-9,
    );
    expect(cost?.ledger).toBe(plain.cost?.ledger);
    expect(printPlan({ ...OUTLINE, canary }, looked(), { ...plain, seconds }, [])).toMatch(
      /canary +1 %, about 30 items, first; the others 10 minutes later, if they fared well/,
    );
  });

  describe('of a run whose domain is warmed up', () => {
    const NOW = Date.parse('2026-01-05T08:00:00Z');
    const ramp: Ramp = {
      ...{ domain: 'news.example.com', warmUp: { firstDay: 500 }, now: NOW, mailsADay: 40_000 },
      state: { beganAt: NOW - 3_600_000, day: 0, taken: 120 },
    };
    const warmed = (change: Partial<Ramp> = {}, outline: Partial<Outline> = {}) => ({
      ...OUTLINE,
      ...outline,
      ramp: { ...ramp, ...change },
    });

    it('has its mails by day, the days in its duration, and a write for each place in its cost', () => {
      const plain = forecastOf(OUTLINE, looked(), TERMS);
      const forecast = forecastOf(warmed(), looked(), TERMS);

      // 2,700: what is left of today, and two days more; the last begins 47 hours from now.
      expect(forecast.warmUp).toEqual({
        ...{ day: 0, taken: 120, limit: 500, daysLeft: 7, mailsByDay: [380, 1000, 1320], places: 2700 },
        lastDay: { from: NOW + 47 * 3_600_000, seconds: 1320 / 200 },
        seconds: 47 * 3600 + 1320 / 200,
      });
      expect(forecast.seconds).toBe(47 * 3600 + 1320 / 200 + 5);
      expect((forecast.cost?.ledger ?? 0) - (plain.cost?.ledger ?? 0)).toBeCloseTo(2700 * 0.625e-6, 10);
      expect(forecast.objections).toEqual([]);
      expect(printPlan(warmed(), looked(), forecast, [])).toMatch(
        /warm-up +day 0, 120 of its 500 mails sent, over in 7 days; by day this run has 380 \+ 1,000 \+ 1,320\n +duration +47 hours/,
      );
    });

    it('is like any other where today has room for all, and writes nothing once the warm-up is over', () => {
      const roomy = forecastOf(warmed({ warmUp: { firstDay: 5000 } }), looked(), TERMS);
      expect(roomy.seconds).toBe(forecastOf(OUTLINE, looked(), TERMS).seconds);
      expect(printPlan(warmed(), looked(), roomy, [])).toMatch(/120 of its 5,000 mails sent, over in 3 days\n/);
      const ending = forecastOf(warmed({ mailsADay: 1000 }), looked(), TERMS);
      expect(ending.warmUp).toMatchObject({ mailsByDay: [380, 2320], places: 380, daysLeft: 1 });
    });

    it('ends in an hour in which its window is open', () => {
      const hours = { from: '09:00', until: '17:00', zone: 'Europe/London', areOwn: false } as const;
      // The third day begins at 07:00.
      expect(forecastOf(warmed({}, { hours }), looked(), TERMS).ending).toEqual({
        beginsAt: TERMS.now,
        endsAt: Date.parse('2026-01-07T09:00:11.600Z'),
      });
    });

    it('says no where the days of an execution are too few', () => {
      const { objections } = forecastOf(warmed({ warmUp: { firstDay: 1 } }), looked(), TERMS);
      expect(objections).toEqual([
        expect.stringContaining('got 3000 items, for which the warm-up of news.example.com'),
      ]);
    });

    it('says no where a day and the one before it are above the quota, and yes where all of it at once would be', () => {
      const held = forecastOf(warmed({}, { quotaPerDay: 3000 }), looked(), TERMS);
      expect(held.objections).toEqual([]);
      const { objections } = forecastOf(warmed({}, { quotaPerDay: 2800 }), looked(), TERMS);
      expect(objections).toEqual([
        expect.stringMatching(/^The run would send 2320 mails, and runs may send 2240 within 24 hours: /),
      ]);
      const today = forecastOf(warmed({}, { quotaPerDay: 3000, usedToday: 2100 }), looked(), TERMS);
      expect(today.objections).toEqual([
        expect.stringMatching(/^The run would send 380 mails, and runs may send 300 more within 24 hours: /),
      ]);
    });
  });

  it('knows the number that it has counted, whatever was estimated', () => {
    const plan = { start: 1, end: 3001, estimate: 5000 };
    expect(forecastOf({ ...OUTLINE, plan }, looked(), TERMS)).toMatchObject({ items: 5000, isEstimate: true });
    expect(forecastOf({ ...OUTLINE, plan }, looked({}, true), TERMS)).toMatchObject({ items: 100, isEstimate: false });
  });

  it('forecasts no duration and no cost where nobody knows how many items there are', () => {
    const forecast = forecastOf({ ...OUTLINE, plan: { start: 1, end: 3001 } }, looked(), TERMS);
    expect(Object.keys(forecast)).toEqual(['isEstimate', 'mailsLeftToday', 'objections']);
  });

  it.each<[string, Partial<Outline>, Partial<SurveyedItems>, RegExp]>([
    ['a quota that does not hold', { quotaPerDay: 3000 }, {}, /would send 2700 mails, and runs may send 2400 more/],
    ['a rate that is refused', { refused: 'Expected `rate` to be less.' }, {}, /^Expected `rate`/],
    ['a provider that accepts nothing', { rate: 0 }, {}, /its rate is 0/],
    ['a run that takes too long', { rate: 0.001 }, {}, /hours/],
    [
      'items that would fail',
      {},
      {
        counts: { ...NO_COUNTS, done: 98, unprocessed: 2 },
        errors: [{ code: 'Recipient.Invalid', count: 2, exampleIds: [7, 8] }],
      },
      /2 of 100 items would fail, most with Recipient.Invalid, such as 7, 8/,
    ],
    ['a source without items', {}, { items: 0, counts: NO_COUNTS }, /nothing to do/],
  ])('says no to %s', (_, outline, seen, sentence) => {
    const { objections } = forecastOf({ ...OUTLINE, ...outline }, looked(seen), TERMS);
    expect(objections.join('\n')).toMatch(sentence);
  });

  it('lets as many items fail as the job tolerates', () => {
    const counts = { ...NO_COUNTS, done: 99, unprocessed: 1 };
    expect(forecastOf(OUTLINE, looked({ counts }), TERMS).objections).toEqual([]);
  });

  it('leaves out who has an address that another one has had, where the job says so, and counts what that costs', () => {
    const twice = looked({ recipients: [...Array(60).keys(), ...Array(30).keys()].map(String) });
    const all = forecastOf(OUTLINE, twice, TERMS);
    const once = forecastOf({ ...OUTLINE, sameAddress: 'skip' }, twice, TERMS);
    expect([all.mails, once.mails]).toEqual([2700, 1800]);
    expect(once.seconds).toBe(1800 / 200 + 5);
    // Each of the 2,700 asks; a third less is claimed and read.
    expect((once.cost?.ledger ?? 0) - (all.cost?.ledger ?? 0)).toBeGreaterThan((2700 * 0.625e-6) / 2);
    expect(all.cost?.ses).toBeCloseTo(0.27, 10);
    expect(once.cost?.ses).toBeCloseTo(0.18, 10);
  });

  it('keeps some of what the items with one error say, from all requests, and each once', () => {
    const error = (...messages: string[]) => [{ code: 'TypeError', count: 9, exampleIds: [1], messages }];
    const look = lookOf(
      [answer({ errors: error('a', 'b') }), answer({ errors: error('b', 'c', 'd', 'e', 'f', 'g') })],
      true,
    );
    expect(look.errors).toEqual([
      { code: 'TypeError', count: 18, exampleIds: [1], messages: ['a', 'b', 'c', 'd', 'e'] },
    ]);
    expect(printPlan(OUTLINE, look, forecastOf(OUTLINE, look, TERMS), [])).toContain(
      '             TypeError 18, such as 1\n               a\n               b\n',
    );
  });

  it('adds up what several requests have found: an address that two of them saw is one twice', () => {
    const error = { code: 'TypeError', count: 1, exampleIds: [1] };
    const look = lookOf(
      [
        answer({ recipients: ['a', 'b'], errors: [error], calls: { crm: 3 } }),
        answer({ recipients: ['b'], errors: [error], calls: { crm: 2 } }),
      ],
      true,
    );
    expect(look).toMatchObject({ items: 200, sameAddress: 1, errors: [{ count: 2 }], calls: { crm: 5 } });
    expect(look.counts).toMatchObject({ done: 180, skippedBecause: { unsubscribed: 20 } });
  });
});

describe('a forecast of items that have hours', () => {
  const OFFICE = { from: '09:00', until: '17:00', zone: 'Europe/London', areOwn: false } as const;
  const forecast = (hours: Outline['hours'], seen: Partial<SurveyedItems> = {}, outline: Partial<Outline> = {}) => {
    const whole = { ...OUTLINE, ...outline, ...(hours && { hours }) };
    return { whole, look: looked(seen), ...forecastOf(whole, looked(seen), TERMS) };
  };

  it('says when it begins and ends, over as many days as it takes', () => {
    // An hour today, 8 tomorrow, and the rest on the day after.
    const { ending } = forecast(OFFICE, {}, { rate: 2700 / (10 * 3600) });

    expect(ending).toEqual({ beginsAt: TERMS.now, endsAt: Date.parse('2026-01-07T10:00:05Z') });
  });

  it('begins when the window opens', () => {
    const { whole, look, ending, ...rest } = forecast({ ...OFFICE, from: '07:00', until: '08:30', days: ['WED'] });

    expect(ending).toEqual({
      beginsAt: Date.parse('2026-01-07T07:00Z'),
      endsAt: Date.parse('2026-01-07T07:00:18.500Z'),
    });
    const text = printPlan(whole, look, { ...rest, ...(ending && { ending }) }, []);
    expect(text).toMatch(/hours +07:00 to 08:30 in Europe\/London, on WED\n/);
    expect(text).toMatch(/start, end +2026-01-07 07:00 UTC, 2026-01-07 07:00 UTC, if it is started now\n/);
  });

  it('never ends where the provider accepts nothing', () => {
    expect(forecast(OFFICE, {}, { rate: 0 }).ending?.endsAt).toBe(Number.POSITIVE_INFINITY);
  });

  it('is refused where the window is not open for long enough', () => {
    const { objections } = forecast(OFFICE, {}, { rate: 3000 / (100 * 3600) });

    expect(objections.join()).toContain('that its send window is open of the 166.7 hours');
  });

  it('counts who lives where it is open, and who must wait until when', () => {
    const closed = { [Date.parse('2026-01-06T01:15Z')]: 30, [Date.parse('2026-01-05T22:00Z')]: 20 };
    const { whole, look, ending, ...rest } = forecast({ ...OFFICE, areOwn: true }, { closed });

    expect(ending?.beginsAt).toBe(TERMS.now);
    expect(ending?.endsAt).toBe(Date.parse('2026-01-06T01:15Z') + (2700 / 200 + 5) * 300);
    const text = printPlan(whole, look, { ...rest, ...(ending && { ending }) }, []);
    expect(text).toMatch(/09:00 to 17:00 in each item's own time zone, or Europe\/London\n/);
    expect(text).toMatch(
      /50 of 100 may be started now\n +20 from 2026-01-05 22:00 UTC\n +30 from 2026-01-06 01:15 UTC\n/,
    );
    expect(text).toMatch(/start, end +2026-01-05 16:00 UTC, about 2026-01-06 01:15 UTC/);
  });

  it('adds up who waits for one time, over several requests', () => {
    expect(lookOf([answer({ closed: { 5: 1, 7: 2 } }), answer({ closed: { 7: 3 } }), answer()], true).closed).toEqual({
      5: 1,
      7: 5,
    });
  });
});
