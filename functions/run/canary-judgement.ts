import type { Clock } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import { sumOfOutcomes } from '../contract/outcomes';
import type { CreateWorkersResult, JudgeCanaryEvent } from '../contract/payloads';
import { percent } from '../contract/percent';
import { EPOCHS_AFTER_CANARY, failuresIn, generationOf, givenItems, unseenInDoubtIn } from '../ledger/attempts';
import type { FeedbackCounts } from '../ledger/feedback';
import type { Ledger } from '../ledger/ledger';
import type { CanaryVerdict, ChainRecord, RunRecord } from '../ledger/records';
import { isAboveLimit } from './canary-limits';
import { workersOf } from './workers';

export interface JudgeCanaryDependencies {
  readonly ledger: Pick<Ledger, 'readRun' | 'readChains' | 'feedback' | 'noteCanaryVerdict' | 'sendOn'>;
  readonly clock: Clock;
}

/**
 * Judges how the canary of a run fared, and lets its chains go on with everybody else, from the start of their partitions.
 * Judged once a round: whoever redrives the execution, or resumes the run, has accepted what was found. Asked again it
 * answers the same.
 *
 * @throws `Run.CanaryFailed` where more of its mails bounced or were complained about, or more of its items failed, than
 * the job allows
 * @throws `Chain.Superseded` where another execution serves the run
 */
export async function judgeCanary(
  { runId, epoch }: JudgeCanaryEvent,
  { ledger, clock }: JudgeCanaryDependencies,
): Promise<CreateWorkersResult> {
  const run = await ledger.readRun(runId);
  if (!run) throw new WorkerChainsError(ERROR_CODES.unreconciled, `Run ${runId} is not in the ledger.`);
  if (generationOf(epoch) < run.generation) {
    throw new WorkerChainsError(
      ERROR_CODES.superseded,
      `Run ${runId} is served by a later execution: follow that one.`,
    );
  }
  const chains = await ledger.readChains(runId);
  const verdict = run.canaryVerdict ?? (await judged(run, chains, epoch, ledger, clock));
  if (verdict.because !== undefined && verdict.epoch === epoch) {
    throw new WorkerChainsError(ERROR_CODES.canaryFailed, verdict.because);
  }
  const goOn = await Promise.all(chains.map((chain) => (isThroughCanary(chain) ? ledger.sendOn(chain) : chain)));
  const left = goOn.filter(({ status }) => status !== 'finished').map(({ chainId }) => chainId);
  const workers = workersOf(run, left);
  return { ...workers, epochBase: workers.epochBase + EPOCHS_AFTER_CANARY };
}

function isThroughCanary({ takes, status }: ChainRecord): boolean {
  return takes === 'canary' && status === 'finished';
}

/** Notes the verdict; of two that judge at a time, the first one's stands. */
async function judged(
  run: RunRecord,
  chains: readonly ChainRecord[],
  epoch: number,
  ledger: JudgeCanaryDependencies['ledger'],
  clock: Clock,
): Promise<CanaryVerdict> {
  const failures = failuresIn(chains, epoch) + unseenInDoubtIn(chains, epoch);
  const because = faultOf(run, chains, failures, await ledger.feedback.counts(run.runId));
  return ledger.noteCanaryVerdict(run.runId, { epoch, at: clock.now(), ...(because !== undefined && { because }) });
}

/**
 * What is held against the run, in a sentence; undefined where nothing is. Complaints first: they do the most harm.
 *
 * @param failures items that failed in this round: those before it a redrive has accepted
 */
function faultOf(
  { runId, tolerateUnprocessed, feedback }: RunRecord,
  chains: readonly ChainRecord[],
  failures: number,
  { complained = 0, bounced = 0 }: FeedbackCounts,
): string | undefined {
  // Of a mail in doubt it is not known whether it was sent; it may be the one that bounced.
  const { done, inDoubt } = sumOfOutcomes(chains);
  const mails = done + inDoubt;
  const seen = [
    ...(feedback
      ? [
          { count: complained, of: mails, limit: feedback.complaints, what: 'mails were complained about' },
          { count: bounced, of: mails, limit: feedback.bounces, what: 'mails have bounced for good' },
        ]
      : []),
    {
      ...{ count: failures, of: givenItems(chains), limit: tolerateUnprocessed },
      what: 'items are unprocessed or in doubt',
    },
  ];
  const found = seen.find(({ count, of, limit }) => isAboveLimit(count, of, limit));
  if (!found) return undefined;
  const { count, of, limit, what } = found;
  return (
    `Of the canary of run ${runId}, ${count} of ${of} ${what}, more than the job's limit of ${percent(limit)} explains: ` +
    'nobody else was touched; look at what happened, then redrive the execution to go on with everybody else all the same.'
  );
}
