import {
  type CallContext,
  defineJob,
  type Email,
  idRange,
  inDoubt,
  type Job,
  type Provider,
  Refusal,
  type RefusalKind,
  rejected,
  skip,
  throttled,
} from 'worker-chains';
import { processItems } from 'worker-chains/testing';

interface Person {
  readonly email: string;
  readonly away?: boolean;
}

const mailTo = (to: string): Email => ({
  to,
  subject: 'News',
  html: '<p>News</p>',
  text: 'News',
  unsubscribeUrl: 'https://example.com/unsubscribe?token=t0ken123',
});

const news = (change: Partial<Pick<Job<Person>, 'load' | 'process' | 'delivery'>> = {}): Job<Person> =>
  defineJob<Person>({
    name: 'news',
    source: idRange(),
    load: async () => new Map(),
    process: (person, { send }) => (person.away ? skip('away') : send(mailTo(person.email))),
    ...change,
  });

const ZOE: Person = { email: 'zoe@example.com' };
const refusing = (kind: RefusalKind, code: string) => () => {
  throw new Refusal(kind, code, `The provider said ${kind}.`);
};

describe('processItems', () => {
  test('tells how each item came out, and gives the mails that were accepted', async () => {
    const rows = new Map([
      [1, ZOE],
      [2, { email: 'max@example.com', away: true }],
    ]);

    const { outcomes, mails } = await processItems(news(), { ids: [1, 2, 3], rows });

    expect([...outcomes]).toEqual([
      [1, { outcome: 'done' }],
      [2, { outcome: 'skipped', reason: 'away' }],
      [3, { outcome: 'skipped', reason: 'not-found' }],
    ]);
    expect(mails).toEqual([mailTo(ZOE.email)]);
  });

  test('loads at most 100 ids at a time by the job’s own load', async () => {
    const load = jest.fn(async (ids: readonly (number | string)[]) => new Map(ids.map((id) => [id, ZOE])));
    const ids = Array.from({ length: 250 }, (_, id) => id);

    const { outcomes, mails } = await processItems(news({ load }), { ids });

    expect(load.mock.calls.map(([chunk]) => chunk.length)).toEqual([100, 100, 50]);
    expect(load.mock.calls.flatMap(([chunk]) => chunk)).toEqual(ids);
    expect([...outcomes.keys()]).toEqual(ids);
    expect(mails).toHaveLength(250);
  });

  test.each([
    ['rejected', { outcome: 'unprocessed', code: 'Code', message: 'The provider said rejected.' }],
    ['ambiguous', { outcome: 'in-doubt', code: 'Code', message: 'The provider said ambiguous.' }],
    ['quota-exhausted', { outcome: 'carried' }],
  ] as const)('judges a mail that was %s as a run does', async (kind, outcome) => {
    const { outcomes, mails } = await processItems(news(), {
      ids: [1],
      rows: new Map([[1, ZOE]]),
      send: refusing(kind, 'Code'),
    });

    expect(outcomes.get(1)).toEqual(outcome);
    expect(mails).toEqual([]);
  });

  test('starts nothing more once the quota is spent', async () => {
    const rows = new Map(Array.from({ length: 200 }, (_, id) => [id, ZOE]));
    let asked = 0;

    const { outcomes } = await processItems(news(), {
      ids: [...rows.keys()],
      rows,
      send: () => {
        asked += 1;
        throw new Refusal('quota-exhausted', 'Throttling', 'Daily message quota exceeded.');
      },
    });

    expect(new Set([...outcomes.values()].map(({ outcome }) => outcome))).toEqual(new Set(['carried']));
    expect(outcomes.size).toBe(200);
    expect(asked).toBeLessThan(100);
  });

  test('sends a throttled mail again, without letting anybody wait', async () => {
    let asked = 0;

    const { outcomes, mails } = await processItems(news(), {
      ids: [1],
      rows: new Map([[1, ZOE]]),
      send: () => {
        asked += 1;
        if (asked < 100) throw new Refusal('throttled', 'Throttling', 'Maximum sending rate exceeded.');
      },
    });

    expect(outcomes.get(1)).toEqual({ outcome: 'done' });
    expect([asked, mails.length]).toEqual([100, 1]);
  });

  test('gives up on a mail service that throttles for ever', async () => {
    const options = { ids: [1], rows: new Map([[1, ZOE]]), send: refusing('throttled', 'Throttling') };

    await expect(processItems(news(), options)).rejects.toThrow(
      'Expected `send` to accept a mail at some time, got 1000 throttles in a row: let it succeed after some of them.',
    );
  });

  test('repeats a mail in doubt for a job that is to deliver at least once', async () => {
    let asked = 0;
    const send = () => {
      asked += 1;
      if (asked === 1) throw new Refusal('ambiguous', 'TimeoutError', 'No answer.');
    };

    const { outcomes } = await processItems(news({ delivery: 'at-least-once' }), {
      ids: [1],
      rows: new Map([[1, ZOE]]),
      send,
    });

    expect(outcomes.get(1)).toEqual({ outcome: 'done' });
    expect(asked).toBe(2);
  });

  test('refuses a mail that could not be composed before the mail service hears of it', async () => {
    const send = jest.fn();

    const { outcomes } = await processItems(news(), { ids: [1], rows: new Map([[1, { email: 'nobody' }]]), send });

    expect(outcomes.get(1)).toMatchObject({ outcome: 'unprocessed', code: 'InvalidEmail' });
    expect(send).not.toHaveBeenCalled();
  });

  test('keeps what a job throws, without the recipient’s address, as the ledger does', async () => {
    const process: Job<Person>['process'] = async ({ email }, { send }) => {
      await send(mailTo(email));
      throw new TypeError(`${email} is odd`);
    };

    const { outcomes } = await processItems(news({ process }), { ids: [1], rows: new Map([[1, ZOE]]) });

    expect(outcomes.get(1)).toMatchObject({ outcome: 'in-doubt', code: 'TypeError' });
    expect(JSON.stringify(outcomes.get(1))).not.toContain(ZOE.email);
  });

  describe('of a job that calls providers', () => {
    type Attempt = (context: CallContext) => unknown;
    const calling = (attempt: Attempt, provider: Partial<Provider> = {}) =>
      defineJob<Person>({
        name: 'sync',
        source: idRange(),
        load: async () => new Map(),
        providers: { crm: { rate: 1, ...provider } },
        process: (_, { call }) => call('crm', attempt),
      });
    const of = (job: Job<Person>, ids: readonly number[] = [1], runId?: string) =>
      processItems(job, { ids, rows: new Map(ids.map((id) => [id, ZOE])), ...(runId && { runId }) });

    test('has the attempt answer, with the key that a run would give it', async () => {
      const keys: string[] = [];
      const job = calling(({ idempotencyKey, signal }) => keys.push(idempotencyKey) && signal.aborted);

      expect([...(await of(job, [1, 2])).outcomes.values()]).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
      await of(job, [3], 'monday');
      expect(keys).toEqual(['run/1/crm', 'run/2/crm', 'monday/3/crm']);
    });

    test.each([
      [rejected('Gone'), { outcome: 'unprocessed', code: 'Gone' }],
      [inDoubt('NoAnswer'), { outcome: 'in-doubt', code: 'NoAnswer' }],
      [new TypeError('no'), { outcome: 'in-doubt', code: 'TypeError' }],
      [new Refusal('quota-exhausted', 'Daily', 'no more today'), { outcome: 'carried' }],
    ])('judges %s as a run does', async (error, outcome) => {
      const { outcomes } = await of(
        calling(() => {
          throw error;
        }),
      );

      expect(outcomes.get(1)).toMatchObject(outcome);
    });

    test('asks again what was throttled, without waiting, and in doubt where the provider knows the key', async () => {
      let tries = 0;
      const attempt = () => {
        tries += 1;
        if (tries <= 50) throw throttled(600);
        if (tries <= 53) throw inDoubt('NoAnswer');
      };

      expect((await of(calling(attempt, { idempotent: true }))).outcomes.get(1)).toEqual({ outcome: 'done' });
      expect(tries).toBe(54);
    });

    test('gives up on a provider that throttles for ever, and names it', async () => {
      const job = calling(() => {
        throw throttled();
      });

      await expect(of(job)).rejects.toThrow(
        'Expected a call of `crm` to succeed at some time, got 1000 throttles in a row: let it succeed after some of them.',
      );
    });

    test('takes a thousand throttles among calls that succeed', async () => {
      const tried = new Set<string>();
      const job = calling(({ idempotencyKey }) => {
        if (tried.has(idempotencyKey)) return;
        tried.add(idempotencyKey);
        throw throttled();
      });
      const ids = Array.from({ length: 1500 }, (_, id) => id);

      const { outcomes } = await of(job, ids);

      expect(new Set([...outcomes.values()].map(({ outcome }) => outcome))).toEqual(new Set(['done']));
    });
  });
});
