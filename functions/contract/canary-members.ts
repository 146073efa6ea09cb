import { createHash } from 'node:crypto';
import type { ItemId } from './payloads';

/** Which items a chain takes: those of the canary, or all the others. */
export type CanaryPass = 'canary' | 'others';

/** Bits of the hash that are looked at: as many as a number holds exactly, less a few. */
const HASH_BYTES = 6;

/**
 * Whether an item belongs to the canary of a job: by the hash of its id, so that it is the same people in every run, and by
 * the job's name, so that it is not the same people in every job. With a larger share they stay, and others come.
 *
 * @param share above 0 to 1
 */
export function isInCanary(job: string, id: ItemId, share: number): boolean {
  const hash = createHash('sha256').update(`${job}\n${id}`).digest();
  return hash.readUIntBE(0, HASH_BYTES) / 256 ** HASH_BYTES < share;
}

/** Whether a chain takes an item as it goes through its partition. */
export function takerOf(
  { job, canary }: { readonly job: string; readonly canary?: { readonly share: number } },
  takes: CanaryPass | undefined,
): (item: { readonly id: ItemId }) => boolean {
  if (!canary || takes === undefined) return () => true;
  return ({ id }) => isInCanary(job, id, canary.share) === (takes === 'canary');
}
