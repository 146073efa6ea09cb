import { ExpectedEnd, ProgressRate } from '../../page/progress-rate';

/** The rates seen of a counter that is looked at so often, in seconds and items. */
function seen(counts: (second: number) => number, everySeconds: number, seconds: number): number[] {
  const rate = new ProgressRate();
  const rates: number[] = [];
  for (let second = 0; second <= seconds; second += everySeconds) {
    rate.observe(second * 1000, counts(second));
    rates.push(rate.perSecond ?? 0);
  }
  return rates;
}

const largestStep = (rates: readonly number[]) =>
  Math.max(...rates.slice(1).map((rate, index) => Math.abs(rate - (rates[index] as number))));

describe('the rate of what is counted', () => {
  it.each([0.5, 5, 30])('is what it is, looked at every %d s', (everySeconds) => {
    expect(seen((second) => 10 + 40 * second, everySeconds, 120).at(-1)).toBeCloseTo(40);
  });

  it('does not count the time before the first item', () => {
    expect(seen((second) => Math.max(0, 40 * (second - 30)), 1, 34).at(-1)).toBeCloseTo(40);
  });

  it('comes down evenly once nothing happens: no look falls out of a window at once', () => {
    const rates = seen((second) => 40 * Math.min(second, 30), 1, 90).slice(30);
    expect(rates.at(-1)).toBeLessThan(1);
    expect(largestStep(rates)).toBeLessThan(3);
  });

  it('stays about level where items come in chunks', () => {
    const rates = seen((second) => 40 * Math.floor(second / 2), 0.5, 120).slice(120);
    expect(Math.min(...rates)).toBeGreaterThan(18);
    expect(Math.max(...rates)).toBeLessThan(22);
  });

  it('is never below nothing, and takes a look at the same time as none', () => {
    const rate = new ProgressRate();
    rate.observe(0, 100);
    rate.observe(0, 900);
    expect(rate.perSecond).toBeUndefined();
    rate.observe(1000, 50);
    expect(rate.perSecond).toBe(0);
  });
});

describe('the expected end', () => {
  it('is not known before anything is settled, nor once nothing is left', () => {
    const end = new ExpectedEnd();
    expect(end.observe(0, 0, 100)).toBeUndefined();
    expect(end.observe(1000, 1, 99)).toBeUndefined();
    expect(end.observe(2000, 2, 98)).toBe(100_000);
    expect(end.observe(3000, 100, 0)).toBeUndefined();
  });

  it('stays the same time while it is about right, and moves when the pace does', () => {
    const end = new ExpectedEnd();
    const said = new Set<number | undefined>();
    const wobbly = (second: number) => 10 * second + 3 * (second % 2);
    for (let second = 1; second <= 60; second++) {
      const at = end.observe(second * 1000, wobbly(second), 6000 - wobbly(second));
      // At first there is little to go by.
      if (second > 10) said.add(at);
    }
    expect(said.size).toBeLessThanOrEqual(3);

    const before = [...said].at(-1) as number;
    let after: number | undefined;
    for (let second = 61; second <= 120; second++)
      after = end.observe(second * 1000, 600 + (second - 60), 5400 - (second - 60));
    expect(after).toBeGreaterThan(before + 120_000);
  });

  it('is told anew when it has passed', () => {
    const end = new ExpectedEnd();
    end.observe(1000, 1, 2);
    end.observe(2000, 2, 1);
    expect(end.observe(10_000, 2, 1)).toBeGreaterThan(10_000);
  });
});
