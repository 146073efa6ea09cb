import { type ProviderQuota, usableToday } from '../contract/quota';
import type { QuotaReading } from '../ledger/participants';
import type { RunRecord } from '../ledger/records';

export interface AllowanceOptions {
  readonly run: Pick<RunRecord, 'sendShare' | 'dailyAllowance'>;
  /** Items that the chain has settled since the run was planned or resumed: they came out of its part. */
  readonly settled: number;
  /** Chains that share what is left, those of other runs included. */
  readonly sharers: () => number;
  readonly readQuota: () => Promise<ProviderQuota>;
  /** Called with each quota that was read. */
  readonly onQuota: (quota: ProviderQuota) => void;
}

/**
 * Items that a chain may still start within the provider's 24-hour quota before it reads the quota again. It begins with
 * the chain's part of what was left when the run was planned. The quota is read once at a link's start, without waiting
 * for it, and whenever the part is used up: so production's reserve is kept, however long a run takes and whatever else
 * the account sends meanwhile.
 */
export class Allowance {
  private left: number;

  constructor(private readonly options: AllowanceOptions) {
    const { run, settled, sharers } = options;
    const part = run.dailyAllowance === null ? Number.POSITIVE_INFINITY : run.dailyAllowance / sharers();
    this.left = Math.max(0, Math.floor(part) - settled);
  }

  /**
   * At most `wanted` items, and no more than are left of the part; at least one, whose reservation then reads the
   * quota.
   */
  most(wanted: number): number {
    return Math.max(1, Math.min(wanted, this.left));
  }

  /**
   * Takes `items` out of the part. False if the quota has no more for this run.
   *
   * @throws Error of the provider's client where the quota could not be read
   */
  async reserve(items: number): Promise<boolean> {
    if (this.left < items) await this.readAgain();
    if (this.left < 1) return false;
    this.left -= items;
    return true;
  }

  /** Reads the quota without being waited for; a failure to read leaves the part as it is. */
  glance(): void {
    this.readAgain().catch(() => {});
  }

  /** Another chain has read the quota: this one keeps no more than its part of that, so that all parts are within it. */
  observe(quota: QuotaReading): void {
    this.left = Math.min(this.left, this.partOf(quota));
  }

  private async readAgain(): Promise<void> {
    const { readQuota, onQuota } = this.options;
    const quota = await readQuota();
    onQuota(quota);
    this.left = this.partOf(quota);
  }

  private partOf(quota: QuotaReading): number {
    const { run, sharers } = this.options;
    const usable = usableToday(quota, run.sendShare);
    // Fewer items than chains: the chains that ask first get one each.
    return usable < 1 ? 0 : Math.max(1, Math.floor(usable / sharers()));
  }
}
