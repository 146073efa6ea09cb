import type { Clock } from '../contract/clock';
import { type Counts, countsOf, NO_COUNTS } from '../contract/outcomes';
import { type Cursor, type Expected, expectedItems, type Partition } from '../contract/source';
import { chainStatusesBefore } from '../contract/status';
import { RECORD_VERSION } from '../contract/versions';
import { judge, type LinkIdentity, linkBudget, type Verdict, valuesOfLink } from './attempts';
import type { LedgerTable } from './ledger-table';
import type { PostponedItem } from './postponed';
import {
  CHAIN_DEFAULTS,
  type ChainRecord,
  type ChunkClaim,
  type ClaimedItem,
  chainKey,
  chainOf,
  type KeptItem,
  NOBODY,
  type RunRecord,
  runKey,
} from './records';
import { ABSENT, allOf, has, statusIn } from './write-conditions';

type ClaimKind = 'claimed' | Exclude<Verdict, 'claimable' | 'mine'>;

/** What became of a link's wish to hold its chain (see `judge`), the chain as it stands, and how it was before. */
export type LinkClaim = {
  [Kind in ClaimKind]: {
    readonly kind: Kind;
    readonly chain: ChainRecord;
    readonly previousEpoch: number;
    /** Since when no link had it, in milliseconds since the epoch, where it was interrupted or parked. */
    readonly interruptedAt?: number;
    /** Whether it waited for its hour, which may have been for days. */
    readonly wasParked: boolean;
  };
}[ClaimKind];

/** What a link knows of its chain when it writes: absolute values, so that writing them twice changes nothing. */
export interface ChainProgress {
  readonly cursor: Cursor;
  readonly given: number;
  readonly carry: readonly KeptItem[];
  /** Claimed by earlier writes, and not settled yet. */
  readonly underWay: readonly ClaimedItem[];
  /** To be put into the chain's queue, and perhaps not there yet. */
  readonly postpone?: readonly PostponedItem[];
  /** Items in that queue, these included. @default - the chain never had any */
  readonly postponed?: number;
  readonly postponedAt?: string;
  readonly counts: Counts;
  readonly failures: number;
  readonly unseenInDoubt: number;
  readonly throttles: number;
}

/** How a link may leave its chain, or go on with it. */
export type SettledStatus = 'running' | 'handed-off' | 'parked' | 'interrupted' | 'finished';

/** Longest error that is kept of a chain, in characters. */
export const ERROR_LIMIT = 500;

/** The records of chains. What a link may do with one is decided in `attempts.ts`; here it is written. */
export class Chains {
  constructor(
    private readonly table: LedgerTable,
    private readonly clock: Clock,
  ) {}

  /** Stores the run's chains as planned; a chain that is already there is left as it is. */
  async create(run: RunRecord): Promise<void> {
    await Promise.all(
      run.partitions.map((partition, chainId) => {
        const chain = plannedChain(run, partition, chainId, this.clock.now());
        return this.table.put(chainKey(run.runId, chainId), { ...chain }, ABSENT, () => true);
      }),
    );
  }

  async read(runId: string, chainId: number): Promise<ChainRecord | undefined> {
    const stored = await this.table.get(chainKey(runId, chainId));
    return stored && chainOf(stored);
  }

  /** All chains of a run, in the order of their numbers. */
  async readAll(runId: string): Promise<readonly ChainRecord[]> {
    const chains: ChainRecord[] = [];
    for await (const stored of this.table.scan(runKey(runId).pk, 'chain#')) chains.push(chainOf(stored));
    return chains;
  }

  /**
   * Takes the chain for one link, if the rules of `judge` let it. `isOwnerGone`: whoever held the chain before cannot
   * touch an item any more, though it has not let go.
   *
   * @throws Error where the ledger has no such chain.
   */
  async claim(identity: LinkIdentity, isOwnerGone: boolean): Promise<LinkClaim> {
    const { runId, chainId, link, owner } = identity;
    const before = await this.read(runId, chainId);
    if (!before) throw new Error(`Run ${runId} has no chain ${chainId} in the ledger.`);
    const verdict = judge(before, identity, isOwnerGone);
    const how = { previousEpoch: before.epoch, wasParked: before.status === 'parked' };
    if (verdict !== 'claimable') return { kind: verdict === 'mine' ? 'claimed' : verdict, chain: before, ...how };

    const asRead = { epoch: before.epoch, link: before.link, owner: before.owner, sequence: before.sequence };
    const { written, stored } = await this.table.update(
      chainKey(runId, chainId),
      { version: RECORD_VERSION, ...valuesOfLink(before, identity), updatedAt: this.clock.now() },
      allOf(has(asRead), statusIn(link === 0 ? chainStatusesBefore('running') : ['handed-off'])),
      (found) => found.owner === owner,
    );
    if (!stored) throw new Error(`Chain ${chainId} of run ${runId} has vanished from the ledger.`);
    const chain = chainOf(stored);
    const isBack = before.status === 'interrupted' || how.wasParked;
    if (written) return { kind: 'claimed', chain, ...how, ...(isBack && { interruptedAt: before.updatedAt }) };
    // The chain moved between the read and the write: its owner is at work, or somebody else took it. Look again.
    return this.claim(identity, isOwnerGone);
  }

  /**
   * Lets the owner of a chain know that a later epoch waits for it. Answers since when somebody has waited for this
   * owner, in milliseconds since the epoch; undefined if the chain has moved on.
   */
  async noteWaiting(chain: ChainRecord, epoch: number): Promise<number | undefined> {
    const since = chain.awaited?.since ?? this.clock.now();
    const { written, stored } = await this.table.update(
      chainKey(chain.runId, chain.chainId),
      { awaited: { epoch, since } },
      has({ owner: chain.owner, epoch: chain.epoch, status: 'running' }),
      (found) => found.owner === chain.owner && chainOf(found).awaited?.epoch === epoch,
    );
    return written && stored ? since : undefined;
  }

  /**
   * Reserves a chunk before any of its items is touched, and settles in the same write what came of the ones before.
   * Undefined if the chain was taken from this link.
   */
  claimChunk(chain: ChainRecord, ids: readonly KeptItem[], progress: ChainProgress): Promise<ChainRecord | undefined> {
    const claim = claimOf(chain, ids, progress);
    return this.writeAsOwner(chain, { ...progressValues(progress), claim, status: 'running' });
  }

  /** Settles without reserving: nothing but what is under way may be in doubt. Undefined if the chain was taken from this link. */
  settle(
    chain: ChainRecord,
    progress: ChainProgress,
    status: SettledStatus,
    values: Partial<ChainRecord>,
  ): Promise<ChainRecord | undefined> {
    const { underWay, postpone = [] } = progress;
    const claim = underWay.length + postpone.length > 0 ? claimOf(chain, [], progress) : null;
    return this.writeAsOwner(chain, { ...values, ...progressValues(progress), claim, status });
  }

  /**
   * Lets a chain that is through with the canary go through its partition for everybody else. Answers it as it is then:
   * whoever asks again finds it on its way. What counted against its links is forgiven: it reads everything once more.
   *
   * @throws Error where the ledger has no such chain.
   */
  async sendOn(chain: ChainRecord): Promise<ChainRecord> {
    const { runId, chainId, start: cursor, links, fullLinks } = chain;
    const { stored } = await this.table.update(
      chainKey(runId, chainId),
      {
        ...{ takes: 'others', status: 'planned', cursor, owner: NOBODY, forgivenLinks: links - fullLinks },
        ...{ version: RECORD_VERSION, updatedAt: this.clock.now() },
      },
      allOf(has({ takes: 'canary' }), statusIn(chainStatusesBefore('planned'))),
      () => false,
    );
    if (!stored) throw new Error(`Chain ${chainId} of run ${runId} has vanished from the ledger.`);
    return chainOf(stored);
  }

  /** Notes that whoever has the chain, as it was read, is gone, and takes it away from it. Harmless if it has moved on since. */
  async interrupt(chain: ChainRecord, lastError: string): Promise<void> {
    const { runId, chainId, epoch, link, owner } = chain;
    await this.table.update(
      chainKey(runId, chainId),
      {
        status: 'interrupted',
        lastError: lastError.slice(0, ERROR_LIMIT),
        owner: NOBODY,
        updatedAt: this.clock.now(),
      },
      allOf(has({ epoch, link, owner }), statusIn(chainStatusesBefore('interrupted'))),
      () => true,
    );
  }

  private async writeAsOwner(
    chain: ChainRecord,
    values: Partial<ChainRecord> & Pick<ChainRecord, 'status'>,
  ): Promise<ChainRecord | undefined> {
    const { owner, sequence } = chain;
    const next = sequence + 1;
    const { written, stored } = await this.table.update(
      chainKey(chain.runId, chain.chainId),
      { ...values, sequence: next, updatedAt: this.clock.now() },
      allOf(has({ owner, sequence }), statusIn(chainStatusesBefore(values.status))),
      (found) => found.owner === owner && found.sequence === next,
    );
    return written && stored ? chainOf(stored) : undefined;
  }
}

function plannedChain(
  { runId, chunkItems, canary, expiresAt }: RunRecord,
  partition: Partition,
  chainId: number,
  plannedAt: number,
): ChainRecord {
  return {
    ...NO_COUNTS,
    version: RECORD_VERSION,
    runId,
    chainId,
    status: 'planned',
    ...(canary && { takes: 'canary' as const }),
    ...expected(partition),
    start: partition.start,
    end: partition.end,
    cursor: partition.start,
    given: 0,
    carry: [],
    claim: null,
    sequence: 0,
    epoch: -1,
    link: -1,
    owner: NOBODY,
    links: 0,
    linkBudget: linkBudget(expectedItems(partition) ?? 0, chunkItems),
    fullLinks: 0,
    failures: 0,
    throttles: 0,
    backOff: null,
    forgivenFailures: 0,
    forgivenLinks: 0,
    ...CHAIN_DEFAULTS,
    updatedAt: plannedAt,
    expiresAt,
  };
}

/** Without a field that is undefined, which no record can have. */
function expected({ items, estimate }: Partition): Expected {
  return { ...(items !== undefined && { items }), ...(estimate !== undefined && { estimate }) };
}

function progressValues({ cursor, given, carry, counts, failures, unseenInDoubt, throttles, ...queue }: ChainProgress) {
  const { postponed, postponedAt } = queue;
  return {
    ...{ cursor, given, carry, ...countsOf(counts), failures, unseenInDoubt, throttles },
    ...(postponed !== undefined && { postponed }),
    ...(postponedAt !== undefined && { postponedAt }),
  };
}

function claimOf(
  { sequence }: ChainRecord,
  ids: readonly KeptItem[],
  { underWay: stragglers, postpone = [] }: ChainProgress,
): ChunkClaim {
  return { chunk: sequence + 1, ids, stragglers, ...(postpone.length > 0 && { postpone }) };
}
