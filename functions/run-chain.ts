import type { Context } from 'aws-lambda';
import { Handoff } from './chain/handoff';
import { type LinkDependencies, runLink } from './chain/link';
import { systemClock as clock, lambda, lazily, renewConnections, ses, variable } from './clients';
import { ENVIRONMENT } from './contract/names';
import type { LinkEvent } from './contract/payloads';
import { Mailer } from './email/mailer';
import { findJob } from './jobs/find-job';
import { observeLink } from './observability';
import { callbacks, executions, findSource, ledger, newOwner, random, readQuota } from './wiring';

const mailer = lazily(() => new Mailer(ses(), { sender: variable(ENVIRONMENT.sender), now: clock.now }));

function dependencies(context: Context): LinkDependencies {
  return {
    ledger: ledger(),
    callbacks: callbacks(),
    executions: executions(),
    handoff: new Handoff({ client: lambda(), functionName: context.functionName, clock, random }),
    clock,
    random,
    newOwner: () => newOwner(context.awsRequestId),
    findJob,
    findSource,
    readQuota,
    send: (email) => mailer().send(email),
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  };
}

/** State `RunChain`, and every link after the first: works through a part of the chain's partition, then hands over. */
export async function handler(event: LinkEvent, context: Context): Promise<{ readonly end: string }> {
  renewConnections();
  const report = await runLink(event, dependencies(context));
  observeLink(report);
  return { end: report.end };
}
