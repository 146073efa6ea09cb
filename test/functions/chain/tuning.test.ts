import { Paces } from '../../../functions/chain/paces';
import { partOf } from '../../../functions/chain/part';
import { Tuning } from '../../../functions/chain/tuning';
import { Ledger } from '../../../functions/ledger/ledger';
import type { ChainRecord } from '../../../functions/ledger/records';
import { sdkError } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { aChain, aRun, ledgerOver, memoryTable, storeRun } from './fixture';

const NOW = 1_000_000;
const RUN = aRun({ rate: 120, heartbeatSeconds: 30 });
const chains = (...changes: Partial<ChainRecord>[]) =>
  changes.map((change, chainId) => aChain({ chainId, updatedAt: NOW, ...change }));

describe('the chains that share the budget of a run', () => {
  it('are all that are at work', () => {
    expect(partOf(0, RUN, chains({}, { status: 'planned' }, { status: 'handed-off' }), NOW).chains).toBe(3);
  });

  it('are not those that have finished', () => {
    expect(partOf(0, RUN, chains({}, { status: 'finished' }, {}), NOW).chains).toBe(2);
  });

  it.each([
    ['interrupted ones, which are about to be resumed,', 'interrupted'],
    ['parked ones, which may be back at once,', 'parked'],
  ] as const)('are %s until they were silent for two heartbeat intervals', (_, status) => {
    const away = (silentMilliseconds: number) => chains({}, { status, updatedAt: NOW - silentMilliseconds });

    expect(partOf(0, RUN, away(60_000), NOW).chains).toBe(2);
    expect(partOf(0, RUN, away(60_001), NOW).chains).toBe(1);
  });

  it('are those that are at work, however long ago they wrote', () => {
    expect(partOf(0, RUN, chains({}, { status: 'running', updatedAt: 0 }), NOW).chains).toBe(2);
  });

  it('are at least the one that asks', () => {
    expect(partOf(0, RUN, chains({ status: 'finished' }), NOW).chains).toBe(1);
  });
});

describe('tuning', () => {
  async function tuned() {
    const clock = new VirtualClock();
    const ledger = ledgerOver(memoryTable(), clock);
    const run = await storeRun(ledger, { rate: 100, quotaPerSecond: 125 });
    const paces = new Paces({ job: {}, run, ledger, backOff: null, clock, random: () => 0 });
    await paces.begin();
    const onAwaited = jest.fn();
    const tuning = new Tuning({
      ...{ ledger, clock, run, chain: { chainId: 0, epoch: 5 }, paces, onAwaited },
      ...{ isBackLate: false, onRuns: () => {}, onQuota: () => {} },
    });
    tuning.begin(await ledger.readChains('run-1'));
    await clock.advance(0);
    return { clock, ledger, pace: paces.items, tuning, onAwaited };
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

  it('follows what the provider accepts, and an operator’s budget within that', async () => {
    const { clock, ledger, pace, tuning } = await tuned();

    tuning.follow({ perSecond: 25, perDay: 1000, usedToday: 0 });
    expect(pace.rate()).toBe(10);

    await ledger.setRate('run-1', 8);
    await clock.advance(2000);
    expect(pace.rate()).toBe(4);

    tuning.follow({ perSecond: 125, perDay: 1000, usedToday: 0 });
    await ledger.setRate('run-1', 100);
    await clock.advance(2000);
    expect(pace.rate()).toBe(50);
    tuning.release();
  });

  it('sees that a later attempt waits for its chain, and does not mind what an earlier one waited for', async () => {
    const { clock, ledger, tuning, onAwaited } = await tuned();
    const claim = await ledger.claimLink({ runId: 'run-1', chainId: 0, epoch: 5, link: 0, owner: 'own' });

    await ledger.awaitChain(claim.chain, 4);
    await clock.advance(2000);
    expect(onAwaited).not.toHaveBeenCalled();

    await ledger.awaitChain(claim.chain, 6);
    await clock.advance(2000);
    expect(onAwaited).toHaveBeenCalledTimes(1);
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
