import { counted, nounFor } from '../contract/counted';
import { settledItems, sumOfOutcomes } from '../contract/outcomes';
import type { Source } from '../contract/source';
import type { ChainRecord, RunRecord } from '../ledger/records';
import type { ListedItems } from './listed-items';

/**
 * The proof that nobody was forgotten, from what the ledger holds: the partitions tile the source without gap or overlap,
 * every chain is at its end, and in each what its source gave = done + skipped + unprocessed + in-doubt, with one record for each item
 * that is unprocessed or in doubt. How many items were planned proves nothing: rows may have come and gone. Answers what does not add up, a clause for each; nothing if the proof holds.
 */
export function faultsOf(
  run: RunRecord,
  chains: readonly ChainRecord[],
  listed: ListedItems,
  source: Source,
): readonly string[] {
  return [...tilingFaults(run, chains, source), ...countFaults(chains), ...listFaults(chains, listed)];
}

function tilingFaults({ plan }: RunRecord, chains: readonly ChainRecord[], source: Source): string[] {
  const faults: string[] = [];
  let position = plan.start;
  for (const [index, chain] of chains.entries()) {
    const { chainId, status, start, cursor, end } = chain;
    if (chainId !== index) faults.push(`chain ${index} is missing`);
    if (source.compare(position, start) !== 0) {
      faults.push(`chain ${chainId} starts at ${start} where the one before it ends at ${position}`);
    }
    if (!isAtItsEnd(chain, source)) faults.push(`chain ${chainId} is ${status} at ${cursor} of ${end}`);
    position = end;
  }
  if (source.compare(position, plan.end) !== 0) {
    faults.push(`the partitions end at ${position} and the source at ${plan.end}`);
  }
  return faults;
}

function isAtItsEnd(chain: ChainRecord, source: Source): boolean {
  const { status, claim, carry, postponed = 0, cursor, end } = chain;
  const hasNothingLeft = claim === null && carry.length === 0 && postponed === 0;
  return status === 'finished' && hasNothingLeft && source.compare(cursor, end) === 0;
}

function countFaults(chains: readonly ChainRecord[]): string[] {
  return chains
    .filter((chain) => settledItems(chain) !== chain.given)
    .map(
      (chain) => `chain ${chain.chainId} was given ${counted(chain.given, 'item')} and settled ${settledItems(chain)}`,
    );
}

function listFaults(chains: readonly ChainRecord[], listed: ListedItems): string[] {
  const faults: string[] = [];
  const sums = sumOfOutcomes(chains);
  if (listed.unprocessed !== sums.unprocessed) {
    faults.push(disagreement(sums.unprocessed, listed.unprocessed, 'unprocessed'));
  }
  if (listed.inDoubt !== sums.inDoubt) {
    faults.push(disagreement(sums.inDoubt, listed.inDoubt, 'in doubt'));
  }
  return faults;
}

function disagreement(items: number, listed: number, as: string): string {
  const are = (value: number) => nounFor(value, 'is', 'are');
  return `${counted(items, 'item')} ${are(items)} counted as ${as} and ${listed} ${are(listed)} listed`;
}
