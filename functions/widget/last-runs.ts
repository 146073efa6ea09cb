import { type ExecutionListItem, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { type OutcomeCounts, sumOfOutcomes } from '../contract/outcomes';
import { retry } from '../contract/retry';
import type { Ledger } from '../ledger/ledger';
import type { RunRecord } from '../ledger/records';

/** Executions that are listed; so many reads of the ledger are under way at a time, at most. */
export const MOST_RUNS = 20;

export interface LastRunsDependencies {
  readonly stepFunctions: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
  /** Name of the job: a ledger may have runs of others, and these any name. */
  readonly job: string;
  readonly ledger: Pick<Ledger, 'readRun' | 'readChains'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** For which a list of executions that fails for the moment is asked for again. */
  readonly patienceMilliseconds: number;
}

/** An execution, and the run that it serves. */
export interface ShownRun {
  readonly execution: ExecutionListItem;
  /** Absent where it serves none, or the ledger did not say. */
  readonly run?: RunRecord;
  /** Of that run, all chains together. Absent where the ledger did not say. */
  readonly counts?: OutcomeCounts;
  /** ARN of the execution that has taken its run up. */
  readonly takenUpBy?: string;
}

export interface LastRuns {
  /** Newest first. */
  readonly runs: readonly ShownRun[];
  /** Why the ledger did not say everything; the first of several reasons. */
  readonly ledgerFailure?: unknown;
}

/**
 * The last executions of a state machine, with what the ledger knows of their runs. An execution that goes on with the run
 * of an earlier one shows it where that one is listed, too.
 *
 * @throws Error of Step Functions where it did not list the executions in time, or refused to
 */
export async function lastRuns(dependencies: LastRunsDependencies): Promise<LastRuns> {
  const { job, ledger } = dependencies;
  const executions = await listExecutions(dependencies);
  const failures: unknown[] = [];
  const unlessItFails = <Result>(read: Promise<Result>): Promise<Result | undefined> =>
    read.catch((error: unknown) => {
      failures.push(error);
      return undefined;
    });

  const read = await Promise.all(executions.map(({ name = '' }) => unlessItFails(ledger.readRun(name))));
  const own = read.map((run) => (run?.job === job ? run : undefined));
  const served = new Map(own.flatMap((run) => (run ? [[run.executionArn, run] as const] : [])));
  const runs = await Promise.all(
    executions.map(async (execution, index): Promise<ShownRun> => {
      const run = served.get(execution.executionArn ?? '');
      const takenUpBy = run ? undefined : own[index]?.executionArn;
      const chains = run && (await unlessItFails(ledger.readChains(run.runId)));
      return {
        execution,
        ...(run && { run }),
        ...(chains && { counts: sumOfOutcomes(chains) }),
        ...(takenUpBy !== undefined && { takenUpBy }),
      };
    }),
  );
  return { runs, ...(failures.length > 0 && { ledgerFailure: failures[0] }) };
}

async function listExecutions({
  stepFunctions,
  stateMachineArn,
  clock,
  random,
  patienceMilliseconds: forMilliseconds,
}: LastRunsDependencies): Promise<readonly ExecutionListItem[]> {
  const command = new ListExecutionsCommand({ stateMachineArn, maxResults: MOST_RUNS });
  const { executions = [] } = await retry(() => stepFunctions.send(command), {
    ...{ clock, random, forMilliseconds, shouldRetry: isTransient },
  });
  return executions;
}
