import { type Providers, sendsMail } from '../contract/provider';
import type { WarmUp } from '../contract/warm-up';
import { demand, demandOnly, isPlain } from './invalid-job';

const FIELDS = ['firstDay', 'growth'];

/**
 * The `warmUp` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedWarmUp(given: WarmUp, providers: Providers): WarmUp {
  demand(isPlain(given), '`warmUp` to be an object such as { firstDay: 200 }', given);
  demandOnly('warmUp', FIELDS, given);
  const { firstDay, growth } = given;
  demand(
    Number.isSafeInteger(firstDay) && firstDay >= 1,
    '`warmUp.firstDay` to be a whole number of mails of at least 1',
    firstDay,
  );
  demand(
    growth === undefined || (typeof growth === 'number' && Number.isFinite(growth) && growth > 1),
    '`warmUp.growth` to be a number above 1, by which each day has more mails than the one before',
    growth,
  );
  demand(sendsMail({ providers }), '`warmUp` only of a job with ses() among its `providers`', Object.keys(providers));
  return Object.freeze({ firstDay, ...(growth !== undefined && { growth }) });
}
