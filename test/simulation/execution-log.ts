import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Service } from '../../local/aws-service';
import { ServiceError } from '../../local/aws-service';

/** The status of an execution from a moment on. */
interface Change {
  readonly at: number;
  readonly status: string;
  readonly redriveCount: number;
}

/** An execution between two starts: from its start or redrive to its end. Milliseconds since the epoch. */
export interface Segment {
  readonly executionArn: string;
  readonly redriveCount: number;
  readonly from: number;
  /** Its end; `Infinity` while it runs. */
  until: number;
  /** When it came to its proof: from then on its links have nothing left to do. */
  reconcilingAt?: number;
}

const ENDS: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionAborted: 'ABORTED',
  ExecutionTimedOut: 'TIMED_OUT',
};

/** When which execution ran: kept from the histories, exactly. */
export class ExecutionLog {
  readonly segments: Segment[] = [];
  private readonly changes = new Map<string, Change[]>();

  constructor(private readonly now: () => number) {}

  note(executionArn: string, { type, executionRedrivenEventDetails, stateEnteredEventDetails }: HistoryEvent): void {
    const at = this.now();
    const end = ENDS[type ?? ''];
    const last = this.segments.findLast((segment) => segment.executionArn === executionArn);
    if (type === 'ExecutionStarted' || type === 'ExecutionRedriven') {
      const redriveCount = executionRedrivenEventDetails?.redriveCount ?? 0;
      this.segments.push({ executionArn, redriveCount, from: at, until: Number.POSITIVE_INFINITY });
      this.change(executionArn, { at, status: 'RUNNING', redriveCount });
    } else if (last && end) {
      last.until = at;
      this.change(executionArn, { at, status: end, redriveCount: last.redriveCount });
    } else if (last && type === 'TaskStateEntered' && stateEnteredEventDetails?.name === 'ReconcileRun') {
      last.reconcilingAt = at;
    }
  }

  segment(executionArn: string, redriveCount: number): Segment | undefined {
    return this.segments.find((one) => one.executionArn === executionArn && one.redriveCount === redriveCount);
  }

  /** The status that was true at a moment; undefined before the start. */
  statusAt(executionArn: string, at: number): Omit<Change, 'at'> | undefined {
    return this.changes.get(executionArn)?.findLast((change) => change.at <= at);
  }

  private change(executionArn: string, change: Change): void {
    const known = this.changes.get(executionArn);
    if (known) known.push(change);
    else this.changes.set(executionArn, [change]);
  }
}

/**
 * Step Functions as a function sees it: DescribeExecution is eventually consistent, so its answer may be as old as
 * `lag` says, in milliseconds.
 */
export function eventuallyConsistent(
  stepFunctions: Service,
  log: ExecutionLog,
  now: () => number,
  lag: () => number,
): Service {
  return {
    async handle(operation, input) {
      if (operation !== 'DescribeExecution') return stepFunctions.handle(operation, input);
      const exact = await stepFunctions.handle(operation, input);
      const milliseconds = lag();
      if (milliseconds === 0) return exact;
      const arn = exact.executionArn as string;
      const then = log.statusAt(arn, now() - milliseconds);
      if (!then) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
      const { executionArn, stateMachineArn, name, startDate, input: started } = exact;
      const isAsNow = then.status === exact.status && then.redriveCount === exact.redriveCount;
      return isAsNow ? exact : { executionArn, stateMachineArn, name, startDate, input: started, ...then };
    },
  };
}
