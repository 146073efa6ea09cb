import type { Job } from '../../../functions/contract/job';
import { budgetName, ses } from '../../../functions/contract/provider';
import { SETTLED_MILLISECONDS } from '../../../functions/ledger/participants';
import { idRange } from '../../../functions/sources/id-range';
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

/** The next attempt, as the execution starts it: not before the time that it was told to wait for. */
async function nextAttempt() {
  const { error, cause } = world.answers.at(-1) ?? {};
  expect(error).toBe('Chain.Parked');
  const { until, epoch } = JSON.parse(cause ?? '') as { readonly until: string; readonly epoch: number };
  await world.clock.advance(Math.max(0, Date.parse(until) - world.clock.now()));
  return { epoch: epoch + 1, taskToken: `token-${epoch + 1}` };
}

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

    const { end } = await world.link(await nextAttempt());

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

/** Ids that end in 1 live in Kathmandu (13:45), those in 2 in New York (03:00), those in 3 nowhere; the job in London (08:00). */
function zoned(change: Partial<Job> = {}): Job<never> {
  return greeting({
    sendWindow: {
      ...{ from: '08:00', until: '12:00', zone: 'Europe/London' },
      zoneOf: (id) => ({ 1: 'Asia/Kathmandu', 2: 'America/New_York', 3: 'Nowhere/Land' })[Number(id) % 10],
    },
    ...change,
  }) as Job<never>;
}

describe('items with hours of their own', () => {
  const IN = (digit: number) => range(1, 50).filter((id) => id % 10 === digit);

  beforeEach(async () => {
    world.job = zoned();
    await world.store({ partitions: [{ start: 1, end: 51, items: 50 }] });
  });

  it('are started when their windows are open, each once', async () => {
    const read = jest.spyOn(world.ledger.postponed, 'read');
    expect(await world.link()).toMatchObject({ end: 'parked', done: 35, skipped: 5 });
    // Asked once for five chunks: then it is known when the first is due.
    expect(read).toHaveBeenCalledTimes(1);
    expect(world.answers[0]?.cause).toBe('{"until":"2026-01-05T13:00:00Z","epoch":0}');
    expect(await world.chain()).toMatchObject({ given: 50, postponed: 10, claim: null, carry: [] });

    expect(await world.link(await nextAttempt())).toMatchObject({ end: 'parked', done: 5 });
    expect(world.sent.slice(35).map(({ id }) => id)).toEqual(IN(2));
    expect(world.sent[35]?.at).toBeGreaterThanOrEqual(MONDAY + 5 * HOUR);

    expect(await world.link(await nextAttempt())).toMatchObject({ end: 'finished', done: 5 });
    expect(world.sent.slice(40).map(({ id }) => id)).toEqual(IN(1));
    expect(world.sent[40]?.at).toBeGreaterThanOrEqual(Date.parse('2026-01-06T02:15:00Z'));
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, given: 50, postponed: 0, status: 'finished' });
  });

  it('need no permit to be postponed, and none of the quota', async () => {
    await world.ledger.setRate('run-1', 0);
    world.job = zoned({ source: idRange() });
    const everywhere = { ...world.job.sendWindow, from: '20:00', until: '21:00' } as Job['sendWindow'];
    world.job = zoned({ sendWindow: everywhere as never });
    const quota = jest.fn(() => ({ perSecond: 10, perDay: 100, usedToday: 100 }));
    world.quota = quota;

    expect(await world.link()).toMatchObject({ end: 'parked', done: 0 });
    expect(quota).not.toHaveBeenCalled();
    expect(await world.chain()).toMatchObject({ postponed: 50, given: 50 });
  });

  it('are asked again where they live: who has moved waits for the hours there', async () => {
    await world.link();
    const attempt = await nextAttempt();
    world.job = zoned({
      sendWindow: { from: '08:00', until: '12:00', zone: 'Europe/London', zoneOf: () => 'Asia/Kathmandu' },
    });

    expect(await world.link(attempt)).toMatchObject({
      end: 'parked',
      done: 0,
      parkedUntil: Date.parse('2026-01-06T02:15:00Z'),
    });
    expect(await world.chain()).toMatchObject({ postponed: 10 });
    expect(await world.link(await nextAttempt())).toMatchObject({ end: 'finished', done: 10 });
  });

  it('are started while others of the same claim are not, whose window closes meanwhile', async () => {
    world.job = zoned({
      // 08:00 in London is 13:45 in Kathmandu, where it closes a minute later.
      sendWindow: {
        ...{ from: '07:00', until: '13:46', zone: 'Europe/London' },
        zoneOf: (id: unknown) => (Number(id) % 2 ? 'Asia/Kathmandu' : undefined),
      } as never,
    });
    await world.ledger.setRate('run-1', 0.5);

    let report = await world.link();
    for (let link = 1; report.end === 'handed-off'; link++) report = await world.link({ link });

    const late = world.sent.filter(({ at }) => at >= MONDAY + MINUTE);
    expect(late.length).toBeGreaterThan(5);
    expect(late.filter(({ id }) => id % 2 === 1)).toEqual([]);
    expect(report.end).toBe('parked');
    expect((await world.chain()).postponed).toBe(25 - world.sent.filter(({ id }) => id % 2 === 1).length);
  });

  it('are not started by a permit that comes when their window has closed', async () => {
    world.job = zoned({
      sendWindow: { from: '07:00', until: '13:46', zone: 'Europe/London', zoneOf: () => 'Asia/Kathmandu' },
    });
    await world.ledger.setRate('run-1', 0.5);

    await world.link();

    expect(world.sent.length).toBeGreaterThan(20);
    expect(world.sent.filter(({ at }) => at >= MONDAY + MINUTE)).toEqual([]);
  });

  it('come out unprocessed where nobody can tell their zone', async () => {
    const zoneOf = () => {
      throw new TypeError('no address');
    };
    world.job = zoned({ sendWindow: { from: '20:00', until: '21:00', zone: 'UTC', zoneOf } });

    expect(await world.link()).toMatchObject({ end: 'finished', unprocessed: 50 });
    const { items } = await world.ledger.listItems('run-1', { limit: 1 });
    expect(items[0]).toMatchObject({
      code: 'SendWindow.ZoneOf',
      message: expect.stringContaining('zoneOf` threw TypeError: no address'),
    });
  });

  it('of which nothing is known are skipped at any hour', async () => {
    world.job = zoned({ load: async () => new Map(), sendWindow: { ...WINDOW, until: '07:30', zoneOf: () => 'UTC' } });

    expect(await world.link()).toMatchObject({ end: 'finished', skipped: 50 });
  });

  it('are taken up together where they are processed together', async () => {
    const together: unknown[][] = [];
    world.job = zoned({
      providers: { crm: { rate: 100 } },
      processChunk: (items) => {
        together.push(items.map(({ id }) => id));
        return items.map(() => 'done');
      },
    } as Partial<Job>);

    for (let report = await world.link(); report.end === 'parked'; ) report = await world.link(await nextAttempt());

    expect(together.flat().sort((a, b) => Number(a) - Number(b))).toEqual(range(1, 50));
    expect(together.at(-1)).toEqual(IN(1));
    expect(together.at(-2)).toEqual(IN(2));
  });
});

describe('a link that dies while it postpones', () => {
  beforeEach(async () => {
    world.job = zoned();
    await world.store({ partitions: [{ start: 1, end: 51, items: 50 }] });
  });

  it.each([
    ['without a word', 'running'],
    ['and can still say so', 'interrupted'],
  ])('%s, leaves it to the next, which loses nobody and puts nobody in doubt', async (how, status) => {
    jest.spyOn(world.ledger.postponed, 'write').mockRejectedValueOnce(new Error('The write never arrives.'));
    if (how === 'without a word') jest.spyOn(world.ledger, 'readChain').mockRejectedValueOnce(new Error('Nor this.'));
    await world.link();
    expect(await world.chain()).toMatchObject({ status, postponed: 2, claim: { postpone: [{ id: 1 }, { id: 2 }] } });

    for (let report = await world.link({ epoch: 1, taskToken: 'next' }); report.end === 'parked'; ) {
      report = await world.link(await nextAttempt());
    }

    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, inDoubt: 0, postponed: 0, given: 50 });
    expect(new Set(world.ids()).size).toBe(45);
  });

  it('and wakes when all is done adds nobody', async () => {
    let wake = () => {};
    const { write } = world.ledger.postponed;
    jest.spyOn(world.ledger.postponed, 'write').mockImplementationOnce(async (...given) => {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      return write.apply(world.ledger.postponed, given);
    });
    const zombie = world.start();
    await world.clock.advance(5000);
    expect(await world.link({ epoch: 1, taskToken: 'next' })).toMatchObject({ end: 'parked' });
    await world.link(await nextAttempt());

    wake();
    await when(world.clock, zombie);

    expect(await world.link(await nextAttempt())).toMatchObject({ end: 'finished', done: 5 });
    expect(new Set(world.ids()).size).toBe(world.sent.length);
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, postponed: 0 });
  });

  it('is told from a queue that has lost items: that ends the chain', async () => {
    await world.link();
    const attempt = await nextAttempt();
    jest.spyOn(world.ledger.postponed, 'read').mockResolvedValue({ items: [], isLast: true });

    expect(await world.link(attempt)).toMatchObject({
      end: 'failed',
      code: 'Chain.Runaway',
      message: expect.stringContaining('has postponed 10 items that are not in the ledger any more'),
    });
  });
});

describe('a chain that comes back', () => {
  it('starts nobody before the others that are at work have seen it', async () => {
    world.job = greeting({ sendWindow: { ...WINDOW, until: '08:00' } });
    await world.store();
    await world.link();
    const attempt = await nextAttempt();
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

    expect(await world.link(await nextAttempt())).toMatchObject({ end: 'failed', code: 'Chain.QuotaExhausted' });
    expect(quota).toHaveBeenCalled();
    expect(world.sent.length).toBeLessThanOrEqual(20);
  });
});
