/** What a provider lets the account do. Quotas count recipients. */
export interface ProviderQuota {
  /** Name of the provider whose rate it is. @default - SES */
  readonly provider?: string;
  /** Items per second that the provider accepts. */
  readonly perSecond: number;
  /** Items that the provider accepts within 24 hours; infinite if there is no such quota. */
  readonly perDay: number;
  /** Of these, the ones of the last 24 hours, whoever sent them. */
  readonly usedToday: number;
}

/** What a provider of a run's job lets runs do. */
export interface ProviderBudget {
  /** What the job calls it. */
  readonly name: string;
  /** Under what name all jobs of the ledger share it. @default - what the job calls it */
  readonly budget?: string;
  /** Calls per second that runs may make there together, production's reserve taken off. */
  readonly perSecond: number;
}

/**
 * Items that runs may still take from the 24-hour quota, as a whole number: the rest of it is kept for production, as
 * `1 - sendShare` of the sending rate is. None while the account may not send at all.
 */
export function usableToday({ perSecond, perDay, usedToday }: ProviderQuota, sendShare: number): number {
  return perSecond > 0 ? Math.max(0, Math.floor(perDay * sendShare - usedToday)) : 0;
}
