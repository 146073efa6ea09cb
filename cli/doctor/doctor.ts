import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { ENVIRONMENT } from '../../functions/contract/names';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { findDeployment } from '../deployment/find-deployment';
import { print, printTable, say } from '../output';
import { alarmChecks } from './alarm-checks';
import type { Check, Finding, Patient } from './check';
import { functionChecks } from './function-checks';
import { mailChecks } from './mail-checks';

export interface DoctorClients {
  readonly lambda: LambdaClient;
  readonly ses: SESv2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
}

interface Examined extends Finding {
  readonly check: string;
}

/** Attempts of each request. */
const MAX_ATTEMPTS = 3;

/**
 * `worker-chains doctor`. Answers the exit code: 1 with a fault.
 *
 * @throws UsageError or Failure where the deployment is not found
 */
export async function doctor({ json, ...choice }: DeployedFlags & JsonFlag): Promise<number> {
  const settings = { maxAttempts: MAX_ATTEMPTS };
  const deployment = await findDeployment(choice, { sfn: new SFNClient(settings) });
  const clients: DoctorClients = {
    lambda: new LambdaClient(settings),
    ses: new SESv2Client(settings),
    cloudWatch: new CloudWatchClient(settings),
    sns: new SNSClient(settings),
  };
  const examined = await examine(deployment, clients);
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
export async function examine(deployment: Patient['deployment'], clients: DoctorClients): Promise<readonly Examined[]> {
  const { environment, unread } = await environmentOf(deployment, clients.lambda);
  const sendsMail = environment[ENVIRONMENT.sender] !== undefined;
  const patient: Patient = { deployment, environment };
  const checks = checksOf(clients, { sendsMail });
  const findings = await Promise.all(checks.map(({ examine: look }) => look(patient)));
  const examined = checks.map(({ id }, index) => ({ check: id, ...(findings[index] as Finding) }));
  return unread ? [{ check: 'mail', ...unread }, ...examined] : examined;
}

/** Without those of mail where the job sends none. */
export function checksOf(clients: DoctorClients, { sendsMail }: { readonly sendsMail: boolean }): readonly Check[] {
  return [
    ...(sendsMail ? mailChecks(clients.ses) : []),
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
  return `${count('ok')} ok, ${count('warning')} to be looked at, ${faults} ${faults === 1 ? 'fault' : 'faults'}, ${count('unknown')} not known.`;
}
