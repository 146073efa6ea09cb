import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { type Counts, countsOf, settledItems, sumOfCounts } from '../../functions/contract/outcomes';
import type { RunReport } from '../../functions/contract/payloads';
import { roundedRate } from '../../functions/contract/rounded-rate';
import { extentOfAll } from '../../functions/ledger/extent';
import { itemsOfPermits } from '../../functions/ledger/permits';
import type { ChainRecord, RunRecord } from '../../functions/ledger/records';
import { describe, findRun } from '../deployment/find-run';
import type { OpenDeployment } from '../deployment/open-deployment';

/** A run, as the ledger and Step Functions tell of it together. */
export interface KnownRun {
  readonly run: RunRecord;
  readonly chains: readonly ChainRecord[];
  /** The one that serves the run. Undefined where Step Functions has forgotten it. */
  readonly execution?: DescribeExecutionOutput;
  /** What the proof says; before that what the chains have counted. */
  readonly counts: Counts;
  /** Items of the run, as far as that is known. */
  readonly items: number;
  /** Items without an outcome. */
  readonly left: number;
  readonly isEstimate: boolean;
  /** From its planning to its proof, to the end of its execution, or to now. */
  readonly seconds: number;
}

/** Items per second that are set for a run, as they are shown. Its record has permits: where one is for a chunk, that is many items. */
export function itemRateOf(run: Pick<RunRecord, 'rate' | 'itemsPerPermit'>): number {
  return roundedRate(itemsOfPermits(run.rate, run));
}

/** @throws UsageError where the deployment knows no such run */
export async function knownRun(reference: string, opened: OpenDeployment): Promise<KnownRun> {
  return readKnownRun(await findRun(reference, opened), opened);
}

export async function readKnownRun(run: RunRecord, { ledger, sfn }: OpenDeployment): Promise<KnownRun> {
  const [chains, execution] = await Promise.all([ledger.readChains(run.runId), describe(run.executionArn, sfn)]);
  const report = reportOf(execution);
  const counts = report ? countsOf(report) : sumOfCounts(chains);
  const { items, isEstimate } = extentOfAll(chains);
  const endedAt = run.finishedAt ?? execution?.stopDate?.getTime() ?? Date.now();
  return {
    ...{ run, chains, counts, items, isEstimate },
    ...(execution && { execution }),
    left: Math.max(0, items - settledItems(counts)),
    seconds: Math.max(0, Math.round((endedAt - run.createdAt) / 100) / 10),
  };
}

/** What the run is, in the words of Step Functions. */
export function statusOf({ run, execution }: Pick<KnownRun, 'run' | 'execution'>): string {
  if (execution?.status !== undefined) return execution.status;
  return run.status === 'reconciled' ? 'SUCCEEDED' : 'FORGOTTEN';
}

/** Whether nothing of it is left to be gone through. */
export function isFinished({ run, chains }: Pick<KnownRun, 'run' | 'chains'>): boolean {
  return run.status === 'reconciled' || (chains.length > 0 && chains.every(({ status }) => status === 'finished'));
}

/** The output of a run that is proven. */
function reportOf(execution: DescribeExecutionOutput | undefined): RunReport | undefined {
  const output = JSON.parse(execution?.output || 'null') as Partial<RunReport> | null;
  return typeof output?.done === 'number' && output.skippedBecause ? (output as RunReport) : undefined;
}

/** The sentence of a failure: Lambda wraps it in JSON. */
export function causeOf({ cause = '' }: Pick<DescribeExecutionOutput, 'cause'>): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    if (typeof errorMessage === 'string') return errorMessage;
  } catch {
    // Not JSON: a sentence as it is.
  }
  return cause;
}
