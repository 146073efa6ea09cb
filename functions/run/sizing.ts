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
/** The same of a job that processes chunks: one after the other. */
const CHUNKS_UNDER_WAY_IN_A_CHAIN = 1;

/** What of a job says how large its runs must be. */
type SizedJob = Pick<Job, 'providers' | 'itemSeconds' | 'processChunk' | 'chunkItems'>;

/** What was asked for, if anything was. */
interface Asked {
  readonly chunkItems?: number;
}

/** Chains that a run of so many permits a second keeps busy, 1 or more. */
export function chainsFor(permitsPerSecond: number, { itemSeconds, processChunk }: SizedJob): number {
  const inAChain = processChunk ? CHUNKS_UNDER_WAY_IN_A_CHAIN : ITEMS_UNDER_WAY_IN_A_CHAIN;
  return Math.ceil(underWay(permitsPerSecond, itemSeconds) / inAChain);
}

/** Items that one permit is for: one, or a whole chunk. */
export function itemsPerPermit({ processChunk, chunkItems = MOST_CHUNK_ITEMS }: SizedJob, asked: Asked): number {
  return processChunk ? Math.min(chunkItems, asked.chunkItems ?? MOST_CHUNK_ITEMS) : 1;
}

/**
 * Items that a chain may have claimed at a time, where it alone takes so many permits a second: what was asked for; a whole
 * chunk of a job that processes chunks; otherwise 25 to 100. Small chunks leave little in doubt when a link dies; a fast
 * chain, or one with slow items, needs larger ones. Where the job's providers take few calls at a time, there are no more
 * than twice as many: others would only wait for a place.
 */
export function chunkItemsOf(job: SizedJob, asked: Asked, permitsPerSecond: number, chains: number): number {
  if (job.processChunk) return itemsPerPermit(job, asked);
  if (asked.chunkItems !== undefined) return asked.chunkItems;
  const wanted = Math.ceil(underWay(permitsPerSecond, job.itemSeconds));
  const places = Math.ceil(leastConcurrency(job) / Math.max(1, chains));
  return Math.min(MOST_CHUNK_ITEMS, Math.max(FEWEST_CHUNK_ITEMS, wanted), HEADROOM * places);
}

/** Calls that every provider of a job takes at a time; infinite where none has such a limit. */
export function leastConcurrency(job: Pick<Job, 'providers'>): number {
  const limits = providersOf(job).map(({ provider }) => (isSes(provider) ? undefined : provider.concurrency));
  return Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
}

function underWay(permitsPerSecond: number, seconds = USUAL_ITEM_SECONDS): number {
  return permitsPerSecond * seconds * HEADROOM;
}
