import type { RefusalKind } from '../../../functions/contract/errors';
import { skip } from '../../../functions/contract/job';
import { mailTo } from '../chain/fixture';
import { always, CODES, IN_DOUBT, type Process, process, UNPROCESSED, type World } from './items-world';

describe('a job that hides what the provider said', () => {
  const swallowing: Process = async ({ id, send }) => {
    await send(mailTo(id)).catch(() => {});
  };

  it.each([
    ['rejected', 'unprocessed'],
    ['ambiguous', 'in-doubt'],
    ['quota-exhausted', 'carried'],
  ] as const)('cannot turn a mail that was %s into one that was sent: the item is %s', async (kind, outcome) => {
    expect((await process(always(kind), swallowing)).outcomes).toMatchObject([{ outcome }]);
  });

  it('cannot make an open answer a definite failure by throwing something else', async () => {
    const { outcomes } = await process(always('ambiguous'), async ({ id, send }) => {
      await send(mailTo(id)).catch(() => {
        throw new Error('The mail failed.');
      });
    });

    expect(outcomes).toEqual([IN_DOUBT]);
  });

  it('cannot skip an item whose mail is in doubt', async () => {
    const { outcomes } = await process(always('ambiguous'), async ({ id, send }) => {
      await send(mailTo(id)).catch(() => {});
      return skip('unsubscribed');
    });

    expect(outcomes).toEqual([IN_DOUBT]);
  });

  it('cannot lose a send that it does not wait for', async () => {
    const later =
      (kind?: RefusalKind) =>
      (_: number, { clock }: World) =>
        new Promise<RefusalKind | undefined>((resolve) => {
          clock.after(5000, () => resolve(kind));
        });
    const floating: Process = ({ id, send }) => {
      void send(mailTo(id));
    };

    expect((await process(later(), floating)).outcomes).toEqual([{ outcome: 'done' }]);
    expect((await process(later('ambiguous'), floating)).outcomes).toEqual([IN_DOUBT]);
    expect((await process(later('rejected'), floating)).outcomes).toEqual([UNPROCESSED]);
  });

  it('cannot lose the second of two sends that it does not wait for', async () => {
    const provider = (attempt: number, { clock }: World) =>
      new Promise<RefusalKind | undefined>((resolve) => {
        clock.after(5000, () => resolve(attempt === 2 ? 'ambiguous' : undefined));
      });
    const { outcomes, asked } = await process(provider, ({ id, send }) => {
      const both = async () => {
        await send(mailTo(id));
        await send(mailTo(id));
      };
      void both().catch(() => {});
    });

    expect(asked).toHaveLength(2);
    expect(outcomes).toEqual([IN_DOUBT]);
  });
});

describe('a send that comes after its item was settled', () => {
  it('is refused: nobody would hear of what came of it', async () => {
    let late: Promise<string> | undefined;
    const { asked, clock, outcomes } = await process(always(), ({ id, send }, world) => {
      late = new Promise((resolve) => {
        world.clock.after(60_000, () => {
          send(mailTo(id)).then(
            () => resolve('sent'),
            (error: Error) => resolve(error.message),
          );
        });
      });
    });
    await clock.advance(60_000);

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(await late).toBe('Expected every effect before the item is settled: await each send and call.');
    expect(asked).toEqual([]);
  });
});

describe('an item with several mails', () => {
  const twice: Process = async ({ id, send }) => {
    await send(mailTo(id));
    await send(mailTo(`${id}-copy`));
  };

  it('is done when each is sent, each under its own permit', async () => {
    const { outcomes, asked } = await process(always(), twice, { itemsPerSecond: 1 });

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(asked).toEqual([
      { to: 'user-1@example.com', at: 0 },
      { to: 'user-1-copy@example.com', at: 1000 },
    ]);
  });

  it.each(['rejected', 'quota-exhausted'] as const)(
    'is in doubt when the second was %s: to do it again would repeat the first',
    async (kind) => {
      const { outcomes } = await process((attempt) => (attempt === 2 ? kind : undefined), twice);

      expect(outcomes).toMatchObject([{ outcome: 'in-doubt', code: CODES[kind] }]);
    },
  );

  it('is in doubt when the job throws after the first', async () => {
    const { outcomes } = await process(always(), async ({ id, send }) => {
      await send(mailTo(id));
      throw new RangeError('The second mail could not be written.');
    });

    expect(outcomes).toMatchObject([{ outcome: 'in-doubt', code: 'RangeError' }]);
  });

  it('is in doubt when the link ends between the two', async () => {
    const { outcomes } = await process(always(), async ({ id, send }, { pace }) => {
      await send(mailTo(id));
      pace.stop();
      await send(mailTo(id));
    });

    expect(outcomes).toMatchObject([{ outcome: 'in-doubt' }]);
  });
});

describe('delivered at least once', () => {
  const AT_LEAST_ONCE = { delivery: 'at-least-once' } as const;

  it('an open answer is asked for again, under the pace', async () => {
    const openOnce = (attempt: number) => (attempt === 1 ? 'ambiguous' : undefined);
    const { outcomes, asked } = await process(openOnce, undefined, { ...AT_LEAST_ONCE, itemsPerSecond: 1 });

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(asked.map(({ at }) => at)).toEqual([0, 1000]);
  });

  it('an answer that stays open is in doubt after three tries', async () => {
    const { outcomes, asked } = await process(always('ambiguous'), undefined, AT_LEAST_ONCE);

    expect(outcomes).toEqual([IN_DOUBT]);
    expect(asked).toHaveLength(3);
  });

  it('throttles do not use up those tries', async () => {
    const answers: (RefusalKind | undefined)[] = ['throttled', 'ambiguous', 'throttled', 'ambiguous', 'throttled'];
    const { outcomes, asked } = await process((attempt) => answers[attempt - 1], undefined, AT_LEAST_ONCE);

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(asked).toHaveLength(6);
  });

  it('a rejected mail is still not tried again', async () => {
    expect((await process(always('rejected'), undefined, AT_LEAST_ONCE)).asked).toHaveLength(1);
  });
});
