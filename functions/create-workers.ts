import { lazily, renewConnections, systemClock, variable } from './clients';
import { runFailure } from './contract/errors';
import { ENVIRONMENT } from './contract/names';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from './contract/payloads';
import type { ProviderQuota } from './contract/quota';
import { findJob } from './jobs/find-job';
import { observeStart } from './observability';
import { type CreateRunDependencies, createRun } from './run/create-run';
import { executions, ledger, readQuota, sourceFor } from './wiring';

/** Runs and what is left of them are remembered for a quarter. */
const RETENTION_DAYS = 90;

const dependencies = lazily(
  (): Omit<CreateRunDependencies, 'readQuota'> => ({
    ledger: ledger(),
    executions: executions(),
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
