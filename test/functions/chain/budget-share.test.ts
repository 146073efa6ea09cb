import { Paces } from '../../../functions/chain/paces';
import { Tuning } from '../../../functions/chain/tuning';
import type { Providers } from '../../../functions/contract/provider';
import type { NewParticipant } from '../../../functions/ledger/budgets';
import { Budgets } from '../../../functions/ledger/budgets';
import type { Participant } from '../../../functions/ledger/participants';
import type { RunRecord } from '../../../functions/ledger/records';
import { sdkError } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable, storeRun } from './fixture';

/** A run at 100 items per second in two chains, of which the first is looked at. */
const RUN = { rate: 100, quotaPerSecond: 125, heartbeatSeconds: 60 } as const;
const OTHER: NewParticipant = {
  ...{ runId: 'other', job: 'farewell', heartbeatSeconds: 60, weight: 1, priority: 0, wants: 100 },
  ...{ perSecond: 100, concurrency: null },
};

class SharedWorld {
  readonly clock = new VirtualClock();
  readonly ledger = ledgerOver(memoryTable(), this.clock);
  readonly onRuns = jest.fn();
  paces!: Paces;
  private tuning!: Tuning;

  /** One link begins and looks every two seconds. */
  async begin({ providers, isBackLate = false, ...change }: Begin = {}): Promise<this> {
    const { clock, ledger, onRuns } = this;
    const run = await storeRun(ledger, { ...RUN, ...change });
    this.paces = new Paces({
      ...{ job: { ...(providers && { providers }) }, run, ledger, backOff: null, clock, random: () => 0 },
    });
    await this.paces.begin();
    this.tuning = new Tuning({
      ...{ ledger, clock, run, chain: { chainId: 0, epoch: 0 }, paces: this.paces },
      ...{ isBackLate, onRuns, onQuota: () => {}, onAwaited: () => {} },
    });
    this.tuning.begin(await ledger.readChains('run-1'));
    await clock.advance(0);
    return this;
  }

  /** Items per second of this chain. */
  rate(): number {
    return this.paces.items.rate();
  }

  /** How many permits there are in so many seconds. */
  async permits(seconds: number): Promise<number> {
    let permits = 0;
    let isOver = false;
    const take = async () => {
      while ((await this.paces.items.permit()) && !isOver) permits += 1;
    };
    void take();
    await this.clock.advance(seconds * 1000);
    isOver = true;
    return permits;
  }

  async participant(runId = 'run-1', provider = 'ses'): Promise<Participant> {
    const { participants } = await this.ledger.budgets.read(provider);
    return participants.find((one) => one.runId === runId) as Participant;
  }

  async change(runId: string, values: Partial<Participant>): Promise<void> {
    await this.ledger.budgets.change('ses', await this.participant(runId), values);
  }

  /** The other run is at work for so long: it renews its participation every ten seconds. */
  async livesFor(runId: string, seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 10) {
      const one = await this.participant(runId);
      await this.ledger.budgets.renew('ses', one, one);
      await this.clock.advance(Math.min(left, 10) * 1000);
    }
  }

  end(): void {
    this.tuning.release();
    this.paces.stop();
  }
}

interface Begin extends Omit<Partial<RunRecord>, 'providers'> {
  readonly providers?: Providers;
  readonly isBackLate?: boolean;
}

let world: SharedWorld;
beforeEach(() => {
  world = new SharedWorld();
});
afterEach(() => {
  world.end();
  jest.restoreAllMocks();
});

describe('a run that is alone', () => {
  it('begins at once, at its whole rate, and takes part', async () => {
    await world.begin();

    expect(world.rate()).toBe(50);
    expect(await world.participant()).toMatchObject({ wants: 100, uses: 100, perSecond: 100, job: 'greeting' });
  });

  it('renews its participation three times in a heartbeat interval', async () => {
    await world.begin();
    const { seenAt, revision } = await world.participant();

    await world.clock.advance(22_000);

    const after = await world.participant();
    expect(after.seenAt - seenAt).toBeGreaterThanOrEqual(20_000);
    expect(after.revision).toBe(revision);
  });

  it('does not come back after it has left, once it is proven', async () => {
    await world.begin();
    await world.ledger.setRunStatus('run-1', 'reconciled');
    await world.ledger.budgets.leave('ses', 'run-1');

    await world.clock.advance(10_000);

    expect(await world.participant()).toBeUndefined();
  });
});

describe('beside another run', () => {
  it('it makes room when it sees the newcomer, within two seconds', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);

    await world.clock.advance(2000);

    expect(world.rate()).toBe(25);
    expect(world.onRuns).toHaveBeenCalledTimes(1);
  });

  it('it uses nothing before every look of the other has seen it, and then its share', async () => {
    await world.ledger.budgets.join('ses', OTHER);
    await world.begin();
    expect(await world.permits(4.9)).toBe(0);

    await world.clock.advance(300);

    expect(world.rate()).toBe(25);
    expect(await world.participant()).toMatchObject({ uses: 100 });
  });

  it('it has all of the budget again when the other has left', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(2000);
    await world.ledger.budgets.leave('ses', 'other');

    await world.clock.advance(2000);

    expect(world.rate()).toBe(50);
    expect(world.onRuns).toHaveBeenCalledTimes(2);
  });

  it('it leaves the other its share for as long as that renews its participation', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);

    await world.livesFor('other', 200);

    expect(world.rate()).toBe(25);
    expect(await world.participant('other')).toMatchObject({ isSilent: false });
  });

  it('it takes over the share of one that is silent within two heartbeat intervals, after its last look is over', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(78_000);
    expect(await world.participant('other')).toMatchObject({ isSilent: true, uses: 0 });
    expect(world.rate()).toBe(25);

    await world.clock.advance(42_000);

    expect(await world.participant('other')).toMatchObject({ isSilent: true, wants: 0 });
    expect(world.rate()).toBe(50);
  });

  it('it begins at once where the other has not been heard of for half an hour', async () => {
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(30 * 60_000);
    await world.begin();

    expect(world.rate()).toBe(50);
  });

  it('it is within its share while one that was dismissed takes part anew', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(2000);
    await world.ledger.budgets.dismiss('ses', await world.participant('other'));
    await world.clock.advance(2000);
    expect(world.rate()).toBe(50);

    await world.change('other', { isSilent: false, uses: 0, wants: 100 });
    await world.clock.advance(2000);

    expect(world.rate()).toBe(25);
  });

  it('it waits again when it was taken for dead itself', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(6000);
    await world.ledger.budgets.markSilent('ses', await world.participant());

    await world.clock.advance(2000);
    expect(world.rate()).toBe(0);
    await world.clock.advance(6000);
    expect(world.rate()).toBe(25);
  });

  it('it has what the other, of a lower weight or priority, leaves', async () => {
    await world.begin({ weight: 3 });
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(2000);
    expect(world.rate()).toBe(37.5);

    await world.change('other', { priority: -1 });
    await world.clock.advance(2000);
    expect(world.rate()).toBe(47.5);
  });

  it('it keeps to the least of what the runs know that the provider lets them do', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', { ...OTHER, perSecond: 40 });

    await world.clock.advance(2000);

    expect(world.rate()).toBe(10);
  });

  it('it steps back when the other is throttled, once for the news', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(2000);
    await world.ledger.budgets.noteCongestion('ses', await world.participant('other'));

    await world.clock.advance(2000);

    expect(world.rate()).toBe(12.5);
    expect(world.paces.throttles).toBe(0);
  });

  it('it lets the other know of its own throttles, once per congestion', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);
    await world.clock.advance(2000);

    for (let throttle = 0; throttle < 5; throttle++) world.paces.items.throttled();
    await world.clock.advance(0);

    expect(await world.participant()).toMatchObject({ congestions: 1 });
  });

  it('it counts for how long it had to wait, so that it is not late for that', async () => {
    await world.begin();
    await world.ledger.budgets.join('ses', OTHER);

    await world.livesFor('other', 60);

    expect(world.paces.ofRun.perSecond).toBe(50);
    expect(world.paces.ofRun.waitedSeconds).toBeGreaterThan(15);
    expect(world.paces.ofRun.waitedSeconds).toBeLessThanOrEqual(40);
  });
});

describe('a provider', () => {
  it('is paused for all runs by an operator, and let go on', async () => {
    await world.begin();
    await world.ledger.budgets.setRate('ses', 0);
    await world.clock.advance(2000);
    expect(world.rate()).toBe(0);

    await world.ledger.budgets.setRate('ses', 30);
    await world.clock.advance(2000);
    expect(world.rate()).toBe(15);

    await world.ledger.budgets.setRate('ses', undefined);
    await world.clock.advance(2000);
    expect(world.rate()).toBe(50);
  });

  it('that asked one run to wait is left alone by all of them', async () => {
    await world.begin();
    await world.ledger.budgets.close('ses', world.clock.now() + 30_000);
    await world.clock.advance(2000);

    expect(await world.permits(27.9)).toBe(0);
    expect(await world.permits(5)).toBeGreaterThan(100);
  });

  it('that asks this run to wait is closed in the ledger, once', async () => {
    const close = jest.spyOn(Budgets.prototype, 'close');
    await world.begin();

    for (let throttle = 0; throttle < 5; throttle++) world.paces.items.throttled(20);
    await world.clock.advance(0);

    const { settings } = await world.ledger.budgets.read('ses');
    expect(settings.closedUntil).toBe(world.clock.now() + 20_000);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('that does not pace the items lets the chains of one run hear of each other’s throttles, and not of their own', async () => {
    const providers = { crm: { rate: 125 }, audit: { rate: 80 } };
    await world.begin({ providers });
    const audit = world.paces.providers[1]?.pace;
    expect(audit?.rate()).toBe(50);

    await world.ledger.budgets.noteCongestion('audit', await world.participant('run-1', 'audit'));
    await world.clock.advance(2000);
    expect(audit?.rate()).toBe(25);

    await world.clock.advance(20_000);
    audit?.throttled();
    const halved = audit?.rate() as number;
    await world.clock.advance(2000);
    expect(await world.participant('run-1', 'audit')).toMatchObject({ congestions: 2 });
    expect(audit?.rate()).toBeGreaterThanOrEqual(halved);
  });

  it('that takes few calls at a time divides them, in whole numbers, when those under way have ended', async () => {
    const providers = { crm: { rate: 125, reserve: 0.2, concurrency: 9, timeoutSeconds: 3 } };
    await world.ledger.budgets.join('crm', { ...OTHER, concurrency: 9 });
    await world.begin({ providers });
    const [crm] = world.paces.providers;
    expect(crm?.places?.tryTake()).toBe(false);

    // Five seconds, and those for which a call may go on.
    await world.clock.advance(8900);
    expect(crm?.places?.tryTake()).toBe(false);
    await world.clock.advance(1200);

    // One for each run, and half of the other seven: four. Of two chains this one has two.
    expect([1, 2, 3].map(() => crm?.places?.tryTake())).toEqual([true, true, false]);
  });
});

describe('a look at who takes part', () => {
  it('counts for four seconds: while the ledger does not answer there are no more permits', async () => {
    await world.begin();
    await world.clock.advance(2000);
    const refusal = sdkError('ProvisionedThroughputExceededException', 400);
    const read = jest.spyOn(Budgets.prototype, 'read').mockRejectedValue(refusal);

    expect(await world.permits(3.9)).toBeGreaterThan(190);
    expect(await world.permits(20)).toBeLessThanOrEqual(5);

    read.mockRestore();
    await world.clock.advance(2000);
    expect(await world.permits(10)).toBeGreaterThan(490);
  });
});

describe('a chain that was interrupted for so long that the others may not count it', () => {
  it('waits until they have seen it', async () => {
    await world.begin({ isBackLate: true });

    expect(await world.permits(4.9)).toBe(0);
    await world.clock.advance(300);
    expect(world.rate()).toBe(50);
  });

  it('begins at once where it sees no other chain at work', async () => {
    await world.begin({ isBackLate: true, partitions: [{ start: 1, end: 101, items: 100 }] });

    expect(world.rate()).toBe(100);
  });
});
