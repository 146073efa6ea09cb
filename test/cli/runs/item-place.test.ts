import { placeOf } from '../../../cli/runs/item-place';
import type { ChainRecord } from '../../../functions/ledger/records';
import { aChain, aRun } from '../../functions/chain/fixture';

const chain = (chainId: number, start: number, end: number, given: Partial<ChainRecord> = {}): ChainRecord =>
  aChain({ chainId, start, end, cursor: start, items: end - start, ...given });

const range = aRun({ source: 'id-range', plan: { start: 1, end: 201, items: 200 } });
const chains = [
  chain(0, 1, 101, {
    cursor: 51,
    claim: { chunk: 3, ids: [49, 50], stragglers: [{ chunk: 2, index: 0, id: 12 }] },
    carry: [20],
  }),
  chain(1, 101, 201, { status: 'finished', cursor: 201 }),
];

it.each([
  [50, 'claimed', 0],
  [12, 'claimed', 0],
  [20, 'carried', 0],
  [7, 'behind', 0],
  [51, 'ahead', 0],
  [200, 'behind', 1],
  [201, 'nowhere', undefined],
  [0, 'nowhere', undefined],
  ['7', 'nowhere', undefined],
])('says of a range where %j is: %s', (id, at, chainId) => {
  const place = placeOf(id, { run: range, chains });
  expect(place.at).toBe(at);
  expect('chain' in place ? place.chain.chainId : undefined).toBe(chainId);
});

it('finds the item of a list by its place there', () => {
  const list = aRun({ source: 'list', plan: { start: 0, end: 3, items: 3, ids: ['a', 7, '7'] } });
  const listed = [chain(0, 0, 3, { cursor: 2 })];
  expect(['a', 7, '7', 'b'].map((id) => placeOf(id, { run: list, chains: listed }).at)).toEqual([
    ...['behind', 'behind', 'ahead', 'nowhere'],
  ]);
});

it('does not guess where a source has an item whose id does not tell, nor of which pass of a canary one is', () => {
  const table = aRun({ source: 'table', plan: { start: 'a', end: 'z' } });
  expect(placeOf(7, { run: table, chains })).toEqual({ at: 'unknown' });
  const canary = [chain(0, 1, 201, { takes: 'canary', cursor: 100 })];
  expect(placeOf(7, { run: range, chains: canary }).at).toBe('either-pass');
});
