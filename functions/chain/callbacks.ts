import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { errorName, isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import type { WorkerChainsError } from '../contract/errors';
import type { ChainResult } from '../contract/payloads';
import { retry } from '../contract/retry';

/** Errors of Step Functions for a token whose task was answered or timed out, or whose execution has ended. */
const TOKEN_IS_DEAD = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** Tries of a heartbeat: the next one is due soon. */
const HEARTBEAT_ATTEMPTS = 3;

/** Longest `cause` that Step Functions accepts, in characters. */
const CAUSE_LIMIT = 32_768;

export interface CallbacksOptions {
  readonly client: Pick<SFNClient, 'send'>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What a link says to Step Functions about its task: that it lives, and, once, how it ended. */
export class Callbacks {
  constructor(private readonly options: CallbacksOptions) {}

  /**
   * Renews the lease. False when the token is dead: the run was stopped, or this attempt of the chain was given up.
   * Tried three times, because the lease asks again at the next heartbeat; with `patiently` for as long as any call is.
   *
   * @throws Error of the SDK where no answer came
   */
  heartbeat(taskToken: string, { patiently = false } = {}): Promise<boolean> {
    const attempts = patiently ? undefined : HEARTBEAT_ATTEMPTS;
    return this.alive(() => this.options.client.send(new SendTaskHeartbeatCommand({ taskToken })), attempts);
  }

  /**
   * Ends the chain's task with its result. False when the token is dead.
   *
   * @throws Error of the SDK where no answer came
   */
  succeed(taskToken: string, result: ChainResult): Promise<boolean> {
    const output = JSON.stringify(result);
    return this.alive(() => this.options.client.send(new SendTaskSuccessCommand({ taskToken, output })));
  }

  /**
   * Ends the chain's task with an error. False when the token is dead.
   *
   * @throws Error of the SDK where no answer came
   */
  fail(taskToken: string, failure: WorkerChainsError): Promise<boolean> {
    const cause = failure.message.slice(0, CAUSE_LIMIT);
    return this.alive(() =>
      this.options.client.send(new SendTaskFailureCommand({ taskToken, error: failure.code, cause })),
    );
  }

  /** Repeating a callback is safe: a second answer to an answered task only finds the token dead. */
  private async alive(call: () => Promise<unknown>, attempts?: number): Promise<boolean> {
    const { clock, random } = this.options;
    try {
      await retry(call, { clock, random, ...(attempts !== undefined && { attempts }), shouldRetry: isTransient });
      return true;
    } catch (error) {
      if (TOKEN_IS_DEAD.has(errorName(error))) return false;
      throw error;
    }
  }
}
