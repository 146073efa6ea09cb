import type { RunRecord } from './records';

/** A run is paced by permits: one for each item, or for a whole chunk where its job processes chunks. */
type Permitted = Pick<RunRecord, 'itemsPerPermit'>;

/** Items per second that so many permits per second are for. */
export function itemsOfPermits(permitsPerSecond: number, { itemsPerPermit = 1 }: Permitted): number {
  return permitsPerSecond * itemsPerPermit;
}

/** Permits per second that so many items per second need. */
export function permitsForItems(itemsPerSecond: number, { itemsPerPermit = 1 }: Permitted): number {
  return itemsPerSecond / itemsPerPermit;
}
