import { errorName, isTransient } from '../contract/aws-errors';
import { Refusal } from '../contract/errors';
import { rejected } from '../contract/verdicts';

/**
 * What becomes of a mail where the ledger does not say whether it may be sent. Nobody is mailed on a guess.
 *
 * @param question what was asked: "whether …"
 */
export function ledgerSilent(question: string, cause: unknown): Refusal {
  // What does not pass, a permission that is missing for one, is no pause: the item fails, and says so.
  if (!isTransient(cause)) return rejected(errorName(cause), `The ledger may not be asked ${question}.`);
  return new Refusal('throttled', 'LedgerUnavailable', `The ledger did not say ${question}.`, { cause });
}
