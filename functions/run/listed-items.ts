import type { ItemId, TopError } from '../contract/payloads';
import type { Ledger } from '../ledger/ledger';

const EXAMPLES_PER_ERROR = 3;
const MOST_TOP_ERRORS = 10;

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
  const byCode = new Map<string, { count: number; exampleIds: ItemId[] }>();
  let settled = 0;
  let after: string | undefined;
  do {
    const page = await ledger.listItems(runId, after === undefined ? {} : { after });
    for (const { id, code, outcome, settled: proof } of page.items) {
      listed[outcome] += 1;
      if (proof) settled += 1;
      if (proof) continue;
      const error = byCode.get(code) ?? { count: 0, exampleIds: [] };
      byCode.set(code, error);
      error.count += 1;
      if (error.exampleIds.length < EXAMPLES_PER_ERROR) error.exampleIds.push(id);
    }
    after = page.next;
  } while (after !== undefined);
  const topErrors = [...byCode]
    .map(([code, error]) => ({ code, ...error }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
    .slice(0, MOST_TOP_ERRORS);
  return { unprocessed: listed.unprocessed, inDoubt: listed['in-doubt'], settled, topErrors };
}
