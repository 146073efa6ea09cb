import {
  activePlaceOf,
  activeRunKey,
  type ChainRecord,
  type ItemRecord,
  type RunRecord,
} from '../../../functions/ledger/records';
import { reconcileRun } from '../../../functions/run/reconcile';
import { VirtualClock } from '../../support/virtual-clock';
import { aChain, greeting, LEDGER_TABLE, ledgerOver, MONDAY, memoryTable, storeRun } from '../chain/fixture';

let clock: VirtualClock;
let tolerateUnprocessed = 1;
let table: ReturnType<typeof memoryTable>;
let ledger: ReturnType<typeof ledgerOver>;

beforeEach(() => {
  clock = new VirtualClock();
  table = memoryTable();
  ledger = ledgerOver(table, clock);
});

const item = (chainId: number, index: number, change: Partial<ItemRecord>): ItemRecord => ({
  ...{ runId: 'run-1', chainId, index, chunk: 1, link: 0, at: 0, expiresAt: 0 },
  ...{ id: chainId * 50 + index, outcome: 'unprocessed', code: 'MessageRejected', message: 'no' },
  ...change,
});

/** A run of two chains that adds up: 100 items, 3 of them unprocessed and 1 in doubt. */
async function finishedRun(
  chains: readonly (Partial<ChainRecord> | undefined)[] = [{}, {}],
  run: Partial<RunRecord> = {},
) {
  await storeRun(ledger, { partitions: [], tolerateUnprocessed, ...run });
  const adding: Partial<ChainRecord>[] = [
    { done: 40, skipped: 8, unprocessed: 2, skippedBecause: { unsubscribed: 5, 'not-found': 3 }, links: 4 },
    {
      ...{ start: 51, cursor: 101, end: 101 },
      ...{ done: 45, skipped: 3, unprocessed: 1, inDoubt: 1, skippedBecause: { unsubscribed: 3 }, links: 3 },
    },
  ];
  for (const [chainId, change] of chains.entries()) {
    if (!change) continue;
    const chain = aChain({ chainId, status: 'finished', cursor: 51, given: 50, ...adding[chainId], ...change });
    await table.handle('Put', {
      TableName: LEDGER_TABLE,
      Item: { ...chain, pk: 'run#run-1', sk: `chain#000${chainId}` },
    });
  }
  for (const [chainId, index, change] of [
    [0, 1, {}],
    [0, 2, { code: 'InvalidParameterValue' }],
    [1, 1, {}],
    [1, 2, { outcome: 'in-doubt', code: 'TimeoutError' }],
  ] as const) {
    await ledger.recordItem(item(chainId, index, change));
  }
}

function reconcile(epoch?: number, roundSince?: string) {
  return reconcileRun(
    { runId: 'run-1', ...(epoch !== undefined && { epoch }), ...(roundSince !== undefined && { roundSince }) },
    { ledger, clock, findJob: () => greeting(), findSource: (_, job) => job.source },
  );
}
const active = async (runId: string) =>
  (await ledger.claims.take(activeRunKey('greeting'), { runId, executionArn: `arn:${runId}`, redriveCount: 0 })).runId;
const faultsOf = () =>
  reconcile().then(
    () => [],
    ({ code, message }: { code: string; message: string }) => {
      expect(code).toBe('Run.Unreconciled');
      expect(message).toMatch(/^Run run-1 does not add up: .+\.$/);
      return message.slice('Run run-1 does not add up: '.length, -1).split('; ');
    },
  );

describe('a dry run that adds up', () => {
  it('says in its report what it was, and gives back its own place, not that of the run with effects', async () => {
    const holder = { executionArn: 'arn:other', redriveCount: 0 };
    await ledger.claims.take(activeRunKey('greeting'), { ...holder, runId: 'run-1' });
    await ledger.claims.take(activePlaceOf({ job: 'greeting', dryRun: true }), { ...holder, runId: 'run-1' });
    await finishedRun([{}, {}], { dryRun: true });

    expect(await reconcile()).toMatchObject({ dryRun: true, done: 85, unprocessed: 3, inDoubt: 1 });

    expect(await ledger.claims.read(activePlaceOf({ job: 'greeting', dryRun: true }))).toBeUndefined();
    expect(await ledger.claims.read(activeRunKey('greeting'))).toMatchObject({ runId: 'run-1' });
  });
});

describe('a run that adds up to more failures than its job tolerates', () => {
  // 3 items are unprocessed and 1 is in doubt; of 100 items one may be.
  const failing = (...changes: Partial<ChainRecord>[]) => finishedRun(changes);
  beforeEach(() => {
    tolerateUnprocessed = 0.01;
  });
  afterEach(() => {
    tolerateUnprocessed = 1;
  });

  it('is proven, makes place for the next, and does not look like a success', async () => {
    await active('run-1');
    await failing({ failures: 2 }, { failures: 1, unseenInDoubt: 1 });

    await expect(reconcile()).rejects.toMatchObject({
      code: 'Chain.TooManyFailures',
      message:
        'Run run-1 has come to its end, but 4 of 100 items are unprocessed or in doubt where the job tolerates 1: look at them, then redrive the execution to accept them.',
    });
    expect((await ledger.readRun('run-1'))?.status).toBe('reconciled');
    expect(await active('run-2')).toBe('run-2');
  });

  it('is accepted by a redrive, and by a resumption', async () => {
    await failing({ failures: 2 }, { failures: 1, unseenInDoubt: 1 });
    await expect(reconcile(0)).rejects.toMatchObject({ code: 'Chain.TooManyFailures' });

    expect(await reconcile(1000)).toMatchObject({ unprocessed: 3, inDoubt: 1 });
    expect(await reconcile(1_000_000)).toMatchObject({ unprocessed: 3, inDoubt: 1 });
  });

  it('is judged by what came out since the last redrive: the operator has seen the rest', async () => {
    await failing({ failures: 2, epoch: 0 }, { failures: 2, forgivenFailures: 1, epoch: 1003 });
    expect(await reconcile(1000)).toMatchObject({ unprocessed: 3, inDoubt: 1 });

    await failing({ failures: 2, epoch: 0 }, { failures: 2, forgivenFailures: 1, unseenInDoubt: 1, epoch: 1003 });
    await expect(reconcile(1000)).rejects.toMatchObject({ code: 'Chain.TooManyFailures' });
  });

  it('is judged by what came out since then also where the epoch of a chain has missed a redrive', async () => {
    const [before, redriven] = [Date.parse('2026-01-05T09:00:00Z'), '2026-01-05T10:00:00.000Z'];
    const late = { failures: 3, forgivenFailures: 1, epoch: 0, updatedAt: Date.parse(redriven) + 5000 };
    await failing({ failures: 1, epoch: 1000, updatedAt: before }, late);
    expect(await reconcile(2000)).toMatchObject({ unprocessed: 3, inDoubt: 1 });
    await expect(reconcile(2000, redriven)).rejects.toMatchObject({
      message: expect.stringContaining('but 2 of 100 items are unprocessed or in doubt'),
    });
    expect(await reconcile(2000, '2026-01-05T11:00:00.000Z')).toMatchObject({ unprocessed: 3, inDoubt: 1 });
  });
});

describe('a run that adds up', () => {
  it('is reported in full', async () => {
    await finishedRun();
    await clock.advance(90_060);

    expect(await reconcile()).toEqual({
      runId: 'run-1',
      job: 'greeting',
      planned: 100,
      given: 100,
      gone: 0,
      added: 0,
      done: 85,
      skipped: 11,
      skippedBecause: { unsubscribed: 8, 'not-found': 3 },
      unprocessed: 3,
      inDoubt: 1,
      chains: 2,
      links: 7,
      elapsedSeconds: 90.1,
      topErrors: [
        { code: 'MessageRejected', count: 2, exampleIds: [1, 51] },
        { code: 'InvalidParameterValue', count: 1, exampleIds: [2] },
        { code: 'TimeoutError', count: 1, exampleIds: [52] },
      ],
    });
  });

  it('is marked as reconciled, and makes place for the next run of its job', async () => {
    await active('run-1');
    await finishedRun();
    await clock.advance(1000);

    await reconcile();

    expect(await ledger.readRun('run-1')).toMatchObject({ status: 'reconciled', finishedAt: MONDAY + 1000 });
    expect(await active('run-2')).toBe('run-2');
  });

  it('leaves the budget of its provider to the others', async () => {
    const one = { job: 'greeting', heartbeatSeconds: 30, weight: 1, priority: 0, wants: 10, perSecond: 10 };
    for (const runId of ['run-1', 'run-2']) await ledger.budgets.join('ses', { runId, ...one, concurrency: null });
    await finishedRun();

    await reconcile();

    expect((await ledger.budgets.read('ses')).participants.map(({ runId }) => runId)).toEqual(['run-2']);
  });

  it('has the same report when it is asked for again', async () => {
    await finishedRun();
    await clock.advance(60_000);
    const first = await reconcile();
    await clock.advance(60_000);

    expect(await reconcile()).toEqual(first);
  });

  it('may have no items at all', async () => {
    await storeRun(ledger, { plan: { start: 1, end: 1, items: 0 }, partitions: [] });

    expect(await reconcile()).toMatchObject({ planned: 0, done: 0, chains: 0, links: 0, topErrors: [] });
  });

  it('names the ten most frequent errors, with three examples each', async () => {
    await storeRun(ledger, { partitions: [] });
    const chains = [
      aChain({ status: 'finished', cursor: 51, given: 50, done: 25, unprocessed: 25 }),
      aChain({ chainId: 1, status: 'finished', start: 51, cursor: 101, end: 101, given: 50, done: 50 }),
    ];
    for (const chain of chains) {
      const key = { pk: 'run#run-1', sk: `chain#000${chain.chainId}` };
      await table.handle('Put', { TableName: LEDGER_TABLE, Item: { ...chain, ...key } });
    }
    for (let index = 0; index < 25; index++) {
      await ledger.recordItem(
        item(0, index, { code: index < 5 ? 'Frequent' : `Code${String(index % 12).padStart(2, '0')}` }),
      );
    }

    const { topErrors } = await reconcile();

    expect(topErrors).toHaveLength(10);
    expect(topErrors[0]).toEqual({ code: 'Frequent', count: 5, exampleIds: [0, 1, 2] });
    // Of equally frequent ones, by name.
    expect(topErrors.slice(1, 4).map(({ code, count }) => [code, count])).toEqual([
      ['Code00', 2],
      ['Code05', 2],
      ['Code06', 2],
    ]);
  });
});

describe('a run that does not add up is told by each fault:', () => {
  it.each<[string, readonly (Partial<ChainRecord> | undefined)[], readonly string[]]>([
    [
      'a chain is missing at the end',
      [{}, undefined],
      [
        'the partitions end at 51 and the source at 101',
        '2 items are counted as unprocessed and 3 are listed',
        '0 items are counted as in doubt and 1 is listed',
      ],
    ],
    [
      'the first chain is missing',
      [undefined, {}],
      [
        'chain 0 is missing',
        'chain 1 starts at 51 where the one before it ends at 1',
        '1 item is counted as unprocessed and 3 are listed',
      ],
    ],
    ['two partitions overlap', [{}, { start: 41 }], ['chain 1 starts at 41 where the one before it ends at 51']],
    [
      'there is a gap between two partitions',
      [{}, { start: 61 }],
      ['chain 1 starts at 61 where the one before it ends at 51'],
    ],
    ['a chain is not at its end', [{ cursor: 41 }, {}], ['chain 0 is finished at 41 of 51']],
    ['a chain is beyond its end', [{ cursor: 52 }, {}], ['chain 0 is finished at 52 of 51']],
    ['a chain is not finished', [{}, { status: 'interrupted' }], ['chain 1 is interrupted at 101 of 101']],
    [
      'a chunk is still claimed',
      [{ claim: { chunk: 5, ids: [50], stragglers: [] } }, {}],
      ['chain 0 is finished at 51 of 51'],
    ],
    ['an item is still carried', [{ carry: [7] }, {}], ['chain 0 is finished at 51 of 51']],
    ['an item still waits for its window', [{ postponed: 1 }, {}], ['chain 0 is finished at 51 of 51']],
    ['an item was forgotten', [{ done: 39 }, {}], ['chain 0 was given 50 items and settled 49']],
    [
      'an item was forgotten in one chain and counted twice in another',
      [{ done: 39 }, { done: 46 }],
      ['chain 0 was given 50 items and settled 49', 'chain 1 was given 50 items and settled 51'],
    ],
    [
      'an unprocessed item is not listed',
      [{ done: 39, unprocessed: 3 }, {}],
      ['4 items are counted as unprocessed and 3 are listed'],
    ],
    [
      'an item in doubt is listed and not counted',
      [{}, { done: 46, inDoubt: 0 }],
      ['0 items are counted as in doubt and 1 is listed'],
    ],
  ])('%s', async (_, chains, faults) => {
    await finishedRun(chains);

    expect(await faultsOf()).toEqual(faults);
  });

  it('it stays active, can be proved later, and is marked until then', async () => {
    await active('run-1');
    await finishedRun([{ cursor: 41 }, {}]);
    await faultsOf();
    expect((await ledger.readRun('run-1'))?.status).toBe('unreconciled');
    expect(await active('run-2')).toBe('run-1');

    await finishedRun();

    expect(await reconcile()).toMatchObject({ planned: 100 });
    expect((await ledger.readRun('run-1'))?.status).toBe('reconciled');
  });

  it('the same item listed twice counts twice: its source may have given it twice', async () => {
    await finishedRun();
    await ledger.recordItem(item(0, 9, { id: 1, chunk: 7 }));
    expect(await faultsOf()).toEqual(['3 items are counted as unprocessed and 4 are listed']);

    await finishedRun([{ done: 39, unprocessed: 3 }, {}]);
    expect(await reconcile()).toMatchObject({ unprocessed: 4 });
  });

  it('the ledger does not know it', async () => {
    await expect(reconcile()).rejects.toMatchObject({
      code: 'Run.Unreconciled',
      message: 'Run run-1 is not in the ledger.',
    });
  });
});
