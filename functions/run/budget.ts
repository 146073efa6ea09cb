import { counted, nounFor } from '../contract/counted';
import { invalidInput, WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import type { RunInput } from '../contract/payloads';
import { budgetName, isSes, providersOf } from '../contract/provider';
import { type ProviderQuota, usableToday } from '../contract/quota';
import { type Expected, expectedItems, told } from '../contract/source';
import type { Ledger } from '../ledger/ledger';
import type { Participant, Terms } from '../ledger/participants';
import type { RunRecord } from '../ledger/records';

/**
 * What a run may take of the rate and of the 24-hour quota that its provider gives the account. `sendShare` is the share
 * of both, above 0 to 1, that runs may use; the rest is production's.
 */

/** What an input says of the rate. */
type AskedRate = { readonly [Name in 'rate' | 'dryRun']?: RunInput[Name] | undefined };

/**
 * Items per second that a run starts with: what its input asks for, or its share of the provider's rate.
 *
 * @throws `Run.InvalidInput` where the input asks for more than the provider accepts; a dry run may, which asks it nothing.
 */
export function rateOfNewRun(input: AskedRate, { perSecond, provider }: ProviderQuota, share: number): number {
  if (input.rate === undefined) return perSecond * share;
  if (input.dryRun || input.rate <= perSecond) return input.rate;
  throw invalidInput(
    `Expected \`rate\` to be at most ${whoseRate(provider)} of ${perSecond} per second, got ${input.rate}: lower it, or ask the provider for more.`,
  );
}

/** Items per second that a run may start where its provider accepts `perSecond`: what it was given, or its share of that. */
export function rateWithin(run: RateOfRun, perSecond: number): number {
  return run.dryRun ? run.rate : Math.min(run.rate, perSecond * shareOf(run));
}

/**
 * Items per second that all runs may start together at the provider that paces this one, as far as it knows: production's
 * reserve is kept, unless the run was told to use more than that leaves.
 *
 * @param perSecond what the provider accepts. @default - what it accepted when the run was planned or resumed
 */
export function budgetOfAll(run: RateOfRun, perSecond?: number): number {
  const known = run.quotaPerSecond * shareOf(run);
  return perSecond === undefined ? Math.max(run.rate, known) : perSecond * shareOf(run);
}

/** What a run asks of the budget of one of its providers. */
export type Asked = Terms & Pick<Participant, 'perSecond' | 'concurrency'>;

/**
 * What a run asks of each provider of its job, in their order: of the first one its rate, which paces its items, of the
 * others whatever its share is.
 *
 * @param accepted calls per second that the first one accepts now. @default - as when the run was planned or resumed
 */
export function askedOf(job: Pick<Job, 'providers'>, run: AskingRun, accepted?: number): readonly Asked[] {
  const { rate, weight = 1, priority = 0, providers = [] } = run;
  return providersOf(job).map(({ name, provider }, index) => {
    const concurrency = isSes(provider) ? null : (provider.concurrency ?? null);
    if (index === 0) return { weight, priority, concurrency, wants: rate, perSecond: budgetOfAll(run, accepted) };
    // A run of an earlier version knew one provider only.
    const perSecond = providers.find((one) => one.name === name)?.perSecond ?? rate;
    return { weight, priority, concurrency, wants: rate === 0 ? 0 : perSecond, perSecond };
  });
}

type AskingRun = RateOfRun & Pick<RunRecord, 'weight' | 'priority' | 'providers'>;

/** Lets the other runs know of one that is about to begin: by then they have made room. A dry run needs none. */
export async function takePart(job: Pick<Job, 'providers'>, run: RunRecord, ledger: Ledger): Promise<void> {
  const { runId, heartbeatSeconds, dryRun } = run;
  if (dryRun) return;
  const asked = askedOf(job, run);
  await Promise.all(
    providersOf(job).map(({ name, provider }, index) =>
      ledger.budgets.join(budgetName(name, provider), {
        ...{ runId, job: run.job, heartbeatSeconds },
        ...(asked[index] as Asked),
      }),
    ),
  );
}

/** The run has come to its end: its share is the others'. */
export async function leaveBudgets(
  job: Pick<Job, 'providers'>,
  { runId, dryRun }: Pick<RunRecord, 'runId' | 'dryRun'>,
  ledger: Ledger,
): Promise<void> {
  if (dryRun) return;
  await Promise.all(
    providersOf(job).map(({ name, provider }) => ledger.budgets.leave(budgetName(name, provider), runId)),
  );
}

type RateOfRun = Pick<RunRecord, 'rate' | 'quotaPerSecond' | 'sendShare' | 'rateShare' | 'dryRun'>;

/** Share of what the provider accepts. */
function shareOf({ rate, quotaPerSecond, sendShare, rateShare = sendShare }: RateOfRun): number {
  const shareGiven = quotaPerSecond > 0 ? Math.min(1, rate / quotaPerSecond) : rateShare;
  return Math.max(rateShare, shareGiven);
}

/** What a run remembers of the quota that it was planned or resumed with. A dry run takes nothing of the 24-hour quota. */
export function quotaValues(
  quota: ProviderQuota,
  sendShare: number,
  dryRun = false,
): Pick<RunRecord, 'quotaPerSecond' | 'sendShare' | 'dailyAllowance'> {
  const dailyAllowance = !dryRun && Number.isFinite(quota.perDay) ? usableToday(quota, sendShare) : null;
  return { quotaPerSecond: quota.perSecond, sendShare, dailyAllowance };
}

/** @throws `Run.QuotaExceeded` where the account may send nothing at all, unless a dry run has a rate all the same. */
export function guardSending({ perSecond, provider }: ProviderQuota, { dryRun, rate }: AskedRate): void {
  if (perSecond > 0 || (dryRun && rate !== undefined)) return;
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
    `The run needs ${told(expected)} of the 24-hour sending quota, of which ${usable} ${nounFor(usable, 'is', 'are')} left${reserved}: ` +
      `start it with at most ${counted(usable, 'item')}, when the quota allows it, or with "allowPartial": true.`,
  );
}
