import type { ItemId } from '../../functions/contract/payloads';
import type { Ledger } from '../../functions/ledger/ledger';
import { pagesOfItems } from '../../functions/ledger/pages-of-items';
import { positionOf } from '../../functions/ledger/postponed';
import {
  type ChainRecord,
  type ClaimedItem,
  claimedItems,
  type ItemRecord,
  refOf,
} from '../../functions/ledger/records';

/** An item that is not done, nor skipped, as far as the ledger knows it by its id. */
export interface ItemNotDone {
  readonly id: ItemId;
  /**
   * `claimed`: a link had it when it was last heard of, and what became of it is settled when the run goes on. `not-begun`:
   * given by the source, and known not to have been started. `postponed`: waits for its window.
   */
  readonly outcome: 'unprocessed' | 'in-doubt' | 'claimed' | 'not-begun' | 'postponed';
  readonly code?: string;
  readonly message?: string;
  readonly chain: number;
  /** Absent where no link has had it. */
  readonly link?: number;
  /** Milliseconds since the epoch: when it came out so; of a postponed one, when it is due. */
  readonly at?: number;
}

/** Items of a page of the ledger, which is at most 1 MB. */
const ITEMS_OF_A_PAGE = 1000;

/**
 * Every item of a run that is not done, by id, page by page: those left over first, in the order of chains and chunks, then
 * what chains that have not finished hold. Items that their sources have not given yet have no ids here.
 */
export async function* itemsNotDone(
  ledger: Ledger,
  runId: string,
  itemsOfAPage = ITEMS_OF_A_PAGE,
): AsyncGenerator<ItemNotDone> {
  const chains = (await ledger.readChains(runId)).filter(({ status }) => status !== 'finished');
  for await (const items of pagesOfItems(ledger, runId, itemsOfAPage)) {
    for (const { id, outcome, code, message, chainId, link, at, settled } of items) {
      // One that was in doubt and is settled is done.
      if (settled === undefined) yield { id, outcome, code, message, chain: chainId, link, at };
    }
  }
  for (const chain of chains) yield* heldBy(chain, ledger, itemsOfAPage);
}

async function* heldBy(chain: ChainRecord, ledger: Ledger, limit: number): AsyncGenerator<ItemNotDone> {
  const { runId, chainId, link, carry, postponedAt, postponed = 0 } = chain;
  const recorded = new Map<number, ReadonlyMap<number, ItemRecord>>();
  const outcomeOf = async ({ chunk, index }: ClaimedItem) => {
    const items = recorded.get(chunk) ?? (await ledger.readChunkItems(runId, chainId, chunk));
    recorded.set(chunk, items);
    return items.get(index)?.outcome;
  };
  for (const item of claimedItems(chain)) {
    const outcome = await outcomeOf(item);
    // What is recorded of it already is listed, or done.
    if (outcome === undefined || outcome === 'carried') yield { id: item.id, outcome: 'claimed', chain: chainId, link };
  }
  for (const kept of carry) yield { id: refOf(kept).id, outcome: 'not-begun', chain: chainId };
  let position = postponedAt;
  for (let left = postponed; left > 0; ) {
    const page = await ledger.postponed.read(runId, chainId, limit, position);
    for (const item of page.items) yield { id: item.id, outcome: 'postponed', chain: chainId, at: item.due };
    const last = page.items.at(-1);
    if (last === undefined || page.isLast) return;
    position = positionOf(last);
    left -= page.items.length;
  }
}
