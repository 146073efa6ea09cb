import { defineJob, type Email, idRange, type Job, Refusal, type RefusalKind, skip } from 'worker-chains';
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
});
