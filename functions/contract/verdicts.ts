import { Refusal } from './errors';

/**
 * What an attempt of a `call` may say of what it could not do. It throws one of these; whatever else it throws leaves
 * open whether it happened.
 */

/**
 * Longest time for which a provider is left alone because it says so, in seconds: after an hour it is asked again, whatever
 * it said.
 */
export const LONGEST_RETRY_AFTER_SECONDS = 3600;

/**
 * Definitely not done, and to be tried again: the pace of the provider's calls is halved, and where `seconds` are given –
 * its `Retry-After` – nobody calls it before they are over.
 *
 * @param seconds above 0; more than an hour counts as one hour. @default - it does not say
 * @example
 * if (response.status === 429) throw throttled(Number(response.headers.get('retry-after')));
 */
export function throttled(seconds?: number): Refusal {
  const asked = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) : undefined;
  return new Refusal('throttled', 'Throttled', 'The provider asks for fewer calls.', {
    ...(asked !== undefined && { retryAfterSeconds: asked }),
  });
}

/**
 * Definitely not done, and not to be tried again: the item is unprocessed with this code.
 *
 * @param code short and constant: codes are counted in the report
 */
export function rejected(code: string, message = 'The provider refused what was asked.'): Refusal {
  return new Refusal('rejected', code, message);
}

/**
 * It may have been done: the item is in doubt with this code – or, where the provider honours the idempotency key, it is
 * asked again with the same key.
 *
 * @param code short and constant: codes are counted in the report
 */
export function inDoubt(code: string, message = 'It is not known whether the provider did what was asked.'): Refusal {
  return new Refusal('ambiguous', code, message);
}
