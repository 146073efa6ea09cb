import type { ReconcileRunEvent, RunReport } from './chain/contract';
import { runFailure } from './chain/errors';
import { reconcileRun } from './chain/reconcile';
import { systemClock as clock, renewConnections } from './clients';
import { findSource, ledger } from './domain';
import { findJob } from './jobs';
import { observeRun } from './observability';

/** State `ReconcileRun`: proves from the ledger that nobody was forgotten. */
export async function handler(event: ReconcileRunEvent): Promise<RunReport> {
  renewConnections();
  const report = await reconcileRun(event, { ledger: ledger(), clock, findJob, findSource }).catch((error) => {
    throw runFailure(error);
  });
  observeRun(report);
  return report;
}
