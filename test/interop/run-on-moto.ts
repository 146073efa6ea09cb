import { DeleteIdentityCommand, GetSendQuotaCommand, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { RunReport } from '../../functions/contract/payloads';
import { reportOf, sentenceOf } from '../local/whole-run';
import { variable } from '../support/deployed-variable';
import { type Checks, referee } from './checks';
import { MotoAccount, type Range } from './moto-account';
import { PageOnMoto } from './page-on-moto';

/**
 * One account whose DynamoDB, SES and Step Functions are all moto's. Runs complete in it, leave items over, are
 * stopped, resumed and redriven, and moto's own record says who got a mail.
 */

const job = 'weekly-digest';
/** What moto's SES says that its account may send, as AWS says of a new one. moto holds nobody to it. */
const rate = 1;
const MOST_MAILS = 200;

interface World {
  readonly checks: Checks;
  readonly moto: MotoAccount;
}

referee(async (checks) => {
  const moto = await MotoAccount.open(checks);
  const world = { checks, moto };
  try {
    await completes(world);
    await leavesOver(world);
    const stopped = await isStoppedAndResumed(world);
    await cannotRedriveOnMoto(world, stopped);
    await isRedriven(world);
    await isResumedAfterRedrive(world);
    await keepsToTheQuota(world);
  } finally {
    await moto.close();
  }
});

async function completes({ moto, checks }: World): Promise<void> {
  const ids = { first: 1, last: 8 };
  await moto.onMoto.subscribe(1, 8, { missing: [3], unsubscribed: [4] });
  const page = await PageOnMoto.open(checks, moto.onMoto);
  const arn = await moto.onMoto.start({ job, ids, chains: 2, rate }, 'complete');
  await moto.until('the first reader has a mail', async () => (await moto.mails(ids)).size > 0);
  // Its input asks for all that SES accepts, production's fifth included.
  await page.showsRunning(arn, rate);
  const report = reportOf(await moto.ended(moto.onMoto, arn));
  checks.equal('a run completes and reconciles', outcomes(report), { planned: 8, done: 6, skipped: 2 });
  const because = { 'not-found': 1, unsubscribed: 1 };
  checks.equal('it says whom it skipped, and why', report.skippedBecause, because);
  await moto.hasMailedOnce('nobody else was mailed', ids, [1, 2, 5, 6, 7, 8]);
  const statuses = (await moto.chains('complete')).map(({ status }) => status);
  checks.equal('its chains are finished', statuses, ['finished', 'finished']);
  await page.showsEnded(arn, 6, 2);
}

/**
 * A run whose sender loses its identity on the way, and one of whose readers has no proper address. It covers 300 ids,
 * so that the job tolerates three failures; four of them are readers, so that it does not take 300 seconds.
 */
async function leavesOver({ moto, checks }: World): Promise<void> {
  const { onMoto } = moto;
  const identity = variable(onMoto.template, ENVIRONMENT.sender);
  const ids = { first: 101, last: 400 };
  const readers = [101, 150, 200, 250];
  for (const id of readers) await onMoto.subscribe(id, id, { malformed: [250] });
  // The daily quota does not reach for 300 mails, which it need not.
  const arn = await onMoto.start({ job, ids, chains: 1, rate: 0.5, allowPartial: true }, 'refused');
  await moto.until('the first reader has a mail', async () => (await moto.mails(ids)).size === 1);
  await onMoto.ses.send(new DeleteIdentityCommand({ Identity: identity }));
  const report = reportOf(await moto.ended(onMoto, arn));
  await onMoto.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: identity }));
  checks.equal('a run ends although recipients are refused', outcomes(report), {
    planned: 300,
    done: 1,
    skipped: 296,
    unprocessed: 3,
  });
  await moto.hasMailedOnce('the refused have no mail', ids, [101]);
  const listed = (await moto.listedLeftovers('refused')).map(({ id, code }) => `${id} ${code}`);
  checks.equal('the command lists exactly these, by id and with what refused each', listed, [
    '150 MessageRejected',
    '200 MessageRejected',
    '250 InvalidEmail',
  ]);

  await onMoto.subscribe(250, 250);
  const followUp = reportOf(await moto.run({ job, unprocessedOf: 'refused', rate }, 'follow-up'));
  checks.equal('a run over what is left takes up exactly these', outcomes(followUp), { planned: 3, done: 3 });
  await moto.hasMailedOnce('nobody was mailed twice, nobody is missing', ids, readers);
  const again = await moto.run({ job, unprocessedOf: 'refused', rate }, 'follow-up-again');
  checks.equal('nobody takes them up twice', again.error, 'Run.InvalidInput');
}

/** @returns the execution that was stopped */
async function isStoppedAndResumed({ moto, checks }: World): Promise<string> {
  const ids = { first: 501, last: 516 };
  await moto.onMoto.subscribe(ids.first, ids.last);
  const arn = await moto.onMoto.start({ job, ids, chains: 2, rate, chunkItems: 4, linkSeconds: 3 }, 'stopped');
  await moto.stopAfter(5, ids, moto.onMoto, arn, 'stopped');
  const before = (await moto.mails(ids)).size;
  checks.holds(`it was stopped in the middle: ${before} of 16 mailed`, before < 16, before);

  const report = reportOf(await moto.run({ job, resume: 'stopped', rate }, 'resuming'));
  checks.equal('another execution resumes it and completes', outcomes(report), { planned: 16, done: 16 });
  await moto.hasMailedOnce('nobody was mailed twice, nobody is missing', ids);
  checks.holds(`its chains handed over: ${report.links} links`, report.links > 4, report.links);
  return arn;
}

/** If this fails, moto has learnt it: then the runs below can be redriven there, too. */
async function cannotRedriveOnMoto({ moto, checks }: World, executionArn: string): Promise<void> {
  const answer = await moto.onMoto.redrive(executionArn).then(
    () => 'redriven',
    () => 'an error',
  );
  checks.equal('moto, which has no RedriveExecution, answers it with', answer, 'an error');
}

/** On the embedded Step Functions, with the tables and the SES of moto. */
async function isRedriven({ moto, checks }: World): Promise<void> {
  const ids = { first: 601, last: 608 };
  await moto.onEmbedded.subscribe(ids.first, ids.last);
  const arn = await moto.onEmbedded.start({ job, ids, chains: 2, rate, chunkItems: 2 }, 'redriven');
  const stopped = await moto.stopAfter(3, ids, moto.onEmbedded, arn, 'redriven');
  checks.equal('the execution ends as', stopped.status, 'ABORTED');
  await isTold(moto, checks, stopped.executionArn);
  await moto.onEmbedded.redrive(arn);
  const report = reportOf(await moto.ended(moto.onEmbedded, arn));
  checks.equal('its redrive completes it', outcomes(report), { planned: 8, done: 8 });
  await moto.hasMailedOnce('nobody was mailed twice, nobody is missing', ids);
}

/** NotifyRun's own message, as moto's SNS delivers it to a queue. */
async function isTold(moto: MotoAccount, checks: Checks, arn: string): Promise<void> {
  await moto.until('somebody is told of the stop', async () => (await moto.notices.of(arn)).length > 0);
  const [{ Subject, Message } = { Subject: '', Message: '' }] = await moto.notices.of(arn);
  checks.equal('somebody is told', Subject, `${job}: run ABORTED: redriven`);
  const told = [`${job}: the run redriven has ended as ABORTED.`, 'worker-chains resume', arn];
  checks.holds(
    'of what has ended, how it goes on and where to look',
    told.every((part) => Message.includes(part)),
    Message,
  );
}

/** The epochs of a redrive, and those of an execution that resumes: one run on two interpreters. */
async function isResumedAfterRedrive({ moto, checks }: World): Promise<void> {
  const ids = { first: 701, last: 716 };
  await moto.onEmbedded.subscribe(ids.first, ids.last);
  const arn = await moto.onEmbedded.start({ job, ids, chains: 2, rate, chunkItems: 2 }, 'thrice');
  await moto.stopAfter(3, ids, moto.onEmbedded, arn, 'thrice');
  const begun = await epochs(moto);
  await moto.onEmbedded.redrive(arn);
  await moto.stopAfter(7, ids, moto.onEmbedded, arn, 'thrice');
  const redriven = await epochs(moto);
  await moto.forgetExecution(job);
  const report = reportOf(await moto.run({ job, resume: 'thrice', rate }, 'third'));
  const resumed = await epochs(moto);
  checks.equal('redriven, stopped again, resumed on moto: it completes', outcomes(report), { planned: 16, done: 16 });
  await moto.hasMailedOnce('nobody was mailed twice, nobody is missing', ids);
  checks.holds(
    `each took the chains over by later epochs: ${begun}, then ${redriven}, then ${resumed}`,
    begun.every((epoch) => epoch < 1000) &&
      redriven.every((epoch) => epoch >= 1000 && epoch < 1_000_000) &&
      resumed.every((epoch) => epoch >= 1_000_000),
    [begun, redriven, resumed],
  );
}

async function epochs(moto: MotoAccount): Promise<readonly number[]> {
  return (await moto.chains('thrice')).map(({ epoch }) => epoch);
}

/** What a refusal for the daily quota advises is true to the item. */
async function keepsToTheQuota({ moto, checks }: World): Promise<void> {
  const { Max24HourSend, SentLast24Hours = 0 } = await moto.onMoto.ses.send(new GetSendQuotaCommand({}));
  checks.equal('the quota of moto is that of a new account', Max24HourSend, MOST_MAILS);
  const left = MOST_MAILS - SentLast24Hours;
  // Nobody has these ids, so a run over them takes no time and sends nothing.
  const run = (items: number, name: string) => moto.run({ job, ids: idsFrom(1001, items), chains: 1, rate }, name);
  const tooLarge = await run(left + 1, 'too-large');
  checks.equal('a run above the daily quota is refused', tooLarge.error, 'Run.QuotaExceeded');
  const sentence = sentenceOf(tooLarge);
  const advised = Number(/at most (\d+) items/.exec(sentence)?.[1]);
  checks.holds(`it is told how many would do: ${advised} of ${left}`, advised > 0 && advised <= left, sentence);
  checks.equal('one item more is refused', (await run(advised + 1, 'one-more')).error, 'Run.QuotaExceeded');
  checks.equal('as many are accepted', (await run(advised, 'fitting')).status, 'SUCCEEDED');
}

function idsFrom(first: number, items: number): Range {
  return { first, last: first + items - 1 };
}

/** The counts of a report that are not 0. */
function outcomes({ planned, done, skipped, unprocessed, inDoubt }: RunReport): Record<string, number> {
  const counts = Object.entries({ planned: planned ?? 0, done, skipped, unprocessed, inDoubt });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
