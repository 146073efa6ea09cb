import { type ExecutionListItem, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { times } from '../../functions/contract/counted';
import { outcomesOf } from '../../functions/contract/outcomes';
import { resumedRun } from '../../functions/contract/resumed-run';
import type { DeployedFlags, JsonFlag } from '../command-parts';
import { describe } from '../deployment/find-run';
import { type OpenDeployment, openDeployments } from '../deployment/open-deployment';
import { inTurns } from '../in-turns';
import { moment, print, printTable, say } from '../output';
import { causeOf, readKnownRun } from './known-run';
import { type Standing, standingOf } from './next-steps';

const USUAL_RUNS = 10;

interface RunsFlags extends DeployedFlags, JsonFlag {
  readonly limit?: number | undefined;
}

/**
 * `worker-chains runs`: the executions of all jobs of the stack, or of the one that is chosen, newest first, each with what
 * became of its run. Answers the exit code.
 */
export async function runs({ limit = USUAL_RUNS, json, ...choice }: RunsFlags): Promise<number> {
  const jobs = await openDeployments(choice);
  const lists = await inTurns(jobs, (opened) => newest(opened, limit));
  const executions = lists
    .flat()
    .sort((a, b) => startOf(b.listed) - startOf(a.listed))
    .slice(0, limit);
  const lines = await inTurns(executions, ({ listed, opened }) => lineOf(listed, opened));
  if (json) for (const line of lines) print(line);
  else if (lines.length === 0) say('None.');
  else {
    const several = jobs.length > 1;
    printTable(
      [
        ...[...(several ? ['job'] : []), 'run', 'status', 'started', 'seconds', 'items', 'done', 'skipped'],
        ...['unprocessed', 'in doubt', 'note'],
      ],
      lines.map(({ job, run, status, startedAt, seconds, items, done, skipped, unprocessed, inDoubt, note }) => [
        ...[...(several ? [job] : []), run, status, startedAt, seconds, items, done, skipped],
        ...[unprocessed, inDoubt, note],
      ]),
    );
  }
  return 0;
}

/** An execution, and the job that it is of. */
interface Listed {
  readonly listed: ExecutionListItem;
  readonly opened: OpenDeployment;
}

async function newest(opened: OpenDeployment, maxResults: number): Promise<readonly Listed[]> {
  const { stateMachineArn } = opened.deployment;
  const { executions = [] } = await opened.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults }));
  return executions.map((listed) => ({ listed, opened }));
}

function startOf({ startDate }: ExecutionListItem): number {
  return startDate?.getTime() ?? 0;
}

/** An execution, with the run that it serves. */
interface RunLine {
  readonly job: string;
  readonly run: string;
  readonly status: string;
  readonly startedAt: string;
  readonly seconds?: number;
  readonly items?: number;
  readonly done?: number;
  readonly skipped?: number;
  readonly unprocessed?: number;
  readonly inDoubt?: number;
  readonly note?: string;
}

async function lineOf(listed: ExecutionListItem, opened: OpenDeployment): Promise<RunLine> {
  const { name = '', executionArn = '', status = '', startDate = new Date(0), redriveCount = 0 } = listed;
  const line = { job: opened.deployment.job, run: name, status, startedAt: moment(startDate.getTime()) };
  const own = await opened.ledger.readRun(name);
  if (own && own.executionArn !== executionArn) {
    return { ...line, note: `taken up by ${own.executionArn.split(':').at(-1)}` };
  }
  const execution = own ? undefined : await describe(executionArn, opened.sfn);
  const resumed = resumedRun(execution?.input);
  const run = own ?? (resumed === undefined ? undefined : await opened.ledger.readRun(resumed));
  if (run?.executionArn !== executionArn) {
    const { error } = execution ?? {};
    return { ...line, ...(error !== undefined && { note: `${error}: ${causeOf(execution ?? {})}` }) };
  }
  const known = await readKnownRun(run, opened);
  const notes = [
    ...(own ? [] : [`resumes ${run.runId}`]),
    ...(run.dryRun ? ['dry run'] : []),
    ...(redriveCount > 0 ? [`redriven ${times(redriveCount)}`] : []),
    ...(status === 'RUNNING' ? pausesOf(await standingOf(known, opened)) : []),
    ...(known.execution?.error === undefined ? [] : [known.execution.error]),
  ];
  const { seconds, items, counts } = known;
  return { ...line, seconds, items, ...outcomesOf(counts), ...(notes.length > 0 && { note: notes.join(', ') }) };
}

function pausesOf(standing: Standing): readonly string[] {
  if (standing.is !== 'paused') return [];
  return [standing.provider === undefined ? 'paused' : `paused with all runs at ${standing.provider}`];
}
