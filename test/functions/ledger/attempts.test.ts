import {
  countedFailures,
  failuresIn,
  generationOf,
  guardLinkBudget,
  hasProgressed,
  invocationOf,
  isSameRound,
  judge,
  linkBudget,
  ownerOf,
  redriveCountOf,
  toleratedFailures,
  unseenInDoubtIn,
  valuesOfLink,
} from '../../../functions/ledger/attempts';
import { aChain } from '../chain/fixture';

describe('an epoch', () => {
  it.each([
    [0, 0, 0],
    [3, 0, 0],
    [503, 0, 0],
    [1000, 0, 1],
    [999_620, 0, 999],
    [2_003_501, 2, 3],
  ])('%i belongs to generation %i and redrive %i', (epoch, generation, redriveCount) => {
    expect(generationOf(epoch)).toBe(generation);
    expect(redriveCountOf(epoch)).toBe(redriveCount);
  });

  it('begins a new round with a redrive and with a resumption, and with no retry', () => {
    expect(isSameRound(0, 620)).toBe(true);
    expect(isSameRound(620, 1000)).toBe(false);
    expect(isSameRound(1000, 1_000_000)).toBe(false);
  });
});

describe('a link that asks for a chain', () => {
  const claim = { chunk: 1, ids: [1], stragglers: [] };
  const asking = { runId: 'run-1', chainId: 0, epoch: 1000, link: 0, owner: 'new' };
  it.each([
    ['takes one that was never begun', { status: 'planned', epoch: -1 }, 'claimable'],
    ['takes one whose owner let go', { status: 'interrupted', claim }, 'claimable'],
    ['takes one between two links', { status: 'handed-off' }, 'claimable'],
    ['fences one with nothing claimed', { status: 'running', claim: null }, 'claimable'],
    ['waits for one whose owner may still settle', { status: 'running', claim }, 'held'],
    ['is told the result of one that has finished', { status: 'finished' }, 'finished'],
    ['leaves it to a later attempt', { status: 'running', claim, epoch: 2000 }, 'superseded'],
    ['knows it for its own', { status: 'running', claim, owner: 'new' }, 'mine'],
  ] as const)('%s', (_name, change, verdict) => {
    expect(judge(aChain({ epoch: 5, ...change }), asking, false)).toBe(verdict);
  });

  it('waits no longer once the owner can touch nothing more', () => {
    expect(judge(aChain({ status: 'running', claim, epoch: 5 }), asking, true)).toBe('claimable');
  });
});

describe('failures', () => {
  it('of an earlier round are forgiven on every chain at once, whether or not its link has started again', () => {
    const chains = [
      // Not yet taken by a link of the redrive.
      aChain({ epoch: 0, failures: 30 }),
      // Taken: what it had is forgiven, and two are new.
      aChain({ epoch: 1000, failures: 12, forgivenFailures: 10 }),
    ];

    expect(chains.map((chain) => countedFailures(chain, 1000))).toEqual([0, 2]);
    expect(chains.map((chain) => countedFailures(chain, 3))).toEqual([30, 0]);
    expect([failuresIn(chains, 1000), failuresIn(chains, 3)]).toEqual([2, 30]);
  });

  it('of a run are tolerated up to the share of its items that the job names, in whole items', () => {
    expect([0, 0.01, 0.02, 0.5, 1].map((share) => toleratedFailures({ tolerateUnprocessed: share }, 99))).toEqual([
      0, 0, 1, 49, 99,
    ]);
  });
});

describe('an item that a redrive found in doubt', () => {
  it('is unseen in that round, and accepted by the next redrive', () => {
    const chains = [aChain({ epoch: 0, unseenInDoubt: 0 }), aChain({ epoch: 1002, unseenInDoubt: 4 })];

    expect([1000, 1003, 2000].map((epoch) => unseenInDoubtIn(chains, epoch))).toEqual([4, 4, 0]);
  });
});

describe('an attempt', () => {
  it('has got something done once it handed over, or settled an item in another way than as in doubt', () => {
    expect(hasProgressed(aChain({ link: 0, done: 5, settledBefore: 5 }))).toBe(false);
    expect(hasProgressed(aChain({ link: 0, done: 5, inDoubt: 9, settledBefore: 5 }))).toBe(false);
    expect(hasProgressed(aChain({ link: 0, done: 5, unprocessed: 1, settledBefore: 5 }))).toBe(true);
    expect(hasProgressed(aChain({ link: 1, settledBefore: 0 }))).toBe(true);
  });

  it('owns the chain by its invocation', () => {
    expect(invocationOf(ownerOf('request-1', 'nonce'))).toBe('request-1');
    expect(invocationOf('a-nonce-of-an-earlier-version')).toBeUndefined();
    expect(invocationOf('nobody')).toBeUndefined();
  });
});

describe('a link that takes a chain', () => {
  const before = aChain({
    ...{
      status: 'interrupted',
      epoch: 3,
      link: 4,
      owner: 'gone',
      links: 9,
      fullLinks: 2,
      awaited: { epoch: 4, since: 0 },
    },
    ...{ done: 20, skipped: 2, unprocessed: 3, inDoubt: 5, failures: 7, unseenInDoubt: 5, settledBefore: 1 },
  });
  const identity = { runId: 'run-1', chainId: 0, owner: 'new' };
  const taken = { status: 'running', owner: 'new', links: 10, awaited: null };

  it('beyond the first changes nothing of its attempt', () => {
    expect(valuesOfLink(before, { ...identity, epoch: 3, link: 1 })).toEqual({ ...taken, epoch: 3, link: 1 });
  });

  it('first in its attempt remembers what had been worked on by then', () => {
    expect(valuesOfLink(before, { ...identity, epoch: 4, link: 0 })).toEqual({
      ...taken,
      ...{ epoch: 4, link: 0, settledBefore: 25 },
    });
  });

  it.each([1000, 1_000_000])('first in its round forgives the failures and links before: epoch %i', (epoch) => {
    expect(valuesOfLink(before, { ...identity, epoch, link: 0 })).toEqual({
      ...taken,
      ...{ epoch, link: 0, settledBefore: 25, forgivenFailures: 7, forgivenLinks: 7, unseenInDoubt: 0, givenBefore: 0 },
    });
  });
});

describe('the link budget', () => {
  it('is a link for each chunk, and fifty for chunks that were cut in two', () => {
    expect(linkBudget(0, 25)).toBe(50);
    expect(linkBudget(100, 25)).toBe(54);
    expect(linkBudget(101, 25)).toBe(55);
  });

  it('counts neither the links that used their time nor those of an earlier round', () => {
    const chain = aChain({ linkBudget: 55, links: 70, fullLinks: 10, forgivenLinks: 5 });

    expect(() => guardLinkBudget(chain)).not.toThrow();
    expect(() => guardLinkBudget({ ...chain, links: 71 })).toThrow(
      'Chain 0 has used 56 links that ended before their time where its partition allows 55.',
    );
  });
});
