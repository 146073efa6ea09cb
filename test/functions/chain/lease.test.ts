import type { Callbacks } from '../../../functions/chain/callbacks';
import { Lease } from '../../../functions/chain/lease';
import { sleep } from '../../../functions/contract/clock';
import { noAnswer } from '../../support/sdk-errors';
import { VirtualClock } from '../../support/virtual-clock';
import { when } from './fixture';

/** What Step Functions answers to a heartbeat: alive, dead, no answer, or nothing yet. */
type Answer = boolean | Error | 'never';

function leaseWith(answer: (beat: number) => Answer) {
  const clock = new VirtualClock({ start: 0 });
  const beats: { readonly at: number; readonly token: string }[] = [];
  const heartbeat = async (token: string): Promise<boolean> => {
    beats.push({ at: clock.now(), token });
    const answered = answer(beats.length);
    if (answered === 'never') return new Promise(() => {});
    if (answered instanceof Error) throw answered;
    return answered;
  };
  const lease = new Lease({ heartbeat } as unknown as Callbacks, clock, 'token-1');
  return { clock, beats, lease };
}

describe('a lease', () => {
  it('does not hold before it was confirmed', () => {
    expect(leaseWith(() => true).lease.held()).toBe(false);
  });

  it('holds once Step Functions has confirmed the task token', async () => {
    const { lease, beats } = leaseWith(() => true);

    expect(await lease.confirm()).toBe(true);
    expect(lease.held()).toBe(true);
    expect(beats).toEqual([{ at: 0, token: 'token-1' }]);
  });

  it('is lost when Step Functions says that the token is dead, and asks no more', async () => {
    const { lease, beats } = leaseWith((beat) => beat === 1);
    await lease.confirm();

    expect(await lease.check()).toBe(false);
    expect(lease.held()).toBe(false);
    expect(await lease.check()).toBe(false);
    expect(beats).toHaveLength(2);
  });

  it('takes a confirmation of the last second for an answer, and asks again after that', async () => {
    const { clock, lease, beats } = leaseWith((beat) => beat < 3);
    await lease.confirm();

    await clock.advance(999);
    expect(await lease.checkRecent()).toBe(true);
    expect(beats).toHaveLength(1);

    await clock.advance(1);
    expect(await lease.checkRecent()).toBe(true);
    expect(beats.map(({ at }) => at)).toEqual([0, 1000]);

    await clock.advance(1000);
    expect(await lease.checkRecent()).toBe(false);
    expect(await lease.checkRecent()).toBe(false);
    expect(beats).toHaveLength(3);
  });

  it('is renewed three times in a heartbeat interval until it is released', async () => {
    const { clock, lease, beats } = leaseWith(() => true);
    await lease.confirm();
    lease.keep(30);

    await clock.advance(60_000);
    lease.release();
    await clock.advance(60_000);

    expect(beats.map(({ at }) => at)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  });

  it('is lost when it has not been confirmed for a whole interval', async () => {
    const { clock, lease } = leaseWith((beat) => (beat === 1 ? true : noAnswer()));
    await lease.confirm();
    lease.keep(30);

    await clock.advance(29_999);
    expect(lease.held()).toBe(true);

    await clock.advance(1);
    expect(lease.held()).toBe(false);
    expect(await lease.check()).toBe(false);
  });

  it('counts the interval from when the question was asked: the answer may have taken long', async () => {
    const clock = new VirtualClock({ start: 0 });
    let takes = 0;
    const heartbeat = async () => {
      await sleep(clock, takes);
      return true;
    };
    const lease = new Lease({ heartbeat } as unknown as Callbacks, clock, 'token-1');
    await when(clock, lease.confirm());
    lease.keep(10);
    lease.release();

    takes = 8000;
    expect(await when(clock, lease.check())).toBe(true);
    takes = 0;
    // Asked at 0 and answered at 8000.
    await clock.advance(1999);
    expect(lease.held()).toBe(true);
    await clock.advance(1);
    expect(lease.held()).toBe(false);
  });

  it('survives every second heartbeat failing', async () => {
    const { clock, lease } = leaseWith((beat) => (beat % 2 === 1 ? true : noAnswer()));
    await lease.confirm();
    lease.keep(30);

    await clock.advance(200_000);

    expect(lease.held()).toBe(true);
    lease.release();
  });

  it('has one heartbeat under way at most', async () => {
    const { clock, lease, beats } = leaseWith((beat) => (beat === 1 ? true : 'never'));
    await lease.confirm();
    lease.keep(30);

    await clock.advance(29_000);

    expect(beats.map(({ at }) => at)).toEqual([0, 10_000]);
    lease.release();
  });

  it('is held by a link whose heartbeat gets no answer, until a whole interval is over', async () => {
    const { clock, lease } = leaseWith((beat) => (beat === 1 ? true : noAnswer()));
    await lease.confirm();
    lease.keep(30);

    await clock.advance(29_999);
    expect(await lease.check()).toBe(true);
    await clock.advance(1);
    expect(await lease.check()).toBe(false);
    lease.release();
  });

  it('says that it does not know, when its very first question gets no answer', async () => {
    const { lease } = leaseWith(() => noAnswer());

    await expect(lease.confirm()).rejects.toThrow('socket hang up');
  });

  it('asks once more when its first answer was long in coming: what it confirms is long ago', async () => {
    const clock = new VirtualClock({ start: 0 });
    const asked: number[] = [];
    const heartbeat = async () => {
      asked.push(clock.now());
      if (asked.length === 1) await new Promise<void>((resolve) => clock.after(120_000, resolve));
      return true;
    };
    const lease = new Lease({ heartbeat } as unknown as Callbacks, clock, 'token-1');
    const confirmed = lease.confirm();
    await clock.advance(120_000);

    expect(await confirmed).toBe(true);
    lease.keep(30);
    await clock.advance(0);
    expect(lease.held()).toBe(true);
    expect(asked).toEqual([0, 120_000]);
    lease.release();
  });

  it('tells that it is lost at once and only once, whoever finds out', async () => {
    const { clock, lease } = leaseWith((beat) => beat < 3);
    const lostAt: number[] = [];
    lease.onLost(() => lostAt.push(clock.now()));
    await lease.confirm();
    lease.keep(30);

    await clock.advance(120_000);
    lease.held();
    await lease.check();

    expect(lostAt).toEqual([20_000]);
  });

  it('tells it once when two questions come back with the same answer', async () => {
    const { lease } = leaseWith(() => false);
    let told = 0;
    lease.onLost(() => {
      told += 1;
    });

    await Promise.all([lease.check(), lease.check()]);

    expect(told).toBe(1);
  });
});
