import { invalidInput } from '../contract/errors';
import type { ChainRecord, RunRecord } from '../ledger/records';

/**
 * Chains beyond the reservation would wait in Lambda's queue until they count as interrupted, again and again.
 *
 * @throws `Run.InvalidInput` where there would be such chains.
 */
export function guardConcurrency(chains: number, { concurrentLinks }: { readonly concurrentLinks?: number }): void {
  if (concurrentLinks === undefined || chains <= concurrentLinks) return;
  throw invalidInput(
    `Expected at most ${concurrentLinks} chains, the reserved concurrency of the chain function, got ${chains}: lower \`chains\`, or deploy with a larger \`reservedConcurrency\`.`,
  );
}

/** Chains that a resumption starts again: all of them if the run was stopped before any was created. */
export function chainsToGo({ partitions }: RunRecord, chains: readonly ChainRecord[]): number {
  return partitions.length - chains.filter(({ status, takes }) => status === 'finished' && takes !== 'canary').length;
}
