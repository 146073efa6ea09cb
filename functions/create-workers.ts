import { lazily, renewConnections, variable } from './clients';
import { runFailure } from './contract/errors';
import { ENVIRONMENT } from './contract/names';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from './contract/payloads';
import type { ProviderQuota } from './contract/quota';
import { readSendQuota } from './email/send-quota';
import { ses, stepFunctions } from './handler-clients';
import { findJob } from './jobs/find-job';
import { observeStart } from './observability';
import type { RunSettings } from './run/run-settings';
import { ownSurroundings } from './wiring/own-surroundings';
import { sendersDomain } from './wiring/senders-domain';
import { wireCreateRun } from './wiring/wire-create-run';

/** For how long the ledger keeps runs, chains and unprocessed items. */
const RETENTION_DAYS = 90;

const settings = lazily(
  (): RunSettings => ({
    heartbeatSeconds: Number(variable(ENVIRONMENT.heartbeatSeconds)),
    linkSeconds: Number(variable(ENVIRONMENT.linkSeconds)),
    sendShare: Number(variable(ENVIRONMENT.sendShare)),
    retentionDays: RETENTION_DAYS,
    concurrentLinks: concurrentLinks(),
    ...sendersDomain(),
    mapMode: process.env[ENVIRONMENT.mapMode] === 'distributed' ? 'distributed' : 'inline',
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
  const around = ownSurroundings();
  const createRun = wireCreateRun({
    ...around,
    stepFunctions: stepFunctions(),
    findJob,
    readQuota: async () => {
      quota = await readSendQuota({ client: ses(), ...around });
      return quota;
    },
    settings: settings(),
  });
  const result = await createRun(event).catch((error) => {
    throw runFailure(error);
  });
  observeStart((event.input as RunInput).job, result, quota);
  return result;
}
