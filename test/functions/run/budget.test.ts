import { askedOf, budgetOfAll, rateWithin } from '../../../functions/run/budget';
import { aRun, greeting } from '../chain/fixture';
import { CreateWorld } from './create-world';

describe('the rate of a run', () => {
  it.each([
    // What it was given, while the account may send as much as then, or more.
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 100, 80],
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 1000, 80],
    // Its share of what the account may send now: the one that it was given, and no less than any run has.
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 50, 40],
    [{ rate: 10, quotaPerSecond: 100, sendShare: 0.5 }, 50, 10],
    [{ rate: 10, quotaPerSecond: 100, sendShare: 0.5 }, 10, 5],
    [{ rate: 0, quotaPerSecond: 100, sendShare: 0.5 }, 100, 0],
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 0, 0],
  ])('%j of an account that may send %i per second is %i', (run, perSecond, rate) => {
    expect(rateWithin(aRun(run), perSecond)).toBe(rate);
  });
});

describe('what a run knows of the budget of all', () => {
  it.each([
    // Production’s reserve is kept, …
    [{ rate: 10, quotaPerSecond: 100, sendShare: 0.5 }, undefined, 50],
    [{ rate: 50, quotaPerSecond: 100, sendShare: 0.5 }, 40, 20],
    // … unless the run was told to use more than that leaves.
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, undefined, 80],
    [{ rate: 80, quotaPerSecond: 100, sendShare: 0.5 }, 50, 40],
    // An operator knows better than what was read hours ago.
    [{ rate: 200, quotaPerSecond: 100, sendShare: 0.5 }, undefined, 200],
    [{ rate: 0, quotaPerSecond: 100, sendShare: 0.5 }, undefined, 50],
  ])('%j of an account that may send %s per second is %i', (run, perSecond, budget) => {
    expect(budgetOfAll(aRun(run), perSecond)).toBe(budget);
  });
});

describe('what a run asks of its providers', () => {
  const job = { providers: { crm: { rate: 40, reserve: 0.5, concurrency: 8 }, audit: { rate: 10 } } };
  const providers = [
    { name: 'crm', perSecond: 20 },
    { name: 'audit', perSecond: 10 },
  ];
  const run = aRun({ rate: 5, quotaPerSecond: 40, rateShare: 0.5, weight: 2, priority: 1, providers });

  it('is its rate of the one that paces its items, and of the others what there is', () => {
    expect(askedOf(job, run)).toEqual([
      { weight: 2, priority: 1, wants: 5, perSecond: 20, concurrency: 8 },
      { weight: 2, priority: 1, wants: 10, perSecond: 10, concurrency: null },
    ]);
  });

  it('is nothing of any while it is paused', () => {
    expect(askedOf(job, { ...run, rate: 0 }).map(({ wants }) => wants)).toEqual([0, 0]);
  });

  it('is of the only one of an earlier version what it is now', () => {
    expect(askedOf({}, aRun({ rate: 5, quotaPerSecond: 10 }))).toMatchObject([{ weight: 1, priority: 0, wants: 5 }]);
  });
});

describe('a run that is created', () => {
  const IDS = { first: 1, last: 1000 };
  const participants = async (world: CreateWorld, provider = 'ses') =>
    (await world.ledger.budgets.read(provider)).participants;

  it('lets the other runs know of it before its chains begin', async () => {
    const world = new CreateWorld();
    await world.create('monday', { ids: IDS, weight: 3, priority: -1 });

    expect(await participants(world)).toMatchObject([
      { runId: 'monday', job: 'greeting', heartbeatSeconds: 60, weight: 3, priority: -1, wants: 50, uses: 0 },
    ]);
  });

  it('takes part in the budget of each of its providers, by the names that other jobs know', async () => {
    const world = new CreateWorld();
    world.jobs = [greeting({ providers: { crm: { rate: 40 }, audit: { rate: 10, concurrency: 2 } } })];
    await world.create('monday', { ids: IDS });

    expect(await participants(world)).toEqual([]);
    expect(await participants(world, 'crm')).toMatchObject([{ wants: 40, perSecond: 40, concurrency: null }]);
    expect(await participants(world, 'audit')).toMatchObject([{ wants: 10, perSecond: 10, concurrency: 2 }]);
  });

  it('or resumed takes part, with another weight and priority if the input says so', async () => {
    const world = new CreateWorld();
    await world.create('monday', { ids: IDS, weight: 3, priority: 1 });
    await world.ledger.budgets.leave('ses', 'monday');
    world.stop('monday');

    await world.create('go-on', { resume: 'monday', weight: 1, priority: -1 });

    expect(await world.run('monday')).toMatchObject({ weight: 1, priority: -1 });
    expect(await participants(world)).toMatchObject([{ runId: 'monday', weight: 1, priority: -1, uses: 0 }]);
  });
});
