import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { LocalTemplate } from '../../local/template/local-template';
import { Account, deployedTemplate, oneEach, reportOf, sentenceOf } from './whole-run';

let account: Account;

beforeAll(async () => {
  const template: LocalTemplate = await deployedTemplate();
  account = await Account.open({ template, isolated: true });
});

afterAll(() => account.close());

const CREATE = ['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'];
const RECONCILE = CREATE;
const ITERATION = [
  'MapIterationStarted',
  'TaskStateEntered',
  'TaskScheduled',
  'TaskStarted',
  'TaskSubmitted',
  'TaskSucceeded',
  'TaskStateExited',
  'MapIterationSucceeded',
];
const BEFORE = ['ExecutionStarted', ...CREATE, 'MapStateEntered', 'MapStateStarted'];
const AFTER = [
  'MapStateSucceeded',
  'MapStateExited',
  'ChoiceStateEntered',
  'ChoiceStateExited',
  ...RECONCILE,
  'ExecutionSucceeded',
];

const types = (events: readonly HistoryEvent[]) => events.map(({ type }) => type);

/** The events of one iteration, found backwards through previousEventId. */
function iteration(events: readonly HistoryEvent[], index: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let event = events.find((candidate) => candidate.mapIterationSucceededEventDetails?.index === index);
  while (event !== undefined) {
    found.unshift(event.type);
    event = event.type === 'MapIterationStarted' ? undefined : events[(event.previousEventId ?? 0) - 1];
  }
  return found;
}

describe('the mails of a run', () => {
  it('reach each recipient once, but nobody who is missing or has unsubscribed', async () => {
    await account.subscribe(1, 60, { missing: [7], unsubscribed: [13, 60] });
    const report = reportOf(await account.run({ job: 'weekly-digest', ids: { first: 1, last: 60 }, chains: 3 }));
    expect(account.mails(1, 60)).toEqual(oneEach(1, 60, [7, 13, 60]));
    expect(report).toMatchObject({ planned: 60, done: 57, skipped: 3, unprocessed: 0, inDoubt: 0, chains: 3 });
    expect(report.skippedBecause).toEqual({ unsubscribed: 2, 'not-found': 1 });
  });

  it('are personal, in the language of the recipient, and can be unsubscribed from by one click', async () => {
    await account.subscribe(101, 102);
    await account.run({ job: 'weekly-digest', ids: { first: 101, last: 102 }, chains: 1 });

    const english = await account.mailTo(101);
    expect(english.subject).toMatch(/^Your week: /);
    for (const body of [english.html, english.text]) {
      expect(body).toContain('Hello Zoë Reader-101,');
      expect(body).toContain('1,101');
      expect(body).not.toContain('102');
    }
    expect(english.html).toContain('Title &lt;101&gt;');

    const german = await account.mailTo(102);
    expect(german.subject).toMatch(/^Ihre Woche: /);
    expect(german.text).toContain('Hallo Zoë Reader-102,');
    expect(german.text).toContain('1.102');

    const headers = Object.fromEntries(german.headers);
    expect(headers.To).toBe('Zoë Reader-102 <reader.102@example.com>');
    const [, link = ''] =
      /^<(https:\/\/\w+\.lambda-url\.us-east-1\.on\.aws\/\?t=[\w.-]+)>$/.exec(headers['List-Unsubscribe'] ?? '') ?? [];
    expect(link).not.toBe('');
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(german.text).toContain(link);
  });
});

describe('the history of a run', () => {
  it('is that of AWS for one chain, event by event', async () => {
    await account.subscribe(201, 205);
    const { executionArn } = await account.run({ job: 'weekly-digest', ids: { first: 201, last: 205 }, chains: 1 });
    expect(types(await account.history(executionArn))).toEqual([...BEFORE, ...ITERATION, ...AFTER]);
  });

  it('has the same frame around two chains, each with its own eight events in order', async () => {
    await account.subscribe(211, 220);
    const { executionArn } = await account.run({ job: 'weekly-digest', ids: { first: 211, last: 220 }, chains: 2 });
    const events = await account.history(executionArn);
    const [first, last] = [BEFORE.length, events.length - AFTER.length];

    expect(types(events.slice(0, first))).toEqual(BEFORE);
    // How the chains' events interleave is theirs to decide; that there is no other event between them is not.
    expect(last - first).toBe(2 * ITERATION.length);
    expect(iteration(events, 0)).toEqual(ITERATION);
    expect(iteration(events, 1)).toEqual(ITERATION);
    expect(types(events.slice(last))).toEqual(AFTER);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  });

  it('grows by exactly eight events with each further chain', async () => {
    await account.subscribe(231, 250);
    const counts: number[] = [];
    for (const chains of [3, 4]) {
      const ids = { first: 231 + 10 * (chains - 3), last: 240 + 10 * (chains - 3) };
      const { executionArn } = await account.run({ job: 'weekly-digest', ids, chains });
      counts.push((await account.history(executionArn)).length);
    }
    expect(counts).toEqual([18 + 3 * 8, 18 + 4 * 8]);
  });
});

describe('chains end cleanly', () => {
  it('when there is no item: no chain, no mail, a report of zeros', async () => {
    const ended = await account.run({ job: 'weekly-digest', ids: { first: 301, last: 300 }, chains: 4 });
    expect(reportOf(ended)).toMatchObject({ planned: 0, done: 0, skipped: 0, chains: 0, links: 0 });
    expect(types(await account.history(ended.executionArn))).toEqual([...BEFORE, ...AFTER]);
  });

  it('when there is one item, with the id 0', async () => {
    await account.subscribe(0, 0);
    const report = reportOf(await account.run({ job: 'weekly-digest', ids: { first: 0, last: 0 }, chains: 4 }));
    expect(report).toMatchObject({ planned: 1, done: 1, chains: 1, links: 1 });
    expect(account.mails(0, 0)).toEqual(oneEach(0, 0));
  });

  it('when there are fewer items than chains: one chain each', async () => {
    await account.subscribe(311, 313);
    const report = reportOf(await account.run({ job: 'weekly-digest', ids: { first: 311, last: 313 }, chains: 5 }));
    expect(report).toMatchObject({ planned: 3, done: 3, chains: 3 });
    expect(account.mails(311, 313)).toEqual(oneEach(311, 313));
  });

  it('when the items do not divide by the chains, nor a chain by its chunks', async () => {
    await account.subscribe(1_000_321, 1_000_351);
    const ids = { first: 1_000_321, last: 1_000_351 };
    const ended = await account.run({ job: 'weekly-digest', ids, chains: 4, chunkItems: 3 });
    expect(reportOf(ended)).toMatchObject({ planned: 31, done: 31, chains: 4 });
    expect(account.mails(ids.first, ids.last)).toEqual(oneEach(ids.first, ids.last));
    const chains = await account.ledger.readChains(ended.name as string);
    expect(chains.map(({ items }) => items)).toEqual([8, 8, 8, 7]);
    expect(chains.map(({ cursor }) => cursor)).toEqual(chains.map(({ end }) => end));
  });

  it('when links hand over in the middle of a chain', async () => {
    await account.subscribe(401, 450);
    const ended = await account.run({
      job: 'weekly-digest',
      ids: { first: 401, last: 450 },
      chains: 2,
      rate: 20,
      chunkItems: 4,
      linkSeconds: 1,
    });
    const { links, done } = reportOf(ended);
    expect(done).toBe(50);
    expect(links).toBeGreaterThanOrEqual(4);
    expect(account.mails(401, 450)).toEqual(oneEach(401, 450));
    // A handoff is Lambda's business: the execution sees the chain's end alone.
    expect((await account.history(ended.executionArn)).length).toBe(18 + 2 * 8);
  });

  it('when the items are a list of ids in no order', async () => {
    await account.subscribe(501, 520);
    const ids = [517, 503, 511, 520, 502];
    const report = reportOf(await account.run({ job: 'weekly-digest', ids, chains: 2 }));
    expect(report).toMatchObject({ planned: 5, done: 5 });
    expect([...account.mails(501, 520).keys()].sort()).toEqual([...ids].sort());
  });
});

describe('a run is refused with one sentence and no mail', () => {
  const ids = { first: 601, last: 610 };
  beforeAll(() => account.subscribe(601, 610));

  it.each([
    ['an unknown field', { job: 'weekly-digest', ids, chain: 3 }, /unknown field `chain`/],
    [
      'a range that ends before it starts',
      { job: 'weekly-digest', ids: { first: 610, last: 601 } },
      /first 610 and last 601/,
    ],
    [
      'a job that does not exist',
      { job: 'monthly-digest', ids },
      /`job` to be "weekly-digest", the job of this state machine, got "monthly-digest"/,
    ],
    ['no job', { ids }, /`job` to be the name of a job, got nothing/],
    ['no items', { job: 'weekly-digest' }, /`ids` to be a range .* got nothing/],
    [
      'more than 40 chains',
      { job: 'weekly-digest', ids, chains: 41 },
      /`chains` to be an integer from 1 to 40, got 41/,
    ],
    [
      'a rate above the account’s',
      { job: 'weekly-digest', ids, rate: 2001 },
      /sending rate of 2000 per second, got 2001/,
    ],
    ['a run that never was', { job: 'weekly-digest', resume: 'nothing' }, /`resume` to be a run .* got "nothing"/],
  ])('for %s', async (_, input, sentence) => {
    const ended = await account.run(input);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Run.InvalidInput' });
    expect(sentenceOf(ended)).toMatch(sentence);
    expect(sentenceOf(ended)).toMatch(/^Expected [^\n]+\.$/);
    expect(account.mails(601, 610).size).toBe(0);
    expect((await account.history(ended.executionArn)).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'ExecutionFailed',
    ]);
  });

  it('and does not stand in the way of the next run', async () => {
    expect(reportOf(await account.run({ job: 'weekly-digest', ids, chains: 1 })).done).toBe(10);
    expect(account.mails(601, 610)).toEqual(oneEach(601, 610));
  });
});
