import type { Clock } from '../contract/clock';
import { Refusal } from '../contract/errors';
import type { Ledger } from '../ledger/ledger';
import { recipientKeyOf, suppressionOf } from '../ledger/recipients';
import { Standings } from '../ledger/standings';
import { ledgerSilent } from './ledger-silent';

export interface RecipientGuardOptions {
  readonly ledger: Pick<Ledger, 'recipients'>;
  readonly clock: Clock;
  /** The list that mails are of: the name of the job. */
  readonly list: string;
}

/**
 * Asks before each mail whether its address may get one: not after a hard bounce, a complaint, or once it is off the list.
 * What came in since the item was claimed counts.
 *
 * @throws Refusal `suppressed`, with the reason as its code; `throttled`, where the ledger does not answer: nobody is
 * mailed on a guess
 */
export function guardRecipients({ ledger, clock, list }: RecipientGuardOptions): (to: string) => Promise<void> {
  const standings = new Standings(ledger.recipients, clock);
  return async (to) => {
    const standing = await standings.read(recipientKeyOf(to)).catch((cause: unknown) => {
      throw ledgerSilent('whether the address may get a mail', cause);
    });
    const reason = suppressionOf(standing, list);
    if (reason !== undefined) throw new Refusal('suppressed', reason, 'The address gets no mail of this list.');
  };
}
