import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { type Clock, systemClock } from '../../functions/contract/clock';
import { counted } from '../../functions/contract/counted';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { openDeployment } from '../deployment/open-deployment';
import { USUAL_PATIENCE, waiting } from '../deployment/patience';
import { print, printTable, say } from '../output';
import { alarmChecks } from './alarm-checks';
import type { Check, Finding, Patient } from './check';
import { functionChecks } from './function-checks';
import { itemsCheck, type LedgerOfRuns } from './items-check';
import { mailChecks } from './mail-checks';
import { scheduleChecks } from './schedule-checks';
import { stackChecks } from './stack-checks';
import { type Fetch, unsubscribeCheck } from './unsubscribe-check';

export interface DoctorClients {
  readonly lambda: LambdaClient;
  readonly ses: SESv2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly sfn: SFNClient;
  readonly events: EventBridgeClient;
  readonly scheduler: SchedulerClient;
  readonly cloudFormation: CloudFormationClient;
  readonly ledger: LedgerOfRuns;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

interface DoctorFlags extends DeployedFlags, JsonFlag {
  readonly drift?: boolean | undefined;
}

interface Examined extends Finding {
  readonly check: string;
}

/**
 * `worker-chains doctor`. Answers the exit code: 1 with a fault.
 *
 * @throws UsageError or Failure where the deployment is not found
 */
export async function doctor({ json, drift = false, ...choice }: DoctorFlags): Promise<number> {
  const settings = waiting(USUAL_PATIENCE);
  const { deployment, sfn, ledger } = await openDeployment(choice);
  const clients: DoctorClients = {
    lambda: new LambdaClient(settings),
    ses: new SESv2Client(settings),
    cloudWatch: new CloudWatchClient(settings),
    sns: new SNSClient(settings),
    events: new EventBridgeClient(settings),
    scheduler: new SchedulerClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    fetch: globalThis.fetch,
    clock: systemClock,
    ...{ sfn, ledger },
  };
  if (drift) process.stderr.write('CloudFormation compares the stack with its template, which takes minutes.\n');
  const examined = await examine(deployment, clients, { detect: drift });
  if (json) examined.forEach(print);
  else {
    printTable(
      ['check', 'verdict', 'found'],
      examined.map(({ check, verdict, found, todo }) => [check, verdict, todo ? `${found}: ${todo}` : found]),
    );
    say(summary(examined));
  }
  return examined.some(({ verdict }) => verdict === 'fault') ? 1 : 0;
}

/** All checks that fit the job, in the order in which they are mended. */
export async function examine(
  deployment: Patient['deployment'],
  clients: DoctorClients,
  { detect }: { readonly detect: boolean },
): Promise<readonly Examined[]> {
  const { environment, unread } = await environmentOf(deployment, clients.lambda);
  const sendsMail = environment[ENVIRONMENT.sender] !== undefined;
  const patient: Patient = { deployment, environment };
  const hasEndpoint = environment[ENVIRONMENT.unsubscribeEndpoint] !== undefined;
  const checks = checksOf(clients, { sendsMail, hasEndpoint, detect });
  const findings = await Promise.all(checks.map(({ examine: look }) => look(patient)));
  const examined = checks.map(({ id }, index) => ({ check: id, ...(findings[index] as Finding) }));
  return unread ? [{ check: 'mail', ...unread }, ...examined] : examined;
}

/** What decides which checks there are. */
interface Examination {
  readonly sendsMail: boolean;
  /** Whether its mails link to the construct's unsubscribe endpoint. */
  readonly hasEndpoint: boolean;
  /** Whether CloudFormation is asked to compare now. */
  readonly detect: boolean;
}

/** Without those of mail where the job sends none. */
export function checksOf(clients: DoctorClients, { sendsMail, hasEndpoint, detect }: Examination): readonly Check[] {
  return [
    ...(sendsMail ? [...mailChecks(clients.ses), itemsCheck(clients)] : []),
    ...(hasEndpoint ? [unsubscribeCheck(clients.fetch)] : []),
    ...scheduleChecks(clients),
    ...stackChecks(clients, { detect }),
    ...functionChecks(clients.lambda),
    ...alarmChecks(clients.cloudWatch, clients.sns),
  ];
}

interface ReadEnvironment {
  readonly environment: Patient['environment'];
  /** Why it is not known whether the job sends mails. */
  readonly unread?: Finding;
}

async function environmentOf({ chainFunction }: Patient['deployment'], lambda: LambdaClient): Promise<ReadEnvironment> {
  try {
    const answer = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: chainFunction }));
    if (answer.Environment?.Error === undefined) return { environment: answer.Environment?.Variables ?? {} };
    return { environment: {}, unread: unreadBecause(answer.Environment.Error.ErrorCode ?? 'no reason') };
  } catch (error) {
    return { environment: {}, unread: unreadBecause((error as Error).name) };
  }
}

function unreadBecause(reason: string): Finding {
  return {
    verdict: 'unknown',
    found: `could not look at the sender of the chain function: ${reason}`,
    todo: 'have your role allowed lambda:GetFunctionConfiguration, which grantWatch does',
  };
}

function summary(examined: readonly Examined[]): string {
  const count = (verdict: Finding['verdict']) => examined.filter((each) => each.verdict === verdict).length;
  const faults = count('fault');
  return `${count('ok')} ok, ${count('warning')} to be looked at, ${counted(faults, 'fault')}, ${count('unknown')} not known.`;
}
