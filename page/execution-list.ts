import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { MonitoredStateMachine } from './execution-monitor';
import type { ExecutionSummary } from './view';

const MOST_EXECUTIONS = 100;

/** All executions of the state machines, also those that others started. */
export class ExecutionList {
  /** Jobs by ARN: they are in the inputs, which never change, and which ListExecutions does not return. */
  private jobs = new Map<string, string | undefined>();

  constructor(
    private readonly sfn: Pick<SFNClient, 'send'>,
    private readonly stateMachines: readonly MonitoredStateMachine[],
  ) {}

  /** Newest first, at most 100. */
  async read(): Promise<readonly ExecutionSummary[]> {
    const lists = await Promise.all(
      this.stateMachines.map(async ({ arn, name, job }) => {
        const command = new ListExecutionsCommand({ stateMachineArn: arn, maxResults: MOST_EXECUTIONS });
        const { executions = [] } = await this.sfn.send(command);
        return executions.map((execution) => ({ execution, stateMachine: name, job }));
      }),
    );
    const newest = lists
      .flat()
      .sort((a, b) => startOf(b.execution) - startOf(a.execution))
      .slice(0, MOST_EXECUTIONS);
    const summaries = await Promise.all(
      newest.map(async ({ execution, stateMachine, job }) =>
        summary(execution, stateMachine, job ?? (await this.jobOf(execution.executionArn as string))),
      ),
    );
    this.jobs = new Map(summaries.map(({ arn, job }) => [arn, job]));
    return summaries;
  }

  private async jobOf(executionArn: string): Promise<string | undefined> {
    if (this.jobs.has(executionArn)) return this.jobs.get(executionArn);
    const { input = 'null' } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const job = (JSON.parse(input) as { job?: unknown } | null)?.job;
    return typeof job === 'string' ? job : undefined;
  }
}

function startOf({ startDate }: ExecutionListItem): number {
  return startDate?.getTime() ?? 0;
}

function summary(execution: ExecutionListItem, stateMachine: string, job: string | undefined): ExecutionSummary {
  const { executionArn = '', name = '', status, startDate, stopDate, redriveCount = 0 } = execution;
  return {
    arn: executionArn,
    name,
    stateMachine,
    ...(job !== undefined && { job }),
    status: status as ExecutionSummary['status'],
    startDate: (startDate as Date).toISOString(),
    ...(stopDate && { stopDate: stopDate.toISOString() }),
    redriveCount,
  };
}
