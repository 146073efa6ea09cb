import { ENVIRONMENT } from './chain/constants';
import type { CreateWorkersEvent, CreateWorkersResult } from './chain/contract';
import { type CreateRunDependencies, createRun } from './chain/create-run';
import { lazily, systemClock, variable } from './clients';
import { callbacks, ledger, readQuota, sourceFor } from './domain';
import { findJob } from './jobs';
import { logger } from './observability';

/** Runs and what is left of them are remembered for a quarter. */
const RETENTION_DAYS = 90;

const dependencies = lazily(
  (): CreateRunDependencies => ({
    ledger: ledger(),
    callbacks: callbacks(),
    clock: systemClock,
    findJob,
    sourceFor,
    readQuota,
    settings: {
      heartbeatSeconds: Number(variable(ENVIRONMENT.heartbeatSeconds)),
      linkSeconds: Number(variable(ENVIRONMENT.linkSeconds)),
      sendShare: Number(variable(ENVIRONMENT.sendShare)),
      retentionDays: RETENTION_DAYS,
    },
  }),
);

/** State `CreateWorkers`: validates the input, claims the occurrence, splits the source into chains. */
export async function handler(event: CreateWorkersEvent): Promise<CreateWorkersResult> {
  const result = await createRun(event, dependencies());
  logger().info('workers created', { runId: result.runId, chains: result.chains.length });
  return result;
}
