import { Ledger } from '../../../functions/chain/ledger/ledger';
import type { ChainRecord } from '../../../functions/chain/ledger/records';
import { Pace } from '../../../functions/chain/pace';
import { shareOf, Tuning } from '../../../functions/chain/tuning';
import { VirtualClock } from '../../local/virtual-clock';
import { aChain, aRun, ledgerOver, memoryTable, sdkError, storeRun } from './fixture';

const NOW = 1_000_000;
const RUN = aRun({ rate: 120, heartbeatSeconds: 30 });
const chains = (...changes: Partial<ChainRecord>[]) =>
  changes.map((change, chainId) => aChain({ chainId, updatedAt: NOW, ...change }));

describe('the share of a chain', () => {
  it('is the budget of the run, split over its chains', () => {
    expect(shareOf(RUN, chains({}, { status: 'planned' }, { status: 'handed-off' }), NOW)).toBe(40);
  });

  it('grows by what finished chains leave', () => {
    expect(shareOf(RUN, chains({}, { status: 'finished' }, {}), NOW)).toBe(60);
  });

  it('counts an interrupted chain, which is about to be resumed, until it was silent for two heartbeat intervals', () => {
    const interrupted = (silentMilliseconds: number) =>
      chains({}, { status: 'interrupted', updatedAt: NOW - silentMilliseconds });

    expect(shareOf(RUN, interrupted(60_000), NOW)).toBe(60);
    expect(shareOf(RUN, interrupted(60_001), NOW)).toBe(120);
  });

  it('does not take a chain that is at work for silent', () => {
    expect(shareOf(RUN, chains({}, { status: 'running', updatedAt: 0 }), NOW)).toBe(60);
  });

  it('is never more than the budget', () => {
    expect(shareOf(RUN, chains({ status: 'finished' }), NOW)).toBe(120);
    expect(shareOf(aRun({ rate: 0 }), chains({}), NOW)).toBe(0);
  });
});

describe('tuning', () => {
  async function tuned() {
    const clock = new VirtualClock();
    const ledger = ledgerOver(memoryTable(), clock);
    await storeRun(ledger, { rate: 100 });
    const pace = new Pace({ clock, random: () => 0, itemsPerSecond: 50 });
    const tuning = new Tuning(ledger, clock, 'run-1', 0, pace);
    tuning.keep();
    return { clock, ledger, pace, tuning };
  }

  it('follows the budget that an operator sets, within two seconds', async () => {
    const { clock, ledger, pace, tuning } = await tuned();
    await ledger.setRate('run-1', 10);

    await clock.advance(1999);
    expect(pace.rate()).toBe(50);
    await clock.advance(1);
    expect(pace.rate()).toBe(5);

    await ledger.setRate('run-1', 0);
    await clock.advance(2000);
    expect(pace.rate()).toBe(0);
    tuning.release();
  });

  it('takes over the share of a chain that has finished', async () => {
    const { clock, ledger, pace, tuning } = await tuned();
    const claim = await ledger.claimLink({ runId: 'run-1', chainId: 1, epoch: 0, link: 0, owner: 'other' });
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    const { chain } = claim;
    await ledger.settle(chain, { ...chain, counts: chain, underWay: [] }, 'finished');

    await clock.advance(2000);

    expect(pace.rate()).toBe(100);
    tuning.release();
  });

  describe('when chains are throttled', () => {
    async function throttled(chainId: number) {
      const world = await tuned();
      const { clock, ledger } = world;
      await clock.advance(2000);
      const claim = await ledger.claimLink({ runId: 'run-1', chainId, epoch: 0, link: 0, owner: 'other' });
      if (claim.kind !== 'claimed') throw new Error(claim.kind);
      const { chain } = claim;
      await ledger.settle(chain, { ...chain, counts: chain, underWay: [], throttles: 3 }, 'running');
      await clock.advance(2000);
      return world;
    }

    it('steps back with another chain, once for the news that it hears', async () => {
      const { clock, pace, tuning } = await throttled(1);
      expect(pace.rate()).toBe(25);
      expect(pace.throttles).toBe(0);

      await clock.advance(2000);
      expect(pace.rate()).toBeGreaterThan(25);
      tuning.release();
    });

    it('does not hear of its own chain what it knows better', async () => {
      const { pace, tuning } = await throttled(0);
      expect(pace.rate()).toBe(50);
      tuning.release();
    });
  });

  it('leaves the pace as it is when the ledger cannot be read, and looks again', async () => {
    const { clock, ledger, pace, tuning } = await tuned();
    await ledger.setRate('run-1', 10);
    const read = jest
      .spyOn(Ledger.prototype, 'readRun')
      .mockRejectedValueOnce(sdkError('ProvisionedThroughputExceededException', 400));

    await clock.advance(2000);
    expect(pace.rate()).toBe(50);
    await clock.advance(2000);

    expect(pace.rate()).toBe(5);
    read.mockRestore();
    tuning.release();
  });

  it('ends when it is released, even while it reads', async () => {
    const { clock, ledger, pace, tuning } = await tuned();
    await ledger.setRate('run-1', 10);
    let answer: () => void = () => {};
    const read = jest.spyOn(Ledger.prototype, 'readRun').mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = () => resolve(aRun({ rate: 10 }));
        }),
    );

    await clock.advance(2000);
    tuning.release();
    answer();
    await clock.advance(10_000);

    expect(pace.rate()).toBe(50);
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });
});
