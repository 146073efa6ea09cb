import { type ProviderQuota, usableToday } from '../contract/quota';
import type { RunRecord } from '../ledger/records';

export interface AllowanceOptions {
  readonly run: Pick<RunRecord, 'sendShare' | 'dailyAllowance'>;
  /** Items that the chain has settled since the run was planned or resumed: they came out of its part. */
  readonly settled: number;
  /** Chains that share what is left. */
  readonly chainsAtWork: () => number;
  readonly readQuota: () => Promise<ProviderQuota>;
  /** Told of each answer of the provider. */
  readonly onQuota: (quota: ProviderQuota) => void;
}

/**
 * What a chain may take from the provider's 24-hour quota before it looks at it again. It begins with the chain's part of
 * what was left when the run was planned; the provider is asked once at a link's start, in passing, and whenever the part
 * is spent: production's reserve is kept however long a run takes and whoever else sends meanwhile.
 */
export class Allowance {
  private left: number;

  constructor(private readonly options: AllowanceOptions) {
    const { run, settled, chainsAtWork } = options;
    const part = run.dailyAllowance === null ? Number.POSITIVE_INFINITY : run.dailyAllowance / chainsAtWork();
    this.left = Math.max(0, Math.floor(part) - settled);
  }

  /** Items that may be read ahead: at least one, so that an empty part is found out. */
  most(wanted: number): number {
    return Math.max(1, Math.min(wanted, this.left));
  }

  /** Takes `items` out of the part. False if the quota has no more for this run. */
  async reserve(items: number): Promise<boolean> {
    if (this.left < items) await this.look();
    if (this.left < 1) return false;
    this.left -= items;
    return true;
  }

  /** Looks without being waited for; no answer is no news. */
  glance(): void {
    this.look().catch(() => {});
  }

  private async look(): Promise<void> {
    const { run, readQuota, chainsAtWork, onQuota } = this.options;
    const quota = await readQuota();
    onQuota(quota);
    const usable = usableToday(quota, run.sendShare);
    // The last few go to whoever asks first.
    this.left = usable < 1 ? 0 : Math.max(1, Math.floor(usable / chainsAtWork()));
  }
}
