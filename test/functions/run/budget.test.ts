import { rateWithin } from '../../../functions/run/budget';
import { aRun } from '../chain/fixture';

describe('the rate of a run', () => {
  it.each([
    // What it was given, while the account may send as much as then, or more.
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 100, 80],
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 1000, 80],
    // Its share of what the account may send now: the one that it was given, and no less than any run has.
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 50, 40],
    [{ rate: 10, quotaPerSecond: 100, sendShare: 0.5 }, 50, 10],
    [{ rate: 10, quotaPerSecond: 100, sendShare: 0.5 }, 10, 5],
    [{ rate: 0, quotaPerSecond: 100, sendShare: 0.5 }, 100, 0],
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 0, 0],
  ])('%j of an account that may send %i per second is %i', (run, perSecond, rate) => {
    expect(rateWithin(aRun(run), perSecond)).toBe(rate);
  });
});
