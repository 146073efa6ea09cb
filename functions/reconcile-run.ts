import { systemClock as clock, renewConnections } from './clients';
import { runFailure } from './contract/errors';
import type { ReconcileRunEvent, RunReport } from './contract/payloads';
import { findJob } from './jobs/find-job';
import { observeRun } from './observability';
import { reconcileRun } from './run/reconcile';
import { findSource, ledger } from './wiring';

/** State `ReconcileRun`: proves from the ledger that nobody was forgotten. */
export async function handler(event: ReconcileRunEvent): Promise<RunReport> {
  renewConnections();
  const report = await reconcileRun(event, { ledger: ledger(), clock, findJob, findSource }).catch((error) => {
    throw runFailure(error);
  });
  observeRun(report);
  return report;
}
