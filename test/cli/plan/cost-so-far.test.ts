import { costOf } from '../../../cli/plan/cost';
import { costSoFar } from '../../../cli/plan/cost-so-far';
import type { ChainRecord } from '../../../functions/ledger/records';

const chains = [
  { done: 900, skipped: 60, unprocessed: 30, inDoubt: 10 },
  { done: 1000, skipped: 0, unprocessed: 0, inDoubt: 0 },
] as ChainRecord[];

it('is what the plan reckons for what is settled: mails for what is done or in doubt, where the job sends any', () => {
  const feedback = {} as never;
  const planned = costOf({
    ...{ items: 2000, mails: 1910, addressClaims: 0, warmUpPlaces: 0, seconds: 50, passes: 1, chains: 2 },
    ...{ linkSeconds: 600, memoryMegabytes: 512 },
  });
  expect(costSoFar({ feedback, linkSeconds: 600 }, chains, 50, 512)).toEqual({
    dollars: planned.lambda + planned.ledger + planned.others,
    mailDollars: planned.ses,
  });
  expect(planned.ses).toBeCloseTo(0.191);
  expect(costSoFar({ linkSeconds: 600 }, chains, 50, 512).mailDollars).toBe(0);
  expect(costSoFar({ feedback, linkSeconds: 600, dryRun: true }, chains, 50, 512).mailDollars).toBe(0);
});

it('is more where a canary has every chain go twice', () => {
  const once = costSoFar({ linkSeconds: 600 }, chains, 50, 512);
  const twice = costSoFar({ linkSeconds: 600, canary: {} as never }, chains, 50, 512);
  expect(twice.dollars).toBeGreaterThan(once.dollars);
});
