import type { TopError } from '../contract/payloads';
import type { Ledger } from '../ledger/ledger';
import { pagesOfItems } from '../ledger/pages-of-items';
import { ErrorTally } from './error-tally';

/** What the ledger lists by id: how many items are unprocessed and in doubt, and with which errors. */
export interface ListedItems {
  readonly unprocessed: number;
  /** Those included that were settled since. */
  readonly inDoubt: number;
  /** Of these, the ones that are done, as evidence has shown. */
  readonly settled: number;
  /** The most frequent ones first. */
  readonly topErrors: readonly TopError[];
}

/** Reads every record of an item that a run left unprocessed or in doubt: one for each item that its source gave. */
export async function readListedItems(ledger: Pick<Ledger, 'listItems'>, runId: string): Promise<ListedItems> {
  const listed = { unprocessed: 0, 'in-doubt': 0 };
  const errors = new ErrorTally();
  let settled = 0;
  for await (const items of pagesOfItems(ledger, runId)) {
    for (const item of items) {
      listed[item.outcome] += 1;
      if (item.settled) settled += 1;
      else errors.note(item.code, item.id);
    }
  }
  return { unprocessed: listed.unprocessed, inDoubt: listed['in-doubt'], settled, topErrors: errors.top() };
}
