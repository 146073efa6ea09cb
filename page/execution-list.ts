import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { outcomesOf, sumOfOutcomes } from '../functions/contract/outcomes';
import type { RunInput, RunReport } from '../functions/contract/payloads';
import { resumedRun } from '../functions/contract/resumed-run';
import { extentOfAll } from '../functions/ledger/extent';
import type { MonitoredStateMachine } from './execution-monitor';
import type { ExecutionSummary, Starter } from './view';

const MOST_EXECUTIONS = 100;
/** Executions that are asked about in one reading, newest first: DescribeExecution has a small quota, and many look. */
const MOST_QUESTIONS = 8;

/** What ListExecutions does not tell. */
type Details = Pick<ExecutionSummary, 'job' | 'startedBy' | 'items'>;

interface Known {
  /** As the execution was then: a redrive changes how it came out. */
  readonly standing: string;
  /** The run that it serves. */
  readonly runId: string;
  readonly details: Details;
}

/** All executions of the state machines, also those that others started. */
export class ExecutionList {
  private known = new Map<string, Known>();

  constructor(
    private readonly sfn: Pick<SFNClient, 'send'>,
    private readonly stateMachines: readonly MonitoredStateMachine[],
  ) {}

  /** Newest first, at most 100. Who started one, and what came out, may be known only at a later reading. */
  async read(): Promise<readonly ExecutionSummary[]> {
    const lists = await Promise.all(
      this.stateMachines.map(async (stateMachine) => {
        const command = new ListExecutionsCommand({ stateMachineArn: stateMachine.arn, maxResults: MOST_EXECUTIONS });
        const { executions = [] } = await this.sfn.send(command);
        return executions.map((execution) => ({ execution, stateMachine }));
      }),
    );
    const newest = lists
      .flat()
      .sort((a, b) => startOf(b.execution) - startOf(a.execution))
      .slice(0, MOST_EXECUTIONS);
    let questions = MOST_QUESTIONS;
    const known = await Promise.all(
      newest.map(({ execution, stateMachine }) => {
        const before = this.known.get(execution.executionArn as string);
        if (before?.standing === standingOf(execution)) {
          // Its input stays as it was, but it gets on.
          return execution.status === 'RUNNING' ? withItems(before, stateMachine) : before;
        }
        if (questions === 0) return before;
        questions -= 1;
        return this.ask(execution, stateMachine);
      }),
    );
    const found = newest.map(({ execution }, index) => [execution.executionArn as string, known[index]] as const);
    this.known = new Map(found.flatMap(([arn, each]) => (each ? [[arn, each] as const] : [])));
    return newest.map(({ execution, stateMachine }, index) => ({
      ...summary(execution, stateMachine.name),
      ...(stateMachine.job !== undefined && { job: stateMachine.job }),
      ...known[index]?.details,
    }));
  }

  private async ask(execution: ExecutionListItem, { ledger }: MonitoredStateMachine): Promise<Known> {
    const { executionArn = '', name = '' } = execution;
    const { input = 'null', output } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const given = inputOf(input);
    const runId = resumedRun(input) ?? name;
    const items = (output === undefined ? undefined : reported(output)) ?? (await settled(runId, ledger));
    return {
      ...{ standing: standingOf(execution), runId },
      details: {
        ...(typeof given.job === 'string' && { job: given.job }),
        startedBy: starterOf(given),
        ...(items && { items }),
      },
    };
  }
}

function startOf({ startDate }: ExecutionListItem): number {
  return startDate?.getTime() ?? 0;
}

function standingOf({ status, redriveCount = 0 }: ExecutionListItem): string {
  return `${status} ${redriveCount}`;
}

/** Anybody may start an execution with anything. */
function inputOf(input: string): Partial<RunInput> {
  const given: unknown = JSON.parse(input);
  return typeof given === 'object' && given !== null ? given : {};
}

function starterOf({ resume, unprocessedOf, inDoubtOf, scheduledFor, schedule }: Partial<RunInput>): Starter {
  if (resume !== undefined) return { kind: 'resumption', of: String(resume) };
  if (unprocessedOf !== undefined) return { kind: 'retry', of: String(unprocessedOf) };
  if (inDoubtOf !== undefined) return { kind: 'in-doubt', of: String(inDoubtOf) };
  if (scheduledFor === undefined) return { kind: 'hand' };
  return {
    kind: 'schedule',
    scheduledFor: String(scheduledFor),
    ...(schedule !== undefined && { schedule: String(schedule) }),
  };
}

/** What a run that succeeded reports of its items. */
function reported(output: string): ExecutionSummary['items'] {
  const report = JSON.parse(output) as RunReport;
  const items = { ...outcomesOf(report), planned: report.given };
  return Object.values(items).every(Number.isFinite) ? items : undefined;
}

async function withItems(known: Known, { ledger }: MonitoredStateMachine): Promise<Known> {
  const items = await settled(known.runId, ledger);
  return { ...known, details: { ...known.details, ...(items && { items }) } };
}

/** What the ledger has of a run. Undefined where it has none. */
async function settled(runId: string, ledger: MonitoredStateMachine['ledger']): Promise<ExecutionSummary['items']> {
  const chains = await ledger.readChains(runId);
  return chains.length === 0 ? undefined : { ...sumOfOutcomes(chains), planned: extentOfAll(chains).items };
}

function summary(execution: ExecutionListItem, stateMachine: string): ExecutionSummary {
  const { executionArn = '', name = '', status, startDate, stopDate, redriveCount = 0 } = execution;
  return {
    arn: executionArn,
    name,
    stateMachine,
    status: status as ExecutionSummary['status'],
    startDate: (startDate as Date).toISOString(),
    ...(stopDate && { stopDate: stopDate.toISOString() }),
    redriveCount,
  };
}
