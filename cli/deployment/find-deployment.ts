import { ListStateMachinesCommand, ListTagsForResourceCommand, type SFNClient, type Tag } from '@aws-sdk/client-sfn';
import { counted } from '../../functions/contract/counted';
import { TAGS } from '../../functions/contract/names';
import { Failure, UsageError } from '../command-line';
import { inTurns } from '../in-turns';

/** Worker chains of one job, as they are deployed: told by the tags of their state machine. */
export interface Deployment {
  /** Name of the stack. */
  readonly stack: string;
  readonly job: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** Of the ledger. */
  readonly tableName: string;
  /** Name of the function RunChain. */
  readonly chainFunction: string;
  /** Name of its log group. Absent in what a version without that tag deployed. */
  readonly chainLogs?: string;
  readonly region: string;
  readonly accountId: string;
  /** What chooses it and no other, as `--stack` and `--job` take it. */
  readonly choice: Required<DeploymentChoice>;
}

/** Which deployment is meant. */
export interface DeploymentChoice {
  /** @default - that of WORKER_CHAINS_STACK in the environment, or else the only one there is */
  readonly stack?: string;
  /** Name of the job, or of the state machine. @default - the only one of the stack */
  readonly job?: string;
}

export interface DeploymentClients {
  readonly sfn: SFNClient;
}

/** Names the stack for commands that are not told one. */
export const STACK_VARIABLE = 'WORKER_CHAINS_STACK';

/**
 * The deployment that is meant, found among the state machines of the region that the caller may see.
 *
 * @throws Failure where there is none at all, UsageError where the choice fits none or several: the message lists what
 * there is
 */
export async function findDeployment(choice: DeploymentChoice, clients: DeploymentClients): Promise<Deployment> {
  return chooseJob(await deploymentsOfStack(choice, clients), choice.job);
}

/**
 * The deployments of the stack that is meant, by job: of all its jobs, or of the one that is chosen.
 *
 * @throws Failure where there is none at all, UsageError where the choice fits none or several stacks
 */
export async function findDeployments(
  choice: DeploymentChoice,
  clients: DeploymentClients,
): Promise<readonly Deployment[]> {
  const ofStack = await deploymentsOfStack(choice, clients);
  return choice.job === undefined ? ofStack : [chooseJob(ofStack, choice.job)];
}

async function deploymentsOfStack(
  choice: DeploymentChoice,
  clients: DeploymentClients,
): Promise<readonly Deployment[]> {
  const stack = choice.stack ?? (process.env[STACK_VARIABLE] || undefined);
  const { deployments, others, region, accountId } = await listDeployments(clients);
  if (deployments.length === 0) {
    const place = accountId === undefined ? region : `${region} of account ${accountId}`;
    throw new Failure(
      `Expected a stack with worker chains in ${place}, got none among ${counted(others, 'state machine')}: set AWS_PROFILE and AWS_REGION to where it is, or deploy it again if it was deployed by a version without tags.`,
    );
  }
  const ofStack = deployments.filter((each) => stack === undefined || each.stack === stack);
  const stacks = [...new Set((ofStack.length > 0 ? ofStack : deployments).map((each) => each.stack))].sort();
  if (ofStack.length === 0 || stacks.length > 1) {
    const said = choice.stack === undefined ? STACK_VARIABLE : '--stack';
    throw new UsageError(
      `Expected ${said} to be one of the stacks ${stacks.join(', ')} in ${region}, got ${stack ?? 'nothing'}: for example --stack ${stacks[0]}.`,
    );
  }
  return ofStack;
}

/** What the caller may see of worker chains in a region. */
export interface DeploymentList {
  /** By stack, then by job. */
  readonly deployments: readonly Deployment[];
  /** State machines that are none. */
  readonly others: number;
  readonly region: string;
  /** Undefined where there is no state machine at all. */
  readonly accountId?: string;
}

/** All worker chains of the region that the caller may see. */
export async function listDeployments({ sfn }: DeploymentClients): Promise<DeploymentList> {
  const region = await sfn.config.region();
  const machines = await listStateMachines(sfn);
  const tags = await inTurns(machines, ({ arn }) => tagsOf(arn, sfn));
  const found = machines.flatMap((machine, index) => deploymentOf(machine, tags[index] ?? [], region) ?? []);
  const nameOf = ({ stack, job, stateMachineName }: Found) => `${stack} ${job} ${stateMachineName}`;
  const deployments = withChoices(found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)));
  const accountId = machines[0] && accountOf(machines[0].arn);
  return { deployments, others: machines.length - found.length, region, ...(accountId !== undefined && { accountId }) };
}

interface NamedMachine {
  readonly arn: string;
  readonly name: string;
}

async function listStateMachines(sfn: SFNClient): Promise<NamedMachine[]> {
  const machines: NamedMachine[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListStateMachinesCommand({ maxResults: 1000, ...(nextToken && { nextToken }) });
    const page = await sfn.send(command);
    for (const { stateMachineArn = '', name = '' } of page.stateMachines ?? []) {
      machines.push({ arn: stateMachineArn, name });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return machines;
}

/** None where the caller may not see them: `grantWatch` allows those of its own state machine, and there may be others. */
async function tagsOf(resourceArn: string, sfn: SFNClient): Promise<readonly Tag[]> {
  try {
    return (await sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags ?? [];
  } catch (error) {
    // Gone since it was listed, or not ours to see.
    if (/^(ResourceNotFound|AccessDenied(Exception)?)$/.test((error as Error).name)) return [];
    throw error;
  }
}

type Found = Omit<Deployment, 'choice'>;

function deploymentOf({ arn, name }: NamedMachine, tags: readonly Tag[], region: string): Found | undefined {
  const values = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const {
    [TAGS.stack]: stack,
    [TAGS.job]: job,
    [TAGS.ledger]: tableName,
    [TAGS.chainFunction]: chainFunction,
    [TAGS.chainLogs]: chainLogs,
  } = values;
  if (!stack || !job || !tableName || !chainFunction) return undefined;
  const accountId = accountOf(arn);
  return {
    ...{ stack, job, stateMachineArn: arn, stateMachineName: name, tableName, chainFunction, region, accountId },
    ...(chainLogs && { chainLogs }),
  };
}

function accountOf(arn: string): string {
  return arn.split(':')[4] as string;
}

function chooseJob(deployments: readonly Deployment[], asked: string | undefined): Deployment {
  const found = deployments.filter(
    ({ job, stateMachineName }) => asked === undefined || asked === job || asked === stateMachineName,
  );
  const [deployment] = found;
  if (deployment !== undefined && found.length === 1) return deployment;
  const known = (found.length > 1 ? found : deployments).map(({ choice }) => choice.job);
  const { stack } = deployments[0] as Deployment;
  throw new UsageError(
    `Expected --job to be one of the jobs ${known.join(', ')} of the stack ${stack}, got ${asked ?? 'nothing'}: for example --job ${known[0]}.`,
  );
}

/** Each with what chooses it: the name of its job, or of its state machine where its stack has the job twice. */
export function withChoices<Chains extends Pick<Deployment, 'stack' | 'job' | 'stateMachineName'>>(
  all: readonly Chains[],
): readonly (Chains & Pick<Deployment, 'choice'>)[] {
  return all.map((one) => {
    const { stack, job, stateMachineName } = one;
    const isAlone = all.filter((other) => other.stack === stack && other.job === job).length === 1;
    return { ...one, choice: { stack, job: isAlone ? job : stateMachineName } };
  });
}
