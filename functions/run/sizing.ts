import type { Job } from '../contract/job';
import { isSes, providersOf } from '../contract/provider';
import { MOST_CHUNK_ITEMS } from './input';

/**
 * How many chains a run needs, and how many items a chunk, from its rate alone: items under way = rate × the time that one
 * takes (Little's law).
 */

/** Of an item, where its job says nothing else: a mail, with its time in the provider's and our own queues. */
const USUAL_ITEM_SECONDS = 0.25;
/** Items take twice as long in a slow minute, and part of a chunk is being claimed or settled meanwhile. */
const HEADROOM = 2;
const FEWEST_CHUNK_ITEMS = 25;
/** Items that a chain keeps under way in a slow minute: its smallest chunk. For mails that is 50 a second. */
const ITEMS_UNDER_WAY_IN_A_CHAIN = FEWEST_CHUNK_ITEMS;

/** Chains that a run of `itemsPerSecond` keeps busy, 1 or more. `itemSeconds`: how long one item usually takes. */
export function chainsFor(itemsPerSecond: number, itemSeconds?: number): number {
  return Math.ceil(itemsUnderWay(itemsPerSecond, itemSeconds) / ITEMS_UNDER_WAY_IN_A_CHAIN);
}

/**
 * Items that a chain claims together, 25 to 100, where it alone works through `itemsPerSecond`. Small chunks leave little
 * in doubt when a link dies; a fast chain, or one with slow items, needs larger ones.
 */
export function chunkItemsFor(itemsPerSecond: number, itemSeconds?: number): number {
  const wanted = Math.ceil(itemsUnderWay(itemsPerSecond, itemSeconds));
  return Math.min(MOST_CHUNK_ITEMS, Math.max(FEWEST_CHUNK_ITEMS, wanted));
}

/**
 * Items that a chain of such a run may have claimed at a time. Where its providers take few calls at a time, no more than
 * twice as many: others would only wait for a place, and be in doubt if the link died.
 */
export function chunkItemsOf(job: Pick<Job, 'providers' | 'itemSeconds'>, rate: number, chains: number): number {
  const shared = Math.max(1, chains);
  const places = Math.ceil(leastConcurrency(job) / shared);
  return Math.min(chunkItemsFor(rate / shared, job.itemSeconds), HEADROOM * places);
}

/** Calls that every provider of a job takes at a time; infinite where none has such a limit. */
export function leastConcurrency(job: Pick<Job, 'providers'>): number {
  const limits = providersOf(job).map(({ provider }) => (isSes(provider) ? undefined : provider.concurrency));
  return Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
}

function itemsUnderWay(itemsPerSecond: number, itemSeconds = USUAL_ITEM_SECONDS): number {
  return itemsPerSecond * itemSeconds * HEADROOM;
}
