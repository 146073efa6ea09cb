import type { OutcomeCounts } from '../contract/outcomes';
import type { RunRecord } from '../ledger/records';

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
  /** The task was answered with an error. */
  | 'failed';

/** One line per link, for logs and metrics. Times in milliseconds unless the name says otherwise. */
/** The counts are of the items settled by this link. */
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
  readonly chunks: number;
  readonly throttles: number;
  /** Time by which items started later than at the full pace, because of throttles. */
  readonly heldBackMilliseconds: number;
  readonly milliseconds: number;
  /** From the decision to hand over until the successor's event was accepted. */
  readonly handoffMilliseconds?: number;
  /** How the run stood when the link ended, once the link had read it. */
  readonly run?: RunStanding;
}

/** Where a run stands, as one of its links sees it. */
export interface RunStanding {
  /** Items per second that the run may start, all chains together; 0 while it is paused. */
  readonly budgetPerSecond: number;
  /** Items per second that the provider accepted when the run was planned or resumed. */
  readonly quotaPerSecond: number;
  /** Time since the run was created ÷ the time it was expected to take. Absent while the run is paused. */
  readonly elapsedShare?: number;
}

/**
 * Added to the time that the items take at the run's rate, in seconds: starting, handing over and backing off once or
 * twice take a small run longer than its items do, and nobody minds.
 */
const ALLOWANCE_SECONDS = 600;

/** Where the run stands at `now`, in milliseconds since the epoch. */
export function standingOf(
  run: Pick<RunRecord, 'createdAt' | 'plan' | 'rate' | 'quotaPerSecond'>,
  now: number,
): RunStanding {
  const { createdAt, plan, rate, quotaPerSecond } = run;
  const elapsedSeconds = (now - createdAt) / 1000;
  return {
    budgetPerSecond: rate,
    quotaPerSecond,
    ...(rate > 0 && { elapsedShare: elapsedSeconds / (plan.items / rate + ALLOWANCE_SECONDS) }),
  };
}
