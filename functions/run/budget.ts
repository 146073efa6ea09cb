import { invalidInput, WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { RunInput } from '../contract/payloads';
import { type ProviderQuota, usableToday } from '../contract/quota';
import { type Expected, expectedItems, told } from '../contract/source';
import type { RunRecord } from '../ledger/records';

/**
 * What a run may take of the rate and of the 24-hour quota that its provider gives the account. `sendShare` is the share
 * of both, above 0 to 1, that runs may use; the rest is production's.
 */

/**
 * Items per second that a run starts with: what its input asks for, or its share of the provider's rate.
 *
 * @throws `Run.InvalidInput` where the input asks for more than the provider accepts.
 */
export function rateOfNewRun(input: RunInput, { perSecond, provider }: ProviderQuota, share: number): number {
  if (input.rate === undefined) return perSecond * share;
  if (input.rate <= perSecond) return input.rate;
  throw invalidInput(
    `Expected \`rate\` to be at most ${whoseRate(provider)} of ${perSecond} per second, got ${input.rate}: lower it, or ask the provider for more.`,
  );
}

/** Items per second that a run may start where its provider accepts `perSecond`: what it was given, or its share of that. */
export function rateWithin(
  {
    rate,
    quotaPerSecond,
    sendShare,
    rateShare = sendShare,
  }: Pick<RunRecord, 'rate' | 'quotaPerSecond' | 'sendShare' | 'rateShare'>,
  perSecond: number,
): number {
  const shareGiven = quotaPerSecond > 0 ? Math.min(1, rate / quotaPerSecond) : rateShare;
  return Math.min(rate, perSecond * Math.max(rateShare, shareGiven));
}

/** What a run remembers of the quota that it was planned or resumed with. */
export function quotaValues(
  quota: ProviderQuota,
  sendShare: number,
): Pick<RunRecord, 'quotaPerSecond' | 'sendShare' | 'dailyAllowance'> {
  const dailyAllowance = Number.isFinite(quota.perDay) ? usableToday(quota, sendShare) : null;
  return { quotaPerSecond: quota.perSecond, sendShare, dailyAllowance };
}

/** @throws `Run.QuotaExceeded` where the account may send nothing at all. */
export function guardSending({ perSecond, provider }: ProviderQuota): void {
  if (perSecond > 0) return;
  const whenever = provider === undefined ? 'the provider lets the account send again' : 'it takes calls again';
  const sentence = `${whoseRate(provider)} is 0 per second: start the run when ${whenever}.`;
  throw new WorkerChainsError(ERROR_CODES.quotaExceeded, sentence.replace(/^t/, 'T'));
}

function whoseRate(provider: string | undefined): string {
  return provider === undefined ? "the account's sending rate" : `the rate of the provider ${provider}`;
}

/**
 * Refuses nothing where nobody knows how many items there are: such a run ends at the quota and is redriven.
 *
 * @throws `Run.QuotaExceeded` where the run's share of the 24-hour quota does not do for all of its items.
 */
export function guardDailyQuota(expected: Expected, quota: ProviderQuota, sendShare: number): void {
  const usable = usableToday(quota, sendShare);
  if ((expectedItems(expected) ?? 0) <= usable) return;
  const reserved =
    sendShare < 1 ? ` beside the ${Math.round((1 - sendShare) * 100)} % that are kept for production` : '';
  throw new WorkerChainsError(
    ERROR_CODES.quotaExceeded,
    `The run needs ${told(expected)} of the 24-hour sending quota, of which ${usable} are left${reserved}: ` +
      `start it with at most ${usable} items, when the quota allows it, or with "allowPartial": true.`,
  );
}
