import { RedriveExecutionCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { counted } from '../../functions/contract/counted';
import { roundedRate } from '../../functions/contract/rounded-rate';
import type { Ledger } from '../../functions/ledger/ledger';
import { permitsForItems } from '../../functions/ledger/permits';
import type { RunRecord } from '../../functions/ledger/records';
import { durationFault, itemsLeft } from '../../functions/run/time-limits';
import type { Monitor } from '../../page/monitor';
import { PageError } from '../../page/reply';
import type { PageOperations } from '../../page/view';
import { holderOf } from '../runs/next-steps';
import { TakenUpAlready, type TakingUp, takeUp } from '../runs/take-up';

/** As it stands, the run does not allow it. */
const CONFLICT = 409;

export interface OperationsOptions {
  /** One try per call: a person sees that it failed, and tries again. */
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly monitor: Monitor;
  readonly stateMachines: readonly OperatedStateMachine[];
}

/** A state machine whose executions are operated. */
export interface OperatedStateMachine {
  readonly arn: string;
  readonly ledger: Ledger;
}

/** What a person may do to the runs of state machines with the rights of `grantOperate`. */
export class Operations implements PageOperations {
  constructor(private readonly options: OperationsOptions) {}

  async stop(executionArn: string): Promise<string> {
    const run = await this.runOf(executionArn, 'RUNNING', 'there is nothing to stop');
    await this.options.sfn.send(
      new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'Stopped on the page' }),
    );
    const seconds = run === undefined ? '' : ` within ${run.heartbeatSeconds} s`;
    return `${nameOf(executionArn)} is stopped: its chains settle what they know and end${seconds}.`;
  }

  async redrive(executionArn: string): Promise<string> {
    const run = await this.runOf(executionArn, 'ended', 'there is nothing to go on with');
    await this.options.sfn.send(new RedriveExecutionCommand({ executionArn })).catch((error: Error) => {
      if (error.name !== 'ExecutionNotRedrivable') throw error;
      throw new PageError(CONFLICT, `A redrive was refused (${error.message}): resume the run by a new execution.`);
    });
    const name = nameOf(executionArn);
    return run?.rate === 0
      ? `${name} is redriven, and paused as it was: another rate goes on.`
      : `${name} is redriven: it goes on from the ledger.`;
  }

  async resume(executionArn: string): Promise<string> {
    const run = await this.runOf(executionArn, 'ended', 'there is nothing to resume');
    if (run === undefined)
      throw new PageError(CONFLICT, `${nameOf(executionArn)} has made no run that could be resumed.`);
    // Where it was paused nobody wants it to stay so: CreateWorkers takes the usual rate.
    return `${await this.start(executionArn, run, 'resume')} takes up ${run.runId}.`;
  }

  async retry(executionArn: string): Promise<string> {
    const { monitor } = this.options;
    const { execution, totals } = await monitor.refresh(executionArn);
    const name = nameOf(executionArn);
    if (execution?.status !== 'SUCCEEDED') {
      throw new PageError(
        CONFLICT,
        `Expected ${name} to have succeeded, got ${execution?.status}: go on with it first, then retry what it leaves.`,
      );
    }
    if (totals.unprocessed === 0) {
      throw new PageError(
        CONFLICT,
        `Expected ${name} to have left items unprocessed, got none: there is nothing to retry.`,
      );
    }
    const run = await this.operated(executionArn).ledger.readRun(await monitor.runIdOf(executionArn));
    if (run === undefined) throw new PageError(CONFLICT, `The ledger does not know the run of ${name} any more.`);
    const { runId } = run;
    if (run.dryRun) {
      throw new PageError(
        CONFLICT,
        `Expected ${runId} to be a run with effects, got a dry run, of which nothing was done: start a run over its items.`,
      );
    }
    const { ledger } = this.operated(executionArn);
    const takenUpBy = await holderOf(runId, 'unprocessed', { ledger, sfn: this.options.sfn });
    if (takenUpBy !== undefined) {
      throw new PageError(
        CONFLICT,
        `Expected items of ${runId} that no run has taken up yet, got ones that ${takenUpBy} has: look at that run.`,
      );
    }
    const retried = await this.start(executionArn, run, 'unprocessedOf');
    const items = totals.unprocessed === 1 ? 'the item' : `the ${counted(totals.unprocessed, 'item')}`;
    return `${retried} takes up ${items} that ${run.runId} left unprocessed.`;
  }

  async rate(executionArn: string, itemsPerSecond: number): Promise<string> {
    const run = await this.runOf(executionArn, 'RUNNING', 'there is nothing to change');
    if (run === undefined)
      throw new PageError(CONFLICT, `${nameOf(executionArn)} is not planned yet: wait for its chains.`);
    const { runId } = run;
    const { ledger } = this.operated(executionArn);
    const fault = itemsPerSecond > 0 && durationFault(itemsLeft(await ledger.readChains(runId)), itemsPerSecond);
    if (fault) throw new PageError(CONFLICT, fault);
    await ledger.setRate(runId, permitsForItems(itemsPerSecond, run));
    return itemsPerSecond === 0
      ? `${runId} is paused: any other rate goes on.`
      : `${runId} may do ${counted(roundedRate(itemsPerSecond), 'item')} a second.`;
  }

  /**
   * Answers the name of the execution that takes it up.
   *
   * @throws PageError where another is on that does
   */
  private async start(executionArn: string, { runId, job }: RunRecord, field: TakingUp['field']): Promise<string> {
    const { arn } = this.operated(executionArn);
    try {
      return (await takeUp({ runId, field, job }, arn, this.options.sfn)).name;
    } catch (error) {
      if (!(error instanceof TakenUpAlready)) throw error;
      throw new PageError(
        CONFLICT,
        `Expected ${runId} to be taken up by nobody, got ${error.execution}, which is at it: look at that run.`,
      );
    }
  }

  /**
   * The run of an execution; undefined before it is planned.
   *
   * @throws PageError where the execution is not as it must be
   */
  private async runOf(
    executionArn: string,
    must: 'RUNNING' | 'ended',
    otherwise: string,
  ): Promise<RunRecord | undefined> {
    const { monitor } = this.options;
    const { ledger } = this.operated(executionArn);
    const { execution } = await monitor.refresh(executionArn);
    const isRunning = execution?.status === 'RUNNING';
    if (isRunning !== (must === 'RUNNING') || execution?.status === 'SUCCEEDED') {
      const expected = must === 'RUNNING' ? 'running' : 'ended without success';
      throw new PageError(
        CONFLICT,
        `Expected ${nameOf(executionArn)} to be ${expected}, got ${execution?.status}: ${otherwise}.`,
      );
    }
    return ledger.readRun(await monitor.runIdOf(executionArn));
  }

  /** @throws PageError where the execution is of another state machine */
  private operated(executionArn: string): OperatedStateMachine {
    const ofExecution = executionArn.split(':').slice(0, -1).join(':').replace(':execution:', ':stateMachine:');
    const found = this.options.stateMachines.find(({ arn }) => arn === ofExecution);
    if (found !== undefined) return found;
    throw new PageError(
      404,
      `Expected an execution of this page, got ${executionArn.slice(0, 300)}: take one from the list of executions.`,
    );
  }
}

function nameOf(executionArn: string): string {
  return executionArn.split(':').at(-1) as string;
}
