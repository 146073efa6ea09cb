import { durationFault, itemsLeft, secondsNeeded, workingSeconds } from '../../../functions/run/time-limits';
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

  it('is that of the hours in which its window is open', () => {
    const window = { from: '09:00', until: '17:00', zone: 'UTC' };
    const now = Date.parse('2026-01-05T16:00:00Z');

    // An hour today, 8 on each of the next six days, and on the last the 5 h 40 min until an execution is over.
    expect(workingSeconds(window, now)).toBe((1 + 6 * 8) * 3600 + 20_400);
    expect(workingSeconds({ ...window, zoneOf: () => undefined }, now)).toBe(600_000);
    expect(workingSeconds(undefined, now)).toBe(600_000);
  });

  it('is refused where the window is open for less, with a rate that is not refused', () => {
    const fault = durationFault({ items: 100_000 }, 0.5, 46 * 3600) ?? '';

    expect(fault).toBe(
      'Expected a run to end within the 46 hours that its send window is open of the 166.7 hours that an execution has, ' +
        'got 100000 items at 0.5 per second, which need 55.6 hours: give it a rate of at least 0.604 per second, or fewer items.',
    );
    expect(durationFault({ items: 100_000 }, 0.604, 46 * 3600)).toBeUndefined();
    expect(durationFault({ items: 1 }, 10, 0)).toContain('start the run when it opens');
    expect(durationFault({ items: 0 }, 10, 0)).toBeUndefined();
  });
});
