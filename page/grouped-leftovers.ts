import type { Ledger } from '../functions/ledger/ledger';
import { pagesOfItems } from '../functions/ledger/pages-of-items';
import type { LeftoverGroup, LeftoversView } from './view';

/** Items that are read at most: a page of the ledger costs a read, and a person reads no more. */
const MOST_ITEMS = 5000;
const ITEMS_OF_A_PAGE = 1000;
/** Ids that are named of each group. */
const MOST_IDS = 100;

type Group = { -readonly [Field in keyof LeftoverGroup]: LeftoverGroup[Field] } & { ids: string[]; chains: number[] };

/** What a run has listed as unprocessed or in doubt, by outcome and code: the most frequent first. */
export async function readLeftovers(
  ledger: Pick<Ledger, 'listItems'>,
  runId: string,
  mostItems = MOST_ITEMS,
): Promise<LeftoversView> {
  const groups = new Map<string, Group>();
  let read = 0;
  let isWhole = true;
  pages: for await (const items of pagesOfItems(ledger, runId, Math.min(mostItems, ITEMS_OF_A_PAGE))) {
    for (const { id, outcome, code, message, chainId, settled } of items) {
      if (read >= mostItems) {
        isWhole = false;
        break pages;
      }
      read += 1;
      // It was in doubt, and is known to be done.
      if (settled !== undefined) continue;
      const key = `${outcome} ${code}`;
      const group = groups.get(key) ?? { outcome, code, message, items: 0, ids: [], chains: [] };
      groups.set(key, group);
      group.items += 1;
      if (group.ids.length < MOST_IDS) group.ids.push(String(id));
      if (!group.chains.includes(chainId)) group.chains.push(chainId);
    }
  }
  return { groups: [...groups.values()].sort((a, b) => b.items - a.items), isWhole };
}
