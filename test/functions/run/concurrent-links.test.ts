import { CreateWorld } from './create-world';

const IDS = { first: 1, last: 900 };
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

describe('the reserved concurrency of the chain function', () => {
  it('caps the number of chains that follows from the rate', async () => {
    world.quota = { perSecond: 1000, perDay: 1_000_000, usedToday: 0 };
    expect((await world.create('free', { ids: IDS })).chains).toHaveLength(10);
    world.stop('free');
    world.concurrentLinks = 2;

    expect((await world.create('capped', { ids: IDS, job: 'farewell' })).chains).toHaveLength(2);
  });

  it('is a number of chains that may be asked for', async () => {
    world.concurrentLinks = 2;

    expect((await world.create('monday', { ids: IDS, chains: 2 })).chains).toHaveLength(2);
  });

  it('refuses a run that asks for more, with the number and what to do, and writes nothing', async () => {
    world.concurrentLinks = 2;

    await expect(world.create('monday', { ids: IDS, chains: 8 })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected at most 2 chains, the reserved concurrency of the chain function, got 8: lower `chains`, or deploy with a larger `reservedConcurrency`.',
    });
    expect(await world.ledger.readRun('monday')).toBeUndefined();
  });

  it('refuses to resume more chains than it carries, and resumes as many as it does', async () => {
    await world.create('monday', { ids: IDS, chains: 3 });
    world.stop('monday');
    world.concurrentLinks = 2;

    await expect(world.create('tuesday', { resume: 'monday' })).rejects.toMatchObject({ code: 'Run.InvalidInput' });
    world.stop('tuesday');
    await world.finish('monday', 1);

    expect((await world.create('wednesday', { resume: 'monday' })).chains).toEqual([0, 2]);
  });
});
