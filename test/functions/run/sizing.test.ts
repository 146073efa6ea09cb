import { greeting } from '../chain/fixture';
import { CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
let world: CreateWorld;

beforeEach(() => {
  world = new CreateWorld();
});

describe('a run', () => {
  it.each([
    [10, 1],
    [100, 1],
    [101, 2],
    [1000, 10],
    [100_000, 40],
  ])(
    'takes from an account that sends %i per second as many chains as its share keeps busy: %i',
    async (perSecond, chains) => {
      world.quota = { ...world.quota, perSecond };

      expect((await world.create('monday', { ids: IDS })).chains).toHaveLength(chains);
    },
  );

  it.each([
    ['inline', undefined, 40],
    ['distributed', undefined, 100],
    ['distributed', 60, 60],
  ] as const)(
    'whose chains are %s, with a reserved concurrency of %p, has at most %i of them',
    async (mapMode, concurrentLinks, chains) => {
      world.mapMode = mapMode;
      world.concurrentLinks = concurrentLinks;
      world.quota = { perSecond: 100_000, perDay: 1_000_000, usedToday: 0 };

      expect((await world.create('monday', { ids: IDS })).chains).toHaveLength(chains);
    },
  );

  it('may ask for as many chains as the deployment runs at once, and for no more', async () => {
    expect((await world.refusal('one', { ids: IDS, chains: 41 }))?.message).toContain(
      'an integer from 1 to 40, got 41',
    );
    world.mapMode = 'distributed';

    expect((await world.create('monday', { ids: IDS, chains: 100 })).chains).toHaveLength(100);
    expect((await world.refusal('two', { ids: IDS, chains: 101 }))?.message).toContain(
      'an integer from 1 to 100, got 101',
    );
  });

  it.each([
    // Twice 80 × 5 = 800 items under way, 25 in each chain.
    [5, 80, 32, 25],
    // As many chains as there may be: 10 per second in each, twice 10 × 10 items under way, no more than a bulk read.
    [10, 400, 40, 100],
    [1, 40, 4, 25],
    [0.05, 500, 2, 25],
  ])(
    'has for items of %d seconds, at %i per second, %i chains with chunks of %i',
    async (itemSeconds, rate, chains, items) => {
      world.quota = { perSecond: 1000, perDay: 100_000, usedToday: 0 };
      world.jobs = [greeting({ itemSeconds })];

      expect((await world.create('monday', { ids: IDS, rate })).chains).toHaveLength(chains);
      expect((await world.run('monday')).chunkItems).toBe(items);
    },
  );

  it.each([
    [50, 2, 25],
    [100, 1, 50],
    [400, 4, 50],
    [1000, 2, 100],
  ])(
    'at %i per second over %i chains claims half a second’s work at once, at least 25: %i',
    async (rate, chains, items) => {
      world.quota = { perSecond: 1000, perDay: 100_000, usedToday: 0 };

      await world.create('monday', { ids: IDS, rate, chains });

      expect((await world.run('monday')).chunkItems).toBe(items);
    },
  );

  it.each([
    // Half a second of calls, one in each chain.
    [20, {}, undefined, 10, 100],
    [20, {}, 30, 10, 30],
    [20, { chunkItems: 25 }, undefined, 10, 25],
    [20, { chunkItems: 25 }, 30, 10, 25],
    [1000, {}, undefined, 40, 100],
  ])(
    'of a job that processes chunks, at %d of them per second, %j and asked for %p, has %i chains with chunks of %i',
    async (rate, change, chunkItems, chains, items) => {
      world.jobs = [greeting({ providers: { api: { rate } }, processChunk: () => [], ...change })];

      const input = { ids: { first: 1, last: 10_000 }, ...(chunkItems !== undefined && { chunkItems }) };
      expect((await world.create('monday', input)).chains).toHaveLength(chains);
      expect((await world.run('monday')).chunkItems).toBe(items);
    },
  );

  it('of a job that processes chunks may have as many items as come to an end chunk by chunk', async () => {
    world.jobs = [greeting({ providers: { api: { rate: 10 } }, processChunk: () => [] })];

    await world.create('monday', { ids: { first: 1, last: 600_000_000 } });
    world.stop('monday');

    await expect(world.create('tuesday', { ids: { first: 1, last: 600_000_001 } })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
    });
  });
});
