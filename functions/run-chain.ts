import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { lambda, lazily, renewConnections, ses, stepFunctions, variable } from './clients';
import { systemClock as clock } from './contract/clock';
import { ENVIRONMENT } from './contract/names';
import type { LinkEvent } from './contract/payloads';
import { Mailer } from './email/mailer';
import { readSendQuota } from './email/send-quota';
import { SesTransport } from './email/ses-transport';
import { findJob, OWN_JOB } from './jobs/find-job';
import { observeLink } from './observability';
import { guardRecipients } from './wiring/guard-recipients';
import { ownSurroundings } from './wiring/own-surroundings';
import { ledgerIn } from './wiring/surroundings';
import { wireRunLink } from './wiring/wire-run-link';

const mailer = lazily(() => {
  const configurationSet = process.env[ENVIRONMENT.configurationSet];
  const transport = new SesTransport(ses(), configurationSet ? { configurationSet } : {});
  const guard = guardRecipients({ ledger: ledgerIn(ownSurroundings()), clock, list: OWN_JOB });
  return new Mailer(transport, { sender: variable(ENVIRONMENT.sender), now: clock.now, guard });
});

const runLink = lazily(() => {
  const around = ownSurroundings();
  return wireRunLink({
    ...around,
    stepFunctions: stepFunctions(),
    lambda: lambda(),
    nonce: randomUUID,
    findJob,
    readQuota: () => readSendQuota({ client: ses(), ...around }),
    send: (email, trace) => mailer().send(email, trace),
  });
});

/** State `RunChain`, and every link after the first: works through a part of the chain's partition, then hands over. */
export async function handler(event: LinkEvent, context: Context): Promise<{ readonly end: string }> {
  renewConnections();
  const { functionName, awsRequestId: requestId } = context;
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  const report = await runLink()(event, { functionName, requestId, remainingMilliseconds });
  observeLink(report);
  return { end: report.end };
}
