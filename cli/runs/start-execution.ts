import { randomBytes } from 'node:crypto';
import { type DescribeExecutionOutput, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { systemClock as clock, sleep } from '../../functions/contract/clock';
import type { RunInput } from '../../functions/contract/payloads';
import { parseInput } from '../../functions/run/input';
import { Failure, UsageError } from '../command-line';
import { nameable } from '../deployment/execution-name';
import { describe, executionArnOf } from '../deployment/find-run';
import type { OpenDeployment } from '../deployment/open-deployment';
import { commandFor } from '../recommended-command';
import { causeOf } from './known-run';
import { inputFor, type TakenUp, TakenUpAlready, type TakingUp, takeUp } from './take-up';

/** How long a run is waited for that was started: a new state machine's first functions take some seconds. */
const PATIENCE_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 500;
/** Chains of a distributed Map: what the deployment allows is for CreateWorkers to say. */
const MOST_CHAINS = 100;

/** An execution that was started, and whether its run is planned by now. */
export interface StartedRun {
  readonly name: string;
  readonly executionArn: string;
  readonly isPlanned: boolean;
}

/**
 * Starts an execution, and waits until its run is planned.
 *
 * @param given a name that somebody has given it. @default - one that nobody has
 * @throws UsageError where the input cannot be one, or the name is taken; Failure where CreateWorkers refuses it
 */
export async function startRun(input: RunInput, opened: OpenDeployment, given?: string): Promise<StartedRun> {
  const { sfn, deployment } = opened;
  checkInput(input);
  const { stateMachineArn } = deployment;
  const name = given ?? nameFor(input.job);
  // Asked for once more with the input that it has, an execution that is on is answered as if it were new.
  const before = given === undefined ? undefined : await describe(executionArnOf(given, deployment), sfn);
  if (before !== undefined) throw taken(name, `an execution that is ${before.status}`);
  const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
  const { executionArn = '' } = await sfn.send(command).catch((error: Error) => {
    throw error.name === 'ExecutionAlreadyExists' ? taken(name, 'an execution of the last 90 days') : error;
  });
  return oncePlanned({ name, executionArn, runId: name }, opened);
}

/**
 * Starts an execution that takes up an earlier run, and waits until its run is planned.
 *
 * @throws UsageError where the input cannot be one; Failure where another is on that does, or CreateWorkers refuses it
 */
export async function startTakingUp(taking: TakingUp, opened: OpenDeployment): Promise<StartedRun> {
  const { sfn, deployment } = opened;
  checkInput(inputFor(taking));
  try {
    const execution = await takeUp(taking, deployment.stateMachineArn, sfn);
    return await oncePlanned(
      { ...execution, runId: taking.field === 'resume' ? taking.runId : execution.name },
      opened,
    );
  } catch (error) {
    if (!(error instanceof TakenUpAlready)) throw error;
    const follows = commandFor(deployment, 'watch', { operands: [error.execution] });
    throw new Failure(
      `Expected ${taking.runId} to be taken up by nobody, got ${error.execution}, which is at it: ${follows} follows it.`,
    );
  }
}

async function oncePlanned(
  { name, executionArn, runId }: TakenUp & { readonly runId: string },
  { ledger, sfn }: OpenDeployment,
): Promise<StartedRun> {
  const until = clock.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    // In this order: an execution that has ended has planned its run before, or never.
    const execution = await describe(executionArn, sfn);
    const run = await ledger.readRun(runId);
    const isPlanned = run?.executionArn === executionArn && run.status !== 'creating';
    refuseFailed(name, isPlanned, execution);
    if (isPlanned || execution?.status === 'SUCCEEDED' || clock.now() > until) return { name, executionArn, isPlanned };
    await sleep(clock, LOOK_MILLISECONDS);
  }
}

function taken(name: string, whose: string): UsageError {
  return new UsageError(`Expected --name to be one that no execution has had, got ${name}, ${whose}: choose another.`);
}

/** @throws Failure where the execution has ended before a look: without a run it was refused, with one that run failed */
function refuseFailed(name: string, isPlanned: boolean, execution: DescribeExecutionOutput | undefined): void {
  if (execution?.status === undefined || execution.status === 'RUNNING' || execution.status === 'SUCCEEDED') return;
  const { status, error } = execution;
  const ended = isPlanned ? `has ended as ${status}` : 'was refused';
  throw new Failure(`${name} ${ended}: ${error ?? status}: ${causeOf(execution)}`);
}

/** @throws UsageError where CreateWorkers would refuse it, with its sentence */
function checkInput(input: RunInput): void {
  try {
    parseInput(input, MOST_CHAINS);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A name that begins with the job's, tells when it was, and is nobody else's. */
function nameFor(job: string): string {
  const moment = new Date().toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${nameable(job, 50)}-${moment}-${randomBytes(2).toString('hex')}`;
}

/** Looks until Step Functions says that the execution has ended: that may take some seconds. Undefined where it does not. */
export async function ended(executionArn: string, sfn: SFNClient): Promise<DescribeExecutionOutput | undefined> {
  const until = clock.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const execution = await describe(executionArn, sfn);
    if (execution?.status !== 'RUNNING') return execution;
    if (clock.now() > until) return undefined;
    await sleep(clock, LOOK_MILLISECONDS);
  }
}
