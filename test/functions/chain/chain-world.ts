import { Chain, type Chunk } from '../../../functions/chain/chain';
import type { Job } from '../../../functions/contract/job';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import type { ChainRecord, ClaimedItem, RunRecord } from '../../../functions/ledger/records';
import { VirtualClock } from '../../local/virtual-clock';
import { aRun, greeting, ledgerOver, memoryTable, storeRun } from './fixture';

interface Hands {
  readonly epoch?: number;
  readonly run?: Partial<RunRecord>;
  readonly job?: Partial<Job>;
}

/** A ledger, and the chain of its run in the hands of links. */
export class ChainWorld {
  readonly clock = new VirtualClock();
  readonly ledger = ledgerOver(memoryTable(), this.clock);
  readonly pace = { throttles: 0 };

  /** The chain in the hands of link 0 of an epoch. */
  async chainIn({ epoch = 0, run: change = {}, job: changed = {} }: Hands = {}): Promise<Chain> {
    const run = await storeRun(this.ledger, change);
    const identity = { runId: 'run-1', chainId: 0, epoch, link: 0, owner: `owner of epoch ${epoch}` };
    // Whoever had the chain before is gone.
    const claim = await this.ledger.claimLink(identity, true);
    if (claim.kind !== 'claimed') throw new Error(`The chain is ${claim.kind}.`);
    const job = greeting(changed);
    return new Chain(claim, this.ledger, aRun({ ...run, ...change }), job, job.source, this.pace);
  }

  async stored(): Promise<ChainRecord> {
    return (await this.ledger.readChain('run-1', 0)) as ChainRecord;
  }

  /** The items that the ledger lists, as id, outcome and code. */
  async listed(): Promise<readonly unknown[]> {
    const { items } = await this.ledger.listItems('run-1');
    return items.map(({ id, outcome, code }) => [id, outcome, code]);
  }
}

export async function nextOf(chain: Chain): Promise<Chunk> {
  const chunk = await chain.next(0);
  if (!chunk) throw new Error('The partition has ended.');
  return chunk;
}

/** Claims a chunk, as a link does before it touches the items. */
export async function claimed(chain: Chain, chunk: Chunk): Promise<readonly ClaimedItem[]> {
  const items = await chain.claim(chunk);
  if (!items) throw new Error('The chain was taken away.');
  return items;
}

/** Every claimed item comes out, in the order in which they were claimed. */
export async function complete(
  chain: Chain,
  items: readonly ClaimedItem[],
  outcomes: readonly ItemOutcome[],
  { link = 0, now = 0 } = {},
): Promise<void> {
  for (const [index, item] of items.entries()) await chain.complete(item, outcomes[index] as ItemOutcome, link, now);
}

export const done = (ids: readonly ItemId[]): ItemOutcome[] => ids.map(() => ({ outcome: 'done' }));
export const UNPROCESSED: ItemOutcome = { outcome: 'unprocessed', code: 'MessageRejected', message: 'no' };
export const CARRIED: ItemOutcome = { outcome: 'carried' };
