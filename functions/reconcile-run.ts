import type { ReconcileRunEvent, RunReport } from './chain/contract';
import { reconcileRun } from './chain/reconcile';
import { systemClock as clock } from './clients';
import { findSource, ledger } from './domain';
import { findJob } from './jobs';
import { observeRun } from './observability';

/** State `ReconcileRun`: proves from the ledger that nobody was forgotten. */
export async function handler({ runId }: ReconcileRunEvent): Promise<RunReport> {
  const report = await reconcileRun(runId, { ledger: ledger(), clock, findJob, findSource });
  observeRun(report);
  return report;
}
