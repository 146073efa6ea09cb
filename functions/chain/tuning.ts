import type { Clock } from './clock';
import type { Ledger } from './ledger/ledger';
import type { ChainRecord, RunRecord } from './ledger/records';
import type { Pace } from './pace';

/** How often a link looks at the run's budget and at the chains it shares it with. */
export const TUNING_MILLISECONDS = 2000;

/**
 * Items per second for one of the run's chains: the budget is split over the chains that are still at work. A chain
 * that was interrupted and has been silent for two heartbeat intervals has left its share to the others.
 */
export function shareOf(run: RunRecord, chains: readonly ChainRecord[], now: number): number {
  const silence = 2 * run.heartbeatSeconds * 1000;
  const live = chains.filter(
    ({ status, updatedAt }) => status !== 'finished' && !(status === 'interrupted' && now - updatedAt > silence),
  );
  return run.rate / Math.max(1, live.length);
}

/**
 * Keeps a link's pace at its share of the run's budget, which may change while the link is at work; and steps back with
 * the other chains when one of them is throttled: they all use the same quota.
 */
export class Tuning {
  private cancelTimer: () => void = () => {};
  private released = false;
  private othersThrottles?: number;

  constructor(
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly runId: string,
    private readonly chainId: number,
    private readonly pace: Pace,
  ) {}

  keep(): void {
    this.cancelTimer = this.clock.after(TUNING_MILLISECONDS, () => {
      // A read that fails leaves the pace as it is until the next one.
      this.refresh()
        .catch(() => {})
        .finally(() => {
          if (!this.released) this.keep();
        });
    });
  }

  release(): void {
    this.released = true;
    this.cancelTimer();
  }

  private async refresh(): Promise<void> {
    const [run, chains] = await Promise.all([this.ledger.readRun(this.runId), this.ledger.readChains(this.runId)]);
    if (!run || this.released) return;
    this.pace.setShare(shareOf(run, chains, this.clock.now()));
    const others = chains.filter(({ chainId }) => chainId !== this.chainId);
    const throttles = others.reduce((sum, chain) => sum + chain.throttles, 0);
    if (this.othersThrottles !== undefined && throttles > this.othersThrottles) this.pace.congested();
    this.othersThrottles = throttles;
  }
}
