import { chainOf, runOf } from '../../../functions/ledger/records';

// What a version before these fields wrote, as the table has it: a deployment meets such records in a run that is on.
const KEYS = { pk: 'run#r', sk: 'any' };

it('a run without a share and an allowance has the whole quota and no limit of a day', () => {
  expect(runOf({ ...KEYS, runId: 'r' })).toEqual({ runId: 'r', sendShare: 1, dailyAllowance: null });
  const written = { runId: 'r', sendShare: 0.5, dailyAllowance: 7 };
  expect(runOf({ ...KEYS, ...written })).toEqual(written);
});

it('a chain without counts of earlier attempts has none, and was given what it settled, claimed and carries', () => {
  const counts = { done: 3, skipped: 2, unprocessed: 1, inDoubt: 1 };
  const found = { runId: 'r', chainId: 0, ...counts, claim: null, carry: [{ chunk: 1, index: 2 }] };
  expect(chainOf({ ...KEYS, ...found })).toEqual({
    ...found,
    ...{ givenBefore: 0, unseenInDoubt: 0, settledBefore: 0, awaited: null },
    given: 8,
  });
  const later = { givenBefore: 4, unseenInDoubt: 1, settledBefore: 2, awaited: { epoch: 1, since: 5 }, given: 9 };
  expect(chainOf({ ...KEYS, ...found, ...later })).toEqual({ ...found, ...later });
});
