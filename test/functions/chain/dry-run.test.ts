import { ses } from '../../../functions/contract/provider';
import { greeting, keysIn, range } from './fixture';
import { LinkWorld } from './link-world';

let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

/** Partitions of the ledger that hold anything, by what they are of. */
const kinds = async () =>
  [...new Set((await keysIn(world.table)).map(({ pk }) => pk.slice(0, pk.indexOf('#'))))].sort();
const rehearsedIds = () => world.rehearsed.map(({ id }) => id).sort((a, b) => a - b);
const GREETED = range(1, 50).filter((id) => id % 10 !== 0);

describe('a link of a dry run', () => {
  it('works through its partition as any other, and sends nothing', async () => {
    await world.store({ dryRun: true });

    expect(await world.link()).toMatchObject({ end: 'finished', dryRun: true, done: 45, skipped: 5 });

    expect(world.sent).toEqual([]);
    expect(rehearsedIds()).toEqual(GREETED);
    expect(await world.chain()).toMatchObject({ status: 'finished', done: 45, skipped: 5, given: 50 });
    expect(JSON.parse(world.answers[0]?.output ?? '')).toMatchObject({ done: 45, skipped: 5 });
  });

  it('leaves in the ledger its run and chains, what failed, and its own place', async () => {
    world.job = greeting({
      audit: true,
      process: (_, { id, send }) => {
        if (id === 7) throw new Error('This one cannot be processed.');
        return send({ ...greetingMail, to: `user-${id}@example.com` });
      },
    });
    await world.store({ dryRun: true });

    expect(await world.link()).toMatchObject({ done: 49, unprocessed: 1 });

    expect(await kinds()).toEqual(['items', 'job', 'run']);
    const places = (await keysIn(world.table)).filter(({ pk }) => pk.startsWith('job#'));
    expect(places).toMatchObject([{ pk: 'job#greeting#dry-run', sk: 'active' }]);
    const { items } = await world.ledger.listItems('run-1');
    expect(items).toMatchObject([{ id: 7, outcome: 'unprocessed' }]);
    expect(items[0]).not.toHaveProperty('mailProves');
  });

  it('writes what a run with effects needs, where it is none', async () => {
    world.job = greeting({ audit: true });
    await world.store();

    await world.link();

    expect(await kinds()).toEqual(['audit', 'job', 'provider', 'run']);
    expect(world.sent).toHaveLength(45);
  });

  it('never asks for the quota, though links follow on each other', async () => {
    const read = jest.fn(world.quota);
    world.quota = read;
    await world.store({ dryRun: true, rate: 10, linkSeconds: 2, dailyAllowance: null });

    for (let link = 0; (await world.link({ link })).end === 'handed-off'; link += 1);

    expect(world.handoffs.length).toBeGreaterThan(1);
    expect(rehearsedIds()).toEqual(GREETED);
    expect(read).not.toHaveBeenCalled();
  });

  it('goes at its rate, whatever others that share the provider do, and whatever the provider accepts', async () => {
    const other = { runId: 'other', job: 'farewell', heartbeatSeconds: 30, weight: 1, priority: 0, concurrency: null };
    await world.ledger.budgets.join('ses', { ...other, wants: 10, perSecond: 10 });
    await world.ledger.budgets.setRate('ses', 0);
    await world.store({ dryRun: true, rate: 40, quotaPerSecond: 10, partitions: [{ start: 1, end: 51, items: 50 }] });

    expect(await world.link()).toMatchObject({ end: 'finished', run: { budgetPerSecond: 40 } });

    const [first, last] = [world.rehearsed[0], world.rehearsed.at(-1)];
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
    // Those that are skipped give their permit back.
    expect(seconds).toBeGreaterThan(0.9 * (45 / 40));
    expect(seconds).toBeLessThan(1.5 * (50 / 40));
    expect((await world.ledger.budgets.read('ses')).participants.map(({ runId }) => runId)).toEqual(['other']);
  });

  it('follows the rate that it is given meanwhile: 0 pauses it', async () => {
    await world.store({ dryRun: true, rate: 5, linkSeconds: 30 });
    world.clock.after(3000, () => void world.ledger.setRate('run-1', 0));

    expect(await world.link()).toMatchObject({ end: 'handed-off' });

    expect(Math.max(...world.rehearsed.map(({ at }) => at)) - (world.rehearsed[0]?.at ?? 0)).toBeLessThan(6000);
  });

  it('makes no call, and lets no slow provider but the first pace it', async () => {
    let attempts = 0;
    world.job = greeting({
      providers: { mail: ses(), crm: { rate: 0.1, concurrency: 1 } },
      process: async (_, { id, send, call }) => {
        await call('crm', () => ++attempts);
        await send({ ...greetingMail, to: `user-${id}@example.com` });
      },
    });
    const providers = [
      { name: 'mail', perSecond: 100 },
      { name: 'crm', perSecond: 0.1 },
    ];
    await world.store({ dryRun: true, rate: 100, providers });

    expect(await world.link()).toMatchObject({ end: 'finished', done: 50 });
    expect(attempts).toBe(0);
  });

  it('ends as one with effects where more items fail than the job tolerates', async () => {
    world.job = greeting({
      process: () => {
        throw new Error('No template.');
      },
    });
    await world.store({ dryRun: true, tolerateUnprocessed: 0 });

    expect(await world.link()).toMatchObject({ end: 'failed', code: 'Chain.TooManyFailures', dryRun: true });
  });
});

const greetingMail = { subject: 'Hello', html: '', text: '', unsubscribeUrl: 'https://example.com/unsubscribe' };
