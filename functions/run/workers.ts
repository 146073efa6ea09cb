import type { CreateWorkersResult } from '../contract/payloads';
import { EPOCHS_PER_GENERATION } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { RunRecord } from '../ledger/records';
import { LONGEST_RUN_SECONDS } from './time-limits';

/** Stores the chains of a run that has none yet, or not all of them, and lets it begin. */
export async function storeChains(run: RunRecord, ledger: Ledger): Promise<void> {
  await ledger.createChains(run);
  await ledger.setRunStatus(run.runId, 'running');
}

/**
 * What the execution is to start: the chains with these numbers, in attempts above those of every execution before.
 *
 * @param isCanary whether that is the canary of the run, and no more
 */
export function workersOf(
  { runId, generation, heartbeatSeconds, canary }: RunRecord,
  chains: readonly number[],
  isCanary = false,
): CreateWorkersResult {
  return {
    runId,
    epochBase: generation * EPOCHS_PER_GENERATION,
    heartbeatSeconds,
    // Runs of an earlier version were planned with less, for the rate that they had then.
    chainTimeoutSeconds: LONGEST_RUN_SECONDS,
    chains,
    ...(canary && isCanary && { canary: { feedbackSeconds: canary.feedbackSeconds } }),
  };
}
