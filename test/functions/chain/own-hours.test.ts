import type { Job } from '../../../functions/contract/job';
import { greeting, MONDAY, range, when } from './fixture';
import { LinkWorld } from './link-world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: LinkWorld;

/** The world's clock begins on a Monday at 08:00 UTC. */
beforeEach(() => {
  world = new LinkWorld();
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

    expect(await world.link(await world.nextAttempt())).toMatchObject({ end: 'parked', done: 5 });
    expect(world.sent.slice(35).map(({ id }) => id)).toEqual(IN(2));
    expect(world.sent[35]?.at).toBeGreaterThanOrEqual(MONDAY + 5 * HOUR);

    expect(await world.link(await world.nextAttempt())).toMatchObject({ end: 'finished', done: 5 });
    expect(world.sent.slice(40).map(({ id }) => id)).toEqual(IN(1));
    expect(world.sent[40]?.at).toBeGreaterThanOrEqual(Date.parse('2026-01-06T02:15:00Z'));
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, given: 50, postponed: 0, status: 'finished' });
  });

  it('need no permit to be postponed, and none of the quota', async () => {
    await world.ledger.setRate('run-1', 0);
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
    const attempt = await world.nextAttempt();
    world.job = zoned({
      sendWindow: { from: '08:00', until: '12:00', zone: 'Europe/London', zoneOf: () => 'Asia/Kathmandu' },
    });

    expect(await world.link(attempt)).toMatchObject({
      end: 'parked',
      done: 0,
      parkedUntil: Date.parse('2026-01-06T02:15:00Z'),
    });
    expect(await world.chain()).toMatchObject({ postponed: 10 });
    expect(await world.link(await world.nextAttempt())).toMatchObject({ end: 'finished', done: 10 });
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
    world.job = zoned({
      load: async () => new Map(),
      sendWindow: { from: '07:00', until: '07:30', zone: 'UTC', zoneOf: () => 'UTC' },
    });

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

    for (let report = await world.link(); report.end === 'parked'; )
      report = await world.link(await world.nextAttempt());

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
      report = await world.link(await world.nextAttempt());
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
    await world.link(await world.nextAttempt());

    wake();
    await when(world.clock, zombie);

    expect(await world.link(await world.nextAttempt())).toMatchObject({ end: 'finished', done: 5 });
    expect(new Set(world.ids()).size).toBe(world.sent.length);
    expect(await world.chain()).toMatchObject({ done: 45, skipped: 5, postponed: 0 });
  });

  it('is told from a queue that has lost items: that ends the chain', async () => {
    await world.link();
    const attempt = await world.nextAttempt();
    jest.spyOn(world.ledger.postponed, 'read').mockResolvedValue({ items: [], isLast: true });

    expect(await world.link(attempt)).toMatchObject({
      end: 'failed',
      code: 'Chain.Runaway',
      message: expect.stringContaining('has postponed 10 items that are not in the ledger any more'),
    });
  });
});
