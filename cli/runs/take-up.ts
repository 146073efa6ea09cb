import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RunInput } from '../../functions/contract/payloads';
import { describe, executionArnOf } from '../deployment/find-run';

/** What an execution takes up of an earlier run, as a field of its input, and how its name says so. */
const NAMED = { resume: 'resume', unprocessedOf: 'retry', inDoubtOf: 'retry-in-doubt' } as const;

/** A name has at most 80 characters: this leaves room for `-dry-retry-in-doubt-` and a number. */
const LONGEST_OF_RUN = 54;

/** What is asked for of an earlier run. */
export interface TakingUp {
  readonly runId: string;
  readonly field: keyof typeof NAMED;
  readonly job: string;
  readonly rate?: number | undefined;
  readonly dryRun?: boolean | undefined;
}

/** The execution that takes up an earlier run. */
export interface TakenUp {
  readonly name: string;
  readonly executionArn: string;
}

/** An execution is on that takes up the same, and was asked for in other words. */
export class TakenUpAlready extends Error {
  constructor(readonly execution: string) {
    super(`${execution} takes it up already`);
  }
}

/** The input of the execution that does it. */
export function inputFor({ runId, field, job, rate, dryRun }: TakingUp): RunInput {
  return { job, [field]: runId, ...(rate !== undefined && { rate }), ...(dryRun && { dryRun }) };
}

/**
 * Starts an execution that takes up an earlier run. Its name is that of the run and a number: who asks twice before the
 * first execution has made its claim is answered with that one, as StartExecution is idempotent for a name and an input
 * while the execution is on (API reference, StartExecution). By a name of its own the second would be an execution that
 * CreateWorkers refuses, and an alarm.
 *
 * @throws TakenUpAlready where one is on that takes up the same with another input
 */
export async function takeUp(
  taking: TakingUp,
  stateMachineArn: string,
  sfn: Pick<SFNClient, 'send'>,
): Promise<TakenUp> {
  const { runId, field, dryRun } = taking;
  const input = JSON.stringify(inputFor(taking));
  const named = [runId.slice(0, LONGEST_OF_RUN), ...(dryRun ? ['dry'] : []), NAMED[field]].join('-');
  for (let count = 1; ; count++) {
    const name = `${named}-${count}`;
    try {
      const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      return { name, executionArn };
    } catch (error) {
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
    }
    const before = await describe(executionArnOf(name, { stateMachineArn }), sfn);
    if (before?.status !== 'RUNNING') continue;
    // Runs of long ids may share the beginning of a name.
    const other = JSON.parse(before.input ?? '{}') as RunInput;
    if (other[field] === runId) throw new TakenUpAlready(name);
  }
}
