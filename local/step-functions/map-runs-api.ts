import type { DescribeMapRunOutput, MapRunItemCounts, MapRunListItem } from '@aws-sdk/client-sfn';
import { type Page, type PageScope, page } from './api-input';
import { executionItem } from './descriptions';
import type { Execution } from './execution';
import type { MapRun } from './map-run';
import { type Input, optionalChoice, understood, validation } from './members';
import type { Registry } from './registry';

/** In AWS's own order. `PENDING_REDRIVE`, of a Map Run's children only, never lasts here: there is room for all at once. */
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

/** What tells of executions by the hundred: those of a state machine, the Map Runs of one, and the children of these. */
export class MapRunsApi {
  constructor(
    private readonly registry: Registry,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /** Newest first. */
  listExecutions(input: Input): object {
    const operation = 'ListExecutions';
    understood(operation, input, ['stateMachineArn', 'mapRunArn', 'statusFilter', 'maxResults', 'nextToken']);
    const statusFilter = optionalChoice(input, 'statusFilter', STATUSES);
    const ofMapRun = (input.mapRunArn ?? undefined) !== undefined;
    if (ofMapRun && (input.stateMachineArn ?? undefined) !== undefined) {
      throw validation('Expected either a stateMachineArn or a mapRunArn, got both: leave one of them out.');
    }
    if (!ofMapRun && statusFilter === 'PENDING_REDRIVE') {
      throw validation(
        'Expected a mapRunArn with the statusFilter PENDING_REDRIVE: other executions are never pending.',
      );
    }
    const { arn, executions, about } = ofMapRun ? this.childrenIn(input) : this.runsIn(input);
    const newestFirst = executions.toReversed();
    const wanted =
      statusFilter === undefined ? newestFirst : newestFirst.filter(({ record }) => record.status === statusFilter);
    const { items, nextToken } = this.page(wanted, input, { operation, arn });
    return { executions: items.map((execution) => ({ ...executionItem(execution), ...about })), nextToken };
  }

  private runsIn(input: Input) {
    const machine = this.registry.machineIn(input);
    return { arn: machine.arn, executions: this.registry.executionsOf(machine), about: undefined };
  }

  private childrenIn(input: Input) {
    const { record, children } = this.registry.mapRunIn(input);
    return { arn: record.arn, executions: children, about: { mapRunArn: record.arn, itemCount: 1 } };
  }

  listMapRuns(input: Input): object {
    const operation = 'ListMapRuns';
    understood(operation, input, ['executionArn', 'maxResults', 'nextToken']);
    const execution = this.registry.executionIn(input);
    const newestFirst = this.registry.mapRunsOf(execution).toReversed();
    const { items, nextToken } = this.page(newestFirst, input, { operation, arn: execution.record.arn });
    return { mapRuns: items.map(mapRunItem), nextToken };
  }

  describeMapRun(input: Input): DescribeMapRunOutput {
    understood('DescribeMapRun', input, ['mapRunArn']);
    const run = this.registry.mapRunIn(input);
    const { record } = run;
    const { stateMachineArn: _, ...item } = mapRunItem(run);
    const counts = countsOf(run);
    return {
      ...item,
      status: record.status,
      maxConcurrency: record.concurrency,
      toleratedFailurePercentage: 0,
      toleratedFailureCount: 0,
      // Without an ItemBatcher each child has one item.
      itemCounts: counts,
      executionCounts: counts,
      redriveCount: record.redriveCount,
      ...(record.redrivenAt === undefined ? undefined : { redriveDate: new Date(record.redrivenAt) }),
    };
  }

  private page<T>(entries: readonly T[], input: Input, scope: Omit<PageScope, 'now'>): Page<T> {
    return page(entries, input, { ...scope, now: this.now() });
  }
}

function mapRunItem({ record, frame }: MapRun): MapRunListItem {
  return {
    executionArn: frame.execution.record.arn,
    mapRunArn: record.arn,
    stateMachineArn: `${frame.execution.machine.arn}/${record.label}`,
    startDate: new Date(record.startedAt),
    ...(record.stoppedAt === undefined ? undefined : { stopDate: new Date(record.stoppedAt) }),
  };
}

function countsOf(run: MapRun): MapRunItemCounts {
  const isLost = ({ notRedrivableBecause }: Execution) => notRedrivableBecause !== undefined;
  // Results are written by a ResultWriter, or into the Map's output when all have succeeded.
  const resultsWritten = run.record.status === 'SUCCEEDED' ? run.children.length : 0;
  return {
    ...run.counts,
    resultsWritten,
    failuresNotRedrivable: run.unsuccessful.filter(isLost).length,
    pendingRedrive: 0,
  };
}
