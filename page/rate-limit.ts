import { roundedRate } from '../functions/contract/rounded-rate';
import type { Ledger } from '../functions/ledger/ledger';
import { budgetOf, isGone } from '../functions/ledger/participants';
import { itemsOfPermits } from '../functions/ledger/permits';
import type { RunRecord } from '../functions/ledger/records';
import { sharesOf } from '../functions/ledger/shares';
import type { RateLimit } from './view';

/**
 * What a run may do now: what is set for it, and no more than its part of the budget of the provider that paces its
 * items. Its links come to the same from the same records, each a little earlier or later.
 *
 * @param now in milliseconds since the epoch
 */
export async function rateLimitOf(
  run: RunRecord,
  ledger: Pick<Ledger, 'budgets'>,
  now: number,
): Promise<Omit<RateLimit, 'usedPerSecond'>> {
  const { runId, rate, providers = [], pausedBecause } = run;
  const [provider] = providers;
  const pause = rate === 0 && pausedBecause !== undefined ? { pausedBecause } : {};
  if (provider === undefined) return { itemsPerSecond: roundedRate(itemsOfPermits(rate, run)), ...pause };
  const { budget: shared = provider.name } = provider;
  const { settings, participants } = await ledger.budgets.read(shared);
  const present = participants.filter((one) => !isGone(one, now));
  const budget = budgetOf(settings, present) ?? provider.perSecond;
  const isProviderPaused = rate > 0 && settings.rate === 0;
  // A run that does not take part yet is in nobody's share.
  const share = sharesOf(present, budget).get(runId) ?? budget;
  const { closedUntil = 0 } = settings;
  return {
    itemsPerSecond: roundedRate(itemsOfPermits(Math.min(rate, share), run)),
    ...pause,
    ...(isProviderPaused && { pausedProvider: shared }),
    ...(closedUntil > now && { closedUntil: new Date(closedUntil).toISOString() }),
  };
}
