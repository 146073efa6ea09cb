import { randomBytes } from 'node:crypto';
import { systemClock as clock } from '../contract/clock';
import type { UnsubscribeRecipient } from '../contract/email';
import { Refusal } from '../contract/errors';
import { ENVIRONMENT } from '../contract/names';
import { normalizeAddress } from '../email/address';
import { UnsubscribeTokens } from '../email/unsubscribe-token';
import { recipientKeyOf } from '../ledger/recipients';
import { readUnsubscribeKeys } from './unsubscribe-keys';

/** Of mails that say nothing else, or nothing that is a language: what comes from a row may be anything. */
const USUAL_LOCALE = 'en';
/** As BCP 47 writes it, or POSIX (`pt_BR`); the longest that RFC 5646 recommends to allow has 35 characters. */
const LOCALE = /^[A-Za-z0-9_-]{1,35}$/;

/** Makes the unsubscribe links of a list, which is the job's name; undefined where there is no endpoint for them. */
export function unsubscribeLinksOf(
  list: string,
): (() => Promise<(recipient: UnsubscribeRecipient) => string>) | undefined {
  const endpoint = process.env[ENVIRONMENT.unsubscribeEndpoint];
  if (!endpoint) return undefined;
  return async () => {
    const tokens = new UnsubscribeTokens(await readUnsubscribeKeys(), randomBytes);
    return ({ to, locale: given = '' }) => {
      const locale = typeof given === 'string' && LOCALE.test(given) ? given : USUAL_LOCALE;
      const address = normalizeAddress(to);
      if (address === undefined) {
        throw new Refusal(
          'rejected',
          'InvalidEmail',
          'Expected `to` of an unsubscribe link to be one e-mail address, got something else: correct the recipient.',
        );
      }
      const url = new URL(endpoint);
      url.searchParams.set('t', tokens.make({ recipient: recipientKeyOf(address), list, locale }, clock.now()));
      return url.href;
    };
  };
}
