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
});
