import { DescribeExecutionCommand, type DescribeExecutionOutput, type SFNClient } from '@aws-sdk/client-sfn';
import { resumedRun } from '../../functions/contract/resumed-run';
import type { RunRecord } from '../../functions/ledger/records';
import { UsageError } from '../command-line';
import { commandFor } from '../recommended-command';
import { isExecutionName, quotedInput } from './execution-name';
import type { Deployment } from './find-deployment';
import type { OpenDeployment } from './open-deployment';

/**
 * The run that a person names: by its id, which is the name of the execution that created it; by the name of an execution
 * that took it up later; or by the ARN of either.
 *
 * @throws UsageError where there is none of the deployment: the message says what there is instead
 */
export async function findRun(reference: string, opened: OpenDeployment): Promise<RunRecord> {
  const { deployment, ledger, sfn } = opened;
  const name = nameOf(reference, deployment);
  if (!isExecutionName(name)) throw unknown(reference, deployment);
  const run = await ledger.readRun(name);
  if (run) return ofJob(run, deployment);
  const execution = await describe(executionArnOf(name, deployment), sfn);
  const resumes = resumedRun(execution?.input);
  const resumed = resumes === undefined ? undefined : await ledger.readRun(resumes);
  if (resumed) return ofJob(resumed, deployment);
  if (execution === undefined) throw unknown(reference, deployment);
  const { status, error } = execution;
  throw new UsageError(
    `Expected a run that the ledger knows, got the execution ${name}, which is ${status}${error === undefined ? '' : ` with ${error}`} and has made none: its input and its cause are in Step Functions.`,
  );
}

function unknown(reference: string, deployment: Deployment): UsageError {
  const { job, stack } = deployment;
  return new UsageError(
    `Expected a run of ${job} in the stack ${stack}, got ${quotedInput(reference)}: ${commandFor(deployment, 'runs')} lists them.`,
  );
}

/** The ARN of an execution of the deployment. */
export function executionArnOf(name: string, { stateMachineArn }: Pick<Deployment, 'stateMachineArn'>): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** An execution; undefined where there is none of that name, or none any more. */
export async function describe(
  executionArn: string,
  sfn: Pick<SFNClient, 'send'>,
): Promise<DescribeExecutionOutput | undefined> {
  try {
    return await sfn.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    // A name that no execution can have makes no ARN of one.
    if (/^(ExecutionDoesNotExist|InvalidArn|ValidationException)$/.test((error as Error).name)) return undefined;
    throw error;
  }
}

function nameOf(reference: string, deployment: Deployment): string {
  if (!reference.startsWith('arn:')) return reference;
  const before = executionArnOf('', deployment);
  if (reference.startsWith(before)) return reference.slice(before.length);
  throw new UsageError(
    `Expected an execution of ${deployment.stateMachineName}, got ${quotedInput(reference)}: name its stack and its job with --stack and --job.`,
  );
}

function ofJob(run: RunRecord, { job }: Deployment): RunRecord {
  if (run.job === job) return run;
  throw new UsageError(`Expected a run of the job ${job}, got ${run.runId}, one of ${run.job}: say --job ${run.job}.`);
}
