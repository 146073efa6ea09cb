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

/** Within what a link keeps free at its end; an outage of two minutes is sat out. */
const PATIENCE_MILLISECONDS = 150_000;

/**
 * Invokes the successor of a link. An answer that got lost is asked for again: the ledger lets only one of two
 * successors take the chain. Throws `Chain.HandoffFailed` after backing off in vain.
 */
export class Handoff {
  constructor(private readonly options: HandoffOptions) {}

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
