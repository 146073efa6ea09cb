import { SendRawEmailCommand, UpdateAccountSendingEnabledCommand } from '@aws-sdk/client-ses';
import type { LocalTemplate } from '../../local/template/local-template';
import { reader } from '../cli/readers';
import { SilentMailService } from './mail-service';
import { Account, deployedTemplate, oneEach, reportOf, sentenceOf, withChainTimeout } from './whole-run';

let template: LocalTemplate;
let account: Account;
let mailService: SilentMailService | undefined;

beforeAll(async () => {
  template = await deployedTemplate();
});

afterEach(async () => {
  await account.close();
  await mailService?.close();
  mailService = undefined;
});

async function pauseSending(paused: boolean): Promise<void> {
  await account.ses.send(new UpdateAccountSendingEnabledCommand({ Enabled: !paused }));
}

/** A mail of production, on the same account as the run: sent, or refused for the rate. */
async function productionMail(): Promise<void> {
  const Data = Buffer.from('From: shop@example.com\r\nTo: buyer@example.org\r\nSubject: Your order\r\n\r\nThank you');
  const command = new SendRawEmailCommand({ Destinations: ['buyer@example.org'], RawMessage: { Data } });
  await account.ses.send(command).catch((error: Error) => {
    if (error.name !== 'Throttling') throw error;
  });
}

test('a run that production pushes against the sending rate backs off and finishes', async () => {
  account = await Account.open({ template, maxSendRate: 40 });
  await account.subscribe(1, 60);
  const arn = await account.start({ job: 'weekly-digest', ids: { first: 1, last: 60 }, chains: 2, rate: 40 }, 'run');
  await account.until('the run is sending', () => account.mails(1, 60).size > 0);
  // Far more than the account may send, while the run wants all of it, too.
  for (let burst = 0; burst < 30; burst++) await Promise.all(Array.from({ length: 10 }, productionMail));

  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 60, done: 60, unprocessed: 0, inDoubt: 0 });
  expect(account.mails(1, 60)).toEqual(oneEach(1, 60));
  const chains = await account.ledger.readChains('run');
  expect(chains.reduce((sum, { throttles }) => sum + throttles, 0)).toBeGreaterThan(0);
});

test('a run above what is left of the daily quota is refused before the first mail', async () => {
  account = await Account.open({ template, max24HourSend: 50 });
  await account.subscribe(1, 60);
  await productionMail();
  const refused = await account.run({ job: 'weekly-digest', ids: { first: 1, last: 50 }, chains: 2 });
  expect(refused).toMatchObject({ status: 'FAILED', error: 'Run.QuotaExceeded' });
  expect(sentenceOf(refused)).toMatch(
    /^The run needs 50 of the 24-hour sending quota, of which 39 are left beside the 20 % that are kept for production: [^\n]+\.$/,
  );
  expect(account.mails(1, 60).size).toBe(0);

  reportOf(await account.run({ job: 'weekly-digest', ids: { first: 1, last: 39 }, chains: 2 }));
  expect(account.mails(1, 60)).toEqual(oneEach(1, 39));
});

test('a run whose sending is paused fails on its unfinished chains, and its redrive finishes them', async () => {
  account = await Account.open({ template });
  await account.subscribe(1, 60);
  await pauseSending(true);
  const arn = await account.start({ job: 'weekly-digest', ids: { first: 1, last: 60 }, chains: 3 });
  expect(await account.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Chain.QuotaExhausted' });
  const failed = await account.history(arn);
  // Every chain had its chance in RunChains; then the execution failed on a Task, so that a redrive starts there.
  expect(failed.filter(({ type }) => type === 'MapIterationSucceeded')).toHaveLength(3);
  expect(failed.findLast(({ type }) => type === 'MapStateEntered')?.stateEnteredEventDetails?.name).toBe(
    'FinishChains',
  );
  expect(account.mails(1, 60).size).toBe(0);

  await pauseSending(false);
  await account.redrive(arn);
  expect(reportOf(await account.ended(arn))).toMatchObject({ planned: 60, done: 60, unprocessed: 0, inDoubt: 0 });
  expect(account.mails(1, 60)).toEqual(oneEach(1, 60));
  const redriven = (await account.history(arn)).slice(failed.length);
  expect(redriven[0]?.type).toBe('ExecutionRedriven');
  // Its three unfinished chains and the reconciliation: nothing that had succeeded is done again.
  expect(redriven.filter(({ type }) => type === 'TaskScheduled')).toHaveLength(3 + 1);
  expect(redriven.flatMap((event) => event.stateEnteredEventDetails?.name ?? [])).toEqual([
    'EveryChainFinished',
    'ReconcileRun',
  ]);
});

test('a run over what an earlier one left unprocessed reaches exactly those', async () => {
  account = await Account.open({ template });
  await account.subscribe(1, 200, { malformed: [60, 150] });
  const first = await account.run({ job: 'weekly-digest', ids: { first: 1, last: 200 }, chains: 3 }, 'first');
  expect(reportOf(first)).toMatchObject({ planned: 200, done: 198, unprocessed: 2 });
  expect(reportOf(first).topErrors).toEqual([{ code: 'InvalidEmail', count: 2, exampleIds: [60, 150] }]);
  expect(account.mails(1, 200)).toEqual(oneEach(1, 200, [60, 150]));

  await account.subscribe(60, 60);
  await account.subscribe(150, 150);
  const second = await account.run({ job: 'weekly-digest', unprocessedOf: 'first' }, 'second');
  expect(reportOf(second)).toMatchObject({ planned: 2, done: 2, unprocessed: 0 });
  expect(account.mails(1, 200)).toEqual(oneEach(1, 200));

  const third = await account.run({ job: 'weekly-digest', unprocessedOf: 'first' });
  expect(third).toMatchObject({ status: 'FAILED', error: 'Run.InvalidInput' });
  expect(sentenceOf(third)).toContain('run second has');
});

test('a link that is killed by its timeout is reported and retried, and what it had claimed is listed as in doubt', async () => {
  mailService = await SilentMailService.open();
  account = await Account.open({
    template: withChainTimeout(template, 3),
    replaced: { ses: mailService.url },
    isolated: true,
  });
  await account.subscribe(1, 20);
  mailService.silence(reader(7).email);
  const arn = await account.start(
    { job: 'weekly-digest', ids: { first: 1, last: 20 }, chains: 1, chunkItems: 5 },
    'run',
  );
  // A crash's worth in doubt is more than the digest tolerates of 20; the redrive accepts it.
  expect(await account.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Chain.TooManyFailures' });
  await account.redrive(arn);
  const report = reportOf(await account.ended(arn));

  const leftovers = await account.leftovers('run');
  expect(report).toMatchObject({ planned: 20, done: 20 - leftovers.length, unprocessed: 0, inDoubt: leftovers.length });
  // The mail that got no answer, and what was claimed beside it: a chunk's worth at most.
  expect(leftovers.map(({ id }) => id)).toContain(7);
  expect(leftovers.length).toBeLessThanOrEqual(5);
  for (const item of leftovers) expect(item).toMatchObject({ outcome: 'in-doubt', code: 'Interrupted' });
  const failures = (await account.history(arn)).filter(({ type }) => type === 'TaskFailed');
  const errors = failures.map(({ taskFailedEventDetails }) => taskFailedEventDetails?.error);
  expect(errors[0]).toMatch(/^Chain\.(Crashed|Interrupted)$/);
  expect(failures[0]?.taskFailedEventDetails?.cause).toContain('Task timed out after 3.00 seconds');
  // In doubt, and in truth received: which is why nobody sends them again.
  expect(Math.max(...mailService.inbox.countByRecipient().values())).toBe(1);
  expect(mailService.inbox.size).toBe(20);
});

test('an engine that is closed in the middle of a run leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = timers();
  account = await Account.open({ template });
  await account.subscribe(1, 80);
  await account.start({ job: 'weekly-digest', ids: { first: 1, last: 80 }, chains: 2, rate: 20 });
  await account.until('the run is sending', () => account.mails(1, 80).size > 0);
  await account.close();
  expect(timers()).toBeLessThanOrEqual(before);
});
