import type { ChainStatus } from '../contract/status';
import type { ChainRecord, RunRecord } from '../ledger/records';

/**
 * The chains that share the run's budget: those that are still at work. A chain that was interrupted or parked, and has been
 * silent for two heartbeat intervals, has left its share to the others.
 */
function chainsAtWork(run: RunRecord, chains: readonly ChainRecord[], now: number): readonly ChainRecord[] {
  const silence = 2 * run.heartbeatSeconds * 1000;
  const isAway = (status: ChainStatus) => status === 'interrupted' || status === 'parked';
  return chains.filter(
    ({ status, updatedAt }) => status !== 'finished' && !(isAway(status) && now - updatedAt > silence),
  );
}

/** A chain's part of the run's budget. */
export interface Part {
  /** Chains that share the budget, this one included. */
  readonly chains: number;
  /** The chain's place among them, from 0 to below 1. */
  readonly phase: number;
}

/**
 * The part of one chain, which counts as at work whatever its record says.
 *
 * @param now milliseconds since the epoch
 */
export function partOf(chainId: number, run: RunRecord, chains: readonly ChainRecord[], now: number): Part {
  const others = chainsAtWork(run, chains, now).filter((chain) => chain.chainId !== chainId);
  const before = others.filter((chain) => chain.chainId < chainId);
  return { chains: others.length + 1, phase: before.length / (others.length + 1) };
}

/**
 * Whether the run's other chains may count a chain no more, which was interrupted at this time, in milliseconds since the
 * epoch: before it uses its part they must have seen that it is back.
 */
export function isBackLate({ heartbeatSeconds }: RunRecord, interruptedAt: number | undefined, now: number): boolean {
  // Half of the time after which they leave it out: the other half is for clocks that differ.
  return interruptedAt !== undefined && now - interruptedAt > heartbeatSeconds * 1000;
}
