import { sleep } from '../../../functions/contract/clock';
import { skip } from '../../../functions/contract/job';
import { type CallContext, type Provider, type Providers, ses } from '../../../functions/contract/provider';
import { inDoubt, rejected, throttled } from '../../../functions/contract/verdicts';
import { mailTo } from '../chain/fixture';
import { always, type Process, process, type World } from './items-world';

/** What an attempt does: answers, or throws. */
type Attempt = (try_: number, context: CallContext, world: World) => unknown;

/** Items that call the provider `crm` once each; `at` and `keys` are of the attempts. */
async function calling(
  attempt: Attempt,
  provider: Partial<Provider> = {},
  options: Parameters<typeof process>[2] = {},
) {
  const at: number[] = [];
  const keys: string[] = [];
  const job: Process = ({ call }, world) =>
    call('crm', (context) => {
      at.push(world.clock.now());
      keys.push(context.idempotencyKey);
      return attempt(at.length, context, world);
    });
  const declared = { providers: { crm: { rate: 1000, ...provider } } };
  return { at, keys, ...(await process(always(), job, { job: declared, ...options })) };
}

const IDEMPOTENT = { idempotent: true } as const;

describe('a call', () => {
  it('is done when its attempt returns, whatever that is', async () => {
    const { outcomes, keys } = await calling(() => skip('not the job’s word'));

    expect(outcomes).toEqual([{ outcome: 'skipped', reason: 'not the job’s word' }]);
    expect((await calling(() => ({ id: 7 }))).outcomes).toEqual([{ outcome: 'done' }]);
    expect(keys).toEqual(['run-1/1/crm']);
  });

  it('gives the job what its attempt returned', async () => {
    let got: unknown;
    await process(
      always(),
      async ({ call }) => {
        got = await call('crm', () => ({ balance: 12 }));
      },
      { job: { providers: { crm: { rate: 10 } } } },
    );

    expect(got).toEqual({ balance: 12 });
  });

  it('that is throttled is made again with the same key, not before the provider allows it', async () => {
    const { outcomes, at, keys, pace } = await calling((tries) => {
      if (tries === 1) throw throttled(30);
      if (tries === 2) throw throttled();
    });

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(at[0]).toBe(0);
    expect(at[1]).toBeGreaterThanOrEqual(30_000);
    expect(at).toHaveLength(3);
    expect(new Set(keys)).toEqual(new Set(['run-1/1/crm']));
    expect(pace.throttles).toBe(2);
  });

  it('that stays throttled ends with its link, and comes up again', async () => {
    const { outcomes } = await calling((tries, _, { paces }) => {
      if (tries === 3) paces.stop();
      throw throttled();
    });

    expect(outcomes).toEqual([{ outcome: 'carried' }]);
  });

  it('that is rejected is unprocessed with its code', async () => {
    const { outcomes, at } = await calling(() => {
      throw rejected('CustomerGone', 'There is no such customer.');
    }, IDEMPOTENT);

    expect(outcomes).toEqual([{ outcome: 'unprocessed', code: 'CustomerGone', message: 'There is no such customer.' }]);
    expect(at).toHaveLength(1);
  });

  it.each([
    [() => inDoubt('NoAnswer'), 'NoAnswer'],
    [() => new TypeError('x is undefined'), 'TypeError'],
    [() => 'a text', 'Unknown'],
    [() => undefined, 'Unknown'],
    [() => Object.assign(new Error('no'), { name: 'ValidationException' }), 'ValidationException'],
  ])('that throws %s is in doubt: it may have happened', async (thrown, code) => {
    const { outcomes, at } = await calling(() => {
      throw thrown();
    });

    expect(outcomes).toMatchObject([{ outcome: 'in-doubt', code }]);
    expect(at).toHaveLength(1);
  });

  it('keeps no address, no URL’s path and no token of what its attempt threw', async () => {
    const { outcomes } = await calling(() => {
      throw new Error('zoe@example.com at https://example.com/people/zoe?token=abc');
    });

    expect(outcomes).toMatchObject([{ message: '<address> at https://example.com/…' }]);
  });

  it('in doubt is made again with the same key where the provider honours it, under the pace, five times at most', async () => {
    const once = await calling(
      (tries) => {
        if (tries < 5) throw inDoubt('NoAnswer');
      },
      IDEMPOTENT,
      { itemsPerSecond: 1 },
    );
    const never = await calling(() => {
      throw new Error('no');
    }, IDEMPOTENT);

    expect(once.outcomes).toEqual([{ outcome: 'done' }]);
    expect(once.at).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(new Set(once.keys).size).toBe(1);
    expect(never.at).toHaveLength(5);
    expect(never.outcomes).toMatchObject([{ outcome: 'in-doubt', code: 'Error' }]);
  });

  it('whose link ends between two such tries comes up again', async () => {
    const { outcomes } = await calling((_tries, _context, { paces }) => {
      paces.stop();
      throw inDoubt('NoAnswer');
    }, IDEMPOTENT);

    expect(outcomes).toEqual([{ outcome: 'carried' }]);
  });

  it('is not made once the lease is lost', async () => {
    const { outcomes, at } = await calling((_tries, _context, world) => {
      world.held = false;
      throw throttled();
    });

    expect(at).toHaveLength(1);
    expect(outcomes).toEqual([{ outcome: 'carried' }]);
  });

  it('of a provider that nobody declared, or of SES, leaves the item unprocessed, awaited or not', async () => {
    const providers: Providers = { crm: { rate: 10 }, mail: ses() };
    const of = async (job: Process) => (await process(always(), job, { job: { providers } })).outcomes;
    const sentence = (name: string) => [
      {
        outcome: 'unprocessed',
        code: 'NoSuchProvider',
        message: `Expected \`call\` of a provider that the job greeting declares beside ses(), which are crm, got ${name}: declare it in \`providers\`.`,
      },
    ];

    expect(await of(({ call }) => call('erp', () => 1))).toEqual(sentence('erp'));
    expect(await of(({ call }) => call('mail', () => 1))).toEqual(sentence('mail'));
    expect(await of(({ call }) => void call('erp', () => 1))).toEqual(sentence('erp'));
  });

  it('beside a send needs ses() among the providers', async () => {
    const { outcomes, asked } = await process(always(), ({ id, send }) => send(mailTo(id)), {
      job: { providers: { crm: { rate: 10 } } },
    });

    expect(asked).toEqual([]);
    expect(outcomes).toMatchObject([
      {
        outcome: 'unprocessed',
        message:
          'Expected `ses()` among the providers of the job greeting, got a send without it: add `mail: ses()` to `providers`.',
      },
    ]);
  });
});

describe('a call that takes longer than its provider is given', () => {
  it('has its signal aborted, and is in doubt unless it says otherwise within a second', async () => {
    let aborted: unknown;
    const { outcomes, clock } = await calling(
      (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = signal.reason;
          });
        }),
      { timeoutSeconds: 5 },
    );

    expect(clock.now()).toBe(6000);
    expect(aborted).toMatchObject({ name: 'TimeoutError' });
    expect(outcomes).toEqual([
      { outcome: 'in-doubt', code: 'TimeoutError', message: 'The call was given up after 5 s.' },
    ]);
  });

  it.each([
    ['answers', undefined, { outcome: 'done' }],
    ['is rejected', rejected('TooLate'), { outcome: 'unprocessed', code: 'TooLate' }],
    ['is in doubt', new Error('aborted'), { outcome: 'in-doubt', code: 'Error' }],
  ])('comes out as it says, where it %s then', async (_, said, outcome) => {
    const { outcomes } = await calling(
      (_tries, { signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => (said ? reject(said) : resolve(undefined)));
        }),
    );

    expect(outcomes).toMatchObject([outcome]);
  });

  it('is not given up later, where it answers in time', async () => {
    let signal: AbortSignal | undefined;
    const { clock } = await calling((_, context) => {
      signal = context.signal;
    });
    await clock.advance(120_000);

    expect(signal?.aborted).toBe(false);
  });
});

describe('the key of a call', () => {
  it('counts the calls that an item makes of a provider, and names the run that its items come from', async () => {
    const keys: string[] = [];
    const note = ({ idempotencyKey }: CallContext) => keys.push(idempotencyKey);
    await process(
      always(),
      async ({ call }) => {
        await Promise.all([call('crm', note), call('erp', note), call('crm', note), call('crm', note)]);
      },
      { ids: ['a/b'], rootRun: 'sunday', job: { providers: { crm: { rate: 1000 }, erp: { rate: 1000 } } } },
    );

    expect([...keys].sort()).toEqual(['sunday/a/b/crm', 'sunday/a/b/crm#2', 'sunday/a/b/crm#3', 'sunday/a/b/erp']);
  });
});

describe('several providers', () => {
  const providers: Providers = { crm: { rate: 1, concurrency: 2 }, erp: { rate: 1 } };

  it('each have their own pace: the first one that of the items', async () => {
    const at: string[] = [];
    await process(
      always(),
      async ({ id, call }, { clock }) => {
        await call('crm', () => at.push(`crm ${id} at ${clock.now()}`));
        await call('erp', () => at.push(`erp ${id} at ${clock.now()}`));
      },
      { ids: [1, 2, 3], job: { providers }, itemsPerSecond: 10, budgets: [{ name: 'erp', perSecond: 1 }] },
    );

    expect(at).toEqual(['crm 1 at 0', 'erp 1 at 0', 'crm 2 at 100', 'crm 3 at 200', 'erp 2 at 1000', 'erp 3 at 2000']);
  });

  it('give back the permit of an item that asked the others only', async () => {
    const at: number[] = [];
    await process(always(), ({ call }, { clock }) => call('erp', () => at.push(clock.now())), {
      ids: [1, 2, 3],
      job: { providers },
      itemsPerSecond: 0.1,
      budgets: [{ name: 'erp', perSecond: 10 }],
    });

    expect(at).toEqual([0, 100, 200]);
  });

  it('keep the permit of an item that is done by itself: it is paced all the same', async () => {
    const at: number[] = [];
    await process(always(), (_, { clock }) => at.push(clock.now()), {
      ids: [1, 2],
      job: { providers },
      itemsPerSecond: 1,
    });

    expect(at).toEqual([0, 1000]);
  });
});

describe('a provider that takes two calls at a time', () => {
  it('has no more, in the order in which they were asked for, and gets them at its pace when there is room again', async () => {
    const at: string[] = [];
    let underWay = 0;
    let most = 0;
    const { outcomes } = await process(
      always(),
      ({ id, call }, { clock }) =>
        call('crm', async () => {
          at.push(`${id} at ${clock.now()}`);
          underWay += 1;
          most = Math.max(most, underWay);
          await sleep(clock, id === 1 ? 5000 : 1000);
          underWay -= 1;
        }),
      { ids: [1, 2, 3, 4, 5], job: { providers: { crm: { rate: 10, concurrency: 2 } } }, itemsPerSecond: 10 },
    );

    expect(most).toBe(2);
    expect(at).toEqual(['1 at 0', '2 at 100', '3 at 1100', '4 at 2100', '5 at 3100']);
    expect(outcomes).toHaveLength(5);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['done']));
  });

  it('leaves the permit of an item that waits for a place to the next', async () => {
    const at: string[] = [];
    await process(
      always(),
      async ({ id, call }, { clock }) => {
        at.push(`${id} at ${clock.now()}`);
        if (id !== 3) await call('crm', () => sleep(clock, 9000));
      },
      { ids: [1, 2, 3], job: { providers: { crm: { rate: 1, concurrency: 1 } } }, itemsPerSecond: 1 },
    );

    expect(at).toEqual(['1 at 0', '2 at 1000', '3 at 1000']);
  });

  it('does not get at once what waited for it', async () => {
    const at: number[] = [];
    await process(
      always(),
      ({ id, call }, { clock }) =>
        call('crm', async () => {
          at.push(clock.now());
          // The first ones are slow: the others wait for a place, and their permits are over.
          await sleep(clock, Number(id) <= 10 ? 20_000 : 1);
        }),
      {
        ids: Array.from({ length: 60 }, (_, index) => index + 1),
        job: { providers: { crm: { rate: 10, concurrency: 10, timeoutSeconds: 30 } } },
        itemsPerSecond: 10,
      },
    );

    const busiest = Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 1000).length));
    expect(busiest).toBeLessThanOrEqual(11);
  });

  it('lets those that wait come up again when the link ends', async () => {
    const { outcomes } = await process(
      always(),
      ({ id, call }, { clock, paces }) =>
        call('crm', async () => {
          if (id === 1) clock.after(500, () => paces.stop());
          await sleep(clock, 1000);
        }),
      { ids: [1, 2, 3], job: { providers: { crm: { rate: 10, concurrency: 1 } } }, itemsPerSecond: 10 },
    );

    expect(outcomes).toEqual([{ outcome: 'done' }, { outcome: 'carried' }, { outcome: 'carried' }]);
  });
});
