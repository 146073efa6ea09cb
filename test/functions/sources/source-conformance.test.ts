import type { ItemId, Source } from 'worker-chains';
import { describeSource } from 'worker-chains/testing';
import { idRange } from '../../../functions/sources/id-range';
import { leftovers } from '../../../functions/sources/leftovers';
import { list } from '../../../functions/sources/list';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable, storeRun } from '../chain/fixture';

describeSource(
  'idRange()',
  (ids) => {
    const numbers = ids.map(Number);
    return { source: idRange(), input: { ids: { first: Math.min(...numbers, 1), last: Math.max(...numbers, 0) } } };
  },
  { gaps: false },
);

describeSource('list() of numbers', (ids) => ({ source: list(), input: { ids } }), { refusesEmpty: true });

describeSource('list() of numbers and texts', (ids) => ({ source: list(), input: { ids } }), {
  refusesEmpty: true,
  id: (index) => (index % 2 === 0 ? index : `user-${index}`),
});

/** A ledger in which an earlier run left these over, among as many that came out in other ways. */
async function leftOver(ids: readonly ItemId[], outcome: 'unprocessed' | 'in-doubt') {
  const ledger = ledgerOver(memoryTable(), new VirtualClock());
  await storeRun(ledger, { runId: 'sunday', job: 'any', source: 'rows', plan: { start: 0, end: 1 } });
  const others = (['unprocessed', 'in-doubt', 'carried'] as const).filter((other) => other !== outcome);
  const items = ids.flatMap((id, at) => {
    const other = others[at % 3];
    return [{ id, outcome }, ...(other ? [{ id: `other-${id}`, outcome: other }] : [])];
  });
  for (const [at, item] of items.entries()) {
    // Chunks of three, chains of ten chunks: items of different chains and chunks follow each other.
    const place = { chainId: Math.floor(at / 30), chunk: Math.floor(at / 3) % 10, index: at % 3 };
    const why = { code: 'MessageRejected', message: 'no', link: 0, at: 0, expiresAt: 0 };
    await ledger.recordItem({ runId: 'sunday', ...item, ...place, ...why });
  }
  await ledger.setRunStatus('sunday', 'reconciled');
  return ledger;
}

const rows: Pick<Source, 'kind' | 'load'> = {
  kind: 'rows',
  load: async (_, items) => items.map((item) => ({ ...item, data: { name: `Reader ${item.id}` } })),
};

describeSource('leftovers() that are unprocessed', async (ids) => ({
  source: leftovers(await leftOver(ids, 'unprocessed'), rows),
  input: { unprocessedOf: 'sunday' },
}));

describeSource('leftovers() that are in doubt', async (ids) => ({
  source: leftovers(await leftOver(ids, 'in-doubt')),
  input: { inDoubtOf: 'sunday' },
}));
