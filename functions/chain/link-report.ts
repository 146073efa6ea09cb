import type { WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { NO_COUNTS, type OutcomeCounts, outcomesOf } from '../contract/outcomes';
import type { LinkEvent } from '../contract/payloads';
import { hoursOf, type SendWindow } from '../contract/send-window';
import { expectedItems } from '../contract/source';
import { ZonedWindow } from '../contract/zoned-window';
import { itemsOfPermits } from '../ledger/permits';
import type { RunRecord } from '../ledger/records';
import type { Chain } from './chain';
import type { ChunkLoop } from './chunk-loop';
import type { Pace } from './pace';
import type { Paces } from './paces';

/** How a link ended. */
export type LinkEnd =
  /** The partition is settled, and the task is answered. */
  | 'finished'
  /** The successor is invoked. */
  | 'handed-off'
  /** The run was stopped, or this attempt was given up: nothing was touched after that was known. */
  | 'lease-lost'
  /** The same event was delivered before. */
  | 'duplicate'
  /** A later epoch holds the chain. */
  | 'superseded'
  /** None of the chain's items may be started before a certain time: the execution waits until then. */
  | 'parked'
  /** The task was answered with an error. */
  | 'failed';

/**
 * One line per link, for logs and metrics. The counts are of the items that came to an outcome in the hands of this link.
 * Times in milliseconds unless the name says otherwise.
 */
export interface LinkReport extends OutcomeCounts {
  readonly runId: string;
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly end: LinkEnd;
  /** Error code and message, when `end` is `failed`. */
  readonly code?: string;
  readonly message?: string;
  readonly job?: string;
  /** The run has no effects. */
  readonly dryRun?: true;
  readonly chunks: number;
  readonly throttles: number;
  /** Time by which items started later than at the full pace, because of throttles. */
  readonly heldBackMilliseconds: number;
  /** Longest time for which a provider wanted no calls, as it said while the link worked or before; also beyond its end. */
  readonly closedMilliseconds: number;
  readonly milliseconds: number;
  /** From the decision to hand over until the successor's event was accepted. */
  readonly handoffMilliseconds?: number;
  /** Until when the chain waits for its hour, in milliseconds since the epoch. Only where it was parked. */
  readonly parkedUntil?: number;
  /** How far the run was when the link ended. Absent if the link ended before it had read the run. */
  readonly run?: RunProgress;
}

/** How far a run is, and how fast it may go, as one of its links sees it. */
export interface RunProgress {
  /** Items per second that the run may start, all chains together: its share of the provider's budget; 0 while it is paused. */
  readonly budgetPerSecond: number;
  /** Items per second that the provider accepted when the run was planned or resumed. */
  readonly quotaPerSecond: number;
  /**
   * Time since the run was created ÷ the time it was expected to take, and has waited because other runs had their parts.
   * Closed hours of the job's send window do not count. Absent while the run is paused, where nobody knows how many items
   * it has, where each item has hours of its own, and once the chain has waited for a day of its domain's warm-up.
   */
  readonly elapsedShare?: number;
}

/**
 * Seconds added to the time that the items take at the run's rate: a small run takes longer to start, hand over and back
 * off once or twice than its items do, and is not late for that.
 */
const ALLOWANCE_SECONDS = 600;

/**
 * @param now milliseconds since the epoch
 * @param ofRun what the run may do among others. @default - its own rate, without having waited
 * @param waits for what the run's items have to wait. @default - for nothing
 */
export function runProgress(
  run: Pick<RunRecord, 'createdAt' | 'plan' | 'rate' | 'itemsPerPermit' | 'quotaPerSecond' | 'canary'>,
  now: number,
  ofRun: Paces['ofRun'] = { perSecond: run.rate, waitedSeconds: 0 },
  { sendWindow, hasWaitedForDays = false }: Waits = {},
): RunProgress {
  const { createdAt, plan, rate, quotaPerSecond } = run;
  const elapsedSeconds = hasWaitedForDays ? undefined : elapsedWithin(sendWindow, createdAt, now);
  const items = expectedItems(plan);
  const waitedSeconds = ofRun.waitedSeconds + (run.canary?.feedbackSeconds ?? 0);
  return {
    budgetPerSecond: itemsOfPermits(ofRun.perSecond, run),
    quotaPerSecond: itemsOfPermits(quotaPerSecond, run),
    ...(rate > 0 &&
      items !== undefined &&
      elapsedSeconds !== undefined && {
        elapsedShare: elapsedSeconds / (items / itemsOfPermits(rate, run) + waitedSeconds + ALLOWANCE_SECONDS),
      }),
  };
}

interface Waits extends Pick<Job, 'sendWindow'> {
  /** The chain was parked, and its job warms up its domain. */
  readonly hasWaitedForDays?: boolean;
}

/** Seconds in which the run's items might be started; undefined where each has hours of his own. */
function elapsedWithin(window: SendWindow | undefined, from: number, until: number): number | undefined {
  if (!window) return (until - from) / 1000;
  return window.zoneOf ? undefined : new ZonedWindow(window).openWithin(window.zone, from, until) / 1000;
}

/** A link that has ended: what is known of it, however far it came. */
export interface EndedLink {
  readonly event: LinkEvent;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly runRecord: RunRecord | undefined;
  /** What it worked with. Undefined if it never had its chain. */
  readonly work: EndedWork | undefined;
  readonly ending: Pick<LinkReport, 'end' | 'handoffMilliseconds' | 'parkedUntil'>;
  readonly failure: WorkerChainsError | undefined;
}

interface EndedWork {
  readonly job: Pick<Job, 'sendWindow' | 'warmUp'>;
  readonly chain: Pick<Chain, 'handledHere' | 'record'>;
  readonly loop: Pick<ChunkLoop, 'claims'>;
  readonly paces: Pick<Paces, 'throttles' | 'closedMilliseconds' | 'ofRun'>;
  readonly pace: Pick<Pace, 'heldBackMilliseconds'>;
}

export function linkReport({ event, startedAt, now, runRecord, work, ending, failure }: EndedLink): LinkReport {
  const { runId, chainId, epoch, link } = event;
  return {
    runId,
    chainId,
    epoch,
    link,
    ...ending,
    ...(failure && { code: failure.code, message: failure.message }),
    ...(runRecord?.dryRun && { dryRun: true as const }),
    ...(runRecord && {
      job: runRecord.job,
      run: runProgress(runRecord, now, work?.paces.ofRun, waitsOf(work, runRecord)),
    }),
    ...outcomesOf(work?.chain.handledHere() ?? NO_COUNTS),
    chunks: work?.loop.claims ?? 0,
    throttles: work?.paces.throttles ?? 0,
    heldBackMilliseconds: Math.round(work?.pace.heldBackMilliseconds ?? 0),
    closedMilliseconds: Math.round(work?.paces.closedMilliseconds ?? 0),
    milliseconds: now - startedAt,
  };
}

function waitsOf(work: EndedWork | undefined, run: Pick<RunRecord, 'dryRun'>): Waits {
  if (!work) return {};
  const { job, chain } = work;
  const sendWindow = hoursOf(job, run);
  return {
    ...(sendWindow && { sendWindow }),
    hasWaitedForDays: job.warmUp !== undefined && chain.record.parkedUntil !== undefined,
  };
}
