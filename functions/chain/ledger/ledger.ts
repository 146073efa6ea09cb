import type { ItemId } from '../contract';
import type { Cursor } from '../job';
import { chainStatusesBefore, type RunStatus, runStatusesBefore } from '../status';
import {
  activeRunKey,
  type ChainRecord,
  type ClaimedItem,
  type ClaimKey,
  type Counts,
  chainKey,
  chunkPrefix,
  type ItemRecord,
  itemKey,
  itemsPartition,
  type Leftover,
  NO_COUNTS,
  NOBODY,
  type RunRecord,
  runKey,
  withoutKeys,
} from './records';
import { ABSENT, type Condition, LedgerTable, type TableOptions } from './table';

/** Which attempt of which chain a link belongs to, and the nonce by which its writes are known. */
export interface LinkIdentity {
  readonly runId: string;
  readonly chainId: number;
  readonly epoch: number;
  readonly link: number;
  readonly owner: string;
}

export type LinkClaim =
  | { readonly kind: 'claimed'; readonly chain: ChainRecord }
  /** The chain has ended: only its result is left to be reported. */
  | { readonly kind: 'finished'; readonly chain: ChainRecord }
  /** The same link was delivered before. */
  | { readonly kind: 'duplicate' }
  /** A later epoch holds the chain. */
  | { readonly kind: 'superseded' };

/** What a link knows of its chain when it writes: absolute values, so that writing them twice changes nothing. */
export interface ChainProgress {
  readonly cursor: Cursor;
  readonly carry: readonly ItemId[];
  /** Claimed by earlier writes, and not settled yet. */
  readonly underWay: readonly ClaimedItem[];
  readonly counts: Counts;
  readonly failures: number;
  readonly throttles: number;
}

/** Longest error that is kept of a chain, in characters. */
export const ERROR_LIMIT = 500;

/** An item that needs looking at, and its position in the ledger. */
export type LeftoverItem = ItemRecord & { readonly outcome: Leftover; readonly position: string };

/** The ledger: runs, chains and the items that need looking at. The single source of truth. */
export class Ledger {
  private readonly table: LedgerTable;

  constructor(private readonly options: TableOptions) {
    this.table = new LedgerTable(options);
  }

  /** Stores a new run, or answers the one that an earlier try of the same execution stored. */
  async createRun(run: RunRecord): Promise<RunRecord> {
    const { stored } = await this.table.put(runKey(run.runId), { ...run }, ABSENT, () => false);
    return withoutKeys<RunRecord>(stored ?? run);
  }

  async readRun(runId: string): Promise<RunRecord | undefined> {
    const stored = await this.table.get(runKey(runId));
    return stored && withoutKeys<RunRecord>(stored);
  }

  /** Stores the run's chains as planned; a chain that is already there is left as it is. */
  async createChains(run: RunRecord): Promise<void> {
    await Promise.all(
      run.partitions.map(({ start, end, items }, chainId) => {
        const chain: ChainRecord = {
          ...NO_COUNTS,
          runId: run.runId,
          chainId,
          status: 'planned',
          start,
          end,
          items,
          cursor: start,
          carry: [],
          claim: null,
          sequence: 0,
          epoch: -1,
          link: -1,
          owner: NOBODY,
          links: 0,
          linkBudget: linkBudget(items, run.chunkItems),
          fullLinks: 0,
          failures: 0,
          throttles: 0,
          backOff: null,
          forgivenFailures: 0,
          forgivenLinks: 0,
          updatedAt: this.options.clock.now(),
          expiresAt: run.expiresAt,
        };
        return this.table.put(chainKey(run.runId, chainId), { ...chain }, ABSENT, () => true);
      }),
    );
  }

  /** Moves the run along an edge of the status table. False if the edge does not exist from where the run is. */
  async setRunStatus(runId: string, to: RunStatus, values: Partial<RunRecord> = {}): Promise<boolean> {
    const { written } = await this.table.update(
      runKey(runId),
      { ...values, status: to },
      statusIn(runStatusesBefore(to)),
      (stored) => stored.status === to,
    );
    return written;
  }

  /**
   * Changes the budget of a run while it is on, in items per second; 0 pauses it. Its links see it within two seconds.
   * False if there is no such run.
   */
  async setRate(runId: string, rate: number): Promise<boolean> {
    const { written } = await this.table.update(
      runKey(runId),
      { rate },
      { expression: 'attribute_exists(#pk)' },
      (stored) => stored.rate === rate,
    );
    return written;
  }

  /** Hands the run to another execution: fences out every attempt of the one before. False if somebody else was first. */
  async adoptRun(run: RunRecord, executionArn: string, values: Partial<RunRecord>): Promise<RunRecord | undefined> {
    const { written, stored } = await this.table.update(
      runKey(run.runId),
      { ...values, status: 'running', executionArn, generation: run.generation + 1 },
      {
        expression: `${statusIn(runStatusesBefore('running')).expression} AND #generation = :generation`,
        values: { ...statusIn(runStatusesBefore('running')).values, generation: run.generation },
      },
      (found) => found.executionArn === executionArn,
    );
    return written && stored ? withoutKeys<RunRecord>(stored) : undefined;
  }

  async readChain(runId: string, chainId: number): Promise<ChainRecord | undefined> {
    const stored = await this.table.get(chainKey(runId, chainId));
    return stored && withoutKeys<ChainRecord>(stored);
  }

  async readChains(runId: string): Promise<readonly ChainRecord[]> {
    const chains: ChainRecord[] = [];
    for await (const stored of this.table.scan(`run#${runId}`, 'chain#')) chains.push(withoutKeys<ChainRecord>(stored));
    return chains;
  }

  /**
   * Takes the chain for one link. Link 0 takes it from every earlier epoch; a later link takes it from its predecessor
   * alone, once.
   */
  async claimLink(identity: LinkIdentity): Promise<LinkClaim> {
    const { runId, chainId, epoch, link, owner } = identity;
    const before = await this.readChain(runId, chainId);
    if (!before) throw new Error(`Run ${runId} has no chain ${chainId} in the ledger.`);
    const verdict = judge(before, identity);
    if (verdict !== 'claimable') return verdict;

    const from = statusIn(link === 0 ? chainStatusesBefore('running') : ['handed-off']);
    // A redrive or a resumption starts with a clean slate; a retry within one execution does not.
    const forgiven = link === 0 && attemptFamily(epoch) !== attemptFamily(before.epoch);
    const { written, stored } = await this.table.update(
      chainKey(runId, chainId),
      {
        status: 'running',
        epoch,
        link,
        owner,
        links: before.links + 1,
        updatedAt: this.options.clock.now(),
        ...(forgiven && { forgivenFailures: before.failures, forgivenLinks: before.links - before.fullLinks }),
      },
      {
        expression: `#epoch = :epoch AND #link = :link AND #owner = :owner AND ${from.expression}`,
        values: { epoch: before.epoch, link: before.link, owner: before.owner, ...from.values },
      },
      (found) => found.owner === owner,
    );
    if (!stored) throw new Error(`Chain ${chainId} of run ${runId} has vanished from the ledger.`);
    const chain = withoutKeys<ChainRecord>(stored);
    if (written) return { kind: 'claimed', chain };
    // The chain moved between the read and the write: its owner is at work, or somebody else took it. Look again.
    const again = judge(chain, identity);
    return again === 'claimable' ? this.claimLink(identity) : again;
  }

  /**
   * Reserves a chunk before any of its items is touched, and settles in the same write what came of the ones before.
   * Undefined if the chain was taken from this link.
   */
  claimChunk(chain: ChainRecord, ids: readonly ItemId[], progress: ChainProgress): Promise<ChainRecord | undefined> {
    const claim = { chunk: chain.sequence + 1, ids, stragglers: progress.underWay };
    return this.writeAsOwner(chain, { ...progressValues(progress), claim, status: 'running' });
  }

  /** Settles without reserving: nothing but what is under way is in doubt. Undefined if the chain was taken from this link. */
  settle(
    chain: ChainRecord,
    progress: ChainProgress,
    status: 'running' | 'handed-off' | 'interrupted' | 'finished',
    values: Partial<ChainRecord> = {},
  ): Promise<ChainRecord | undefined> {
    const { underWay: stragglers } = progress;
    const claim = stragglers.length > 0 ? { chunk: chain.sequence + 1, ids: [], stragglers } : null;
    return this.writeAsOwner(chain, { ...values, ...progressValues(progress), claim, status });
  }

  private async writeAsOwner(
    chain: ChainRecord,
    values: Partial<ChainRecord> & Pick<ChainRecord, 'status'>,
  ): Promise<ChainRecord | undefined> {
    const from = statusIn(chainStatusesBefore(values.status));
    const sequence = chain.sequence + 1;
    const { written, stored } = await this.table.update(
      chainKey(chain.runId, chain.chainId),
      { ...values, sequence, updatedAt: this.options.clock.now() },
      {
        expression: `#owner = :owner AND #sequence = :sequence AND ${from.expression}`,
        values: { owner: chain.owner, sequence: chain.sequence, ...from.values },
      },
      (found) => found.owner === chain.owner && found.sequence === sequence,
    );
    return written && stored ? withoutKeys<ChainRecord>(stored) : undefined;
  }

  /** Notes that a link died; the chain's owner can write no more. Harmless if the chain has moved on since. */
  async interruptLink(identity: Omit<LinkIdentity, 'owner'>, lastError: string): Promise<void> {
    const { runId, chainId, epoch, link } = identity;
    const from = statusIn(chainStatusesBefore('interrupted'));
    await this.table.update(
      chainKey(runId, chainId),
      {
        status: 'interrupted',
        lastError: lastError.slice(0, ERROR_LIMIT),
        owner: NOBODY,
        updatedAt: this.options.clock.now(),
      },
      {
        expression: `#epoch = :epoch AND #link BETWEEN :before AND :link AND ${from.expression}`,
        // An event that expired never became a link: its predecessor is the last to have held the chain.
        values: { epoch, link, before: link - 1, ...from.values },
      },
      () => true,
    );
  }

  /** Records how an item came out, unless that is recorded already: the first word counts. */
  async recordItem(item: ItemRecord): Promise<ItemRecord['outcome']> {
    const { stored } = await this.table.put(itemKey(item), { ...item }, ABSENT, () => true);
    return withoutKeys<ItemRecord>(stored ?? item).outcome;
  }

  /** What is recorded of one chunk's items, by their index in the chunk. */
  async readChunkItems(runId: string, chainId: number, chunk: number): Promise<ReadonlyMap<number, ItemRecord>> {
    const items = new Map<number, ItemRecord>();
    for await (const stored of this.table.scan(itemsPartition(runId), chunkPrefix(chainId, chunk))) {
      const item = withoutKeys<ItemRecord>(stored);
      items.set(item.index, item);
    }
    return items;
  }

  /** One page of a run's unprocessed and in-doubt items, in the order of chains and chunks. May be empty before the end. */
  async listItems(
    runId: string,
    page: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<{ readonly items: readonly LeftoverItem[]; readonly next?: string }> {
    const { items, next } = await this.table.query(itemsPartition(runId), '', page);
    const records = items.map((stored) => ({ ...withoutKeys<ItemRecord>(stored), position: stored.sk as string }));
    return { items: records.filter((record): record is LeftoverItem => record.outcome !== 'carried'), next };
  }

  /** Claims what only one run may have: an occurrence, the items that another run left over. Answers the run that has it. */
  async claim(key: ClaimKey, runId: string, expiresAt: number): Promise<string> {
    const { stored } = await this.table.put(key, { runId, expiresAt }, ABSENT, () => true);
    return (stored as { runId: string } | undefined)?.runId ?? runId;
  }

  /** The run that holds a claim, if one does. */
  async readClaim(key: ClaimKey): Promise<string | undefined> {
    return ((await this.table.get(key)) as { runId: string } | undefined)?.runId;
  }

  /** Makes `runId` the job's active run if no other is, or if `instead` is. Answers the run that is active. */
  async activate(job: string, runId: string, instead?: string): Promise<string> {
    const condition: Condition =
      instead === undefined
        ? { expression: 'attribute_not_exists(#pk) OR #runId = :runId', values: { runId } }
        : {
            expression: 'attribute_not_exists(#pk) OR #runId = :runId OR #runId = :instead',
            values: { runId, instead },
          };
    const { stored } = await this.table.put(activeRunKey(job), { runId }, condition, () => true);
    // Refused by a run that has given its place up since: ask again, so that the place is taken in writing.
    return (stored as { runId: string } | undefined)?.runId ?? this.activate(job, runId, instead);
  }

  /** The job has no active run any more, if `runId` was it. */
  deactivate(job: string, runId: string): Promise<void> {
    return this.table.delete(activeRunKey(job), { expression: '#runId = :runId', values: { runId } });
  }
}

/**
 * Links that a partition can honestly need beside those that used their time, which are bounded by the time that a
 * chain may take: one for every chunk, and 50 more for chunks that an interruption cut in two. A chain beyond that is
 * a runaway.
 */
export function linkBudget(items: number, chunkItems: number): number {
  return Math.ceil(items / chunkItems) + 50;
}

/** Epochs of one execution between two redrives: ASL counts retries within a thousand. */
function attemptFamily(epoch: number): number {
  return Math.floor(epoch / 1000);
}

function judge(chain: ChainRecord, { epoch, link, owner }: LinkIdentity): 'claimable' | LinkClaim {
  if (chain.owner === owner) return { kind: 'claimed', chain };
  if (chain.epoch > epoch) return { kind: 'superseded' };
  if (chain.epoch === epoch) {
    if (chain.status === 'finished') return link > chain.link ? { kind: 'finished', chain } : { kind: 'duplicate' };
    const isSuccessor = link === chain.link + 1 && chain.status === 'handed-off';
    return isSuccessor ? 'claimable' : { kind: 'duplicate' };
  }
  if (chain.status === 'finished') return { kind: 'finished', chain };
  // A link beyond the first belongs to an epoch that began: it cannot be later than the one in the ledger.
  return link === 0 ? 'claimable' : { kind: 'superseded' };
}

function progressValues({ cursor, carry, counts, failures, throttles }: ChainProgress) {
  const { done, skipped, unprocessed, inDoubt, skippedBecause } = counts;
  return { cursor, carry, done, skipped, unprocessed, inDoubt, skippedBecause, failures, throttles };
}

function statusIn(statuses: readonly string[]): Condition & { readonly values: Record<string, string> } {
  const values = Object.fromEntries(statuses.map((status, index) => [`from${index}`, status]));
  return { expression: `#status IN (${Object.keys(values).map((name) => `:${name}`)})`, values };
}
