import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../contract/clock';
import type { Job } from '../contract/job';
import type { ProviderQuota } from '../contract/quota';
import { Ledger } from '../ledger/ledger';
import type { TableOptions } from '../ledger/ledger-table';

/**
 * The wiring is the one place where the domain is put together: the handlers give it the clients of their process, the
 * simulation and the bench their own, so that what is simulated is what is deployed. It has one file for each state, so
 * that a function's bundle holds no client of another.
 */

/** What every state is wired to. */
export interface Surroundings {
  /** DynamoDB's document client. */
  readonly dynamoDb: TableOptions['client'];
  /** Name of the ledger's table. */
  readonly tableName: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface WithJob {
  /** @throws `Run.InvalidInput` where there is no such job */
  readonly findJob: (name: string) => Job;
}

export interface WithProvider {
  /** What the provider lets the account do. */
  readonly readQuota: () => Promise<ProviderQuota>;
}

export interface WithStepFunctions {
  readonly stepFunctions: Pick<SFNClient, 'send'>;
}

/** The ledger, in these surroundings. */
export function ledgerIn({ dynamoDb: client, tableName, clock, random }: Surroundings): Ledger {
  return new Ledger({ client, tableName, clock, random });
}
