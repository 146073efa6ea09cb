import type { RunReport } from '../../functions/contract/payloads';
import type { MailEvent } from '../../functions/ledger/feedback';
import { Account, deployedTemplate } from './whole-run';

const NO_FATES = { bounces: 0, softBounces: 0, complaints: 0, delays: 0, seed: 7 };
let account: Account;
afterEach(() => account.close());

async function open(fates: Partial<typeof NO_FATES>, items: number): Promise<void> {
  account = await Account.open({ template: await deployedTemplate(), fates: { ...NO_FATES, ...fates } });
  await account.subscribe(1, items);
}

async function saidOf(runId: string): Promise<readonly MailEvent[]> {
  const events: MailEvent[] = [];
  let after: string | undefined;
  do {
    const page = await account.ledger.feedback.list(runId, after === undefined ? {} : { after });
    events.push(...page.events);
    after = page.next;
  } while (after !== undefined);
  return events;
}

test('bounces and complaints come home by id, and the next run sends nothing there', async () => {
  const items = 900;
  await open({ bounces: 0.03, complaints: 0.01, softBounces: 0.02 }, items);
  const ids = { first: 1, last: items };
  const first = await account.run({ job: 'weekly-digest', ids, chains: 4 }, 'first');
  expect(first.status).toBe('SUCCEEDED');
  const report = JSON.parse(first.output as string) as RunReport;
  const hard = (events: readonly MailEvent[]) =>
    events.filter(({ kind }) => kind === 'bounced' || kind === 'complained').map(({ id }) => Number(id));
  const wanted = items * 0.02;
  // The queue is fed to the function in batches of five seconds.
  await account.until('the feedback is there', async () => hard(await saidOf('first')).length > wanted);
  await account.until('all of it', async () => {
    const before = (await saidOf('first')).length;
    await new Promise((resolve) => setTimeout(resolve, 7000));
    return (await saidOf('first')).length === before;
  });
  const events = await saidOf('first');
  const lost = new Set(hard(events));
  expect(events.filter(({ kind }) => kind === 'soft-bounced').length).toBeGreaterThan(3);
  expect(lost.size).toBeGreaterThan(wanted);
  expect(lost.size).toBeLessThan(items * 0.08);

  const mailsBefore = account.engine.inbox.size;
  const second = await account.run({ job: 'weekly-digest', ids, chains: 4 }, 'second');
  const next = JSON.parse(second.output as string) as RunReport;
  expect(next.skippedBecause).toEqual({ ...report.skippedBecause, suppressed: lost.size });
  expect(next.done).toBe(report.done - lost.size);
  expect(account.engine.inbox.size - mailsBefore).toBe(next.done);
  const bouncedAgain = hard(await saidOf('second'));
  expect(bouncedAgain).toEqual([]);
});

test('a run with too many bounces stops itself within a minute, and says so as the cause of its execution', async () => {
  const items = 4000;
  await open({ bounces: 0.08 }, items);
  const startedAt = Date.now();
  const ended = await account.run(
    { job: 'weekly-digest', ids: { first: 1, last: items }, chains: 4, rate: 100 },
    'bad',
  );
  expect({ status: ended.status, error: ended.error }).toEqual({ status: 'ABORTED', error: 'Mail.TooManyBounces' });
  expect(ended.cause).toMatch(/^\d+ of \d+ mails .*bounced.*`worker-chains feedback bad --kind bounced --job \S+`/);
  const mails = account.engine.inbox.size;
  expect(mails).toBeGreaterThan(1000);
  expect(mails).toBeLessThan(items);
  // The first thousand take ten seconds; whatever comes after that is the way home.
  expect(Date.now() - startedAt).toBeLessThan(60_000);
});
