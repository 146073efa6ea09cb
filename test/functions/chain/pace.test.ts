import { Pace } from '../../../functions/chain/pace';
import { sleep } from '../../../functions/contract/clock';
import type { BackOff } from '../../../functions/ledger/records';
import { VirtualClock } from '../../support/virtual-clock';

/** A pace with someone who takes every permit; `at` holds when each was given, in milliseconds. */
function walking(itemsPerSecond: number, random: () => number = () => 0) {
  const clock = new VirtualClock({ start: 0 });
  const pace = new Pace({ clock, random, itemsPerSecond });
  const at: number[] = [];
  const walk = (async () => {
    while (await pace.permit()) at.push(clock.now());
    return 'sent away';
  })();
  return { clock, pace, at, walk };
}

/** Permits given between two moments, in items per second. */
function rateBetween(at: readonly number[], from: number, to: number): number {
  return at.filter((time) => time >= from && time < to).length / ((to - from) / 1000);
}

/** Permits in the busiest second, wherever it begins. */
function mostInASecond(at: readonly number[]): number {
  const sorted = [...at].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while ((sorted[first] as number) <= time - 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

describe('a pace', () => {
  it('says for how long its provider wanted no calls, time that was closed twice counted once', async () => {
    const { clock, pace } = walking(4);
    pace.throttled(60);
    await clock.advance(10_000);
    pace.throttled(20);
    expect(pace.closedMilliseconds).toBe(60_000);
    pace.throttled(80);
    pace.throttled();
    expect(pace.closedMilliseconds).toBe(90_000);
    const backOff = pace.backOff();
    const next = new Pace({ clock, random: () => 0, itemsPerSecond: 4, ...(backOff && { backOff }) });
    expect(next.closedMilliseconds).toBe(80_000);
  });

  it('gives permits at even distances', async () => {
    const { clock, at } = walking(4);

    await clock.advance(2000);

    expect(at).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  });

  it('starts at a random phase and without a burst, so that many chains do not march in step', async () => {
    const { clock, at } = walking(4, () => 0.6);

    await clock.advance(1000);

    expect(at).toEqual([150, 400, 650, 900]);
  });

  it('shares its permits among all who wait, together no faster than the pace', async () => {
    const { clock, pace, at } = walking(10);
    const others: number[] = [];
    for (let waiter = 0; waiter < 3; waiter++) {
      void pace.permit().then(() => others.push(clock.now()));
    }

    await clock.advance(950);

    expect([...at, ...others].sort((a, b) => a - b)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(others).toHaveLength(3);
  });

  it('makes up for what an interruption missed little by little, ten seconds of it at most', async () => {
    const clock = new VirtualClock({ start: 0 });
    const pace = new Pace({ clock, random: () => 0, itemsPerSecond: 10 });
    await pace.permit();
    await clock.advance(60_000);

    const at: number[] = [];
    const walk = (async () => {
      while (await pace.permit()) at.push(clock.now());
    })();
    await clock.advance(800_000);
    pace.stop();
    await walk;

    // A hundred permits are owed: one comes extra in four seconds.
    expect(rateBetween(at, 60_000, 460_000)).toBeCloseTo(10.25);
    expect(rateBetween(at, 460_000, 860_000)).toBeCloseTo(10);
    expect(mostInASecond(at)).toBe(11);
  });

  it.each([
    [1, 25],
    [10, 100],
    [40, 20],
    [40, 100],
    [40, 1000],
  ])(
    'of %d chains keeps a run of %d a second within 1.1 times that, held up all at once too',
    async (chains, budget) => {
      const clock = new VirtualClock({ start: 1_700_000_000_123 });
      const at: number[] = [];
      let heldUpUntil = 0;
      const paces = Array.from({ length: chains }, (_, index) => {
        const options = { clock, random: () => 0.5, itemsPerSecond: budget / chains, phase: index / chains };
        return new Pace(options);
      });
      const walks = paces.map(async (pace) => {
        while (await pace.permit()) {
          at.push(clock.now());
          if (heldUpUntil > clock.now()) await sleep(clock, heldUpUntil - clock.now());
        }
      });
      await clock.advance(10_000);
      heldUpUntil = clock.now() + 1500;
      await clock.advance(90_000);
      for (const pace of paces) pace.stop();
      await Promise.all(walks);

      expect(mostInASecond(at)).toBeLessThanOrEqual(Math.ceil(1.1 * budget));
      // What was missed is made up for.
      expect(at.length).toBeGreaterThanOrEqual(100 * budget - chains);
    },
  );

  it('gives a refunded permit to the next who asks', async () => {
    const { clock, pace, at } = walking(1);

    await clock.advance(300);
    pace.refund();
    await clock.advance(1700);

    expect(at).toEqual([0, 300, 1000, 2000]);
  });

  it('that is raised wakes whoever waits for a slower one', async () => {
    const { clock, pace, at } = walking(0.1);
    await clock.advance(1000);
    expect(at).toEqual([0]);

    pace.setShare(10);
    await clock.advance(1000);

    expect(at.slice(0, 3)).toEqual([0, 1000, 1100]);
    expect(at).toHaveLength(12);
  });

  it('that is lowered lengthens the wait for the next permit', async () => {
    const { clock, pace, at } = walking(10);
    await clock.advance(50);

    pace.setShare(1);
    await clock.advance(2000);

    expect(at).toEqual([0, 1000, 2000]);
  });

  it('of 0 pauses, and a share above 0 goes on with the next permit of the grid, none of them owed', async () => {
    const { clock, pace, at } = walking(10);
    await clock.advance(250);
    pace.setShare(0);
    await clock.advance(60_000);
    expect(at).toEqual([0, 100, 200]);

    pace.setShare(10);
    await clock.advance(100);

    expect(at).toEqual([0, 100, 200, 60_300]);
  });

  it('that begins paused gives nothing until it has a share', async () => {
    const { clock, pace, at } = walking(0);
    await clock.advance(5000);
    pace.refund();
    await clock.advance(5000);
    expect(at).toEqual([]);

    pace.setShare(2);
    await clock.advance(500);

    expect(at).toEqual([10_000, 10_500]);
  });

  it('halves on a throttle, comes back quickly to a little less than before, and probes from there', async () => {
    const { clock, pace, at } = walking(100);
    await clock.advance(1000);
    pace.throttled();

    expect(pace.rate()).toBeCloseTo(50);
    await clock.advance(5000);
    expect(pace.rate()).toBeCloseTo(75);
    await clock.advance(1000);
    expect(pace.rate()).toBeCloseTo(80);
    await clock.advance(10_000);
    expect(pace.rate()).toBeCloseTo(85);
    await clock.advance(12_000);

    expect(pace.rate()).toBe(100);
    expect(rateBetween(at, 0, 1000)).toBeCloseTo(100, -1);
    expect(rateBetween(at, 1000, 2000)).toBeLessThan(60);
    expect(rateBetween(at, 27_000, 28_000)).toBeCloseTo(100, -1);
  });

  it('finds the rest of a quota that somebody else uses, and is throttled ever more rarely', async () => {
    const { clock, pace } = walking(100);
    let throttles = 0;
    const rates: number[] = [];
    for (let second = 0; second < 300; second++) {
      await clock.advance(1000);
      if (pace.rate() > 60) {
        pace.throttled();
        throttles += 1;
      }
      rates.push(pace.rate());
    }

    expect(throttles).toBeLessThan(20);
    const average = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    expect(average).toBeGreaterThan(0.75 * 60);
  });

  it('steps back with other chains that were throttled, once in ten seconds', async () => {
    const { clock, pace } = walking(100);
    await clock.advance(1000);

    pace.congested();
    expect(pace.rate()).toBeCloseTo(50);
    await clock.advance(5000);
    pace.congested();
    expect(pace.rate()).toBeCloseTo(75);
    await clock.advance(5000);
    pace.congested();

    expect(pace.rate()).toBeLessThan(45);
    expect(pace.throttles).toBe(0);
  });

  it('hands what it knows to the next link, which does not begin at the full pace', async () => {
    const { clock, pace } = walking(100);
    expect(pace.backOff()).toBeUndefined();
    pace.throttled();
    await clock.advance(2000);

    const next = new Pace({ clock, random: () => 0, itemsPerSecond: 100, backOff: pace.backOff() as BackOff });

    expect(next.rate()).toBeCloseTo(60);
    expect(next.rate()).toBe(pace.rate());
  });

  it('adds up by how much throttles held its permits back', async () => {
    const { clock, pace } = walking(100);
    await clock.advance(10_000);
    expect(pace.heldBackMilliseconds).toBe(0);
    pace.throttled();
    await clock.advance(1000);

    // A second at half the pace, on the way up.
    expect(pace.heldBackMilliseconds).toBeGreaterThan(450);
    expect(pace.heldBackMilliseconds).toBeLessThan(520);
  });

  it('halves once for all throttles of the same second', async () => {
    const { clock, pace } = walking(100);
    await clock.advance(1000);

    pace.throttled();
    pace.throttled();
    await clock.advance(900);
    pace.throttled();
    expect(pace.rate()).toBeCloseTo(54.5);
    await clock.advance(100);
    pace.throttled();

    expect(pace.rate()).toBeCloseTo(27.5);
    expect(pace.throttles).toBe(4);
  });

  it('keeps a twentieth of its share, however long the congestion lasts', async () => {
    const { clock, pace } = walking(100);

    for (let throttle = 0; throttle < 60; throttle++) {
      pace.throttled();
      await clock.advance(1000);
    }
    pace.throttled();

    expect(pace.rate()).toBeCloseTo(5);
  });

  it('holds back by a random time after a throttle, so that chains come back apart', async () => {
    const clock = new VirtualClock({ start: 0 });
    const draws = [0, 0.5];
    const pace = new Pace({ clock, random: () => draws.shift() ?? 0, itemsPerSecond: 2 });
    pace.throttled();

    const given = pace.permit();
    await clock.advance(499);
    expect(await Promise.race([given, 'waiting'])).toBe('waiting');
    await clock.advance(1);

    expect(await Promise.race([given, 'waiting'])).toBe(true);
  });

  it('that is stopped sends everybody away and gives no more', async () => {
    const { clock, pace, at, walk } = walking(1);
    await clock.advance(500);

    pace.stop();

    expect(await walk).toBe('sent away');
    expect(await pace.permit()).toBe(false);
    expect(at).toEqual([0]);
    await expect(clock.runUntil(() => false)).rejects.toThrow('no timer is left');
  });
});

describe('a share that counts until a moment', () => {
  it('gives nothing from then on, and what was missed is made up for little by little', async () => {
    const { clock, pace, at } = walking(10);
    pace.setShare(10, 0, 2000);
    await clock.advance(10_000);
    expect(at.at(-1)).toBeLessThan(2000);

    pace.setShare(10, 0, 1_000_000);
    await clock.advance(10_000);

    const since = at.filter((time) => time >= 10_000);
    expect(since.length).toBeGreaterThanOrEqual(100);
    expect(mostInASecond(since)).toBeLessThanOrEqual(11);
  });

  it('gives nothing to whoever wakes after it', async () => {
    const clock = new VirtualClock({ start: 0 });
    const pace = new Pace({ clock, random: () => 0, itemsPerSecond: 10 });
    pace.setShare(10, 0.5, 40);
    let given = false;
    void pace.permit().then(() => {
      given = true;
    });

    await clock.advance(1000);
    expect(given).toBe(false);
    pace.setShare(10, 0.5, 5000);
    await clock.advance(100);
    expect(given).toBe(true);
  });
});

describe('a provider that says for how long it wants no calls', () => {
  it('gets none before that is over, and none is made up for', async () => {
    const { clock, pace, at } = walking(10);
    await clock.advance(10_000);
    const before = at.length;

    pace.throttled(30);
    pace.refund();
    await clock.advance(29_999);
    expect(at.slice(before)).toEqual([]);
    expect(pace.rate()).toBe(5);

    await clock.advance(10_001);
    // From half of the pace on the way up, and nothing extra.
    expect(at.slice(before).every((time) => time >= 40_000)).toBe(true);
    expect(at.length - before).toBeGreaterThan(40);
    expect(at.length - before).toBeLessThan(90);
  });

  it.each([0, 1, 10])('is left alone though its share changes after %d s', async (seconds) => {
    const { clock, pace, at } = walking(10);
    pace.throttled(20);
    await clock.advance(seconds * 1000);
    const before = at.length;
    pace.setShare(5, 0.5);
    pace.setShare(0);
    pace.setShare(100, 0.1);
    await clock.advance(19_990 - seconds * 1000);

    expect(at.slice(before)).toEqual([]);
  });

  it('keeps to the longest of what it said, and a throttle without a time does not open it', async () => {
    const { clock, pace, at } = walking(10);
    await clock.advance(1000);
    const before = at.length;
    pace.throttled(60);
    pace.throttled(5);
    await clock.advance(30_000);
    pace.throttled();
    await clock.advance(29_990);

    expect(at.slice(before)).toEqual([]);
    expect(pace.throttles).toBe(3);
    await clock.advance(2000);
    expect(at.length).toBeGreaterThan(before);
  });

  it('is left alone by the next link, too, but for an hour at most, whatever the clock of the one before said', async () => {
    const { clock, pace } = walking(10);
    pace.throttled(600);
    await clock.advance(1000);
    const backOff = pace.backOff() as BackOff;
    const permitAfter = async (handed: BackOff) => {
      const next = new Pace({ clock, random: () => 0, itemsPerSecond: 10, backOff: handed });
      const from = clock.now();
      await clock.runUntil(next.permit());
      return clock.now() - from;
    };

    expect(backOff).toMatchObject({ closedUntil: 600_000 });
    expect(await permitAfter(backOff)).toBeGreaterThanOrEqual(599_000);
    expect(await permitAfter({ ...backOff, closedUntil: clock.now() + 1e9 })).toBeLessThan(3_601_000);
  });
});
