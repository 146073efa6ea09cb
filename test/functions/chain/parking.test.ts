import { budgetName, ses } from '../../../functions/contract/provider';
import { SETTLED_MILLISECONDS } from '../../../functions/ledger/participants';
import { greeting, MONDAY, range, when } from './fixture';
import { LinkWorld } from './link-world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: LinkWorld;

/** The world's clock begins on a Monday at 08:00 UTC. */
beforeEach(() => {
  world = new LinkWorld();
});

const WINDOW = { from: '07:00', until: '08:01', zone: 'UTC' };

describe('a chain whose window closes', () => {
  beforeEach(async () => {
    world.job = greeting({ sendWindow: WINDOW });
    await world.store({ rate: 0.5, linkSeconds: 720, partitions: [{ start: 1, end: 51, items: 50 }] });
  });

  it('starts nobody after that, and is parked until it opens again: in the ledger, and in what its task is told', async () => {
    const claimedAt: number[] = [];
    const { claimChunk } = world.ledger;
    jest.spyOn(world.ledger, 'claimChunk').mockImplementation((...given) => {
      claimedAt.push(world.clock.now());
      return claimChunk.apply(world.ledger, given);
    });

    const report = await world.link();

    expect(report).toMatchObject({ end: 'parked', parkedUntil: MONDAY + 23 * HOUR });
    expect(Math.max(...claimedAt)).toBeLessThan(MONDAY + MINUTE);
    expect(world.sent.length).toBeGreaterThan(20);
    expect(world.sent.at(-1)?.at).toBeLessThan(MONDAY + MINUTE);
    expect(world.answers).toEqual([
      expect.objectContaining({
        error: 'Chain.Parked',
        cause: '{"until":"2026-01-06T07:00:00Z","epoch":0}',
        chain: expect.objectContaining({ status: 'parked', parkedUntil: MONDAY + 23 * HOUR, claim: null }),
      }),
    ]);
    // It stops when the permit after the last minute comes, and not when a link's time is over.
    expect(world.clock.now()).toBeLessThan(MONDAY + MINUTE + 10_000);
  });

  it('goes on where it was when it opens, and misses nobody', async () => {
    await world.link();
    const before = world.ids();

    const { end } = await world.link(await world.nextAttempt());

    expect(end).toBe('finished');
    expect(before.length).toBeLessThan(40);
    expect(world.sent[before.length]?.at).toBeGreaterThanOrEqual(MONDAY + 23 * HOUR);
    expect([...world.ids()].sort((a, b) => Number(a) - Number(b))).toEqual(range(1, 50).filter((id) => id % 10 > 0));
    expect(await world.chain()).toMatchObject({ status: 'finished', done: 45, skipped: 5, given: 50, inDoubt: 0 });
  });

  it('is parked again by whoever comes too early, who reads nothing', async () => {
    await world.link();
    const load = jest.spyOn(world.job, 'load');

    const report = await world.link({ epoch: 1000, taskToken: 'redriven' });

    expect(report).toMatchObject({ end: 'parked', parkedUntil: MONDAY + 23 * HOUR, chunks: 0 });
    expect(load).not.toHaveBeenCalled();
  });

  it('claims nobody after that either, though a pause ends then', async () => {
    await world.ledger.setRate('run-1', 0);
    const claimChunk = jest.spyOn(world.ledger, 'claimChunk');
    const link = world.start();
    await world.clock.advance(MINUTE + 1000);
    await world.ledger.setRate('run-1', 0.5);

    expect((await when(world.clock, link)).end).toBe('parked');
    expect(claimChunk).not.toHaveBeenCalled();
  });

  it('has its hours without links that count against its budget', async () => {
    await world.link();

    expect(await world.chain()).toMatchObject({ links: 1, fullLinks: 1 });
  });

  it('lets what was started come to its end, with its retries', async () => {
    let attempts = 0;
    world.provider = async (id) => {
      if (id !== 5 || attempts++ > 0) return undefined;
      // The answer comes when the window has closed.
      await new Promise<void>((resolve) => {
        world.clock.after(MINUTE, resolve);
      });
      return 'throttled';
    };

    await world.link();

    expect(world.ids()).toContain(5);
    expect(world.sent.find(({ id }) => id === 5)?.at).toBeGreaterThan(MONDAY + MINUTE);
    expect(await world.chain()).toMatchObject({ status: 'parked', claim: null, inDoubt: 0 });
  });

  it('says nothing to an execution that was stopped, and stays parked', async () => {
    world.onCall = (operation) => {
      if (operation === 'SendTaskFailure') world.dead.add('token-0');
    };

    expect((await world.link()).end).toBe('lease-lost');
    expect((await world.chain()).status).toBe('parked');
  });

  it('lets the other runs have its part at once', async () => {
    await world.link();

    const { participants } = await world.ledger.budgets.read(budgetName('mail', ses()));
    expect(participants).toEqual([expect.objectContaining({ isSilent: true })]);
  });
});

describe('a chain that has parked too often in one execution', () => {
  it.each([
    [199, 'parked'],
    [200, 'failed'],
    [249, 'failed'],
    [250, 'parked'],
    [1450, 'failed'],
  ])('in epoch %d is %s', async (epoch, end) => {
    world.job = greeting({ sendWindow: { ...WINDOW, until: '08:00' } });
    await world.store();

    const report = await world.link({ epoch });

    expect(report.end).toBe(end);
    if (end === 'failed') {
      expect(report).toMatchObject({
        code: 'Chain.Runaway',
        message: expect.stringContaining('redrive the execution'),
      });
      expect(await world.chain()).toMatchObject({ status: 'interrupted' });
    }
  });
});

describe('a park', () => {
  it('is one of ten seconds at least, whatever the clock that ends it says', async () => {
    world.job = greeting({ sendWindow: { from: '08:01', until: '09:00', zone: 'UTC' } });
    await world.store();
    await world.clock.advance(59_500);

    await world.link();

    expect(world.answers[0]?.cause).toBe('{"until":"2026-01-05T08:01:10Z","epoch":0}');
  });

  it('does not wait for permits: a paused run is parked as well', async () => {
    world.job = greeting({ sendWindow: { ...WINDOW, until: '08:00' } });
    await world.store({ rate: 0 });

    expect((await world.link()).end).toBe('parked');
    expect(world.clock.now()).toBeLessThan(MONDAY + 10_000);
  });
});

describe('a chain that comes back', () => {
  it('starts nobody before the others that are at work have seen it', async () => {
    world.job = greeting({ sendWindow: { ...WINDOW, until: '08:00' } });
    await world.store();
    await world.link();
    const attempt = await world.nextAttempt();
    await world.ledger.claimLink({ runId: 'run-1', chainId: 1, epoch: 0, link: 0, owner: 'at work' });
    const since = world.clock.now();

    await world.link(attempt);

    expect((world.sent[0]?.at ?? 0) - since).toBeGreaterThanOrEqual(SETTLED_MILLISECONDS);
  });

  it('reads the quota anew: that of the day before says nothing', async () => {
    world.job = greeting({ sendWindow: { ...WINDOW, until: '08:00' } });
    await world.store({ dailyAllowance: 1000 });
    await world.link();
    const quota = jest.fn(() => ({ perSecond: 1000, perDay: 100, usedToday: 80 }));
    world.quota = quota;

    expect(await world.link(await world.nextAttempt())).toMatchObject({ end: 'failed', code: 'Chain.QuotaExhausted' });
    expect(quota).toHaveBeenCalled();
    expect(world.sent.length).toBeLessThanOrEqual(20);
  });
});
