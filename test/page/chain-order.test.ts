import { problemsFirst } from '../../page/client/chain-order';
import type { ChainView } from '../../page/view';

const chain = (chainId: number, more: Partial<ChainView> = {}): ChainView => ({
  ...{ chainId, status: 'finished', start: 0, end: 9, items: 9, isEstimate: false, done: 9, skipped: 0 },
  ...{ unprocessed: 0, inDoubt: 0, itemsPerSecond: 0, throttles: 0, epoch: 0, linksClaimed: 1, links: [] },
  ...more,
});

const chains = [
  chain(0),
  chain(1, { throttles: 4 }),
  chain(2, { unprocessed: 1 }),
  chain(3, { unprocessed: 5, throttles: 9 }),
  chain(4, { inDoubt: 1 }),
  chain(5, { status: 'interrupted' }),
  chain(6, { status: 'running' }),
];

describe('chains with problems', () => {
  it('come first: interrupted, in doubt, unprocessed, throttled, and of alike ones that with more', () => {
    expect(problemsFirst(chains, false).map(({ chainId }) => chainId)).toEqual([5, 4, 3, 2, 1, 0, 6]);
  });

  it('are also those that an execution has left unfinished when it is over', () => {
    expect(problemsFirst(chains, true).map(({ chainId }) => chainId)).toEqual([5, 6, 4, 3, 2, 1, 0]);
  });
});
