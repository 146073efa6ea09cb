import { randomBytes } from 'node:crypto';
import { systemClock as clock } from '../contract/clock';
import type { UnsubscribeRecipient } from '../contract/email';
import { Refusal } from '../contract/errors';
import { ENVIRONMENT } from '../contract/names';
import { normalizeAddress } from '../email/address';
import { UnsubscribeTokens } from '../email/unsubscribe-token';
import { recipientKeyOf } from '../ledger/recipients';
import { readUnsubscribeKeys } from './unsubscribe-keys';

/** Of mails that say nothing else. */
const USUAL_LOCALE = 'en';

/** Makes the unsubscribe links of a list, which is the job's name; undefined where there is no endpoint for them. */
export function unsubscribeLinksOf(
  list: string,
): (() => Promise<(recipient: UnsubscribeRecipient) => string>) | undefined {
  const endpoint = process.env[ENVIRONMENT.unsubscribeEndpoint];
  if (!endpoint) return undefined;
  return async () => {
    const tokens = new UnsubscribeTokens(await readUnsubscribeKeys(), randomBytes);
    return ({ to, locale = USUAL_LOCALE }) => {
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
