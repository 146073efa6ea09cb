import { placesOf } from '../../../functions/chain/paces';
import { sleep } from '../../../functions/contract/clock';
import { type Providers, ses } from '../../../functions/contract/provider';
import { inDoubt, throttled } from '../../../functions/contract/verdicts';
import { greeting, mailTo, range } from './fixture';
import { LinkWorld } from './link-world';

let world: LinkWorld;
/** Times of the calls, by provider. */
let called: Record<string, number[]>;

beforeEach(() => {
  world = new LinkWorld();
  called = {};
});

/** Each item calls the providers in turn. */
function calling(providers: Providers, attempt: (name: string, id: number) => unknown = () => undefined): void {
  world.job = greeting({
    providers,
    process: async (_, { id, call }) => {
      for (const name of Object.keys(providers)) {
        await call(name, () => {
          called[name] = [...(called[name] ?? []), world.clock.now()];
          return attempt(name, Number(id));
        });
      }
    },
  });
}

/** Calls in the busiest second. */
function busiest(name: string): number {
  const at = called[name] ?? [];
  return Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 1000).length));
}

describe('a link of a job with two providers', () => {
  it('takes from each the chain’s part of its budget', async () => {
    calling({ crm: { rate: 1000 }, erp: { rate: 10 } });
    // Two chains are at work.
    await world.store({
      providers: [
        { name: 'crm', perSecond: 1000 },
        { name: 'erp', perSecond: 10 },
      ],
      rate: 100,
    });

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50 });
    expect(busiest('erp')).toBeLessThanOrEqual(6);
    expect(called.erp).toHaveLength(50);
  });

  it('stops calling when the run is paused, and goes on when it is not', async () => {
    calling({ crm: { rate: 1000 }, erp: { rate: 10 } });
    await world.store({
      providers: [
        { name: 'crm', perSecond: 1000 },
        { name: 'erp', perSecond: 2 },
      ],
      rate: 100,
      linkSeconds: 600,
    });
    const from = world.clock.now();
    world.clock.after(2000, () => void world.ledger.setRate('run-1', 0));
    world.clock.after(60_000, () => void world.ledger.setRate('run-1', 100));

    expect(await world.link()).toMatchObject({ done: 50 });
    const during = (called.erp ?? []).filter((at) => at - from > 5000 && at - from < 60_000);
    expect(during).toEqual([]);
  });

  it('counts the throttles of all, and lets those of the second not slow down the chains at the first', async () => {
    let throttles = 0;
    calling({ crm: { rate: 1000 }, erp: { rate: 1000 } }, (name) => {
      if (name === 'erp' && throttles < 3) {
        throttles += 1;
        throw throttled();
      }
    });
    await world.store();

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50, throttles: 3 });
    expect(await world.chain()).toMatchObject({ throttles: 0, backOff: null });
  });

  it('carries what waits for either when its time is over, and nobody is called twice', async () => {
    calling({ crm: { rate: 1000, idempotent: true }, erp: { rate: 1, idempotent: true } });
    await world.store({
      providers: [
        { name: 'crm', perSecond: 1000 },
        { name: 'erp', perSecond: 1 },
      ],
      linkSeconds: 20,
    });

    const report = await world.link();

    expect(report).toMatchObject({ end: 'handed-off', inDoubt: 0, unprocessed: 0 });
    const chain = await world.chain();
    expect(chain.done + chain.carry.length).toBe(chain.given);
    expect(chain.carry.length).toBeGreaterThan(0);
  });
});

describe('a link of a job with a provider of few places', () => {
  it('makes no more calls at a time than the chain has of them', async () => {
    let underWay = 0;
    let most = 0;
    calling({ crm: { rate: 1000, concurrency: 6 } }, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(world.clock, 500);
      underWay -= 1;
    });
    await world.store();

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50 });
    // Of two chains.
    expect(most).toBe(3);
  });
});

describe('places', () => {
  it.each([
    [10, 3],
    [2, 5],
    [7, 7],
    [1, 40],
    [100, 1],
  ])('of %d are all given to %d chains, to each as many as to the others or one more', (concurrency, chains) => {
    const given = range(0, chains - 1).map((rank) => placesOf(concurrency, { chains, phase: rank / chains }));

    expect(given.reduce((sum, one) => sum + one, 0)).toBe(concurrency);
    expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(1);
  });
});

describe('a job without ses()', () => {
  it('reads no quota of SES in its links, and keeps to what its provider lets it do now', async () => {
    let reads = 0;
    world.quota = () => {
      reads += 1;
      return { perSecond: 0, perDay: 0, usedToday: 0 };
    };
    calling({ crm: { rate: async () => 4 } });
    await world.store({
      ...{ rate: 20, quotaPerSecond: 20, rateShare: 1, linkSeconds: 2 },
      providers: [{ name: 'crm', perSecond: 20 }],
    });
    await world.link();
    const before = called.crm?.length ?? 0;
    expect(before).toBeGreaterThan(15);
    await world.link({ link: 1, taskToken: 'token-0' });

    // Of two chains, within two seconds.
    const after = (called.crm?.length ?? 0) - before;
    expect(after).toBeGreaterThan(2);
    expect(after).toBeLessThan(7);
    expect(reads).toBe(0);
  });

  it('tells the outcome of a call in the ledger as of a mail', async () => {
    calling({ crm: { rate: 1000 } }, (_, id) => {
      if (id === 7) throw inDoubt('NoAnswer');
    });
    await world.store();

    expect(await world.link()).toMatchObject({ done: 49, inDoubt: 1 });
    expect((await world.ledger.listItems('run-1')).items).toMatchObject([{ id: 7, code: 'NoAnswer' }]);
  });
});

describe('a job with SES behind another provider', () => {
  it('sends at what the account gives runs', async () => {
    world.job = greeting({
      providers: { crm: { rate: 1000 }, mail: ses() },
      process: async (_, { id, call, send }) => {
        await call('crm', () => 1);
        await send(mailTo(id));
      },
    });
    await world.store({
      providers: [
        { name: 'crm', perSecond: 1000 },
        { name: 'mail', perSecond: 10 },
      ],
    });
    await world.link();

    const at = world.sent.map((mail) => mail.at);
    expect(at).toHaveLength(50);
    expect((at.at(-1) as number) - (at[0] as number)).toBeGreaterThan(9000);
  });
});
