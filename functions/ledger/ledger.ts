import type { Cursor } from '../contract/job';
import { type Counts, countsOf, type Leftover, NO_COUNTS } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import { chainStatusesBefore, type RunStatus, runStatusesBefore } from '../contract/status';
import { guardVersion, RECORD_VERSION } from '../contract/versions';
import { isSameRound, judge, type LinkIdentity, linkBudget, type Verdict, workedItems } from './attempts';
import { Claims } from './claims';
import { ABSENT, type Condition, type Key, LedgerTable, type TableOptions } from './ledger-table';
import {
  activeRunKey,
  CHAIN_DEFAULTS,
  type ChainRecord,
  type ClaimedItem,
  chainKey,
  chunkPrefix,
  type ItemRecord,
  itemKey,
  itemsPartition,
  NOBODY,
  RUN_DEFAULTS,
  type RunRecord,
  runKey,
  withoutKeys,
} from './records';

type ClaimKind = 'claimed' | Exclude<Verdict, 'claimable' | 'mine'>;

/** What became of a link's wish to hold its chain (see `judge`), the chain as it stands, and the epoch that had it before. */
export type LinkClaim = {
  [Kind in ClaimKind]: { readonly kind: Kind; readonly chain: ChainRecord; readonly previousEpoch: number };
}[ClaimKind];

/** What a link knows of its chain when it writes: absolute values, so that writing them twice changes nothing. */
export interface ChainProgress {
  readonly cursor: Cursor;
  readonly carry: readonly ItemId[];
  /** Claimed by earlier writes, and not settled yet. */
  readonly underWay: readonly ClaimedItem[];
  readonly counts: Counts;
  readonly failures: number;
  readonly unseenInDoubt: number;
  readonly throttles: number;
}

/** Longest error that is kept of a chain, in characters. */
export const ERROR_LIMIT = 500;

/** An item that needs looking at, and its position in the ledger. */
export type LeftoverItem = ItemRecord & { readonly outcome: Leftover; readonly position: string };

/** The ledger: runs, chains and the items that need looking at. The single source of truth. */
export class Ledger {
  /** What only one run may have. */
  readonly claims: Claims;
  private readonly table: LedgerTable;

  constructor(private readonly options: TableOptions) {
    this.table = new LedgerTable(options);
    this.claims = new Claims(this.table, options.clock);
  }

  /** Stores a new run, or answers the one that has this id already: an earlier try of the same execution stored it, or somebody else. */
  async createRun(run: RunRecord): Promise<RunRecord> {
    const { stored } = await this.table.put(
      runKey(run.runId),
      { ...run, version: RECORD_VERSION },
      ABSENT,
      () => false,
    );
    return runOf(stored ?? run);
  }

  async readRun(runId: string): Promise<RunRecord | undefined> {
    const stored = await this.table.get(runKey(runId));
    return stored && runOf(stored);
  }

  /** Stores the run's chains as planned; a chain that is already there is left as it is. */
  async createChains(run: RunRecord): Promise<void> {
    await Promise.all(
      run.partitions.map(({ start, end, items }, chainId) => {
        const chain: ChainRecord = {
          ...NO_COUNTS,
          version: RECORD_VERSION,
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
          ...CHAIN_DEFAULTS,
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
      { ...values, version: RECORD_VERSION, status: 'running', executionArn, generation: run.generation + 1 },
      {
        expression: `${statusIn(runStatusesBefore('running')).expression} AND #generation = :generation`,
        values: { ...statusIn(runStatusesBefore('running')).values, generation: run.generation },
      },
      (found) => found.executionArn === executionArn,
    );
    return written && stored ? runOf(stored) : undefined;
  }

  /** Keeps what belongs to a run until `expiresAt`, in seconds since the epoch: its chains, and every item that is listed. */
  async extend(runId: string, expiresAt: number): Promise<void> {
    for (const [pk, prefix] of [
      [itemsPartition(runId), ''],
      // The chains last: they tell whether this was done to the end.
      [runKey(runId).pk, 'chain#'],
    ] as const) {
      let after: string | undefined;
      do {
        const page = await this.table.query(pk, prefix, { limit: 25, ...(after !== undefined && { after }) });
        const keys = page.items as unknown as readonly Key[];
        const still: Condition = { expression: 'attribute_exists(#pk)' };
        await Promise.all(keys.map(({ sk }) => this.table.update({ pk, sk }, { expiresAt }, still, () => true)));
        after = page.next;
      } while (after !== undefined);
    }
  }

  async readChain(runId: string, chainId: number): Promise<ChainRecord | undefined> {
    const stored = await this.table.get(chainKey(runId, chainId));
    return stored && chainOf(stored);
  }

  async readChains(runId: string): Promise<readonly ChainRecord[]> {
    const chains: ChainRecord[] = [];
    for await (const stored of this.table.scan(`run#${runId}`, 'chain#')) chains.push(chainOf(stored));
    return chains;
  }

  /**
   * Takes the chain for one link, if the rules of `judge` let it. `isOwnerGone`: whoever held the chain before cannot
   * touch an item any more, though it has not let go.
   */
  async claimLink(identity: LinkIdentity, isOwnerGone = false): Promise<LinkClaim> {
    const { runId, chainId, epoch, link, owner } = identity;
    const before = await this.readChain(runId, chainId);
    if (!before) throw new Error(`Run ${runId} has no chain ${chainId} in the ledger.`);
    const verdict = judge(before, identity, isOwnerGone);
    const previousEpoch = before.epoch;
    if (verdict !== 'claimable')
      return { kind: verdict === 'mine' ? 'claimed' : verdict, chain: before, previousEpoch };

    const from = statusIn(link === 0 ? chainStatusesBefore('running') : ['handed-off']);
    const { written, stored } = await this.table.update(
      chainKey(runId, chainId),
      {
        version: RECORD_VERSION,
        status: 'running',
        epoch,
        link,
        owner,
        links: before.links + 1,
        awaited: null,
        updatedAt: this.options.clock.now(),
        ...(link === 0 && attemptValues(before, epoch)),
      },
      {
        expression: `#epoch = :epoch AND #link = :link AND #owner = :owner AND #sequence = :sequence AND ${from.expression}`,
        values: {
          epoch: before.epoch,
          link: before.link,
          owner: before.owner,
          sequence: before.sequence,
          ...from.values,
        },
      },
      (found) => found.owner === owner,
    );
    if (!stored) throw new Error(`Chain ${chainId} of run ${runId} has vanished from the ledger.`);
    const chain = chainOf(stored);
    if (written) return { kind: 'claimed', chain, previousEpoch };
    // The chain moved between the read and the write: its owner is at work, or somebody else took it. Look again.
    return this.claimLink(identity, isOwnerGone);
  }

  /**
   * Lets the owner of a chain know that a later epoch waits for it. Answers since when somebody has waited for this
   * owner, in milliseconds since the epoch; undefined if the chain has moved on.
   */
  async awaitChain(chain: ChainRecord, epoch: number): Promise<number | undefined> {
    const since = chain.awaited?.since ?? this.options.clock.now();
    const { written, stored } = await this.table.update(
      chainKey(chain.runId, chain.chainId),
      { awaited: { epoch, since } },
      {
        expression: '#owner = :owner AND #epoch = :epoch AND #status = :running',
        values: { owner: chain.owner, epoch: chain.epoch, running: 'running' },
      },
      (found) => found.owner === chain.owner && chainOf(found).awaited?.epoch === epoch,
    );
    return written && stored ? since : undefined;
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
    return written && stored ? chainOf(stored) : undefined;
  }

  /** Notes that whoever has the chain, as it was read, is gone, and takes it away from it. Harmless if it has moved on since. */
  async interruptChain(chain: ChainRecord, lastError: string): Promise<void> {
    const { runId, chainId, epoch, link, owner } = chain;
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
        expression: `#epoch = :epoch AND #link = :link AND #owner = :owner AND ${from.expression}`,
        values: { epoch, link, owner, ...from.values },
      },
      () => true,
    );
  }

  /** Records how an item came out, unless that is recorded already: the first word counts. */
  async recordItem(item: ItemRecord): Promise<ItemRecord['outcome']> {
    const { stored } = await this.table.put(itemKey(item), { ...item, version: RECORD_VERSION }, ABSENT, () => true);
    return itemOf(stored ?? item).outcome;
  }

  /** What is recorded of one chunk's items, by their index in the chunk. */
  async readChunkItems(runId: string, chainId: number, chunk: number): Promise<ReadonlyMap<number, ItemRecord>> {
    const items = new Map<number, ItemRecord>();
    for await (const stored of this.table.scan(itemsPartition(runId), chunkPrefix(chainId, chunk))) {
      const item = itemOf(stored);
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
    const records = items.map((stored) => ({ ...itemOf(stored), position: stored.sk as string }));
    return { items: records.filter((record): record is LeftoverItem => record.outcome !== 'carried'), next };
  }

  /** The job has no active run any more, if `runId` was it. */
  deactivate(job: string, runId: string): Promise<void> {
    return this.claims.giveBack(activeRunKey(job), runId);
  }
}

/** What link 0 of an attempt sets. A redrive or a resumption starts with a clean slate; a retry does not. */
function attemptValues(before: ChainRecord, epoch: number): Partial<ChainRecord> {
  const { failures, links, fullLinks } = before;
  const isNewRound = !isSameRound(epoch, before.epoch);
  return {
    settledBefore: workedItems(before),
    ...(isNewRound && { forgivenFailures: failures, forgivenLinks: links - fullLinks, unseenInDoubt: 0 }),
  };
}

function runOf(stored: object): RunRecord {
  const run = { ...RUN_DEFAULTS, ...withoutKeys<RunRecord>(stored) };
  guardVersion(`the record of run ${run.runId}`, run, RECORD_VERSION);
  return run;
}

function chainOf(stored: object): ChainRecord {
  const chain = { ...CHAIN_DEFAULTS, ...withoutKeys<ChainRecord>(stored) };
  guardVersion(`the record of chain ${chain.chainId} of run ${chain.runId}`, chain, RECORD_VERSION);
  return chain;
}

function itemOf(stored: object): ItemRecord {
  const item = withoutKeys<ItemRecord>(stored);
  guardVersion(`the record of item ${item.id} of run ${item.runId}`, item, RECORD_VERSION);
  return item;
}

function progressValues({ cursor, carry, counts, failures, unseenInDoubt, throttles }: ChainProgress) {
  return { cursor, carry, ...countsOf(counts), failures, unseenInDoubt, throttles };
}

function statusIn(statuses: readonly string[]): Condition & { readonly values: Record<string, string> } {
  const values = Object.fromEntries(statuses.map((status, index) => [`from${index}`, status]));
  return { expression: `#status IN (${Object.keys(values).map((name) => `:${name}`)})`, values };
}
