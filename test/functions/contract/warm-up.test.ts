import {
  beginningOfDay,
  firstFreeDay,
  isOver,
  mailsADay,
  warmUpDay,
  warmUpLimit,
} from '../../../functions/contract/warm-up';

const DAY = 86_400_000;
const BEGAN = Date.parse('2026-01-05T09:30:00Z');

describe('a day of a warm-up', () => {
  it('has 24 hours from the moment of the first mail, whatever the calendar says', () => {
    expect([0, 1, DAY - 1, DAY, DAY + 1, 12 * DAY].map((after) => warmUpDay(BEGAN, BEGAN + after))).toEqual([
      0, 0, 0, 1, 1, 12,
    ]);
    for (const day of [0, 1, 30]) {
      expect(warmUpDay(BEGAN, beginningOfDay(BEGAN, day))).toBe(day);
      expect(warmUpDay(BEGAN, beginningOfDay(BEGAN, day + 1) - 1)).toBe(day);
    }
  });

  it('is the first for a clock that is behind', () => {
    expect(warmUpDay(BEGAN, BEGAN - 5000)).toBe(0);
  });

  it('doubles, or grows as the job says, in whole mails', () => {
    const limits = (warmUp: { firstDay: number; growth?: number }) =>
      [0, 1, 2, 3].map((day) => warmUpLimit(warmUp, day));
    expect(limits({ firstDay: 100 })).toEqual([100, 200, 400, 800]);
    expect(limits({ firstDay: 100, growth: 1.5 })).toEqual([100, 150, 225, 337]);
    // 114.99999999999999 and 132.24999999999997, as numbers have it.
    expect(limits({ firstDay: 100, growth: 1.15 })).toEqual([100, 115, 132, 152]);
    expect(limits({ firstDay: 1, growth: 1.1 })).toEqual([1, 1, 1, 1]);
  });

  it('has no more than can be counted, however late it is', () => {
    for (const day of [60, 1000, 100_000]) {
      expect(warmUpLimit({ firstDay: 100 }, day)).toBe(Number.MAX_SAFE_INTEGER);
    }
  });
});

describe('a warm-up is over', () => {
  it('when a day allows what runs may send anyway: of the quota of a day, and of the rate', () => {
    expect(mailsADay({ perSecond: 14, perDay: 50_000 }, 0.8)).toBe(40_000);
    expect(mailsADay({ perSecond: 14, perDay: Number.POSITIVE_INFINITY }, 0.8)).toBe(14 * 86_400);
    expect(mailsADay({ perSecond: 0.1, perDay: 50_000 }, 0.8)).toBeCloseTo(8640);
  });

  it.each([
    [{ firstDay: 100 }, 40_000, 9],
    [{ firstDay: 100 }, 100 * 2 ** 9, 9],
    [{ firstDay: 100 }, 100 * 2 ** 9 + 1, 10],
    [{ firstDay: 100, growth: 1.15 }, 115, 1],
    [{ firstDay: 100, growth: 1.15 }, 132.5, 3],
    [{ firstDay: 50_000 }, 40_000, 0],
    [{ firstDay: 1, growth: 1.01 }, 2, 70],
  ])('%j with %d mails a day anyway: on day %i, and not before', (warmUp, anyway, day) => {
    const ramp = { warmUp, mailsADay: anyway };
    expect(firstFreeDay(ramp)).toBe(day);
    expect(isOver(ramp, day)).toBe(true);
    if (day > 0) expect(isOver(ramp, day - 1)).toBe(false);
  });
});
