import type { LeftoverItem } from '../../functions/ledger/items';
import { readLeftovers } from '../../page/grouped-leftovers';

const item = (id: string | number, more: Partial<LeftoverItem> = {}): LeftoverItem => ({
  ...{ id, runId: 'run', outcome: 'unprocessed', code: 'MessageRejected', message: `No ${id}.`, cursor: 0 },
  ...{ chainId: 0, chunk: 0, index: 0, link: 0, at: 0, expiresAt: 0, position: String(id) },
  ...more,
});

/** A ledger that lists these, so many at once; tells how often it was asked. */
function ledgerOf(items: readonly LeftoverItem[], most = 1000) {
  const ledger = {
    asked: 0,
    async listItems(
      _runId: string,
      { after, limit = most }: { readonly after?: string; readonly limit?: number } = {},
    ) {
      ledger.asked += 1;
      const from = after === undefined ? 0 : Number(after);
      const end = from + Math.min(limit, most);
      return { items: items.slice(from, end), ...(end < items.length && { next: String(end) }) };
    },
  };
  return ledger;
}

describe('what a run has left over', () => {
  it('is grouped by outcome and code, the most frequent first, with ids, chains and the first message', async () => {
    const items = [
      item(1, { outcome: 'in-doubt', code: 'Chain.Crashed' }),
      item('b', { chainId: 4 }),
      item(3),
      item(4, { chainId: 4 }),
      item(5, { outcome: 'in-doubt' }),
    ];
    expect(await readLeftovers(ledgerOf(items, 2), 'run')).toEqual({
      isWhole: true,
      groups: [
        {
          outcome: 'unprocessed',
          code: 'MessageRejected',
          message: 'No b.',
          items: 3,
          ids: ['b', '3', '4'],
          chains: [4, 0],
        },
        { outcome: 'in-doubt', code: 'Chain.Crashed', message: 'No 1.', items: 1, ids: ['1'], chains: [0] },
        { outcome: 'in-doubt', code: 'MessageRejected', message: 'No 5.', items: 1, ids: ['5'], chains: [0] },
      ],
    });
  });

  it('is without what was in doubt and is known to be done', async () => {
    const settled = { because: 'Send event', messageId: 'm', at: 1 } as const;
    const left = await readLeftovers(ledgerOf([item(1, { outcome: 'in-doubt', settled })]), 'run');
    expect(left).toEqual({ isWhole: true, groups: [] });
  });

  it('names a hundred ids of a group, and counts the others', async () => {
    const { groups } = await readLeftovers(ledgerOf(Array.from({ length: 250 }, (_, id) => item(id))), 'run');
    expect(groups).toMatchObject([{ items: 250 }]);
    expect(groups[0]?.ids).toHaveLength(100);
  });

  it.each([
    [20, true, 20],
    [21, false, 20],
  ])('of %d items is whole: %s, where twenty are read', async (given, isWhole, items) => {
    const ledger = ledgerOf(
      Array.from({ length: given }, (_, id) => item(id)),
      10,
    );
    expect(await readLeftovers(ledger, 'run', 20)).toMatchObject({ isWhole, groups: [{ items }] });
    expect(ledger.asked).toBeLessThanOrEqual(3);
  });
});
