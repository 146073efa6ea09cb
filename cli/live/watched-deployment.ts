import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../../functions/contract/clock';
import { Ledger } from '../../functions/ledger/ledger';
import type { ChainRecord, RunRecord } from '../../functions/ledger/records';
import { deployedMonitor } from '../../page/deployed-source';
import type { Monitor } from '../../page/monitor';
import { programName } from '../command-line';
import type { Deployment, DeploymentChoice } from '../deployment/find-deployment';
import { describe, executionArnOf, findRun } from '../deployment/find-run';
import { functionMemory } from '../deployment/function-memory';
import { type OpenDeployment, openDeployment } from '../deployment/open-deployment';
import { costSoFar } from '../plan/cost-so-far';
import { runCommand } from '../run-command';
import { Operations } from './page-operations';

/** Somebody waits for each answer, and is asked nothing: what takes longer is said to have failed, and is tried again. */
const PATIENCE_MILLISECONDS = 4000;
const SOON = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: PATIENCE_MILLISECONDS, requestTimeout: PATIENCE_MILLISECONDS },
} as const;

/** A deployment, and who looks at it. */
export interface WatchedDeployment extends OpenDeployment {
  readonly monitor: Monitor;
  /** For whoever may do more than look. */
  readonly operations: Operations;
}

/** @throws Failure or UsageError where there is no such deployment */
export async function watchDeployment(choice: DeploymentChoice): Promise<WatchedDeployment> {
  const opened = await openDeployment(choice);
  const { deployment } = opened;
  const { tableName, stateMachineArn, stateMachineName, job, chainFunction, chainLogs: logGroup, region } = deployment;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(SOON));
  const patienceMilliseconds = PATIENCE_MILLISECONDS;
  const ledger = new Ledger({ client, tableName, clock, random: Math.random, patienceMilliseconds });
  const sfn = new SFNClient(SOON);
  const memory = await functionMemory(chainFunction);
  const cost =
    memory === undefined
      ? undefined
      : (run: RunRecord, chains: readonly ChainRecord[], seconds: number) => costSoFar(run, chains, seconds, memory);
  const monitor = await deployedMonitor({
    sfn,
    clock,
    deployed: [{ stateMachineArn, stateMachineName, job, chainFunction, ledger, ...(cost && { cost }) }],
    ...(logGroup !== undefined && { logs: { place: 'CloudWatch', region, logGroup } as const }),
    commandFor: (command, runId) => forDeployment(runCommand(command, runId), deployment),
  });
  const stateMachines = [{ arn: stateMachineArn, ledger }];
  return { ...opened, monitor, operations: new Operations({ sfn, clock, monitor, stateMachines }) };
}

/** How a person calls a command for this deployment. */
export function commandFor(command: string, { stack, job }: Deployment): string {
  return forDeployment(`${programName()} ${command}`, { stack, job });
}

function forDeployment(called: string, { stack, job }: Pick<Deployment, 'stack' | 'job'>): string {
  return `${called} --stack ${stack} --job ${job}`;
}

/**
 * The execution that a person names: by its name or its ARN; or the one that serves the run of this name now.
 *
 * @throws UsageError where there is none
 */
export async function findExecution(reference: string, opened: OpenDeployment): Promise<string> {
  const { deployment, ledger, sfn } = opened;
  const isArn = reference.startsWith('arn:');
  const run = isArn ? undefined : await ledger.readRun(reference);
  const arn = run?.executionArn ?? (isArn ? reference : executionArnOf(reference, deployment));
  const isOurs = arn.startsWith(executionArnOf('', deployment));
  // One that has planned nothing yet, or never will, has no run in the ledger.
  if (isOurs && (await describe(arn, sfn)) !== undefined) return arn;
  return (await findRun(reference, opened)).executionArn;
}
