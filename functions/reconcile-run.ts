import { renewConnections } from './clients';
import { runFailure } from './contract/errors';
import type { ReconcileRunEvent, RunReport } from './contract/payloads';
import { findJob } from './jobs/find-job';
import { observeRun } from './observability';
import { ownSurroundings } from './wiring/own-surroundings';
import { wireReconcileRun } from './wiring/wire-reconcile-run';

/** State `ReconcileRun`: proves from the ledger that every item of the source has an outcome. */
export async function handler(event: ReconcileRunEvent): Promise<RunReport> {
  renewConnections();
  const reconcileRun = wireReconcileRun({ ...ownSurroundings(), findJob });
  const report = await reconcileRun(event).catch((error) => {
    throw runFailure(error);
  });
  observeRun(report);
  return report;
}
