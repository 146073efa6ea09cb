import { durationFault, itemsLeft, secondsNeeded } from '../../../functions/run/time-limits';
import { aChain } from '../chain/fixture';

describe('the time that a run needs', () => {
  it('follows from its items and its rate; a pause lasts for ever, and no items need no time', () => {
    expect(secondsNeeded(100, 4)).toBe(25);
    expect(secondsNeeded(100, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(secondsNeeded(0, 0)).toBe(0);
  });

  it('is that of the items that have no outcome yet', () => {
    const chains = [
      aChain({ items: 50, done: 10, skipped: 5, unprocessed: 3, inDoubt: 2 }),
      aChain({ chainId: 1, items: 40 }),
    ];

    expect(itemsLeft(chains)).toEqual({ items: 70 });
  });

  it('is refused where an execution is shorter, with a rate that is not refused', () => {
    for (const items of [1, 7, 1234, 600_000, 6_000_001, 987_654_321]) {
      const fault = durationFault({ items }, items / 600_001) ?? '';
      const proposed = Number(/at least ([\d.]+) per second/.exec(fault)?.[1]);

      expect(durationFault({ items }, items / 600_000)).toBeUndefined();
      expect(durationFault({ items }, proposed)).toBeUndefined();
      expect(proposed).toBeLessThan(items / 600_000 + 0.0011);
    }
  });
});
