import type { Job } from '../../../functions/contract/job';
import { type Providers, ses } from '../../../functions/contract/provider';
import { greeting } from '../chain/fixture';
import { CreateWorld } from './create-world';

const IDS = { first: 1, last: 1000 };
let world: CreateWorld;
let quotaReads: number;

beforeEach(() => {
  world = new CreateWorld();
  quotaReads = 0;
  const { quota } = world;
  Object.defineProperty(world, 'quota', {
    get: () => {
      quotaReads += 1;
      return quota;
    },
  });
});

const declare = (providers: Providers, change: Partial<Job> = {}) => {
  world.jobs = [greeting({ providers, ...change })];
};

describe('a run of a job without ses()', () => {
  it('goes at what its first provider gives runs, and asks SES for nothing', async () => {
    declare({ crm: { rate: 40, reserve: 0.25 }, erp: { rate: 5 } });

    await world.create('monday', { ids: { first: 1, last: 1_000_000 } });

    expect(quotaReads).toBe(0);
    expect(await world.run('monday')).toMatchObject({
      rate: 30,
      quotaPerSecond: 40,
      rateShare: 0.75,
      dailyAllowance: null,
      providers: [
        { name: 'crm', perSecond: 30 },
        { name: 'erp', perSecond: 5 },
      ],
    });
  });

  it('reads a rate where the job says so, once, and reads it anew when it is resumed', async () => {
    const rates = [20, 8];
    const rate = jest.fn(async () => rates.shift() as number);
    declare({ crm: { rate } });
    await world.create('monday', { ids: IDS });
    expect(await world.run('monday')).toMatchObject({ rate: 20, quotaPerSecond: 20 });
    expect(rate).toHaveBeenCalledTimes(1);

    world.stop('monday');
    await world.create('go-on', { resume: 'monday' });

    expect(await world.run('monday')).toMatchObject({
      rate: 8,
      quotaPerSecond: 8,
      providers: [{ name: 'crm', perSecond: 8 }],
    });
    expect(quotaReads).toBe(0);
  });

  it('is refused at a rate above that of its provider, and while that is 0', async () => {
    declare({ crm: { rate: 40 } });
    expect(await world.refusal('monday', { ids: IDS, rate: 41 })).toMatchObject({
      code: 'Run.InvalidInput',
      message:
        'Expected `rate` to be at most the rate of the provider crm of 40 per second, got 41: lower it, or ask the provider for more.',
    });

    declare({ crm: { rate: async () => 0 } });
    expect(await world.refusal('monday', { ids: IDS })).toMatchObject({
      code: 'Run.QuotaExceeded',
      message: 'The rate of the provider crm is 0 per second: start the run when it takes calls again.',
    });
  });

  it.each([[Number.NaN], [-1], [Number.POSITIVE_INFINITY], ['5'], [undefined]])(
    'is refused where its rate is read as %p',
    async (read) => {
      declare({ crm: { rate: async () => read as number } });

      expect((await world.refusal('monday', { ids: IDS }))?.message).toBe(
        `Expected the rate of the provider crm to be a number of calls per second of at least 0, got ${read}: correct what its \`rate\` reads.`,
      );
    },
  );
});

describe('a run of a job that sends mails, too', () => {
  it('is paced by its first provider, and keeps to the 24-hour quota of SES', async () => {
    declare({ crm: { rate: 40 }, mail: ses() });

    expect(await world.refusal('monday', { ids: { first: 1, last: 50_001 } })).toMatchObject({
      code: 'Run.QuotaExceeded',
    });
    await world.create('monday', { ids: IDS });

    expect(await world.run('monday')).toMatchObject({
      rate: 40,
      rateShare: 1,
      sendShare: 0.5,
      dailyAllowance: 50_000,
      providers: [
        { name: 'crm', perSecond: 40 },
        // Half of the account's 100.
        { name: 'mail', perSecond: 50 },
      ],
    });
  });
});

describe('a provider that takes few calls at a time', () => {
  it.each([
    [{ chains: 10 }, 4, 4, 2],
    [{ chains: 2 }, 4, 2, 4],
    [{}, 1, 1, 2],
    [{ chains: 3 }, 100, 3, 25],
    [{ chains: 3, chunkItems: 50 }, 4, 3, 50],
  ])(
    'has of a run with %j and %d places %d chains, with chunks of %d',
    async (input, concurrency, chains, chunkItems) => {
      declare({ erp: { rate: 50 }, crm: { rate: 50, concurrency } });

      expect((await world.create('monday', { ids: IDS, ...input })).chains).toHaveLength(chains);
      expect((await world.run('monday')).chunkItems).toBe(chunkItems);
    },
  );
});

it('a run of a job that processes chunks says how many items a permit is for, and has the time for so many', async () => {
  const ids = { first: 1, last: 30_000_000 };
  declare({ crm: { rate: 1 } });
  expect((await world.refusal('monday', { ids }))?.message).toContain('need 8333');

  declare({ crm: { rate: 1 } }, { processChunk: async () => {}, chunkItems: 50 });
  await world.create('monday', { ids });

  expect(await world.run('monday')).toMatchObject({ rate: 1, itemsPerPermit: 50, chunkItems: 50 });
});
