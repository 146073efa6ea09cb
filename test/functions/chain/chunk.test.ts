import { Refusal, type RefusalKind } from '../../../functions/contract/errors';
import { skip } from '../../../functions/contract/job';
import { addOutcome, type ItemOutcome, NO_COUNTS } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import { always, IN_DOUBT, process, UNPROCESSED, type World } from './chunk-world';
import { mailTo } from './fixture';

describe('an item', () => {
  it('whose mail is sent is done', async () => {
    const { outcomes, asked } = await process(always());

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(asked).toEqual([{ to: 'user-1@example.com', at: 0 }]);
  });

  it('that needs no mail is done', async () => {
    expect((await process(always(), () => {})).outcomes).toEqual([{ outcome: 'done' }]);
  });

  it('that the provider rejects is unprocessed, with the provider’s code, and is not tried again', async () => {
    const { outcomes, asked } = await process(always('rejected'));

    expect(outcomes).toEqual([UNPROCESSED]);
    expect(asked).toHaveLength(1);
  });

  it('whose job throws is unprocessed, with the error’s name and the first 500 characters of its message', async () => {
    const { outcomes } = await process(always(), () => {
      throw new TypeError('x'.repeat(600));
    });

    expect(outcomes).toEqual([{ outcome: 'unprocessed', code: 'TypeError', message: 'x'.repeat(500) }]);
  });

  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  it.each([
    [undefined],
    [null],
    [0],
    [Object.create(null)],
    [{ message: Object.create(null), name: 7 }],
    [Symbol('x')],
    [() => revoked()],
  ])('whose job throws %p is unprocessed', async (thrown) => {
    const { outcomes } = await process(always(), () => {
      throw typeof thrown === 'function' ? thrown() : thrown;
    });

    expect(outcomes).toMatchObject([{ outcome: 'unprocessed', code: expect.any(String), message: expect.any(String) }]);
  });

  it.each([
    ['x'.repeat(200), 'x'.repeat(100)],
    [`${'x'.repeat(99)}😀`, 'x'.repeat(99)],
    ['Bad\r\nName\u001b[2J', 'Bad Name [2J'],
    ['', 'Unknown'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('whose job throws an error called %.20j has a code of one short line', async (name, code) => {
    const { outcomes } = await process(always(), () => {
      throw Object.assign(new Error('no'), { name });
    });

    expect(outcomes).toEqual([{ outcome: 'unprocessed', code, message: 'no' }]);
  });

  it('that a provider rejects with a code that is none has one all the same', async () => {
    const { outcomes } = await process(always(), () => {
      throw new Refusal('rejected', `${'x'.repeat(200)}`, 'no');
    });

    expect(outcomes).toMatchObject([{ code: 'x'.repeat(100) }]);
  });

  it('keeps no recipient’s address and no unsubscribe token in what is stored of an error', async () => {
    const email = {
      ...mailTo(1),
      to: 'zoe@example.org',
      unsubscribeUrl: 'https://example.com/u/t0ken-abc?token=s3cret',
    };
    const { outcomes } = await process(always(), async ({ send }) => {
      await send(email);
      throw new Error(`No page for s3cret (t0ken-abc) of ${email.to}, see ${email.unsubscribeUrl} or zoe@example.org.`);
    });

    expect(outcomes).toEqual([
      {
        outcome: 'in-doubt',
        code: 'Error',
        message: 'No page for <redacted> (<redacted>) of <redacted>, see <redacted> or <redacted>.',
      },
    ]);
  });

  it('keeps no address in what is stored of an error that came before any mail', async () => {
    const { outcomes } = await process(always(), () => {
      throw new Error('Row of <zoe@example.org> is broken: https://example.com/u?token=abc, mailto:zoe%40example.org');
    });

    expect(outcomes).toMatchObject([
      { message: 'Row of <<address>> is broken: https://example.com/… mailto:<address>' },
    ]);
  });

  it.each([
    ['unsubscribed', 'unsubscribed'],
    ['x'.repeat(200), 'x'.repeat(64)],
    [`${'x'.repeat(63)}😀`, 'x'.repeat(63)],
    ['a\nb', 'a b'],
    ['', 'no reason'],
    [undefined, 'no reason'],
    [{}, 'no reason'],
    ['__proto__', '"__proto__"'],
    ['constructor', '"constructor"'],
    ['toString', 'toString'],
  ])('that is skipped because of %.20j counts under a short name', async (reason, kept) => {
    expect((await process(always(), () => skip(reason as string))).outcomes).toEqual([
      { outcome: 'skipped', reason: kept },
    ]);
  });

  it('whose answer stays open is in doubt, and is not tried again', async () => {
    const { outcomes, asked } = await process(always('ambiguous'));

    expect(outcomes).toEqual([IN_DOUBT]);
    expect(asked).toHaveLength(1);
  });

  it('that the job skips counts by its reason', async () => {
    expect((await process(always(), () => skip('unsubscribed'))).outcomes).toEqual([
      { outcome: 'skipped', reason: 'unsubscribed' },
    ]);
  });

  it('without data is skipped as not found', async () => {
    const { outcomes, asked } = await process(always(), undefined, { data: new Map() });

    expect(outcomes).toEqual([{ outcome: 'skipped', reason: 'not-found' }]);
    expect(asked).toEqual([]);
  });

  it('that meets the end of the daily quota comes up again, and nothing more is to be started', async () => {
    const { outcomes, events } = await process(always('quota-exhausted'));

    expect(outcomes).toEqual([{ outcome: 'carried', quotaExhausted: 'The provider said quota-exhausted.' }]);
    expect(events).toContain('quota exhausted');
  });

  it('that is throttled is tried again under a slower pace until it is sent', async () => {
    const throttledTwice = (attempt: number) => (attempt <= 2 ? 'throttled' : undefined);
    const { outcomes, asked, pace } = await process(throttledTwice, undefined, { itemsPerSecond: 1 });

    expect(outcomes).toEqual([{ outcome: 'done' }]);
    expect(asked.map(({ at }) => at)).toEqual([0, 1000, expect.any(Number)]);
    expect(asked[2]?.at).toBeGreaterThan(2500);
    expect(pace.throttles).toBe(2);
  });
});

describe('a chunk', () => {
  const ids: readonly ItemId[] = [1, 2, 'three', 4];
  const addresses = (asked: World['asked']) => asked.map(({ to }) => to.slice(5, -12));

  it('starts its items in order at the pace, and answers in their order whoever is first', async () => {
    const provider = (attempt: number, { clock }: World) =>
      new Promise<RefusalKind | undefined>((resolve) => {
        clock.after(attempt === 1 ? 9000 : 10, () => resolve(attempt === 1 ? 'rejected' : undefined));
      });

    const { outcomes, asked } = await process(provider, undefined, { ids, itemsPerSecond: 2 });

    expect(asked.map(({ at }) => at)).toEqual([0, 500, 1000, 1500]);
    expect(addresses(asked)).toEqual(['1', '2', 'three', '4']);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unprocessed', 'done', 'done', 'done']);
  });

  it('tells when the last item was started, before that item is done', async () => {
    const { events } = await process(
      async (attempt, { clock, events: seen }) => {
        await new Promise<void>((resolve) => {
          clock.after(5000, resolve);
        });
        seen.push(`answer ${attempt}`);
        return undefined;
      },
      undefined,
      { ids: [1, 2], itemsPerSecond: 100 },
    );

    expect(events).toEqual(['started', 'answer 1', 'answer 2']);
  });

  it('spends no time on items that send nothing: their permits go to the next', async () => {
    const { asked } = await process(always(), ({ id, send }) => (id === 4 ? send(mailTo(id)) : skip('unsubscribed')), {
      ids,
      // 1 is not found, the others but the last are skipped.
      data: new Map(ids.slice(1).map((id) => [id, {}])),
      itemsPerSecond: 1,
    });

    expect(asked).toEqual([{ to: 'user-4@example.com', at: 0 }]);
  });

  it('carries every item that was not started when the pace is stopped', async () => {
    const { outcomes, asked } = await process(
      (attempt, { pace }) => {
        if (attempt === 2) pace.stop();
        return undefined;
      },
      undefined,
      { ids },
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'carried', 'carried']);
    expect(asked).toHaveLength(2);
  });

  it('touches no further item once the lease is lost, not even between a job’s start and its send', async () => {
    const { outcomes, asked } = await process(
      always(),
      async ({ id, send }, world) => {
        if (id === 2) world.held = false;
        await send(mailTo(id));
      },
      { ids },
    );

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'carried', 'carried', 'carried']);
    expect(addresses(asked)).toEqual(['1']);
  });

  it('carries an item that is throttled when the link has to end', async () => {
    const { outcomes, asked } = await process(
      (_, { clock, pace }) => {
        clock.after(100, () => pace.stop());
        return 'throttled';
      },
      undefined,
      { itemsPerSecond: 1 },
    );

    expect(outcomes).toEqual([{ outcome: 'carried' }]);
    expect(asked).toHaveLength(1);
  });

  it('carries everything when the lease was lost before its first item', async () => {
    const { outcomes } = await process(always(), undefined, { ids, lease: { held: () => false } });

    expect(outcomes).toEqual(ids.map(() => ({ outcome: 'carried' })));
  });
});

describe('counts', () => {
  const failure = { code: 'X', message: 'x' };

  it('add every outcome but what comes up again', () => {
    const outcomes: ItemOutcome[] = [
      { outcome: 'done' },
      { outcome: 'done' },
      { outcome: 'skipped', reason: 'unsubscribed' },
      { outcome: 'unprocessed', ...failure },
      { outcome: 'in-doubt', ...failure },
      { outcome: 'carried' },
    ];
    const before = { done: 1, skipped: 1, unprocessed: 1, inDoubt: 1, skippedBecause: { unsubscribed: 1 } };

    expect(outcomes.reduce(addOutcome, before)).toEqual({
      done: 3,
      skipped: 2,
      unprocessed: 2,
      inDoubt: 2,
      skippedBecause: { unsubscribed: 2 },
    });
    expect(before.skippedBecause).toEqual({ unsubscribed: 1 });
  });

  it('keep twenty reasons apart, so that a job that invents reasons does not outgrow the ledger', () => {
    const outcomes = Array.from(
      { length: 30 },
      (_, index): ItemOutcome => ({ outcome: 'skipped', reason: `r${index}` }),
    );

    const { skipped, skippedBecause } = [...outcomes, { outcome: 'skipped', reason: 'r3' } as const].reduce(
      addOutcome,
      NO_COUNTS,
    );

    expect(skipped).toBe(31);
    expect(Object.keys(skippedBecause)).toHaveLength(21);
    expect(skippedBecause).toMatchObject({ r3: 2, r19: 1, other: 10 });
  });

  it('keep a reason short whoever counts it', () => {
    const outcomes: ItemOutcome[] = [{ outcome: 'skipped', reason: 'x'.repeat(1000) }];

    expect(outcomes.reduce(addOutcome, NO_COUNTS).skippedBecause).toEqual({ ['x'.repeat(64)]: 1 });
  });
});
