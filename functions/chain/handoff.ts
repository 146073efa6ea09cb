import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { LinkEvent } from '../contract/payloads';
import { retry } from '../contract/retry';
import { EVENT_VERSION } from '../contract/versions';

export interface HandoffOptions {
  readonly client: Pick<LambdaClient, 'send'>;
  /** The chain function itself. */
  readonly functionName: string;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Less than a link keeps free at its end (`RESERVE_MILLISECONDS` of link-work.ts), more than an outage of two minutes.
 */
const PATIENCE_MILLISECONDS = 150_000;

/**
 * Invokes the successor of a link. A call whose answer got lost is repeated: the ledger lets only one of two successors
 * take the chain.
 */
export class Handoff {
  constructor(private readonly options: HandoffOptions) {}

  /**
   * @throws `Chain.HandoffFailed` where no call was accepted within two and a half minutes, or one was refused for good
   */
  async invoke(successor: LinkEvent): Promise<void> {
    const { client, functionName: FunctionName, clock, random } = this.options;
    const Payload = JSON.stringify({ ...successor, version: EVENT_VERSION } satisfies LinkEvent);
    try {
      await retry(() => client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload })), {
        clock,
        random,
        forMilliseconds: PATIENCE_MILLISECONDS,
        firstPauseMilliseconds: 100,
        longestPauseMilliseconds: 5000,
        shouldRetry: isTransient,
      });
    } catch (cause) {
      throw new WorkerChainsError(
        ERROR_CODES.handoffFailed,
        `Link ${successor.link} of chain ${successor.chainId} could not be invoked: ${(cause as Error).message}`,
        { cause },
      );
    }
  }
}
