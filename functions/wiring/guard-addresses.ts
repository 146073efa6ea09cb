import type { MailOrigin } from '../contract/email';
import { Refusal } from '../contract/errors';
import type { MailGuard } from '../email/mail-guard';
import { itemTag } from '../email/trace-tags';
import type { AddressClaimant } from '../ledger/address-claims';
import type { Ledger } from '../ledger/ledger';
import { recipientKeyOf } from '../ledger/recipients';
import { ledgerSilent } from './ledger-silent';

export interface AddressGuardOptions {
  readonly ledger: Pick<Ledger, 'addresses'>;
  /** Differs between any two calls. */
  readonly nonce: () => string;
}

/**
 * Lets one item of a run send to an address. Whichever comes first has it; mails of that item pass, of any attempt.
 *
 * @throws Refusal `suppressed`, code `same-address`, where another item has it; `throttled`, where the ledger does not
 * answer: nobody is mailed on a guess
 */
export function guardAddresses({ ledger, nonce }: AddressGuardOptions): MailGuard {
  return async (to, origin) => {
    const claimant = claimantOf(to, origin, nonce());
    const isMine = await ledger.addresses.take(claimant, origin.expiresAt).catch((cause: unknown) => {
      throw ledgerSilent('whether another item has had the address', cause);
    });
    if (!isMine) throw new Refusal('suppressed', 'same-address', 'Another item of the run has had the address.');
    return () => ledger.addresses.giveBack(claimant).catch(() => {});
  };
}

function claimantOf(to: string, { root, id }: MailOrigin, mark: string): AddressClaimant {
  return { root, key: recipientKeyOf(to), owner: itemTag(id), mark };
}
