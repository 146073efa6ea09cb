import fc from 'fast-check';
import { sleep } from '../../functions/contract/clock';
import { VirtualClock } from './virtual-clock';

describe('VirtualClock', () => {
  it('fires timers in the order of time, and of their setting at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 20 })), async (delays) => {
        const clock = new VirtualClock({ start: 0 });
        const fired: (readonly [number, number])[] = [];
        for (const [order, delay] of delays.entries()) clock.after(delay, () => fired.push([clock.now(), order]));
        await clock.advance(20);
        const expected = delays.map((delay, order) => [delay, order] as const);
        expect(fired).toEqual(expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
    );
  });

  it('lets promises settle before the next timer, so that a sleeper can set one in between', async () => {
    const clock = new VirtualClock({ start: 0 });
    const woken: number[] = [];
    const sleeper = async () => {
      for (let turn = 0; turn < 3; turn++) {
        await sleep(clock, 10);
        woken.push(clock.now());
      }
    };
    void sleeper();
    clock.after(15, () => woken.push(-clock.now()));
    await clock.advance(25);
    expect(woken).toEqual([10, -15, 20]);
    expect(clock.now()).toBe(25);
  });

  it('does not fire a timer that was cancelled, twice or after it fired', async () => {
    const clock = new VirtualClock();
    let fired = 0;
    const cancel = clock.after(5, () => {
      fired += 1;
    });
    const keep = clock.after(6, () => {
      fired += 10;
    });
    cancel();
    cancel();
    await clock.advance(10);
    keep();
    expect(fired).toBe(10);
  });

  it('runs until a predicate holds or a promise settles, and no further', async () => {
    const clock = new VirtualClock({ start: 0 });
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      clock.after(10, tick);
    };
    tick();
    await clock.runUntil(() => ticks === 5);
    expect(clock.now()).toBe(40);
    await clock.runUntil(sleep(clock, 25));
    expect(clock.now()).toBe(65);
  });

  it('throws when nothing is left that could reach the goal', async () => {
    await expect(new VirtualClock().runUntil(() => false)).rejects.toThrow('something waits for ever');
  });
});
