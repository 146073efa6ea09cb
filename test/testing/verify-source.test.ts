import { idRange, type Partition, type Source } from 'worker-chains';
import { type SourceExample, verifySource } from 'worker-chains/testing';

const FIVE: SourceExample = { input: { ids: { first: 1, last: 5 } }, expected: [1, 2, 3, 4, 5] };
const source = idRange();

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
      'Expected every item exactly once, got 6 not at all; 5 which is no item of this source',
    );
    await expect(verifySource(source, { ...FIVE, expected: [1] })).rejects.toThrow(
      'Expected the plan to have 1 item, got 5',
    );
  });

  test('needs a plan that survives the ledger', async () => {
    const plan: Source['plan'] = async (input) => ({ ...(await source.plan(input)), seen: new Set([1]) });
    const read: Source['read'] = (given, ...rest) => {
      if (!(given.seen instanceof Set)) throw new TypeError('The plan has lost its set.');
      return source.read(given, ...rest);
    };

    await expect(changed({ plan, read })).rejects.toThrow('The plan has lost its set (1 chain).');
  });

  test('notices ids in another order than they were expected', async () => {
    await expect(verifySource(source, { ...FIVE, expected: [5, 4, 3, 2, 1] })).rejects.toThrow(
      'Expected [5,4,3,2,1] in this order, got [1,2,3,4,5]: correct the order or the example (1 chain).',
    );
  });

  test('takes a source that does not know its number of items', async () => {
    const plan: Source['plan'] = async (input) => ({ ...(await source.plan(input)), items: undefined });
    const split: Source['split'] = async (given, chains) =>
      (await source.split(given, chains)).map(({ start, end }) => ({ start, end }));

    await changed({ plan, split });
  });

  test.each<[string, (partitions: readonly Partition[]) => readonly Partition[], string]>([
    ['too few partitions', (all) => all.slice(1), "the partitions to go on to the plan's end 6, got an end at 1"],
    [
      'sizes that do not add up',
      (all) => all.map((one) => ({ ...one, items: (one.items ?? 0) + 1 })),
      'the partition at 1 to have 5 items, got 6',
    ],
    [
      'a gap at the start',
      (all) => all.map((one, index) => (index === 0 ? { ...one, start: 2 } : one)),
      "partition 1 of 1 to start at 1, where the one before it or the plan's start is, got 2",
    ],
    [
      'an end before the plan’s',
      (all) => all.map((one, index) => (index === all.length - 1 ? { ...one, end: 5 } : one)),
      "the partitions to go on to the plan's end 6, got an end at 5",
    ],
  ])('notices %s', async (_, change, sentence) => {
    const split: Source['split'] = async (plan, chains) => change(await source.split(plan, chains));

    await expect(changed({ split })).rejects.toThrow(`Expected ${sentence}`);
  });

  test('notices a read that stands still, gives too much, runs over the end or says so', async () => {
    const reads: readonly [string, Source['read']][] = [
      ['Expected `read` at 1 to advance, got 1', async (_plan, cursor) => ({ ids: [], next: cursor })],
      [
        'Expected `read` at 1 to give at most 1 item, got 2',
        (plan, cursor, end, limit) => source.read(plan, cursor, end, limit + 1),
      ],
      [
        'Expected `read` at 1 to stay before the end of its partition',
        async (plan, cursor, end, limit) => ({ ...(await source.read(plan, cursor, end, limit)), next: 7 }),
      ],
      [
        'Expected every item exactly once, got 3 not at all',
        async (plan, cursor, end, limit) => {
          const { ids = [], next } = await source.read(plan, cursor, end, limit);
          return { ids: ids.filter((id) => id !== 3), next };
        },
      ],
    ];

    for (const [sentence, read] of reads) await expect(changed({ read })).rejects.toThrow(sentence);
  });
});
