import type { Clock } from '../contract/clock';
import type { ProviderQuota } from '../contract/quota';
import { isAwaited } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import { type QuotaReading, SETTLED_MILLISECONDS } from '../ledger/participants';
import type { ChainRecord, RunRecord } from '../ledger/records';
import type { Paces } from './paces';
import { type Part, partOf } from './part';

/** How often a link looks at the run's budget and at the chains it shares it with. */
export const TUNING_MILLISECONDS = 2000;
/** It looks sooner where the run waits for its turn, but not at once again. */
const SOON_MILLISECONDS = 500;

export interface TuningOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly run: RunRecord;
  readonly chain: Pick<ChainRecord, 'chainId' | 'epoch'>;
  readonly paces: Paces;
  /** The others of the run's chains may count this one no more: it waits until they have seen it. */
  readonly isBackLate: boolean;
  /** Called when a later attempt waits for the chain. */
  readonly onAwaited: () => void;
  /** Called when the number of runs that share the budget of the items has changed. */
  readonly onRuns: () => void;
  /** Called with what another link has read of the 24-hour quota of mails. */
  readonly onQuota: (quota: QuotaReading) => void;
}

/**
 * Keeps a link's paces at its part of what the run may do, which may change while the link is at work; steps back with the
 * other chains and runs when one of them is throttled, because they all use the same quota; and sees when a later attempt
 * waits.
 */
export class Tuning {
  private part: Part = { chains: 1, phase: 0 };
  private run: RunRecord;
  private cancelTimer: () => void = () => {};
  private released = false;
  private othersThrottles?: number;
  private knownRuns?: number;
  /** No items are started before, in milliseconds since the epoch. */
  private waitsUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TuningOptions) {
    this.run = options.run;
  }

  /** Chains that share the budget, those of other runs included, as of the last look. */
  get sharers(): number {
    return this.part.chains * this.options.paces.runs;
  }

  /** Begins with the chains as they were read, and the runs as the paces saw them, then looks on a timer until `release`. */
  begin(chains: readonly ChainRecord[]): void {
    const { chain, clock, isBackLate, paces } = this.options;
    // What was read before this link began may be from another day.
    paces.newQuota();
    const now = clock.now();
    // Of several that come back together, the first sees nobody, and begins.
    const isAlone = partOf(chain.chainId, this.run, chains, now).chains === 1;
    if (isBackLate && !isAlone) this.waitsUntil = now + SETTLED_MILLISECONDS;
    this.look(this.run, chains);
    this.tend();
    this.keep();
  }

  /** Keeps the paces within what the provider of the items accepts now. */
  follow({ perSecond }: ProviderQuota): void {
    this.options.paces.follow(perSecond);
    this.share();
  }

  /** Ends the looks. */
  release(): void {
    this.released = true;
    this.cancelTimer();
  }

  private keep(): void {
    const { clock, paces } = this.options;
    const untilBegin = this.isWaiting() ? this.waitsUntil - clock.now() : Number.POSITIVE_INFINITY;
    const due = Math.min(paces.untilStep(this.run), untilBegin);
    const wait = Math.min(TUNING_MILLISECONDS, Math.max(SOON_MILLISECONDS, due));
    this.cancelTimer = clock.after(wait, () => {
      // A read that fails leaves the pace as it is, for as long as the look before counts.
      this.refresh()
        .catch(() => {})
        .finally(() => {
          if (!this.released) this.keep();
        });
    });
  }

  private async refresh(): Promise<void> {
    const { ledger, paces } = this.options;
    const { runId } = this.run;
    const [run, chains] = await Promise.all([ledger.readRun(runId), ledger.readChains(runId), paces.look()]);
    if (!run || this.released) return;
    this.look(run, chains);
    this.tend();
  }

  private look(run: RunRecord, chains: readonly ChainRecord[]): void {
    const { chain, clock, paces, onAwaited, onRuns, onQuota } = this.options;
    this.run = run;
    this.part = partOf(chain.chainId, run, chains, clock.now());
    this.share();
    const own = chains.find(({ chainId }) => chainId === chain.chainId);
    if (own && isAwaited(own, chain.epoch)) onAwaited();
    const others = chains.filter((other) => other !== own);
    const throttles = others.reduce((sum, other) => sum + other.throttles, 0);
    if (this.othersThrottles !== undefined && throttles > this.othersThrottles) paces.items.congested();
    this.othersThrottles = throttles;
    if (this.knownRuns !== undefined && this.knownRuns !== paces.runs) onRuns();
    this.knownRuns = paces.runs;
    const quota = paces.newQuota();
    if (quota) onQuota(quota);
  }

  /** What is not written now is due at the next look, of this chain or of another. */
  private tend(): void {
    const { paces } = this.options;
    if (this.run.status !== 'creating' && this.run.status !== 'running') return;
    paces
      .tend(this.part, this.run)
      .then(() => {
        if (!this.released) this.share();
      })
      .catch(() => {});
  }

  private share(): void {
    this.options.paces.share(this.isWaiting() ? undefined : this.part, this.run);
  }

  private isWaiting(): boolean {
    return this.options.clock.now() < this.waitsUntil;
  }
}
