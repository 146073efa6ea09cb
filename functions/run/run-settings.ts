import { type MapMode, MOST_CHAINS } from '../contract/map-mode';

/** What a deployment sets for every run that it creates or resumes. */
export interface RunSettings {
  /** Seconds of silence after which a chain counts as interrupted. */
  readonly heartbeatSeconds: number;
  /** Longest that a link may work before it hands over, in seconds. */
  readonly linkSeconds: number;
  /** Share of the provider's rate and of its 24-hour quota that a run may take, above 0 and at most 1. */
  readonly sendShare: number;
  /** How long the ledger remembers a run, in days. */
  readonly retentionDays: number;
  /**
   * Links that may run at a time: the reserved concurrency of the chain function. A chain needs one of them for good; its
   * successor waits in Lambda's queue until a place is free. @default - no such limit
   */
  readonly concurrentLinks?: number;
  /** Domain of the deployment's sender, where its job warms that up. @default - it does not, or an earlier version deployed it */
  readonly sendingDomain?: string;
  /** How the state machine runs the chains. @default - 'inline' */
  readonly mapMode?: MapMode;
}

/** Most chains of a run. */
export function mostChains({ mapMode = 'inline' }: Pick<RunSettings, 'mapMode'>): number {
  return MOST_CHAINS[mapMode];
}

/** Until when a run is kept that is planned or resumed at `now` (milliseconds since the epoch), in seconds since the epoch. */
export function expiryOf(now: number, { retentionDays }: Pick<RunSettings, 'retentionDays'>): number {
  return Math.floor(now / 1000) + retentionDays * 86_400;
}
