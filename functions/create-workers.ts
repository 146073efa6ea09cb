import { ENVIRONMENT } from './chain/constants';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from './chain/contract';
import { type CreateRunDependencies, createRun } from './chain/create-run';
import { runFailure } from './chain/errors';
import type { ProviderQuota } from './chain/quota';
import { lazily, renewConnections, systemClock, variable } from './clients';
import { callbacks, ledger, readQuota, sourceFor } from './domain';
import { findJob } from './jobs';
import { observeStart } from './observability';

/** Runs and what is left of them are remembered for a quarter. */
const RETENTION_DAYS = 90;

const dependencies = lazily(
  (): Omit<CreateRunDependencies, 'readQuota'> => ({
    ledger: ledger(),
    callbacks: callbacks(),
    clock: systemClock,
    findJob,
    sourceFor,
    settings: {
      heartbeatSeconds: Number(variable(ENVIRONMENT.heartbeatSeconds)),
      linkSeconds: Number(variable(ENVIRONMENT.linkSeconds)),
      sendShare: Number(variable(ENVIRONMENT.sendShare)),
      retentionDays: RETENTION_DAYS,
      concurrentLinks: concurrentLinks(),
    },
  }),
);

/** Absent in functions that an earlier version deployed: then nothing is known of a limit. */
function concurrentLinks(): number | undefined {
  const reserved = Number(process.env[ENVIRONMENT.concurrentLinks] ?? '');
  return reserved > 0 ? reserved : undefined;
}

/** State `CreateWorkers`: validates the input, claims the occurrence, splits the source into chains. */
export async function handler(event: CreateWorkersEvent): Promise<CreateWorkersResult> {
  renewConnections();
  let quota: ProviderQuota | undefined;
  const result = await createRun(event, {
    ...dependencies(),
    readQuota: async () => {
      quota = await readQuota();
      return quota;
    },
  }).catch((error) => {
    throw runFailure(error);
  });
  observeStart((event.input as RunInput).job, result, quota);
  return result;
}
