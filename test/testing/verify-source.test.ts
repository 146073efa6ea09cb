import { type Cursor, idRange, type Partition, type Source } from 'worker-chains';
import { type SourceExample, verifySource } from 'worker-chains/testing';

const FIVE: SourceExample = { input: { ids: { first: 1, last: 5 } }, expected: [1, 2, 3, 4, 5] };
const source = idRange();
const at = (cursor: Cursor) => Number(cursor);

function changed(change: Partial<Source>): Promise<void> {
  return verifySource({ ...source, ...change }, FIVE);
}

describe('verifySource', () => {
  test('passes a source that does what every run relies on', async () => {
    await verifySource(source, FIVE);
    await verifySource(source, { input: { ids: { first: 10, last: 9 } }, expected: [] });
    await verifySource(source, { ...FIVE, chains: [3], limits: [2] });
  });

  test('names ids that were not expected', async () => {
    await expect(verifySource(source, { ...FIVE, expected: [1, 2, 3, 4, 6] })).rejects.toThrow(
      'Expected 1 chains to read [1,2,3,4,6], got [1,2,3,4,5].',
    );
    await expect(verifySource(source, { ...FIVE, expected: [1] })).rejects.toThrow(
      'Expected `plan` to count 1, got 5.',
    );
  });

  test('needs a plan that survives the ledger', async () => {
    const plan: Source['plan'] = async (input) => ({ ...(await source.plan(input)), seen: new Set([1]) });
    const read: Source['read'] = (given, ...rest) => {
      if (!(given.seen instanceof Set)) throw new TypeError('The plan has lost its set.');
      return source.read(given, ...rest);
    };

    await expect(changed({ plan, read })).rejects.toThrow('The plan has lost its set.');
  });

  test('notices a read that gives something at the end', async () => {
    const read: Source['read'] = async (plan, cursor, end, limit) =>
      at(cursor) >= at(end) ? { ids: [99], next: end } : source.read(plan, cursor, end, limit);

    await expect(changed({ read })).rejects.toThrow(
      'Expected `read` at the end to give {"ids":[],"next":6}, got {"ids":[99],"next":6}.',
    );
  });

  test.each<[string, (partitions: readonly Partition[]) => readonly Partition[], string]>([
    ['too few partitions', (all) => all.slice(1), '`split` for 1 chains to give a number of partitions of 1, got 0.'],
    [
      'sizes that do not add up',
      (all) => all.map((one) => ({ ...one, items: (one.items ?? 0) + 1 })),
      'the partitions to have together 5, got 6.',
    ],
    [
      'a gap at the start',
      (all) => all.map((one, index) => (index === 0 ? { ...one, start: 2 } : one)),
      'a partition to start where the one before ended: 1, got 2.',
    ],
    [
      'an end before the plan’s',
      (all) => all.map((one, index) => (index === all.length - 1 ? { ...one, end: 5 } : one)),
      'the last partition to end where the plan does: 6, got 5.',
    ],
  ])('notices %s', async (_, change, sentence) => {
    const split: Source['split'] = async (plan, chains) => change(await source.split(plan, chains));

    await expect(changed({ split })).rejects.toThrow(`Expected ${sentence}`);
  });

  test('notices sizes that are more than one apart, and a partition that is empty', async () => {
    const lopsided: Source['split'] = async () => [
      { start: 1, end: 5, items: 4 },
      { start: 5, end: 6, items: 1 },
    ];
    const empty: Source['split'] = async () => [
      { start: 1, end: 1, items: 0 },
      { start: 1, end: 6, items: 5 },
    ];

    for (const split of [lopsided, empty]) {
      await expect(verifySource({ ...source, split }, { ...FIVE, chains: [2] })).rejects.toThrow(
        'Expected partitions of at least 1 item with sizes at most one apart, got',
      );
    }
  });

  test('notices a read that stands still, gives too much, runs over the end or says so', async () => {
    const reads: readonly [string, Source['read']][] = [
      ['Expected `read` to advance from 1, got 1.', async (_plan, cursor) => ({ ids: [], next: cursor })],
      [
        'Expected `read` to give at most 1 items, got 2.',
        (plan, cursor, end, limit) => source.read(plan, cursor, end, limit + 1),
      ],
      [
        'Expected `read` to stop at the end of its partition',
        async (plan, cursor, end, limit) =>
          at(cursor) >= at(end)
            ? { ids: [], next: end }
            : { ...(await source.read(plan, cursor, end, limit)), next: 7 },
      ],
      [
        'Expected the partition at 1 to give as many items as it says: 5, got 4.',
        async (plan, cursor, end, limit) => {
          const { ids = [], next } = await source.read(plan, cursor, end, limit);
          return { ids: ids.filter((id) => id !== 3), next };
        },
      ],
    ];

    for (const [sentence, read] of reads) await expect(changed({ read })).rejects.toThrow(sentence);
  });
});
