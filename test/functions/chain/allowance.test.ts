import { Allowance } from '../../../functions/chain/allowance';
import { type ProviderQuota, usableToday } from '../../../functions/contract/quota';
import { LinkWorld } from './link-world';

const QUOTA: ProviderQuota = { perSecond: 14, perDay: 1000, usedToday: 0 };

describe('what runs may take of the 24-hour quota', () => {
  it.each([
    [QUOTA, 0.8, 800],
    [{ ...QUOTA, usedToday: 300 }, 0.8, 500],
    [{ ...QUOTA, usedToday: 801 }, 0.8, 0],
    [{ ...QUOTA, perDay: 201 }, 0.8, 160],
    [{ ...QUOTA, perDay: Number.POSITIVE_INFINITY, usedToday: 5e6 }, 0.8, Number.POSITIVE_INFINITY],
    [{ ...QUOTA, perSecond: 0 }, 1, 0],
  ])('%j with a share of %d is %d', (quota, share, items) => {
    expect(usableToday(quota, share)).toBe(items);
  });
});

function allowanceOf({
  dailyAllowance = 100,
  settled = 0,
  chains = 2,
  quota = QUOTA,
}: {
  dailyAllowance?: number | null;
  settled?: number;
  chains?: number;
  quota?: ProviderQuota;
}) {
  const readQuota = jest.fn(async () => quota);
  const onQuota = jest.fn();
  const allowance = new Allowance({
    run: { sendShare: 0.8, dailyAllowance },
    settled,
    sharers: () => chains,
    readQuota,
    onQuota,
  });
  return { allowance, readQuota, onQuota };
}

describe('the allowance of a chain', () => {
  it('is its part of what was left for the run, and then its part of what is left now', async () => {
    const { allowance, readQuota, onQuota } = allowanceOf({ quota: { ...QUOTA, usedToday: 780 } });

    expect(await allowance.reserve(50)).toBe(true);
    expect(readQuota).not.toHaveBeenCalled();
    expect(await allowance.reserve(10)).toBe(true);
    expect(readQuota).toHaveBeenCalledTimes(1);
    expect(onQuota).toHaveBeenCalledWith({ ...QUOTA, usedToday: 780 });
  });

  it('does not begin anew with each link', async () => {
    const { allowance, readQuota } = allowanceOf({ settled: 45 });

    expect(allowance.most(25)).toBe(5);
    await allowance.reserve(5);
    expect(readQuota).not.toHaveBeenCalled();
    await allowance.reserve(1);
    expect(readQuota).toHaveBeenCalledTimes(1);
  });

  it('ends where production’s reserve begins', async () => {
    const { allowance } = allowanceOf({ settled: 50, quota: { ...QUOTA, usedToday: 800 } });

    expect(await allowance.reserve(1)).toBe(false);
  });

  it('ends while the account may not send at all', async () => {
    const { allowance } = allowanceOf({ settled: 50, quota: { ...QUOTA, perSecond: 0 } });

    expect(await allowance.reserve(1)).toBe(false);
  });

  it('gives the last few to whoever asks first, one by one', async () => {
    const { allowance } = allowanceOf({ settled: 50, chains: 40, quota: { ...QUOTA, usedToday: 797 } });

    expect(allowance.most(25)).toBe(1);
    expect(await allowance.reserve(1)).toBe(true);
  });

  it('has no end where the account has no such quota', async () => {
    const { allowance, readQuota } = allowanceOf({ dailyAllowance: null });

    expect(allowance.most(100)).toBe(100);
    expect(await allowance.reserve(1_000_000)).toBe(true);
    expect(readQuota).not.toHaveBeenCalled();
  });

  it('stays as it is when a glance gets no answer', async () => {
    const { allowance, readQuota } = allowanceOf({});
    readQuota.mockRejectedValueOnce(new Error('Throttling'));

    allowance.glance();
    await Promise.resolve();

    expect(await allowance.reserve(50)).toBe(true);
  });
});

describe('a long run', () => {
  it.each([10, 25])(
    'of chunks of %i stops at production’s reserve with Chain.QuotaExhausted, whoever else has sent, and nobody is in doubt',
    async (chunkItems) => {
      const world = new LinkWorld();
      await world.store({ rate: 1000, dailyAllowance: 20, sendShare: 0.8, chunkItems });
      world.quota = () => ({ perSecond: 1250, perDay: 100, usedToday: 60 + world.sent.length });

      const report = await world.link();

      expect(report).toMatchObject({ end: 'failed', code: 'Chain.QuotaExhausted', inDoubt: 0 });
      // 20 are left; two chains are at work, so at most one more item is claimed than this chain could know of.
      expect(60 + world.sent.length).toBeLessThanOrEqual(81);
      expect(world.sent.length).toBeGreaterThanOrEqual(17);
      expect(await world.chain()).toMatchObject({ status: 'interrupted', claim: null });
    },
  );

  it('follows a rate that the account has lost, from the next link on', async () => {
    const world = new LinkWorld();
    await world.store({ rate: 20, quotaPerSecond: 25, sendShare: 0.8, linkSeconds: 2 });
    await world.link();
    world.quota = () => ({ perSecond: 5, perDay: Number.POSITIVE_INFINITY, usedToday: 0 });
    const before = world.sent.length;

    await world.link({ link: 1 });

    // 2 of 4 per second are this chain's: 2 seconds, where 10 per second were its share.
    expect(world.sent.length - before).toBeLessThanOrEqual(6);
    expect(world.sent.length - before).toBeGreaterThanOrEqual(3);
  });
});
