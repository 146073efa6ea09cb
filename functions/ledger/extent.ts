import { type Expected, expectedItems } from '../contract/source';
import type { ChainRecord } from './records';

/** How many items a chain has, as far as that is known by now. */
export interface Extent {
  readonly items: number;
  /** Its source does not know, and has not been read to the end: more may come, or fewer. */
  readonly isEstimate: boolean;
}

/** At its end a chain has as many items as its source gave; before that those that are expected, or were given already. */
export function extentOf(chain: Pick<ChainRecord, 'status' | 'given'> & Expected): Extent {
  if (chain.status === 'finished') return { items: chain.given, isEstimate: false };
  return { items: Math.max(expectedItems(chain) ?? 0, chain.given), isEstimate: chain.items === undefined };
}

/** That of several chains together. */
export function extentOfAll(chains: readonly ChainRecord[]): Extent {
  const extents = chains.map(extentOf);
  return {
    items: extents.reduce((sum, { items }) => sum + items, 0),
    isEstimate: extents.some(({ isEstimate }) => isEstimate),
  };
}
