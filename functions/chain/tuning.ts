import type { Clock } from '../contract/clock';
import type { ProviderQuota } from '../contract/quota';
import { isAwaited } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { ChainRecord, RunRecord } from '../ledger/records';
import { rateWithin } from '../run/budget';
import type { Pace } from './pace';

/** How often a link looks at the run's budget and at the chains it shares it with. */
export const TUNING_MILLISECONDS = 2000;

/**
 * The chains that share the run's budget: those that are still at work. A chain that was interrupted and has been silent
 * for two heartbeat intervals has left its share to the others.
 */
function chainsAtWork(run: RunRecord, chains: readonly ChainRecord[], now: number): readonly ChainRecord[] {
  const silence = 2 * run.heartbeatSeconds * 1000;
  return chains.filter(
    ({ status, updatedAt }) => status !== 'finished' && !(status === 'interrupted' && now - updatedAt > silence),
  );
}

/** A chain's part of the run's budget. */
export interface Part {
  /** Chains that share the budget, this one included. */
  readonly chains: number;
  /** The chain's place among them, from 0 to below 1. */
  readonly phase: number;
}

/**
 * The part of one chain, which counts as at work whatever its record says.
 *
 * @param now milliseconds since the epoch
 */
export function partOf(chainId: number, run: RunRecord, chains: readonly ChainRecord[], now: number): Part {
  const others = chainsAtWork(run, chains, now).filter((chain) => chain.chainId !== chainId);
  const before = others.filter((chain) => chain.chainId < chainId);
  return { chains: others.length + 1, phase: before.length / (others.length + 1) };
}

export interface TuningOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly run: RunRecord;
  readonly chain: Pick<ChainRecord, 'chainId' | 'epoch'>;
  readonly pace: Pace;
  /** Called when a later attempt waits for the chain. */
  readonly onAwaited: () => void;
  /** Called with the chain's part of the budget, at each look. */
  readonly onPart?: (part: Part, run: RunRecord) => void;
}

/**
 * Keeps a link's pace at its share of the run's budget, which may change while the link is at work; steps back with the
 * other chains when one of them is throttled, because they all use the same quota; and sees when a later attempt waits.
 */
export class Tuning {
  private part: Part = { chains: 1, phase: 0 };
  private run: RunRecord;
  private perSecond = Number.POSITIVE_INFINITY;
  private cancelTimer: () => void = () => {};
  private released = false;
  private othersThrottles?: number;

  constructor(private readonly options: TuningOptions) {
    this.run = options.run;
  }

  /** Chains that share the budget, as of the last look. */
  get chainsAtWork(): number {
    return this.part.chains;
  }

  /** Begins with the chains as they were read, then looks on a timer until `release`. */
  begin(chains: readonly ChainRecord[]): void {
    this.look(this.run, chains);
    this.keep();
  }

  /** Keeps the pace within what the provider accepts now. */
  follow({ perSecond }: ProviderQuota): void {
    this.perSecond = perSecond;
    this.share();
  }

  /** Ends the looks. */
  release(): void {
    this.released = true;
    this.cancelTimer();
  }

  private keep(): void {
    this.cancelTimer = this.options.clock.after(TUNING_MILLISECONDS, () => {
      // A read that fails leaves the pace as it is until the next one.
      this.refresh()
        .catch(() => {})
        .finally(() => {
          if (!this.released) this.keep();
        });
    });
  }

  private async refresh(): Promise<void> {
    const { ledger } = this.options;
    const { runId } = this.run;
    const [run, chains] = await Promise.all([ledger.readRun(runId), ledger.readChains(runId)]);
    if (run && !this.released) this.look(run, chains);
  }

  private look(run: RunRecord, chains: readonly ChainRecord[]): void {
    const { chain, clock, pace, onAwaited } = this.options;
    this.run = run;
    this.part = partOf(chain.chainId, run, chains, clock.now());
    this.share();
    const own = chains.find(({ chainId }) => chainId === chain.chainId);
    if (own && isAwaited(own, chain.epoch)) onAwaited();
    const others = chains.filter((other) => other !== own);
    const throttles = others.reduce((sum, other) => sum + other.throttles, 0);
    if (this.othersThrottles !== undefined && throttles > this.othersThrottles) pace.congested();
    this.othersThrottles = throttles;
  }

  private share(): void {
    const { chains, phase } = this.part;
    this.options.pace.setShare(rateWithin(this.run, this.perSecond) / chains, phase);
    this.options.onPart?.(this.part, this.run);
  }
}
