import { settledItems, sumOfOutcomes } from '../functions/contract/outcomes';
import { isAtWork } from '../functions/contract/status';
import { extentOfAll } from '../functions/ledger/extent';
import type { ChainRecord } from '../functions/ledger/records';
import { ExpectedEnd, ProgressRate } from './progress-rate';

/** How fast a run and its chains get on, and when they will be through, from one look at the chains after another. */
export class RunProgress {
  private readonly run = new ProgressRate();
  private readonly used = new ProgressRate();
  private readonly chains = new Map<number, ProgressRate>();
  private readonly end = new ExpectedEnd();
  private atWork: ReadonlySet<number> = new Set();

  /** In milliseconds since the epoch; undefined while that cannot be told. */
  endsAt?: number | undefined;

  /**
   * @param now in milliseconds since the epoch
   * @param isOn whether the run may go on now: its execution does, and nobody has paused it
   */
  observe(now: number, chains: readonly ChainRecord[], isOn: boolean): void {
    for (const chain of chains) {
      const rate = this.chains.get(chain.chainId) ?? new ProgressRate();
      this.chains.set(chain.chainId, rate);
      rate.observe(now, settledItems(chain));
    }
    this.atWork = new Set(isOn ? chains.filter(isAtWork).map(({ chainId }) => chainId) : []);
    const outcomes = sumOfOutcomes(chains);
    const settled = settledItems(outcomes);
    this.run.observe(now, settled);
    this.used.observe(now, settled - outcomes.skipped);
    const endsAt = this.end.observe(now, settled, extentOfAll(chains).items - settled);
    // Nobody can say when chains go on that wait for something.
    this.endsAt = this.atWork.size > 0 ? endsAt : undefined;
  }

  /** Items per second of the run; 0 unless one of its chains is at work. */
  get perSecond(): number {
    return this.atWork.size > 0 ? (this.run.perSecond ?? 0) : 0;
  }

  /** Of these, the ones that count against a rate: nobody is called for an item that is skipped. Undefined while it cannot be told. */
  get usedPerSecond(): number | undefined {
    return this.atWork.size > 0 ? this.used.perSecond : 0;
  }

  /** Items per second of a chain; 0 unless it is at work. */
  rateOf(chainId: number): number {
    return this.atWork.has(chainId) ? (this.chains.get(chainId)?.perSecond ?? 0) : 0;
  }
}
