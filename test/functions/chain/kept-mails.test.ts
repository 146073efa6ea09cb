import { Chain } from '../../../functions/chain/chain';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable, storeRun } from './fixture';

const OUTCOMES: readonly ItemOutcome[] = [
  { outcome: 'done', messageIds: ['mail-1'] },
  { outcome: 'skipped', reason: 'unsubscribed' },
  { outcome: 'in-doubt', code: 'TimeoutError', message: 'No answer.' },
  { outcome: 'in-doubt', code: 'TimeoutError', message: 'No answer.', messageIds: ['mail-4'] },
  { outcome: 'unprocessed', code: 'MessageRejected', message: 'No.' },
];

async function chainWith(options: { readonly audit?: boolean; readonly sendsOnly?: boolean }) {
  const clock = new VirtualClock();
  const ledger = ledgerOver(memoryTable(), clock);
  await storeRun(ledger);
  const claim = await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 0, link: 0, owner: 'a' });
  const chain = new Chain(claim.chain, { ledger, clock, throttles: () => 0, ...options });
  const items = OUTCOMES.map((_, index) => ({ id: index + 1, data: undefined }));
  const claimed = await chain.claim({ items, cursor: 1 + items.length, carried: 0, loadedAt: clock.now() });
  for (const [index, item] of claimed.entries()) await chain.noteOutcome(item, OUTCOMES[index] as ItemOutcome);
  return ledger;
}

test('an audit keeps whoever is done, with the ids of the mails, and whoever is skipped, with the reason', async () => {
  const ledger = await chainWith({ audit: true });
  expect(await ledger.readAudit('run-1', 1)).toMatchObject({ id: 1, outcome: 'done', messageIds: ['mail-1'] });
  expect(await ledger.readAudit('run-1', 2)).toMatchObject({ id: 2, outcome: 'skipped', reason: 'unsubscribed' });
});

test('without one, nobody who is done or skipped costs a record', async () => {
  const ledger = await chainWith({});
  expect([await ledger.readAudit('run-1', 1), await ledger.readAudit('run-1', 2)]).toEqual([undefined, undefined]);
});

test('what needs looking at is listed with the mails that went out, and whether one more would prove it done', async () => {
  const ledger = await chainWith({ sendsOnly: true });
  const { items } = await ledger.listItems('run-1');
  expect(items.map(({ id, messageIds, mailProves }) => [id, messageIds, mailProves])).toEqual([
    [3, undefined, true],
    [4, ['mail-4'], undefined],
    [5, undefined, true],
  ]);
  const mixed = await (await chainWith({ sendsOnly: false })).listItems('run-1');
  expect(mixed.items.map(({ mailProves }) => mailProves)).toEqual([undefined, undefined, undefined]);
});
