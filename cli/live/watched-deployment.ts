import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock as clock } from '../../functions/contract/clock';
import { Ledger } from '../../functions/ledger/ledger';
import { type DeployedChains, deployedMonitor } from '../../page/deployed-source';
import type { Monitor } from '../../page/monitor';
import { UsageError } from '../command-line';
import { isExecutionName, quotedInput } from '../deployment/execution-name';
import type { Deployment, DeploymentChoice } from '../deployment/find-deployment';
import { describe, executionArnOf, findRun } from '../deployment/find-run';
import { functionMemory } from '../deployment/function-memory';
import { type OpenDeployment, openDeployment, openDeployments } from '../deployment/open-deployment';
import { SHORT_PATIENCE, waiting } from '../deployment/patience';
import { inTurns } from '../in-turns';
import { costSoFar } from '../plan/cost-so-far';
import { commandFor, shellCommand } from '../recommended-command';
import { Operations } from './page-operations';

/** Somebody waits for each answer, and is asked nothing: what takes longer is said to have failed, and is tried again. */
const SOON = waiting(SHORT_PATIENCE);

/** Who looks at deployments, and operates them. */
interface Watch {
  readonly monitor: Monitor;
  /** For whoever may do more than look. */
  readonly operations: Operations;
}

/** A deployment, and who looks at it. */
export interface WatchedDeployment extends OpenDeployment, Watch {}

/** The jobs of a stack, and who looks at them. */
export interface WatchedStack extends Watch {
  readonly opened: readonly OpenDeployment[];
}

/** @throws Failure or UsageError where there is no such deployment */
export async function watchDeployment(choice: DeploymentChoice): Promise<WatchedDeployment> {
  const opened = await openDeployment(choice);
  return { ...opened, ...(await watch([opened])) };
}

/**
 * All jobs of the stack, or the one that is chosen.
 *
 * @throws Failure or UsageError where there is none
 */
export async function watchStack(choice: DeploymentChoice): Promise<WatchedStack> {
  const opened = await openDeployments(choice);
  return { opened, ...(await watch(opened)) };
}

async function watch(opened: readonly OpenDeployment[]): Promise<Watch> {
  const deployments = opened.map(({ deployment }) => deployment);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(SOON));
  const deployed = await inTurns(deployments, (deployment) => chainsOf(deployment, client));
  const sfn = new SFNClient(SOON);
  const monitor = await deployedMonitor({
    sfn,
    clock,
    deployed: deployed as [DeployedChains, ...DeployedChains[]],
    commandFor: ({ command, operands, options }, stateMachineArn) => {
      const deployment = deployments.find((one) => one.stateMachineArn === stateMachineArn) as Deployment;
      return commandFor(deployment, command, { operands, options });
    },
  });
  const stateMachines = deployed.map(({ stateMachineArn, ledger }) => ({ arn: stateMachineArn, ledger }));
  return { monitor, operations: new Operations({ sfn, monitor, stateMachines }) };
}

async function chainsOf(deployment: Deployment, client: DynamoDBDocumentClient): Promise<DeployedChains> {
  const { tableName, stateMachineArn, stateMachineName, job, chainFunction, chainLogs: logGroup, region } = deployment;
  const patienceMilliseconds = SHORT_PATIENCE.answer;
  const ledger = new Ledger({ client, tableName, clock, random: Math.random, patienceMilliseconds });
  const memory = await functionMemory(chainFunction);
  return {
    ...{ stateMachineArn, stateMachineName, job, chainFunction, ledger },
    ...(memory !== undefined && { cost: (run, chains, seconds) => costSoFar(run, chains, seconds, memory) }),
    ...(logGroup !== undefined && { logs: { place: 'CloudWatch', region, logGroup } }),
  };
}

/**
 * The execution that a person names: by its name or its ARN; or the one that serves the run of this name now.
 *
 * @throws UsageError where there is none
 */
export async function findExecution(reference: string, opened: OpenDeployment): Promise<string> {
  const { deployment, ledger, sfn } = opened;
  const isArn = reference.startsWith('arn:');
  const run = isExecutionName(reference) ? await ledger.readRun(reference) : undefined;
  const arn = run?.executionArn ?? (isArn ? reference : executionArnOf(reference, deployment));
  const isOurs = arn.startsWith(executionArnOf('', deployment));
  // One that has planned nothing yet, or never will, has no run in the ledger.
  if (isOurs && (await describe(arn, sfn)) !== undefined) return arn;
  return (await findRun(reference, opened)).executionArn;
}

/**
 * The same among the jobs of a stack.
 *
 * @throws UsageError where none has it
 */
export async function findExecutionAmong(reference: string, opened: readonly OpenDeployment[]): Promise<string> {
  let refusal: UsageError | undefined;
  for (const one of opened) {
    try {
      return await findExecution(reference, one);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined && opened.length === 1) throw refusal;
  const choices = opened.map(({ deployment }) => deployment.choice);
  const { stack } = choices[0] as Deployment['choice'];
  const jobs = choices.map(({ job }) => job).join(', ');
  const list = shellCommand('runs', { options: { stack } });
  throw new UsageError(
    `Expected a run of one of the jobs ${jobs} of the stack ${stack}, got ${quotedInput(reference)}: ${list} lists them.`,
  );
}
