import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { errorName, isTransient } from './aws-errors';
import type { Clock } from './clock';
import type { ChainResult } from './contract';
import type { WorkerChainsError } from './errors';
import { retry } from './retry';

/** Step Functions answers these when a token's task was answered, timed out, or its execution ended. */
const TOKEN_IS_DEAD = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Longest `cause` that Step Functions accepts, in characters. */
const CAUSE_LIMIT = 32_768;

export interface CallbacksOptions {
  readonly client: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The execution, as a link sees it: a lease to hold, and a question to answer once. */
export class Callbacks {
  constructor(private readonly options: CallbacksOptions) {}

  /** Renews the lease. False when the token is dead: the run was stopped, or this attempt of the chain was given up. */
  heartbeat(taskToken: string): Promise<boolean> {
    return this.alive(() => this.options.client.send(new SendTaskHeartbeatCommand({ taskToken })), 3);
  }

  /** Ends the chain's task with its result. False when the token is dead. */
  succeed(taskToken: string, result: ChainResult): Promise<boolean> {
    const output = JSON.stringify(result);
    return this.alive(() => this.options.client.send(new SendTaskSuccessCommand({ taskToken, output })));
  }

  /** Ends the chain's task with an error. False when the token is dead. */
  fail(taskToken: string, failure: WorkerChainsError): Promise<boolean> {
    const cause = failure.message.slice(0, CAUSE_LIMIT);
    return this.alive(() =>
      this.options.client.send(new SendTaskFailureCommand({ taskToken, error: failure.code, cause })),
    );
  }

  /** Whether an execution is still running. An execution that Step Functions has forgotten is not. */
  async isRunning(executionArn: string): Promise<boolean> {
    try {
      const { status } = await this.retrying(() =>
        this.options.client.send(new DescribeExecutionCommand({ executionArn })),
      );
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (errorName(error) === 'ExecutionDoesNotExist') return false;
      throw error;
    }
  }

  /** Repeating a callback is safe: a second answer to an answered task only finds the token dead. */
  private async alive(call: () => Promise<unknown>, attempts?: number): Promise<boolean> {
    try {
      await this.retrying(call, attempts);
      return true;
    } catch (error) {
      if (TOKEN_IS_DEAD.has(errorName(error))) return false;
      throw error;
    }
  }

  private retrying<Answer>(call: () => Promise<Answer>, attempts = 8): Promise<Answer> {
    const { clock, random } = this.options;
    return retry(call, { clock, random, attempts, shouldRetry: isTransient });
  }
}
