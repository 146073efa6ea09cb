import type { CreateWorkersEvent, CreateWorkersResult } from '../contract/payloads';
import { createRun } from '../run/create-run';
import { Executions } from '../run/executions';
import type { RunSettings } from '../run/run-settings';
import { knownSources } from '../sources/known-sources';
import { ledgerIn, type Surroundings, type WithJob, type WithProvider, type WithStepFunctions } from './surroundings';

export interface CreateRunSurroundings extends Surroundings, WithJob, WithProvider, WithStepFunctions {
  readonly settings: RunSettings;
}

/** State `CreateWorkers`. */
export function wireCreateRun(
  around: CreateRunSurroundings,
): (event: CreateWorkersEvent) => Promise<CreateWorkersResult> {
  const { stepFunctions: client, clock, random, findJob, readQuota, settings } = around;
  const ledger = ledgerIn(around);
  const executions = new Executions({ client, clock, random });
  const { sourceFor } = knownSources(ledger);
  return (event) => createRun(event, { ledger, executions, clock, findJob, sourceFor, readQuota, settings });
}
