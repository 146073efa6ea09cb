import type { Email, MailOrigin } from '../../../functions/contract/email';
import { NotBefore, Refusal } from '../../../functions/contract/errors';
import { type ProcessContext, skip } from '../../../functions/contract/job';
import { mailTo } from '../chain/fixture';
import { always, IN_DOUBT, type Process, process, UNPROCESSED } from './items-world';

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

  it('whose mail is refused until a certain time comes up again, and nothing more is to be started before', async () => {
    const asked: MailOrigin[] = [];
    const send = async (_: Email, origin: MailOrigin) => {
      asked.push(origin);
      throw new NotBefore(86_400_000, 'WarmUpDayFull', 'The mails of the day are sent.');
    };
    for (const job of [undefined, ({ id, send: mail }: ProcessContext) => mail(mailTo(id)).catch(() => {})]) {
      const { outcomes, events, pace } = await process(always(), job, { send });
      expect(outcomes).toEqual([{ outcome: 'carried', notBefore: 86_400_000 }]);
      expect(events).toContain('not before 86400000');
      expect(events).not.toContain('quota exhausted');
      expect(pace.throttles).toBe(0);
    }
    expect(asked).toHaveLength(2);
  });

  it('leaves its permit to the next one, where its mail is refused before the provider is asked', async () => {
    const refusals = [new NotBefore(1, 'WarmUpDayFull', 'Full.'), new Refusal('suppressed', 'bounced', 'No.')];
    for (const refusal of refusals) {
      const begun: number[] = [];
      const job: Process = ({ id, send: mail }, { clock }) => {
        begun.push(clock.now());
        return mail(mailTo(id));
      };
      await process(always(), job, { ids: [1, 2], itemsPerSecond: 0.1, send: () => Promise.reject(refusal) });
      expect(begun[1]).toBeLessThan(10_000);
    }
  });

  it('says of each mail whether its item has got something that it must not get again', async () => {
    const begun: (boolean | undefined)[] = [];
    const origins = new Set<MailOrigin>();
    const send = async (_: Email, origin: MailOrigin) => {
      begun.push(origin.isBegun);
      origins.add(origin);
      if (begun.length === 1) throw new Refusal('throttled', 'Throttling', 'Slow down.');
      return { messageId: `mail-${begun.length}` };
    };
    await process(
      always(),
      async ({ id, send: mail }) => {
        await mail(mailTo(id));
        await mail(mailTo(id));
      },
      { send },
    );
    expect(begun).toEqual([false, false, true]);
    // One object for each mail, the same at each try.
    expect(origins.size).toBe(2);
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
