import type { MailPolicy } from '../contract/mail-policy';
import type { MailGuard } from '../email/mail-guard';
import { type AddressGuardOptions, guardAddresses } from './guard-addresses';
import { guardRecipients, type RecipientGuardOptions } from './guard-recipients';
import { guardWarmUp, type WarmUpGuardOptions, type WarmUpTerms } from './guard-warm-up';

export interface MailGuardOptions extends AddressGuardOptions, RecipientGuardOptions {
  readonly ledger: RecipientGuardOptions['ledger'] & AddressGuardOptions['ledger'] & WarmUpGuardOptions['ledger'];
  /** Of the job. */
  readonly policy: MailPolicy;
  /** @default - the job has none, or not any more */
  readonly warmUp?: WarmUpTerms;
}

/**
 * What is asked before each mail of a job: first who may get one at all, so that nobody else's address is taken; last for a
 * place of the day, so that nobody takes one who gets no mail.
 */
export function guardMails(options: MailGuardOptions): MailGuard {
  const mayGetMail = guardRecipients(options);
  const isFirst = options.policy.sameAddress === 'skip' ? guardAddresses(options) : undefined;
  const takePlace = options.warmUp && guardWarmUp({ ...options, ...options.warmUp });
  return async (to, origin) => {
    await mayGetMail(to);
    const giveBack = await isFirst?.(to, origin);
    await takePlace?.(origin);
    return giveBack;
  };
}
