import fc from 'fast-check';
import { type Demand, LEFT_FOR_LOWER, sharesOf, slotsOf } from '../../../functions/ledger/shares';

const aDemand = (runId: string, change: Partial<Demand> = {}): Demand => ({
  runId,
  weight: 1,
  priority: 0,
  wants: 1000,
  ...change,
});

function shares(demands: readonly Demand[], perSecond = 100): readonly number[] {
  const divided = sharesOf(demands, perSecond);
  return demands.map(({ runId }) => Math.round((divided.get(runId) as number) * 1000) / 1000);
}

describe('the shares of a budget', () => {
  it('are all of it for a run that is alone, and no more than it wants', () => {
    expect(shares([aDemand('a')])).toEqual([100]);
    expect(shares([aDemand('a', { wants: 30 })])).toEqual([30]);
    expect(sharesOf([], 100).size).toBe(0);
  });

  it('are equal, or as the weights are', () => {
    expect(shares([aDemand('a'), aDemand('b')])).toEqual([50, 50]);
    expect(shares([aDemand('a', { weight: 3 }), aDemand('b')])).toEqual([75, 25]);
  });

  it('leave to the others, by their weights, what one of them does not want', () => {
    expect(shares([aDemand('a', { wants: 10 }), aDemand('b', { weight: 2 }), aDemand('c')])).toEqual([10, 60, 30]);
    expect(shares([aDemand('a', { wants: 0 }), aDemand('b')])).toEqual([0, 100]);
  });

  it('of a lower priority are what the higher ones leave', () => {
    expect(shares([aDemand('mail', { priority: 1, wants: 70 }), aDemand('backfill')])).toEqual([70, 30]);
  });

  it('of a lower priority are never nothing', () => {
    expect(shares([aDemand('mail', { priority: 1 }), aDemand('backfill')])).toEqual([95, 5]);
    expect(shares([aDemand('mail', { priority: 1 }), aDemand('backfill', { wants: 2 })])).toEqual([98, 2]);
    expect(shares([aDemand('a', { priority: 2 }), aDemand('b', { priority: 1 }), aDemand('c')])).toEqual([
      95, 4.75, 0.25,
    ]);
  });

  it('are nothing where the budget is nothing', () => {
    expect(shares([aDemand('a', { priority: 1 }), aDemand('b')], 0)).toEqual([0, 0]);
  });
});

const demands = fc
  .uniqueArray(
    fc.record({
      runId: fc.constantFrom(...'abcdefgh'),
      weight: fc.constantFrom(0.5, 1, 2, 10),
      priority: fc.integer({ min: -1, max: 1 }),
      wants: fc.integer({ min: 0, max: 3000 }).map((tenths) => tenths / 10),
    }),
    { minLength: 1, maxLength: 8, selector: ({ runId }) => runId },
  )
  .map((given) => given as readonly Demand[]);
const budget = fc.integer({ min: 1, max: 2000 }).map((tenths) => tenths / 10);
/** Floating-point numbers are not exact. */
const EXACT = 1e-9;

describe('whatever is asked for', () => {
  it('the shares are within the budget and within what each wants, and use all that is wanted', () => {
    fc.assert(
      fc.property(demands, budget, (asked, perSecond) => {
        const given = sharesOf(asked, perSecond);
        const sum = [...given.values()].reduce((total, share) => total + share, 0);
        const wanted = asked.reduce((total, { wants }) => total + wants, 0);
        expect(Math.abs(sum - Math.min(wanted, perSecond))).toBeLessThan(1e-6);
        for (const { runId, wants } of asked) expect(given.get(runId)).toBeLessThanOrEqual(wants + EXACT);
      }),
    );
  });

  it('no share and no slot grows where a run is added, where another wants more, or where the budget is less', () => {
    const chosen = fc.record({ asked: demands, index: fc.nat(7), part: fc.integer({ min: 0, max: 10 }) });
    fc.assert(
      fc.property(chosen, budget, fc.integer({ min: 0, max: 20 }), ({ asked, index, part }, perSecond, slots) => {
        const one = asked[index % asked.length] as Demand;
        const others = asked.filter((demand) => demand !== one);
        const fewer = asked.map((demand) => (demand === one ? { ...one, wants: (one.wants * part) / 10 } : demand));
        const rates = sharesOf(asked, perSecond);
        const places = slotsOf(asked, slots);
        for (const { runId } of others) {
          for (const before of [others, fewer]) {
            expect(rates.get(runId)).toBeLessThanOrEqual((sharesOf(before, perSecond).get(runId) as number) + EXACT);
            expect(places.get(runId)).toBeLessThanOrEqual(slotsOf(before, slots).get(runId) as number);
          }
        }
        for (const [runId, share] of sharesOf(asked, (perSecond * part) / 10)) {
          expect(share).toBeLessThanOrEqual((rates.get(runId) as number) + EXACT);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('whoever wants something has something, however many come before', () => {
    fc.assert(
      fc.property(demands, budget, (asked, perSecond) => {
        const given = sharesOf(asked, perSecond);
        for (const { runId, wants } of asked) if (wants > 0) expect(given.get(runId)).toBeGreaterThan(0);
      }),
    );
    expect(LEFT_FOR_LOWER).toBeGreaterThan(0);
  });
});

describe('the slots of a provider', () => {
  const slots = (asked: readonly Demand[], most: number) => [...slotsOf(asked, most).values()];

  it('are all of them for a run that is alone', () => {
    expect(slots([aDemand('a')], 7)).toEqual([7]);
  });

  it('are whole, by weight and priority, and at least one for everybody who wants any', () => {
    expect(slots([aDemand('a', { weight: 3 }), aDemand('b')], 10)).toEqual([7, 3]);
    expect(slots([aDemand('mail', { priority: 1 }), aDemand('backfill')], 10)).toEqual([8, 1]);
    expect(slots([aDemand('a', { wants: 0 }), aDemand('b')], 3)).toEqual([0, 3]);
  });

  it('go to those that came first where there are too few, by priority', () => {
    expect(slots([aDemand('a'), aDemand('b'), aDemand('c', { priority: 1 })], 2)).toEqual([1, 0, 1]);
  });

  it('are never more than there are', () => {
    fc.assert(
      fc.property(demands, fc.integer({ min: 0, max: 20 }), (asked, most) => {
        const sum = [...slotsOf(asked, most).values()].reduce((total, count) => total + count, 0);
        expect(sum).toBeLessThanOrEqual(most);
      }),
    );
  });
});
