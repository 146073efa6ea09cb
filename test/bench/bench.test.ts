import { PRICES, SOURCES } from '../../cli/plan/prices';
import { alternativeBills } from './alternatives';
import { billOf } from './bill';
import { bystanderCells } from './bystander';
import { scaledUsage } from './cost';
import { naiveCell } from './naive';
import { explain, paceCell } from './pace';
import { pacedRun } from './paced-run';
import { median } from './statistics';
import { percent, table } from './text-table';

describe('a pace cell', () => {
  // 8 mails/s for 60 s over 2 chains: 240 each, 10 chunks of 25 (the last of 15) each.
  const shape = { limit: 10, chains: 2, share: 0.8, idealSeconds: 60, linkSeconds: 25 };

  test('sends every mail of the work once, and counts items and links by hand-computable rules', async () => {
    const cell = await paceCell(shape);

    expect(cell).toMatchObject({ limit: 10, chains: 2, items: 480, attempts: 480, throttled: 0, throttledShare: 0 });
    expect(cell.chunkItems).toBe(25);
    // Two links of 25 s and one for the last 10 s, for each chain.
    expect(cell.links).toBe(6);
  });

  test('measures the makespan from the start of the chains to the last answer, against items ÷ rate', async () => {
    const cell = await paceCell(shape);

    expect(cell.makespanOverIdeal).toBeCloseTo(cell.makespanSeconds / 60, 10);
    // No pace can be ahead of its own permits by more than the first and the last one of each chain.
    expect(cell.makespanSeconds).toBeGreaterThan(59);
    // A cold start of at most 0.6 s, two handoffs, and the first permit at a random point of a quarter of a second.
    expect(cell.makespanSeconds).toBeLessThan(63);
  });

  test('is the same whenever it is run', async () => {
    expect(await paceCell(shape)).toEqual(await paceCell(shape));
  });

  test('says why a cell misses: a budget that one chain’s chunks cannot keep up with', async () => {
    const run = { limit: 1000, chains: 1, share: 1, idealSeconds: 5, linkSeconds: 840 };

    const missed = explain({ ...(await paceCell(run)), makespanOverIdeal: 1.2 });

    expect(missed).toMatch(
      /^limit 1000, 1 chains, share 1: a chunk of 100 took \d+ ms .* where the pace allows \d+ ms/,
    );
  });

  test('misses above 1.02 × ideal or 0.1 % throttled, not at them', async () => {
    const cell = { ...(await paceCell(shape)), makespanOverIdeal: 1.02, throttledShare: 0.001 };

    expect(explain(cell)).toBeUndefined();
    expect(explain({ ...cell, makespanOverIdeal: 1.021 })).toMatch(
      /^limit 10, 2 chains, share 0.8: a chunk of 25 took/,
    );
    expect(explain({ ...cell, throttledShare: 0.0011, throttled: 1 })).toMatch(/1 of 480 calls were throttled/);
  });
});

describe('a run against a provider that lets no burst pass', () => {
  test.each([
    [40, 100],
    [8, 200],
  ])('of %d chains at %d a second is not throttled at 1.1 times its budget, nor slow', async (chains, rate) => {
    const items = rate * 60;
    const maxSendRate = 1.1 * rate;

    const run = await pacedRun({ seed: 1, maxSendRate, strictSendRate: true, items, chains, rate, linkSeconds: 120 });

    expect(run).toMatchObject({ throttled: 0, mails: items, duplicates: 0 });
    expect(run.makespanSeconds / 60).toBeLessThan(1.02);
  });
});

describe('a run whose items take seconds', () => {
  const slow = { seed: 1, maxSendRate: 25, rate: 20, items: 900, linkSeconds: 840, sesLatency: [4000, 6000] as const };
  // Nothing can end before the last item, which takes up to 6 s.
  const idealSeconds = 900 / 20 + 6;

  test('keeps its pace when its job says so: chains are derived from rate × latency', async () => {
    const { makespanSeconds, reports, mails } = await pacedRun({ ...slow, itemSeconds: 5 });

    expect(mails).toBe(900);
    // Twice 20 × 5 under way, 25 in each chain.
    expect(new Set(reports.map(({ chainId }) => chainId)).size).toBe(8);
    expect(makespanSeconds / idealSeconds).toBeLessThan(1.05);
  });

  test('is held back by what one chain can have under way when it says nothing', async () => {
    expect((await pacedRun(slow)).makespanSeconds / idealSeconds).toBeGreaterThan(2);
  });
});

describe('the counts of a paced run', () => {
  test('are the transitions, writes and reads that its chains and chunks make', async () => {
    const { transitions, cloud, reports } = await pacedRun({
      seed: 1,
      maxSendRate: 100,
      items: 100,
      chains: 2,
      rate: 50,
      linkSeconds: 60,
      chunkItems: 25,
    });

    // Start, CreateWorkers, RunChains, 2 × RunChain, EveryChainFinished, ReconcileRun, end.
    expect(transitions).toBe(8);
    expect(reports).toHaveLength(2);
    expect(cloud.usage.calls).toMatchObject({ SendRawEmail: 100, SendTaskSuccess: 2, BatchGet: 4 });
    // Per chain a claim of the link, its claims of items and the end; for the run 2 changes of status, and the end of its
    // part in the provider's budget.
    const claims = reports.reduce((sum, { chunks }) => sum + chunks, 0);
    expect(cloud.usage.calls.Update).toBe(2 * (1 + 1) + claims + 2 + 1);
    // One or two are under way at 25 a second: two a claim, and where a chunk ends what is left of it.
    expect(claims).toBeGreaterThanOrEqual(100 / 2);
    expect(claims).toBeLessThanOrEqual(100 / 2 + 4);
    // CreateWorkers, 2 links, ReconcileRun: each cold, none reused.
    expect(cloud.usage).toMatchObject({ invocations: 4, coldStarts: 4 });
  });
});

describe('the article’s scheme', () => {
  const shape = { chains: 1, items: 50, linkSeconds: 1 } as const;

  test('sends one mail at a time, each costing a read and a send', async () => {
    const cell = await naiveCell({ ...shape, limit: 1000, policy: 'throw' }, 50);

    expect(cell).toMatchObject({ attempts: 50, throttled: 0, lost: 0, duplicated: 0 });
    // 50 × (3 to 8 ms and 30 to 80 ms), and handoffs of at most 100 ms each second or so, and a cold start.
    expect(cell.makespanSeconds).toBeGreaterThan(50 * 0.033);
    expect(cell.makespanSeconds).toBeLessThan(50 * 0.088 + 0.7 + 6 * 0.1);
  });

  test('loses what the SDK could not send in three attempts, if its error is only noted', async () => {
    const cell = await naiveCell({ limit: 2, chains: 20, items: 60, linkSeconds: 60, policy: 'log' }, 2);

    expect(cell.lost).toBeGreaterThan(0);
    expect(cell.duplicated).toBe(0);
    // Each lost mail took three attempts, each mail that was sent exactly one that was accepted.
    expect(cell.attempts - cell.throttled).toBe(60 - cell.lost);
    expect(cell.throttled).toBeGreaterThanOrEqual(3 * cell.lost);
  });

  test('sends again what came before the error, if it is let through', async () => {
    const cell = await naiveCell({ limit: 2, chains: 20, items: 400, linkSeconds: 60, policy: 'throw' }, 2);

    expect(cell.duplicated).toBeGreaterThan(0);
    expect(cell.attempts - cell.throttled).toBe(400 - cell.lost + cell.duplicated);
  });
});

describe('production beside a run', () => {
  test('is never throttled beside a paced run, and is beside one without a pace', async () => {
    const cells = await bystanderCells({
      limit: 40,
      chains: 4,
      share: 0.8,
      load: 0.1,
      idealSeconds: 30,
      linkSeconds: 30,
    });

    const shares = Object.fromEntries(cells.map(({ beside, throttledShare }) => [beside, throttledShare]));
    expect(shares).toMatchObject({ nothing: 0, 'paced chains': 0 });
    expect(shares['chains without their pace']).toBeGreaterThan(0.5);
    expect(cells.every(({ attempts }) => attempts > 50)).toBe(true);
  });
});

describe('the bill', () => {
  test('is quantity × price, line by line', () => {
    const bill = billOf('some', 'formula', { lambdaGigabyteSecond: 20_000, writeUnit: 40_000, standardTransition: 14 });

    expect(bill.lines.map(({ dollars }) => dollars.toFixed(6))).toEqual(['0.266668', '0.025000', '0.000350']);
    expect(bill.dollars).toBeCloseTo(0.292018, 10);
  });

  test('names a source for every price', () => {
    for (const price of Object.keys(PRICES))
      expect(SOURCES[price as keyof typeof PRICES]).toMatch(/^https:\/\/aws\.amazon\.com\//);
  });

  test('scales what grows with the mails', () => {
    expect(scaledUsage({ invocations: 3, gigabyteSeconds: 10, writeUnits: 7, readUnits: 11 }, 5)).toEqual({
      lambdaRequest: 15,
      lambdaGigabyteSecond: 50,
      writeUnit: 35,
      readUnit: 55,
    });
  });

  test('of each alternative follows its formula', () => {
    const bills = alternativeBills({
      mails: 1_000_000,
      rate: 200,
      mailSeconds: 0.055,
      memoryGigabytes: 0.5,
      batch: 25,
      readUnitsPerMail: 0.5,
      chains: 8,
    });
    // 1,000,000 × 0.055 s × 0.5 GB = 27,500 GB-s = $0.366669; 500,000 reads = $0.0625.
    const sequential = 0.3666685;
    const loading = 0.0625;
    // 8 × 5,000 s × 0.5 GB = 20,000 GB-s.
    const waiting = 0.266668;

    expect(Object.fromEntries(bills.map(({ name, dollars }) => [name, Number(dollars.toFixed(4))]))).toEqual({
      'Distributed Map, Standard children': rounded(1 + 0.008 + sequential + loading),
      // 40,000 requests; 11 children alive × 5,000 s × 0.0625 GB.
      'Distributed Map, Express children': rounded(0.04 + 3437.5 * 0.00001667 + 0.008 + sequential + loading),
      // 300,000 requests to SQS; 100,000 invocations; 500 GB-s to enqueue.
      'SQS + Lambda, duplicates possible': rounded(0.12 + 0.02 + sequential + 500 * 0.0000133334 + loading),
      'SQS + Lambda, at most once': rounded(0.12 + 0.02 + sequential + 500 * 0.0000133334 + loading + 0.625),
      'Lambda durable functions, a step per batch': rounded(0.32 + 8 * 0.2e-6 + waiting + loading),
      'Lambda durable functions, a step per mail': rounded(8 + 8 * 0.2e-6 + waiting + loading),
    });
  });

  function rounded(value: number): number {
    return Number(value.toFixed(4));
  }
});

describe('the table', () => {
  test('puts words to the left and numbers to the right', () => {
    const rows = [
      { name: 'a', share: 0.5 },
      { name: 'long name', share: 0.005 },
    ];

    const text = table(rows, [
      { heading: 'name', text: ({ name }) => name },
      { heading: 'share', text: ({ share }) => percent(share, 1) },
    ]);

    expect(text.split('\n')).toEqual([
      'name        share',
      '─────────  ──────',
      'a          50.0 %',
      'long name   0.5 %',
    ]);
  });

  test('takes the middle value, or the mean of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 9])).toBe(3.5);
  });
});
