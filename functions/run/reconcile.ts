import type { Clock } from '../contract/clock';
import { counted, nounFor } from '../contract/counted';
import { WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import { type Counts, sumOfCounts } from '../contract/outcomes';
import type { ReconcileRunEvent, RunReport } from '../contract/payloads';
import { sendsOnly } from '../contract/provider';
import type { Source, SourcePlan } from '../contract/source';
import { failuresIn, givenItems, toleratedFailures, unseenInDoubtIn } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { ChainRecord, RunRecord } from '../ledger/records';
import { leaveBudgets } from './budget';
import { settleByEvidence } from './late-evidence';
import { type ListedItems, readListedItems } from './listed-items';
import { faultsOf } from './proof';

export interface ReconcileDependencies {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly findJob: (name: string) => Job;
  readonly findSource: (kind: string, job: Job) => Source;
}

/**
 * Proves from the ledger that nobody was forgotten, marks the run as reconciled, and makes place for the job's next one.
 *
 * @throws `Run.Unreconciled` where something does not add up: each fault is told.
 * @throws `Chain.TooManyFailures` where it adds up to more failures than the job tolerates: once, then a redrive accepts
 * them.
 */
export async function reconcileRun(
  { runId, epoch, roundSince }: ReconcileRunEvent,
  { ledger, clock, findJob, findSource }: ReconcileDependencies,
): Promise<RunReport> {
  const run = await ledger.readRun(runId);
  if (!run) throw new WorkerChainsError(ERROR_CODES.unreconciled, `Run ${runId} is not in the ledger.`);
  const job = findJob(run.job);
  const source = findSource(run.source, job);
  const chains = await ledger.readChains(runId);
  // The list is read for it once more: only where there is something to settle.
  if (sendsOnly(job) && chains.some(({ inDoubt }) => inDoubt > 0)) await settleByEvidence(ledger, runId);
  const listed = await readListedItems(ledger, runId);
  const faults = faultsOf(run, chains, listed, source);
  const finishedAt = run.finishedAt ?? clock.now();
  if (faults.length > 0) {
    await ledger.setRunStatus(runId, 'unreconciled');
    throw new WorkerChainsError(ERROR_CODES.unreconciled, `Run ${runId} does not add up: ${faults.join('; ')}.`);
  }
  await ledger.setRunStatus(runId, 'reconciled', { finishedAt });
  await ledger.deactivate(run);
  await leaveBudgets(job, run, ledger);
  guardTolerance(run, inRound(chains, epoch, roundSince), listed, epoch);
  return { ...reportOf(run, chains, listed, finishedAt), ...(await feedbackOf(run, ledger)) };
}

/**
 * The chains with the epoch of the present round, if they were at work in it: a chain that is an execution of its own counts
 * fewer redrives than the run where it was not started yet, or still waited, when the run was stopped.
 */
function inRound(chains: readonly ChainRecord[], epoch = 0, roundSince?: string): readonly ChainRecord[] {
  if (roundSince === undefined) return chains;
  const since = Date.parse(roundSince);
  return chains.map((chain) => (chain.updatedAt >= since ? { ...chain, epoch: Math.max(chain.epoch, epoch) } : chain));
}

/**
 * Everybody is accounted for; whether the run did what it was for is another question. What an earlier round counted, the
 * operator has seen, and accepted by the redrive. What only this round found in doubt nobody has seen yet.
 */
function guardTolerance(
  run: RunRecord,
  chains: readonly ChainRecord[],
  { settled }: Pick<ListedItems, 'settled'>,
  epoch = Math.max(0, ...chains.map((chain) => chain.epoch)),
): void {
  // What evidence has settled since is no failure. After a redrive it is not known of which round each was: none is taken off.
  const known = chains.every(({ forgivenFailures }) => forgivenFailures === 0) ? settled : 0;
  const failures = Math.max(0, failuresIn(chains, epoch) + unseenInDoubtIn(chains, epoch) - known);
  const items = givenItems(chains);
  const tolerated = toleratedFailures(run, items);
  if (failures <= tolerated) return;
  throw new WorkerChainsError(
    ERROR_CODES.tooManyFailures,
    `Run ${run.runId} has come to its end, but ${failures} of ${counted(items, 'item')} ${nounFor(failures, 'is', 'are')} unprocessed or in doubt where ` +
      `the job tolerates ${tolerated}: look at them, then redrive the execution to accept them.`,
  );
}

/** `finishedAt`: when the run was proven first, in milliseconds since the epoch. */
function reportOf(
  { runId, job, dryRun, plan, createdAt }: RunRecord,
  chains: readonly ChainRecord[],
  { settled, topErrors }: Pick<ListedItems, 'settled' | 'topErrors'>,
  finishedAt: number,
): RunReport {
  const given = givenItems(chains);
  return {
    runId,
    job,
    ...(dryRun && { dryRun }),
    ...(plan.items === undefined
      ? plan.estimate !== undefined && { estimated: plan.estimate }
      : { planned: plan.items }),
    given,
    ...changeOf(plan, given),
    ...withEvidence(sumOfCounts(chains), settled),
    chains: chains.length,
    links: chains.reduce((sum, { links }) => sum + links, 0),
    elapsedSeconds: Math.round((finishedAt - createdAt) / 100) / 10,
    topErrors,
  };
}

/**
 * Over the whole run: a source that counts again when it splits may find another number in every partition than in its
 * plan.
 */
function changeOf({ items }: SourcePlan, given: number): Pick<RunReport, 'gone' | 'added'> {
  const planned = items ?? given;
  return { gone: Math.max(0, planned - given), added: Math.max(0, given - planned) };
}

/** The counts, with what was in doubt and is known to be done. */
function withEvidence(counts: Counts, settled: number): Counts & Pick<RunReport, 'settledByEvidence'> {
  if (settled === 0) return counts;
  const { done, inDoubt } = counts;
  return { ...counts, done: done + settled, inDoubt: inDoubt - settled, settledByEvidence: settled };
}

/** What was said of the run's mails by the time of the proof: there is more to come. */
async function feedbackOf(
  { runId, feedback }: RunRecord,
  ledger: Ledger,
): Promise<Pick<RunReport, 'bounced' | 'complained'>> {
  if (feedback === undefined) return {};
  const { bounced = 0, complained = 0 } = await ledger.feedback.counts(runId);
  return { bounced, complained };
}
