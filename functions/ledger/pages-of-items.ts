import type { LeftoverItem } from './items';
import type { Ledger } from './ledger';

/**
 * Everything that a run lists as unprocessed or in doubt, page by page, in the order of positions.
 *
 * @param limit items of a page. @default - as many as the ledger gives at once
 */
export async function* pagesOfItems(
  ledger: Pick<Ledger, 'listItems'>,
  runId: string,
  limit?: number,
): AsyncGenerator<readonly LeftoverItem[]> {
  let after: string | undefined;
  do {
    const page = await ledger.listItems(runId, {
      ...(limit !== undefined && { limit }),
      ...(after !== undefined && { after }),
    });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}
