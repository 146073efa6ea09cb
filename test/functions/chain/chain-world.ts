import { Chain } from '../../../functions/chain/chain';
import type { Chunk } from '../../../functions/chain/chunk';
import { PartitionReader } from '../../../functions/chain/partition-reader';
import { PostponedQueue } from '../../../functions/chain/postponed-queue';
import { recoverClaims } from '../../../functions/chain/recovery';
import { Tolerance } from '../../../functions/chain/tolerance';
import type { Job } from '../../../functions/contract/job';
import type { ItemOutcome } from '../../../functions/contract/outcomes';
import type { ItemId } from '../../../functions/contract/payloads';
import { ItemHours } from '../../../functions/effects/item-hours';
import { type ChainRecord, type ClaimedItem, chainKey, type RunRecord } from '../../../functions/ledger/records';
import { VirtualClock } from '../../support/virtual-clock';
import { greeting, LEDGER_TABLE, ledgerOver, memoryTable, storeRun } from './fixture';

interface Change {
  readonly epoch?: number;
  /** Number of the link that holds the chain. @default - 0 */
  readonly link?: number;
  readonly run?: Partial<RunRecord>;
  readonly job?: Partial<Job>;
}

/** A link that has its chain, and what it has to work on it. */
export interface LinkHands {
  readonly chain: Chain;
  readonly reader: PartitionReader;
  readonly tolerance: Tolerance;
  readonly recover: () => Promise<void>;
}

/** A ledger, and the chain of its run in the hands of links. */
export class ChainWorld {
  readonly clock = new VirtualClock();
  private readonly table = memoryTable();
  readonly ledger = ledgerOver(this.table, this.clock);
  /** Throttles that the link has met. */
  throttles = 0;

  /** A link of an epoch, with the chain in its hands. */
  async linkIn({ epoch = 0, link = 0, run: change = {}, job: changed = {} }: Change = {}): Promise<LinkHands> {
    const { ledger, clock } = this;
    const run = { ...(await storeRun(ledger, change)), ...change };
    const identity = { runId: 'run-1', chainId: 0, epoch, link: 0, owner: `owner of epoch ${epoch}` };
    // Whoever had the chain before is gone.
    const { kind, chain: taken, previousEpoch } = await ledger.claimLink(identity, true);
    if (kind !== 'claimed') throw new Error(`The chain is ${kind}.`);
    const job = greeting(changed);
    if (link > 0) await this.number(link);
    const chain = new Chain({ ...taken, link }, { ledger, clock, throttles: () => this.throttles });
    return {
      chain,
      reader: new PartitionReader({
        ...{ chain, run, job, source: job.source, clock },
        hours: new ItemHours(job.sendWindow, clock),
        queue: new PostponedQueue({ chain, ledger, clock }),
      }),
      tolerance: new Tolerance({ chain, run, ledger }),
      recover: () => recoverClaims({ chain, previousEpoch, run, job, ledger, clock }),
    };
  }

  /** As if so many links had held the chain before, and had claimed nothing. */
  private async number(link: number): Promise<void> {
    await this.table.handle('Update', {
      TableName: LEDGER_TABLE,
      Key: chainKey('run-1', 0),
      UpdateExpression: 'SET #link = :link',
      ExpressionAttributeNames: { '#link': 'link' },
      ExpressionAttributeValues: { ':link': link },
    });
  }

  async stored(): Promise<ChainRecord> {
    return (await this.ledger.readChain('run-1', 0)) as ChainRecord;
  }

  /** As a version before this one wrote the chain, which did not count what its source gave. */
  async withoutGiven(): Promise<void> {
    await this.table.handle('Update', {
      TableName: LEDGER_TABLE,
      Key: chainKey('run-1', 0),
      UpdateExpression: 'REMOVE #given, #before',
      ExpressionAttributeNames: { '#given': 'given', '#before': 'givenBefore' },
    });
  }

  /** The items that the ledger lists, as id, outcome and code. */
  async listed(): Promise<readonly unknown[]> {
    const { items } = await this.ledger.listItems('run-1');
    return items.map(({ id, outcome, code }) => [id, outcome, code]);
  }
}

/** The ids of a chunk. */
export function idsOf({ items }: Pick<Chunk, 'items'>): readonly ItemId[] {
  return items.map(({ id }) => id);
}

export async function nextOf({ reader }: LinkHands): Promise<Chunk> {
  const chunk = await reader.next();
  if (!chunk) throw new Error('The partition has ended.');
  return chunk;
}

/** Every claimed item comes out, in the order in which they were claimed. */
export async function comeOut(
  { chain }: LinkHands,
  items: readonly ClaimedItem[],
  outcomes: readonly ItemOutcome[],
): Promise<void> {
  for (const [index, item] of items.entries()) await chain.noteOutcome(item, outcomes[index] as ItemOutcome);
}

export const done = (ids: readonly ItemId[]): ItemOutcome[] => ids.map(() => ({ outcome: 'done' }));
export const UNPROCESSED: ItemOutcome = { outcome: 'unprocessed', code: 'MessageRejected', message: 'no' };
export const CARRIED: ItemOutcome = { outcome: 'carried' };
