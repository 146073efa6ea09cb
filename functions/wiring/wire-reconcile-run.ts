import type { ReconcileRunEvent, RunReport } from '../contract/payloads';
import { reconcileRun } from '../run/reconcile';
import { knownSources } from '../sources/known-sources';
import { ledgerIn, type Surroundings, type WithJob } from './surroundings';

/** State `ReconcileRun`. */
export function wireReconcileRun(around: Surroundings & WithJob): (event: ReconcileRunEvent) => Promise<RunReport> {
  const { clock, findJob } = around;
  const ledger = ledgerIn(around);
  const { findSource } = knownSources(ledger);
  return (event) => reconcileRun(event, { ledger, clock, findJob, findSource });
}
