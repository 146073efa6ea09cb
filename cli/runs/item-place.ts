import type { ItemId } from '../../functions/contract/payloads';
import { type ChainRecord, claimedItems, type RunRecord, refOf } from '../../functions/ledger/records';
import type { KnownRun } from './known-run';

/** Where an item of a run is of which the ledger keeps no record. */
export type ItemPlace =
  /** A chain has claimed it, and has not settled it yet. */
  | { readonly at: 'claimed' | 'carried'; readonly chain: ChainRecord }
  /** A chain's cursor is past it, or not there yet. */
  | { readonly at: 'behind' | 'ahead'; readonly chain: ChainRecord }
  /** The run goes through its items twice, for its canary and for everybody else. */
  | { readonly at: 'either-pass'; readonly chain: ChainRecord }
  /** The run does not have it. */
  | { readonly at: 'nowhere' }
  /** Only reading the source would tell. */
  | { readonly at: 'unknown' };

/** What the chains of a run say of an item: by what they hold, and else by where its source has it. */
export function placeOf(id: ItemId, { run, chains }: Pick<KnownRun, 'run' | 'chains'>): ItemPlace {
  for (const chain of chains) {
    if (claimedItems(chain).some((item) => item.id === id)) return { at: 'claimed', chain };
    if (chain.carry.some((kept) => refOf(kept).id === id)) return { at: 'carried', chain };
  }
  const position = positionIn(run, id);
  if (position === undefined) return { at: 'unknown' };
  const chain = chains.find(({ start, end }) => Number(start) <= position && position < Number(end));
  if (position < 0 || chain === undefined) return { at: 'nowhere' };
  if (chain.takes !== undefined && chain.status !== 'finished') return { at: 'either-pass', chain };
  return { at: position < Number(chain.cursor) ? 'behind' : 'ahead', chain };
}

/** The position of an item in its source: where that follows from the id. Negative where it is not in it. */
function positionIn({ source, plan }: RunRecord, id: ItemId): number | undefined {
  if (source === 'id-range') return typeof id === 'number' ? id : -1;
  if (source === 'list' && Array.isArray(plan.ids)) return (plan.ids as readonly ItemId[]).indexOf(id);
  return undefined;
}
