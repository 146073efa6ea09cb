import { type Clock, sleep } from '../contract/clock';
import { invalidInput, WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { CreateWorkersEvent } from '../contract/payloads';
import { LEFTOVERS, type LeftoversPlan } from '../contract/source';
import type { Ledger } from '../ledger/ledger';
import {
  activePlaceOf,
  type ClaimKey,
  type Holder,
  occurrenceKey,
  type PlacedRun,
  type RunRecord,
  reprocessingKey,
} from '../ledger/records';
import type { Executions } from './executions';

/**
 * What makes a run the only one: its place as the job's active run, its occurrence, the items that it takes over. Each is
 * a record that one execution holds. It is taken from its holder only when that execution was *seen* to have ended.
 */

export interface ClaimsDependencies {
  readonly ledger: Ledger;
  readonly executions: Pick<Executions, 'describe'>;
  readonly clock: Clock;
}

/** The execution that claims. */
export type Claimant = Omit<Holder, 'at'> & { readonly executionArn: string };

/** The execution whose CreateWorkers this is, as it claims for the run `runId`. */
export function claimantOf({ executionArn, redriveCount = 0 }: CreateWorkersEvent, runId: string): Claimant {
  return { runId, executionArn, redriveCount };
}

/** DescribeExecution is eventually consistent: for so long it may still tell of what was, seconds ago, different. */
const STALE_MILLISECONDS = 30_000;
const LOOK_AGAIN_MILLISECONDS = 2000;
/** Step Functions forgets executions 90 days after their end, and tells of new ones within seconds. */
const SURELY_KNOWN_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Whether the execution that holds a claim was seen to have ended, and has not been redriven since it wrote the claim.
 * An answer that says otherwise is asked for again for some seconds: it may be stale.
 */
async function hasEnded(holder: Holder, dependencies: ClaimsDependencies): Promise<boolean> {
  const { executions, clock, ledger } = dependencies;
  // A claim of an earlier version names its run only; without a run there is nobody who could be at work.
  const executionArn = holder.executionArn ?? (await ledger.readRun(holder.runId))?.executionArn;
  if (executionArn === undefined) return true;
  const since = clock.now();
  for (;;) {
    const execution = await executions.describe(executionArn);
    if (execution === undefined) {
      if (Math.abs(clock.now() - holder.at) > SURELY_KNOWN_MILLISECONDS) return true;
    } else if (execution.hasEnded && execution.redriveCount >= holder.redriveCount) return true;
    if (Math.abs(clock.now() - since) >= STALE_MILLISECONDS) return false;
    await sleep(clock, LOOK_AGAIN_MILLISECONDS);
  }
}

/**
 * Makes the claimant the job's one active run, or confirms that it still is: CreateWorkers asks, and the first link of
 * every attempt, because a redrive does not pass CreateWorkers.
 *
 * @param ended a holder that was seen to have ended: it is not asked about again while it has the place.
 * @throws `Run.Overlapping` where another execution is, that was not seen to have ended.
 */
export async function activate(
  run: PlacedRun,
  claimant: Claimant,
  dependencies: ClaimsDependencies,
  ended?: Holder,
): Promise<void> {
  const key = activePlaceOf(run);
  const known = await dependencies.ledger.claims.read(key);
  if (known && isWritten(known, claimant)) return;
  const holder = await take(key, claimant, dependencies, {
    mayTakeFrom: (other) => hasEnded(other, dependencies),
    ...(ended && { instead: ended }),
  });
  if (!isSame(holder, claimant)) throw overlapping(run, holder.runId);
}

/**
 * Another execution that has the job's place and was seen to have ended, if there is one.
 *
 * @throws `Run.Overlapping` where another execution has the job's place that was not seen to have ended.
 */
async function endedHolder(
  run: PlacedRun,
  claimant: Claimant,
  dependencies: ClaimsDependencies,
): Promise<Holder | undefined> {
  const holder = await dependencies.ledger.claims.read(activePlaceOf(run));
  if (!holder || isSame(holder, claimant)) return undefined;
  if (!(await hasEnded(holder, dependencies))) throw overlapping(run, holder.runId);
  return holder;
}

/**
 * Takes everything that a run needs for itself alone. All of it is looked at before any is taken; the writes then decide a
 * race. Whoever is refused after that keeps what it took until its execution is seen to have ended: it may be a
 * CreateWorkers that outlived its time, and another attempt of the same execution may have built on the claim since.
 *
 * @throws `Run.AlreadyServed` where another run serves the occurrence.
 * @throws `Run.InvalidInput` where another run has taken up the left-over items.
 * @throws `Run.Overlapping` where another run of the job is active.
 */
export async function claimWork(run: RunRecord, claimant: Claimant, dependencies: ClaimsDependencies): Promise<void> {
  const { ledger } = dependencies;
  const { expiresAt } = run;
  const open: WorkClaim[] = [];
  for (const claim of claimsOf(run)) {
    const holder = await ledger.claims.read(claim.key);
    if (holder && isWritten(holder, claimant)) continue;
    if (holder && !isSame(holder, claimant) && !(await isAbandoned(claim.key, holder, dependencies))) {
      throw claim.refusal(holder.runId);
    }
    open.push(claim);
  }
  const ended = await endedHolder(run, claimant, dependencies);
  // The job's place comes last, for everybody: two executions that each hold what the other needs would both give up.
  for (const { key, refusal } of open) {
    const holder = await take(key, claimant, dependencies, {
      mayTakeFrom: (other) => isAbandoned(key, other, dependencies),
      expiresAt,
    });
    if (!isSame(holder, claimant)) throw refusal(holder.runId);
  }
  await activate(run, claimant, dependencies, ended);
}

/**
 * Whether a run still has what it claimed. A CreateWorkers that outlived its stopped execution may have stored a run whose
 * occurrence, or whose left-over items, another run had taken up by then: that one is never resumed.
 *
 * @throws `Run.AlreadyServed` or `Run.InvalidInput` where another run has what this one had claimed.
 */
export async function confirmClaims(run: RunRecord, { ledger }: Pick<ClaimsDependencies, 'ledger'>): Promise<void> {
  for (const { key, refusal } of claimsOf(run)) {
    const holder = await ledger.claims.read(key);
    if (holder && holder.runId !== run.runId) throw refusal(holder.runId);
  }
}

/** Takes a claim that is free, or that may be taken from whoever has it. Answers who has it. */
async function take(
  key: ClaimKey,
  claimant: Claimant,
  dependencies: ClaimsDependencies,
  {
    mayTakeFrom,
    expiresAt,
    instead,
  }: {
    readonly mayTakeFrom: (holder: Holder) => Promise<boolean>;
    readonly expiresAt?: number;
    readonly instead?: Holder;
  },
): Promise<Holder> {
  let before = instead;
  for (;;) {
    const options = { ...(expiresAt !== undefined && { expiresAt }), ...(before && { instead: before }) };
    const holder = await dependencies.ledger.claims.take(key, claimant, options);
    if (isSame(holder, claimant) || !(await mayTakeFrom(holder))) return holder;
    before = holder;
  }
}

/**
 * Its execution has ended without a run: nobody will ever do what was claimed. A run of the holder's name that does not
 * take this claim is another state machine's, in a shared ledger, which stored its run first.
 */
async function isAbandoned(key: ClaimKey, holder: Holder, dependencies: ClaimsDependencies): Promise<boolean> {
  const cameToBe = async () => {
    const run = await dependencies.ledger.readRun(holder.runId);
    return run !== undefined && claimsOf(run).some((claim) => claim.key.pk === key.pk && claim.key.sk === key.sk);
  };
  if (await cameToBe()) return false;
  // It may have come to be just before it ended.
  return (await hasEnded(holder, dependencies)) && !(await cameToBe());
}

function isSame(holder: Holder, { runId, executionArn }: Claimant): boolean {
  return holder.runId === runId && (holder.executionArn === undefined || holder.executionArn === executionArn);
}

/** The claimant has the claim, and wrote it since it was last redriven. */
function isWritten(holder: Holder, { executionArn, redriveCount }: Claimant): boolean {
  return holder.executionArn === executionArn && holder.redriveCount >= redriveCount;
}

/** What a run must have for itself alone, and how another one is refused that. */
interface WorkClaim {
  readonly key: ClaimKey;
  readonly refusal: (server: string) => Error;
}

/** A dry run takes up nothing that a run with effects would miss. */
function claimsOf({ job, dryRun, scheduledFor, schedule, source, plan }: RunRecord): WorkClaim[] {
  const claims: WorkClaim[] = [];
  if (dryRun) return claims;
  if (scheduledFor !== undefined) {
    // One moment has many spellings; the occurrence is the moment.
    const moment = new Date(scheduledFor).toISOString();
    claims.push({
      key: occurrenceKey(job, moment, schedule),
      refusal: (server) =>
        new WorkerChainsError(
          ERROR_CODES.alreadyServed,
          `The occurrence ${job}@${moment}${schedule === undefined ? '' : ` of ${schedule}`} is served by run ${server}: a schedule that fires twice runs once.`,
        ),
    });
  }
  if (source === LEFTOVERS) {
    const { of, outcome } = plan as LeftoversPlan;
    claims.push({
      key: reprocessingKey(of, outcome),
      refusal: (server) =>
        invalidInput(
          `Expected ${outcome} items of run ${of} that no run has taken up yet, but run ${server} has: start from what that run left over.`,
        ),
    });
  }
  return claims;
}

function overlapping({ job, dryRun }: PlacedRun, runId: string): WorkerChainsError {
  return new WorkerChainsError(
    ERROR_CODES.overlapping,
    `${dryRun ? 'Dry run' : 'Run'} ${runId} of the job ${job} is still active: wait until it ends or stop its execution, then start again.`,
  );
}
