import type { Clock } from '../contract/clock';
import { counted } from '../contract/counted';
import type { FeedbackLimits } from '../contract/mail-policy';
import { ERROR_CODES, type ErrorCode } from '../contract/names';
import { percent } from '../contract/percent';
import { shellArguments } from '../contract/shell-word';
import type { Ledger } from '../ledger/ledger';
import type { Reaction } from '../ledger/reaction';
import { type ChainRecord, claimedItems, type RunRecord } from '../ledger/records';
import type { Executions } from '../run/executions';

export interface JudgeDependencies {
  readonly ledger: Pick<Ledger, 'readRun' | 'readChains' | 'judgedFeedback' | 'noteReaction' | 'noteStopped'>;
  readonly executions: Pick<Executions, 'describe' | 'stop'>;
  readonly clock: Clock;
}

/** What a run's mails have met in the present round, and what follows from it. */
export interface Judgement {
  readonly job: string;
  /** Shares of the round's mails, 0 to 1. */
  readonly bounces: number;
  readonly complaints: number;
  /** What the run does about it; absent where it stays within its limits, or has come to its end. */
  readonly reaction?: Reaction;
}

/**
 * Ends or pauses a run whose mails bounce, or are complained about, above the limits of its job. Undefined where there is
 * nothing to judge yet, or the run has no limits, or is not in the ledger any more.
 *
 * Against the run counts what was sent since it last reacted: whoever redrives a run that was stopped, or lets one that was
 * paused go on, has accepted what was counted until then. An execution that has ended is left as it is.
 *
 * @throws `LaterVersion` where a later deployment has the run
 */
export async function judgeFeedback(runId: string, dependencies: JudgeDependencies): Promise<Judgement | undefined> {
  const { ledger, clock } = dependencies;
  const run = await ledger.readRun(runId);
  if (run?.feedback === undefined) return undefined;
  // A function that died between its note and the stop leaves both to be done: the messages come again.
  if (run.reaction && run.stopping) await stop(run, run.reaction, dependencies);
  const round = run.reaction?.round ?? 0;
  const [{ bounced, complained }, chains] = await Promise.all([
    ledger.judgedFeedback.read(runId, round),
    ledger.readChains(runId),
  ]);
  const mails = mailsOf(chains) - (run.reaction?.mails ?? 0);
  if (mails < run.feedback.leastMails) return undefined;
  const shares = { job: run.job, bounces: bounced / mails, complaints: complained / mails };
  const breach = breachOf(run.feedback, { bounced, complained, mails });
  if (!breach || (await hasEnded(run, dependencies))) return shares;
  const reaction: Reaction = {
    ...{ round: round + 1, act: run.feedback.action, code: breach.code, at: clock.now(), mails: mailsOf(chains) },
    because: `${breach.what}: ${adviceOf(run, breach.kind)}`,
  };
  // Of two functions that judge at a time, one reacts.
  if (!(await ledger.noteReaction(run, reaction))) return shares;
  if (reaction.act === 'stop') await stop(run, reaction, dependencies);
  return { ...shares, reaction };
}

/**
 * Items that are done, and those that are claimed: of these nobody knows yet, and their mails may be among the ones that
 * have bounced. So a share is never above what it is; it is a chunk for each chain below, as long as these are under way.
 * `Send` events would count mails, but come late, twice or never, and each of them would cost a write.
 */
function mailsOf(chains: readonly ChainRecord[]): number {
  return chains.reduce((sum, chain) => sum + chain.done + claimedItems(chain).length, 0);
}

interface Breach {
  readonly code: ErrorCode;
  readonly kind: 'bounced' | 'complained';
  readonly what: string;
}

/** Complaints first: what they do to a sender's name lasts longer. */
function breachOf(
  limits: Required<FeedbackLimits>,
  { bounced, complained, mails }: { readonly bounced: number; readonly complained: number; readonly mails: number },
): Breach | undefined {
  if (complained / mails > limits.complaints) {
    const what = `${complained} of ${counted(mails, 'mail')} (${percent(complained / mails)}) were complained about, above the job's limit of ${percent(limits.complaints)}`;
    return { code: ERROR_CODES.tooManyComplaints, kind: 'complained', what };
  }
  if (bounced / mails > limits.bounces) {
    const what = `${bounced} of ${counted(mails, 'mail')} (${percent(bounced / mails)}) have bounced for good, above the job's limit of ${percent(limits.bounces)}`;
    return { code: ERROR_CODES.tooManyBounces, kind: 'bounced', what };
  }
  return undefined;
}

function adviceOf({ runId, job, feedback }: RunRecord, kind: string): string {
  const goOn = feedback?.action === 'pause' ? 'set its rate again' : 'redrive the execution';
  return `look at them with \`worker-chains feedback ${shellArguments([runId], { kind, job })}\`, mend the list of recipients, then ${goOn} to go on with the rest.`;
}

async function hasEnded({ executionArn }: RunRecord, { executions }: JudgeDependencies): Promise<boolean> {
  const state = await executions.describe(executionArn);
  return state === undefined || state.hasEnded;
}

async function stop(run: RunRecord, { code, because }: Reaction, dependencies: JudgeDependencies): Promise<void> {
  const { executions, ledger } = dependencies;
  if (!(await hasEnded(run, dependencies))) await executions.stop(run.executionArn, code, because);
  await ledger.noteStopped(run.runId);
}
