import type { MailPolicy } from '../contract/mail-policy';
import type { MailGuard } from '../email/mail-guard';
import { type AddressGuardOptions, guardAddresses } from './guard-addresses';
import { guardRecipients, type RecipientGuardOptions } from './guard-recipients';

export interface MailGuardOptions extends AddressGuardOptions, RecipientGuardOptions {
  readonly ledger: RecipientGuardOptions['ledger'] & AddressGuardOptions['ledger'];
  /** Of the job. */
  readonly policy: MailPolicy;
}

/** What is asked before each mail of a job: first who may get one at all, so that nobody else's address is taken. */
export function guardMails(options: MailGuardOptions): MailGuard {
  const mayGetMail = guardRecipients(options);
  const isFirst = options.policy.sameAddress === 'skip' ? guardAddresses(options) : undefined;
  return async (to, origin) => {
    await mayGetMail(to);
    return isFirst?.(to, origin);
  };
}
