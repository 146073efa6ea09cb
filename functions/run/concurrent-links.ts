import { counted } from '../contract/counted';
import { invalidInput } from '../contract/errors';
import type { ChainRecord, RunRecord } from '../ledger/records';

type Reservation = { readonly concurrentLinks?: number };

/**
 * Links of one run that the reserved concurrency is for; infinite where there is none. A dry run has half of it, so that a
 * run with effects finds room beside it.
 */
export function linksOf({ dryRun }: { readonly dryRun?: boolean }, { concurrentLinks }: Reservation): number {
  if (concurrentLinks === undefined) return Number.POSITIVE_INFINITY;
  return dryRun ? Math.max(1, Math.floor(concurrentLinks / 2)) : concurrentLinks;
}

/**
 * Chains beyond the reservation would wait in Lambda's queue until they count as interrupted, again and again.
 *
 * @throws `Run.InvalidInput` where there would be such chains.
 */
export function guardConcurrency(chains: number, run: { readonly dryRun?: boolean }, reservation: Reservation): void {
  const most = linksOf(run, reservation);
  if (chains <= most) return;
  const reserved = 'the reserved concurrency of the chain function';
  throw invalidInput(
    `Expected at most ${counted(most, 'chain')}, ${run.dryRun ? `the half of ${reserved} that a dry run may have` : reserved}, got ${chains}: lower \`chains\`, or deploy with a larger \`reservedConcurrency\`.`,
  );
}

/** Chains that a resumption starts again: all of them if the run was stopped before any was created. */
export function chainsToGo({ partitions }: RunRecord, chains: readonly ChainRecord[]): number {
  return partitions.length - chains.filter(({ status, takes }) => status === 'finished' && takes !== 'canary').length;
}
