import { reconcileRun } from '../../../functions/run/reconcile';
import { leftovers } from '../../../functions/sources/leftovers';
import { VirtualClock } from '../../support/virtual-clock';
import { aChain, greeting, LEDGER_TABLE, ledgerOver, memoryTable, storeRun } from '../chain/fixture';

const clock = new VirtualClock();
const DOUBTFUL = 4;

/** A run of 100 items that has ended with four in doubt, of which these turned out to be done. */
async function runWith(settled: readonly number[]) {
  const table = memoryTable();
  const ledger = ledgerOver(table, clock);
  const span = { start: 1, end: 101 };
  await storeRun(ledger, { partitions: [], tolerateUnprocessed: 1 });
  const counts = { given: 100, done: 100 - DOUBTFUL, skipped: 0, unprocessed: 0, inDoubt: DOUBTFUL };
  const chain = aChain({ chainId: 0, status: 'finished', ...span, cursor: 101, ...counts, skippedBecause: {} });
  await table.handle('Put', { TableName: LEDGER_TABLE, Item: { ...chain, pk: 'run#run-1', sk: 'chain#0000' } });
  for (let index = 0; index < DOUBTFUL; index++) {
    const place = { runId: 'run-1', chainId: 0, chunk: 1, index };
    const why = { outcome: 'in-doubt', code: 'Interrupted', message: 'It died.', mailProves: true } as const;
    await ledger.recordItem({ ...place, id: index + 1, ...why, link: 0, at: 0, expiresAt: 0 });
  }
  const settle = (index: number) =>
    ledger.settleInDoubt({
      ...{ runId: 'run-1', chainId: 0, chunk: 1, index, itemTag: '', messageId: `mail-${index}` },
      ...{ kind: 'accepted', at: 1, expiresAt: 0 },
    });
  for (const index of settled) await settle(index);
  return { ledger, settle };
}

test('whoever was in doubt and is settled counts as done in the report, and is no error of it', async () => {
  const { ledger } = await runWith([1, 2, 3]);
  const dependencies = { ledger, clock, findJob: () => greeting(), findSource: () => greeting().source };
  expect(await reconcileRun({ runId: 'run-1' }, dependencies)).toMatchObject({
    ...{ given: 100, done: 99, inDoubt: 1, settledByEvidence: 3 },
    topErrors: [{ code: 'Interrupted', count: 1, exampleIds: [1] }],
  });
});

test('a run over what was left in doubt leaves out whoever is settled', async () => {
  const { ledger } = await runWith([1, 2]);
  await ledger.setRunStatus('run-1', 'reconciled');
  const source = leftovers(ledger);
  const plan = await source.plan({ job: 'greeting', inDoubtOf: 'run-1' });
  expect(plan.items).toBe(2);
  const { items } = await source.read(plan, plan.start, plan.end, 100);
  expect(items?.map(({ id }) => id)).toEqual([1, 4]);
});

test('its partitions tile the plan, however many are settled before it is split', async () => {
  for (let settledLate = 0; settledLate <= DOUBTFUL; settledLate++) {
    const { ledger, settle } = await runWith([]);
    await ledger.setRunStatus('run-1', 'reconciled');
    const source = leftovers(ledger);
    const plan = await source.plan({ job: 'greeting', inDoubtOf: 'run-1' });
    for (let index = DOUBTFUL - settledLate; index < DOUBTFUL; index++) await settle(index);
    const partitions = await source.split(plan, 3);
    const ends = partitions.map(({ end }) => end);
    expect({ settledLate, starts: partitions.map(({ start }) => start) }).toEqual({
      ...{ settledLate, starts: [plan.start, ...ends.slice(0, -1)] },
    });
    expect(ends.at(-1)).toBe(plan.end);
  }
});
