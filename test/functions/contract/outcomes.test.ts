import { addOutcome, type ItemOutcome, NO_COUNTS } from '../../../functions/contract/outcomes';

describe('counts', () => {
  const failure = { code: 'X', message: 'x' };

  it('add every outcome but what comes up again', () => {
    const outcomes: ItemOutcome[] = [
      { outcome: 'done' },
      { outcome: 'done' },
      { outcome: 'skipped', reason: 'unsubscribed' },
      { outcome: 'unprocessed', ...failure },
      { outcome: 'in-doubt', ...failure },
      { outcome: 'carried' },
    ];
    const before = { done: 1, skipped: 1, unprocessed: 1, inDoubt: 1, skippedBecause: { unsubscribed: 1 } };

    expect(outcomes.reduce(addOutcome, before)).toEqual({
      done: 3,
      skipped: 2,
      unprocessed: 2,
      inDoubt: 2,
      skippedBecause: { unsubscribed: 2 },
    });
    expect(before.skippedBecause).toEqual({ unsubscribed: 1 });
  });

  it('keep twenty reasons apart, so that a job that invents reasons does not outgrow the ledger', () => {
    const outcomes = Array.from(
      { length: 30 },
      (_, index): ItemOutcome => ({ outcome: 'skipped', reason: `r${index}` }),
    );

    const { skipped, skippedBecause } = [...outcomes, { outcome: 'skipped', reason: 'r3' } as const].reduce(
      addOutcome,
      NO_COUNTS,
    );

    expect(skipped).toBe(31);
    expect(Object.keys(skippedBecause)).toHaveLength(21);
    expect(skippedBecause).toMatchObject({ r3: 2, r19: 1, other: 10 });
  });

  it('keep a reason short whoever counts it', () => {
    const outcomes: ItemOutcome[] = [{ outcome: 'skipped', reason: 'x'.repeat(1000) }];

    expect(outcomes.reduce(addOutcome, NO_COUNTS).skippedBecause).toEqual({ ['x'.repeat(64)]: 1 });
  });
});
