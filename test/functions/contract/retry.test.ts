import { retry } from '../../../functions/contract/retry';
import { FastClock } from '../email/fast-clock';

/** Fails `failures` times, then answers how often it was called. */
function failing(failures: number) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= failures) throw new Error(`failure ${calls}`);
    return calls;
  };
}

describe('retry', () => {
  it('answers at once when the operation succeeds', async () => {
    const clock = new FastClock();

    expect(await retry(failing(0), { clock, random: () => 1, shouldRetry: () => true })).toBe(1);
    expect(clock.pauses).toEqual([]);
  });

  it('doubles the longest pause with every try, up to its bound', async () => {
    const clock = new FastClock();

    const answer = await retry(failing(5), {
      clock,
      random: () => 1,
      firstPauseMilliseconds: 100,
      longestPauseMilliseconds: 500,
      shouldRetry: () => true,
    });

    expect(answer).toBe(6);
    expect(clock.pauses).toEqual([100, 200, 400, 500, 500]);
  });

  it('draws each pause from the whole of its range, so that callers who failed together come back apart', async () => {
    const clock = new FastClock();
    const draws = [0, 0.25, 0.99];

    await retry(failing(3), {
      clock,
      random: () => draws.shift() ?? 0,
      firstPauseMilliseconds: 100,
      shouldRetry: () => true,
    });

    expect(clock.pauses).toEqual([0, 50, 396]);
  });

  it('rejects with the last error after its tries', async () => {
    const clock = new FastClock();

    const answer = retry(failing(9), { clock, random: () => 0.5, attempts: 3, shouldRetry: () => true });

    await expect(answer).rejects.toThrow('failure 3');
    expect(clock.pauses).toHaveLength(2);
  });

  it('tries for ten minutes unless told otherwise, and begins no try after that', async () => {
    const options = { random: () => 1, shouldRetry: () => true };
    const clock = new FastClock();

    await expect(retry(failing(1000), { ...options, clock })).rejects.toThrow('failure');
    expect(clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(597_000);

    const hasty = new FastClock();
    await expect(retry(failing(9), { ...options, clock: hasty, forMilliseconds: 160 })).rejects.toThrow('failure 3');
    expect(hasty.pauses).toEqual([50, 100]);
  });

  it('gives up at once on an error that no second try mends', async () => {
    const clock = new FastClock();
    const asked: string[] = [];

    const answer = retry(failing(9), {
      clock,
      random: () => 0.5,
      shouldRetry: (error) => asked.push((error as Error).message) < 2,
    });

    await expect(answer).rejects.toThrow('failure 2');
    expect(asked).toEqual(['failure 1', 'failure 2']);
    expect(clock.pauses).toHaveLength(1);
  });
});
