import { Pace } from '../../functions/chain/pace';
import { systemClock } from '../../functions/contract/clock';

const DAY = 86_400_000;

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

/** When a wait of the system's clock ends, in milliseconds; undefined if it has not after `until`. */
function rungAt(milliseconds: number, until: number): number | undefined {
  let rung: number | undefined;
  systemClock.after(milliseconds, () => {
    rung = systemClock.now();
  });
  jest.advanceTimersByTime(until);
  return rung;
}

describe('the clock of the system', () => {
  it.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 3 * 2 ** 31 + 7, 1e12])(
    'waits %d milliseconds to the millisecond',
    (milliseconds) => {
      expect(rungAt(milliseconds, milliseconds)).toBe(milliseconds);
    },
  );

  it.each([2 ** 31, 2 ** 32, 1e12])(
    'gives Node.js no timer that it would fire at once, for %d milliseconds',
    (wait) => {
      const timer = jest.spyOn(globalThis, 'setTimeout');

      rungAt(wait, wait);

      expect(Math.max(...timer.mock.calls.map(([, milliseconds]) => milliseconds ?? 0))).toBe(2 ** 31 - 1);
    },
  );

  it('forgets a long wait that is cancelled, in its first piece or in a later one', () => {
    for (const passed of [1, 30 * DAY]) {
      const callback = jest.fn();
      const cancel = systemClock.after(60 * DAY, callback);
      jest.advanceTimersByTime(passed);
      cancel();
      cancel();
      jest.advanceTimersByTime(90 * DAY);

      expect(callback).not.toHaveBeenCalled();
    }
  });

  it('lets a pace of one item in 116 days wait, rather than look again and again', async () => {
    jest.setSystemTime(0);
    const timer = jest.spyOn(globalThis, 'setTimeout');
    const pace = new Pace({ clock: systemClock, random: () => 0, itemsPerSecond: 1e-7, phase: 0.995 });
    let permitted: boolean | undefined;
    void pace.permit().then((permit) => {
      permitted = permit;
    });

    await jest.advanceTimersByTimeAsync(115 * DAY);
    expect(permitted).toBeUndefined();
    expect(timer.mock.calls.length).toBeLessThan(10);
    await jest.advanceTimersByTimeAsync(DAY);
    expect(permitted).toBe(true);
  });
});
