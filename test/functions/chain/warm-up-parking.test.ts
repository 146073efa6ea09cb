import type { SendMail } from '../../../functions/contract/email';
import { sendGuarded } from '../../../functions/email/mail-guard';
import { guardWarmUp } from '../../../functions/wiring/guard-warm-up';
import { greeting, MONDAY, mailTo, range } from './fixture';
import { LinkWorld } from './link-world';

const DAY = 86_400_000;
const DOMAIN = 'news.example.com';

let world: LinkWorld;
/** Ids that the job began to process, each time that it did. */
let begun: number[];

beforeEach(() => {
  world = new LinkWorld();
  begun = [];
  world.job = greeting({
    warmUp: { firstDay: 12 },
    process: (_, { id, send }) => {
      begun.push(Number(id));
      return send(mailTo(id));
    },
  });
});

/** As the chain function sends: a guard of its own in each link. */
function guardedSend(): SendMail {
  const takePlace = guardWarmUp({
    ...{ ledger: world.ledger, clock: world.clock, domain: DOMAIN },
    ...{ warmUp: { firstDay: 12 }, readMailsADay: async () => 50_000 },
  });
  const guard = async (_: string, origin: Parameters<SendMail>[1]) => {
    await takePlace(origin);
    return undefined;
  };
  return (email, origin) =>
    sendGuarded(guard, email.to, origin, async () => {
      world.sent.push({ id: Number(/\d+/.exec(email.to)?.[0]), at: world.clock.now() });
      return { messageId: 'mail' };
    });
}

const link = (epoch = 0) => world.link({ epoch, taskToken: `token-${epoch}` }, { send: guardedSend() });

describe('a chain that meets a full day of its domain', () => {
  beforeEach(async () => {
    await world.store({ rate: 20, partitions: [{ start: 1, end: 51, items: 50 }], chunkItems: 10 });
  });

  it('carries the item, is parked until the next day begins, and no failure is counted', async () => {
    const report = await link();

    const { beganAt } = await world.ledger.warmUps.read(DOMAIN, world.clock.now());
    expect(report).toMatchObject({ end: 'parked', parkedUntil: Number(beganAt) + DAY, unprocessed: 0, inDoubt: 0 });
    expect(world.ids()).toEqual(range(1, 12));
    // It is not late for that: nobody is alarmed.
    expect(report.run).not.toHaveProperty('elapsedShare');
    expect(world.answers.map(({ error }) => error)).toEqual(['Chain.Parked']);
    expect(await world.chain()).toMatchObject({ status: 'parked', done: 12, claim: null, failures: 0, throttles: 0 });
  });

  it('starts no other item, once one has met it', async () => {
    await world.link({}, { send: guardedSend(), claimFactor: 10 });

    // Not the rest of its claim, which has ten.
    expect(begun).toEqual(range(1, 13));
  });

  it('goes on the next day, with nobody twice and nobody missing', async () => {
    const { parkedUntil = 0 } = await link();
    await world.clock.advance(parkedUntil - world.clock.now());
    expect((await link(1)).end).toBe('parked');
    expect(world.sent).toHaveLength(12 + 24);
    await world.clock.advance(DAY);

    const { end, run } = await link(2);
    expect(end).toBe('finished');
    expect(run).not.toHaveProperty('elapsedShare');

    expect([...world.ids()].sort((a, b) => Number(a) - Number(b))).toEqual(range(1, 50));
    expect(await world.chain()).toMatchObject({ status: 'finished', done: 50, failures: 0, inDoubt: 0 });
  });

  it('sends nothing and starts little where it comes too early', async () => {
    await link();
    const before = begun.length;

    expect((await link(1000)).end).toBe('parked');

    expect(world.sent).toHaveLength(12);
    expect(begun.length - before).toBeLessThan(4);
  });

  it('waits for its window and for its day, whichever comes later', async () => {
    // The first mail is sent at 08:00: at 07:30 the window is open again, and the day is still full.
    world.job = { ...world.job, sendWindow: { from: '07:30', until: '09:00', zone: 'UTC' } };
    const first = await link();
    expect(first.parkedUntil).toBeGreaterThanOrEqual(MONDAY + DAY);
    expect(first.parkedUntil).toBeLessThan(MONDAY + DAY + 1000);

    // At 08:00 of a day on which it does not open.
    world.job = { ...world.job, sendWindow: { from: '07:30', until: '09:00', zone: 'UTC', days: ['WED'] } };
    await world.clock.advance((first.parkedUntil ?? 0) - world.clock.now());
    const second = await link(1);
    expect(second).toMatchObject({ end: 'parked', parkedUntil: MONDAY + 2 * DAY - 1_800_000 });
    expect(world.sent).toHaveLength(12);
  });
});

describe('an item that has got something when its day is full', () => {
  it('gets the rest, too, rather than to be in doubt', async () => {
    world.job = greeting({
      warmUp: { firstDay: 12 },
      process: async (_, { id, send }) => {
        await send(mailTo(id));
        await send(mailTo(`${id}000`));
      },
    });
    await world.store({ rate: 20, partitions: [{ start: 1, end: 51, items: 50 }], chunkItems: 10 });

    expect(await link()).toMatchObject({ end: 'parked', unprocessed: 0, inDoubt: 0 });

    const { done } = await world.chain();
    expect(world.sent).toHaveLength(2 * done);
    expect(done).toBeGreaterThanOrEqual(6);
    expect((await world.ledger.warmUps.read(DOMAIN, world.clock.now())).taken).toBe(2 * done);
  });
});
