import { DescribeExecutionCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { errorName, isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { retry } from '../contract/retry';

/** Statuses of an execution that has come to its end; one that is `PENDING_REDRIVE` goes on. */
const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/** What a run must know of another run's execution. */
export interface ExecutionState {
  readonly hasEnded: boolean;
  readonly redriveCount: number;
}

export interface ExecutionsOptions {
  readonly client: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The executions of the state machine, as Step Functions tells of them. */
export class Executions {
  constructor(private readonly options: ExecutionsOptions) {}

  /**
   * Undefined if Step Functions knows no execution by that name. Eventually consistent: for some seconds it may still
   * tell of what was before a start, a stop, or a redrive.
   *
   * @throws Error of the service's own where it did not answer within ten minutes, or refused to.
   */
  async describe(executionArn: string): Promise<ExecutionState | undefined> {
    const { client, clock, random } = this.options;
    try {
      const { status = '', redriveCount = 0 } = await retry(
        () => client.send(new DescribeExecutionCommand({ executionArn })),
        { clock, random, shouldRetry: isTransient },
      );
      return { hasEnded: ENDED.has(status), redriveCount };
    } catch (error) {
      if (errorName(error) === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }

  /**
   * Stops an execution, with what is shown as its error and cause.
   *
   * @throws Error of the service's own where it did not answer within ten minutes, or refused to.
   */
  async stop(executionArn: string, error: string, cause: string): Promise<void> {
    const { client, clock, random } = this.options;
    await retry(() => client.send(new StopExecutionCommand({ executionArn, error, cause })), {
      ...{ clock, random, shouldRetry: isTransient },
    });
  }
}
