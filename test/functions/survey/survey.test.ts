import { type Job, skip } from '../../../functions/contract/job';
import type { RunInput } from '../../../functions/contract/payloads';
import { ses } from '../../../functions/contract/provider';
import type { ItemsRequest, Outline, SurveyEvent, SurveyedItems } from '../../../functions/contract/survey-event';
import { rejected } from '../../../functions/contract/verdicts';
import { Mailer } from '../../../functions/email/mailer';
import { defineJob } from '../../../functions/jobs/define-job';
import { recipientKeyOf } from '../../../functions/ledger/recipients';
import { idRange } from '../../../functions/sources/id-range';
import { wireSurvey } from '../../../functions/wiring/wire-survey';
import { VirtualClock } from '../../support/virtual-clock';
import { LEDGER_TABLE, memoryTable } from '../chain/fixture';

interface User {
  readonly email: string;
  readonly unsubscribed?: boolean;
}

const LAST = 25;
/** 3 has unsubscribed, 5 is no address, 7 has none; 8 and 9 share one, and nobody is 11. */
function userOf(id: number): User | undefined {
  if (id === 11) return undefined;
  const email = id === 5 ? 'nobody' : id === 8 || id === 9 ? 'both@example.com' : `user.${id}@example.com`;
  return { email, unsubscribed: id === 3 };
}

const JOB = defineJob<User>({
  name: 'digest',
  source: idRange(),
  load: async (ids) => new Map(ids.flatMap((id) => (userOf(Number(id)) ? [[id, userOf(Number(id)) as User]] : []))),
  process: (user, { id, send }) => {
    if (id === 7) throw new TypeError('There is no seventh.');
    if (user.unsubscribed) return skip('unsubscribed');
    return send(mailFor(user.email));
  },
  tolerate: { unprocessed: 0.1 },
});

function mailFor(to: string) {
  return { to, subject: 'Your week', html: '<p>Hello</p>', text: 'Hello', unsubscribeUrl: 'https://example.com/u' };
}

class World {
  readonly tables = memoryTable();
  readonly operations: string[] = [];
  remaining = 900_000;
  private readonly ask: ReturnType<typeof wireSurvey>;

  constructor(job: Job = JOB as Job, perDay = 50_000) {
    const clock = new VirtualClock();
    const mailer = new Mailer({ send: () => Promise.reject(new Error('A survey must not send.')) } as never, {
      sender: 'digest@example.com',
      now: () => clock.now(),
    });
    this.ask = wireSurvey({
      clock,
      random: () => 0.5,
      tableName: LEDGER_TABLE,
      dynamoDb: {
        send: (command: { readonly constructor: { readonly name: string }; readonly input: never }) => {
          const operation = command.constructor.name.replace('Command', '');
          this.operations.push(operation);
          return this.tables.handle(`${operation}Item`.replace('QueryItem', 'Query'), command.input);
        },
      } as never,
      findJob: () => job,
      readQuota: async () => ({ perSecond: 250, perDay, usedToday: 1000 }),
      sendShare: 0.8,
      linkSeconds: 720,
      draft: async (email) => {
        const { to, raw } = await mailer.compose(email);
        return { raw, recipient: recipientKeyOf(to) };
      },
    });
  }

  outline(input: Partial<RunInput> = {}, parts = 1): Promise<Outline> {
    const survey = {
      step: 'outline',
      input: { job: 'digest', ids: { first: 1, last: LAST }, ...input },
      parts,
    } as const;
    return this.asked<Outline>({ survey });
  }

  async items(change: Partial<ItemsRequest> = {}): Promise<SurveyedItems> {
    const { input, plan } = await this.outline();
    const { start: cursor, end } = plan;
    return this.asked<SurveyedItems>({
      survey: { step: 'items', input, plan, cursor, end, limit: 1000, samples: 0, ...change },
    });
  }

  private asked<Answer>(event: SurveyEvent): Promise<Answer> {
    return this.ask(event, () => this.remaining) as Promise<Answer>;
  }
}

describe('a survey', () => {
  it('says what a run would cover, and what it may use', async () => {
    expect(await new World().outline({ chains: 3 }, 5)).toMatchObject({
      job: 'digest',
      plan: { start: 1, end: LAST + 1, items: LAST },
      parts: [{}, {}, {}, {}, {}],
      rate: 200,
      chains: 3,
      linkSeconds: 720,
      tolerated: 0.1,
      sendsMail: true,
      quotaPerSecond: 250,
      quotaPerDay: 50_000,
      usedToday: 1000,
    });
  });

  it('says how each item would come out, and whom its mail would go to', async () => {
    const { items, counts, errors, recipients, next } = await new World().items();
    expect({ items, counts, errors, next }).toEqual({
      items: LAST,
      counts: {
        done: LAST - 4,
        skipped: 2,
        skippedBecause: { unsubscribed: 1, 'not-found': 1 },
        unprocessed: 2,
        inDoubt: 0,
      },
      errors: [
        { code: 'InvalidEmail', count: 1, exampleIds: [5], messages: [expect.stringContaining('`to`')] },
        { code: 'TypeError', count: 1, exampleIds: [7], messages: [expect.stringMatching(/./)] },
      ],
      next: undefined,
    });
    expect([recipients.length, new Set(recipients).size]).toEqual([LAST - 4, LAST - 5]);
    expect(recipients.join()).not.toContain('example');
  });

  it('names an address once for an item, however many mails of it go there; says what becomes of another item’s', async () => {
    const process: Job['process'] = async (_, { send }) => {
      await Promise.all(['a', 'a', 'b'].map((name) => send(mailFor(`${name}@example.com`))));
    };
    const world = new World({ ...JOB, process, mail: { sameAddress: 'skip' } } as Job);
    const { items, recipients } = await world.items({ limit: 2 });
    expect([items, recipients.length, new Set(recipients).size]).toEqual([2, 4, 2]);
    expect(await world.outline({}, 1)).toMatchObject({ sameAddress: 'skip' });
  });

  it('keeps some of what many items with one error say', async () => {
    const job = defineJob({
      ...JOB,
      process: (_: unknown, { id }) => Promise.reject(new TypeError(`There is no item ${id}.`)),
    });
    const { errors } = await new World(job as Job).items();
    expect(errors).toMatchObject([{ code: 'TypeError', count: LAST - 1, messages: { length: 5 } }]);
  });

  it('gives whole mails as samples, as many as were asked for', async () => {
    const { samples } = await new World().items({ samples: 2 });
    expect(samples.map(({ id, email }) => [id, email.to])).toEqual([
      [1, 'user.1@example.com'],
      [2, 'user.2@example.com'],
    ]);
    expect(Buffer.from(samples[0]?.raw ?? '', 'base64').toString()).toContain('Subject: Your week');
  });

  it('looks at no more than it was asked to, and says where to go on', async () => {
    const world = new World();
    const first = await world.items({ limit: 10 });
    const second = await world.items({ cursor: first.next as number });
    expect([first.items, first.next, second.items, second.next]).toEqual([10, 11, LAST - 10, undefined]);
  });

  it('answers what it has when the time of its invocation comes to its end', async () => {
    const world = new World({
      ...JOB,
      source: { ...idRange(), read: async (_, cursor) => oneAt(Number(cursor)) },
    } as Job);
    world.remaining = 1000;
    expect(await world.items()).toMatchObject({ items: 1, next: 2 });
  });

  it('writes nothing to the ledger, and reads no more than its source does', async () => {
    const world = new World();
    await world.items();
    expect(world.operations.filter((operation) => /Put|Update|Delete/.test(operation))).toEqual([]);
  });

  it('makes no call: an item is followed up to its first one', async () => {
    let attempts = 0;
    const job = defineJob<User>({
      name: 'digest',
      source: idRange(),
      load: JOB.load as never,
      providers: { crm: { rate: 50, concurrency: 2 }, mail: ses() },
      process: async (user, { id, call, send }) => {
        if (id === 1) throw rejected('NoConsent', 'They have not agreed.');
        await call('crm', () => {
          attempts += 1;
        });
        await send(mailFor(user.email));
      },
    });
    const { counts, calls, recipients } = await new World(job as Job).items();
    expect({ counts, calls, recipients, attempts }).toEqual({
      counts: { done: LAST - 2, skipped: 1, skippedBecause: { 'not-found': 1 }, unprocessed: 1, inDoubt: 0 },
      calls: { crm: LAST - 2 },
      recipients: [],
      attempts: 0,
    });
  });

  it('looks at items in chunks where the job processes them so, and makes none of their calls', async () => {
    const chunks: number[] = [];
    const job = defineJob<User>({
      name: 'digest',
      source: idRange(),
      load: JOB.load as never,
      providers: { api: { rate: 50 } },
      chunkItems: 10,
      processChunk: async (items, { call }) => {
        chunks.push(items.length);
        await call('api', () => Promise.reject(new Error('It must not be called.')));
        return items.map(() => 'done' as const);
      },
    });
    const world = new World(job as Job);
    // 50 calls a second, for a chunk of ten each.
    const { rate, quotaPerSecond } = await world.outline();
    expect([rate, quotaPerSecond]).toEqual([500, 500]);
    const { counts, calls } = await world.items();
    expect({ chunks, done: counts.done, calls }).toEqual({ chunks: [10, 9, 5], done: LAST - 1, calls: { api: 3 } });
  });

  it('refuses an input that a run would be refused for, in the same sentence', async () => {
    await expect(new World().outline({ chains: 0 })).rejects.toMatchObject({ name: 'Run.InvalidInput' });
    await expect(new World().outline({ ids: { first: 9, last: 1 } })).rejects.toMatchObject({
      name: 'Run.InvalidInput',
    });
  });

  it('says why a rate is too high, and what there would be otherwise', async () => {
    const { rate, refused } = await new World().outline({ rate: 300 });
    expect([rate, refused]).toEqual([200, expect.stringContaining('Expected `rate` to be at most')]);
  });
});

async function oneAt(cursor: number) {
  return { ids: [cursor], next: cursor + 1 };
}

describe('the hours of items', () => {
  const window = { from: '09:00', until: '17:00', zone: 'Europe/London' } as const;

  it('are told as the job says them', async () => {
    expect(await new World().outline()).not.toHaveProperty('hours');
    const ofJob = { ...JOB, sendWindow: window } as Job;
    expect((await new World(ofJob).outline()).hours).toEqual({ ...window, areOwn: false });
    expect(await new World(ofJob).items()).not.toHaveProperty('closed');
  });

  it('of their own are counted by when they begin, and nobody is left out who could be mailed', async () => {
    // It is 08:00 in London, 13:45 in Kathmandu and 03:00 in New York.
    const zoneOf = ({ email }: User) =>
      /[12]@/.test(email) ? 'America/New_York' : /3@/.test(email) ? 'Asia/Kathmandu' : undefined;
    const world = new World({ ...JOB, sendWindow: { ...window, zoneOf } } as Job);

    expect((await world.outline()).hours).toEqual({ ...window, areOwn: true });
    const { closed, items } = await world.items();
    expect(items).toBe(LAST);
    // 1, 2, 12, 21 and 22 in New York; 3, 13 and 23 in Kathmandu now; nobody is 11; the others in London.
    expect(closed).toEqual({
      [Date.parse('2026-01-05T14:00Z')]: 5,
      [Date.parse('2026-01-05T09:00Z')]: LAST - 5 - 3 - 1,
    });
  });
});
