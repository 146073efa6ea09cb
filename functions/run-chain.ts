import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { lazily, renewConnections, variable } from './clients';
import { systemClock as clock } from './contract/clock';
import { ENVIRONMENT } from './contract/names';
import { outcomesOf } from './contract/outcomes';
import type { LinkAnswer, LinkEvent } from './contract/payloads';
import type { SurveyEvent } from './contract/survey-event';
import { mailsADay } from './contract/warm-up';
import { sendingDomain } from './email/address';
import { Mailer } from './email/mailer';
import { readSendQuota } from './email/send-quota';
import { SesTransport } from './email/ses-transport';
import { lambda, ses, stepFunctions } from './handler-clients';
import { findJob, OWN_JOB } from './jobs/find-job';
import { recipientKeyOf } from './ledger/recipients';
import { observeLink } from './observability';
import { guardMails } from './wiring/guard-mails';
import { guardRecipients } from './wiring/guard-recipients';
import { ownSurroundings } from './wiring/own-surroundings';
import { sendersDomain } from './wiring/senders-domain';
import { ledgerIn } from './wiring/surroundings';
import { unsubscribeLinksOf } from './wiring/unsubscribe-links';
import { wireRunLink } from './wiring/wire-run-link';
import { wireSurvey } from './wiring/wire-survey';

const guarding = lazily(() => ({ ledger: ledgerIn(ownSurroundings()), clock, list: OWN_JOB }));
const recipientGuard = lazily(() => guardRecipients(guarding()));

const mailer = lazily(() => {
  const configurationSet = process.env[ENVIRONMENT.configurationSet];
  const transport = new SesTransport(ses(), configurationSet ? { configurationSet } : {});
  const { mail: policy = {}, warmUp } = findJob(OWN_JOB);
  const sender = variable(ENVIRONMENT.sender);
  const guard = guardMails({
    ...guarding(),
    policy,
    nonce: randomUUID,
    ...(warmUp && { warmUp: { warmUp, domain: sendingDomain(sender), readMailsADay } }),
  });
  return new Mailer(transport, { sender, now: clock.now, guard, mayGetMail: recipientGuard() });
});

const readQuota = () => readSendQuota({ client: ses(), ...ownSurroundings() });
const readMailsADay = async () => mailsADay(await readQuota(), Number(variable(ENVIRONMENT.sendShare)));

const unsubscribeLinks = unsubscribeLinksOf(OWN_JOB);

const runLink = lazily(() => {
  const around = ownSurroundings();
  return wireRunLink({
    ...around,
    stepFunctions: stepFunctions(),
    lambda: lambda(),
    nonce: randomUUID,
    findJob,
    readQuota,
    send: (email, trace) => mailer().send(email, trace),
    rehearse: (email) => mailer().rehearse(email),
    ...(unsubscribeLinks && { unsubscribeLinks }),
  });
});

const survey = lazily(() => {
  const around = ownSurroundings();
  return wireSurvey({
    ...around,
    findJob,
    readQuota,
    sendShare: Number(variable(ENVIRONMENT.sendShare)),
    linkSeconds: Number(variable(ENVIRONMENT.linkSeconds)),
    ...sendersDomain(),
    ...(unsubscribeLinks && { unsubscribeLinks }),
    draft: async (email) => {
      const { to, raw } = await mailer().compose(email);
      await recipientGuard()(to);
      return { raw, recipient: recipientKeyOf(to) };
    },
  });
});

/**
 * State `RunChain`, and every link after the first: works through a part of the chain's partition, then hands over. Asked
 * for a survey by `worker-chains plan`, it has no effect.
 */
export async function handler(event: LinkEvent | SurveyEvent, context: Context): Promise<object> {
  renewConnections();
  const { functionName, awsRequestId: requestId } = context;
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  if ('survey' in event) return survey()(event, remainingMilliseconds);
  const report = await runLink()(event, { functionName, requestId, remainingMilliseconds });
  observeLink(report);
  return { end: report.end, settled: outcomesOf(report) } satisfies LinkAnswer;
}
