import type { Canary } from '../contract/canary';
import type { CanaryPass } from '../contract/canary-members';
import type { FeedbackLimits } from '../contract/mail-policy';
import { type Counts, type Leftover, settledItems } from '../contract/outcomes';
import type { Delivery, ItemId } from '../contract/payloads';
import type { ProviderBudget } from '../contract/quota';
import type { Cursor, Expected, ItemRef, Partition, SourcePlan } from '../contract/source';
import type { ChainStatus, RunStatus } from '../contract/status';
import { guardVersion, RECORD_VERSION } from '../contract/versions';
import type { PostponedItem } from './postponed';
import type { Reaction } from './reaction';

/**
 * The run, as the ledger holds it. Planned once; after that its status changes, its `rate`, and, when another execution
 * takes it up, whose it is and what that one may take.
 */
export interface RunRecord {
  /** Of the code that wrote it, see `RECORD_VERSION`. @default - 0 */
  readonly version?: number;
  readonly runId: string;
  readonly job: string;
  readonly status: RunStatus;
  /** It has no effects, and claims nothing that a run with effects needs. Absent where it has. */
  readonly dryRun?: true;
  /** Kind of the source, and what it covers. */
  readonly source: string;
  readonly plan: SourcePlan;
  readonly partitions: readonly Partition[];
  readonly delivery: Delivery;
  /** Share of the planned items that may fail, unprocessed or in doubt, 0 to 1. */
  readonly tolerateUnprocessed: number;
  /** Permits per second for all chains together, an item each unless `itemsPerPermit` says more; 0 pauses the run. Read every two seconds. */
  readonly rate: number;
  /** Permits per second that the provider accepted when the run was planned or resumed. */
  readonly quotaPerSecond: number;
  /** Whose budgets the run takes part in, the one that paces its items in front. Absent in runs of an earlier version. */
  readonly providers?: readonly ProviderBudget[];
  /** Among runs of one priority, its part of what they share is as its weight. @default - 1 */
  readonly weight?: number;
  /** Runs of a higher priority come first. @default - 0 */
  readonly priority?: number;
  /** Items that one permit is for: a whole chunk, where the job processes chunks. @default - 1 */
  readonly itemsPerPermit?: number;
  /** When what mailbox providers say of its mails ends the run. Absent where the job sends none. */
  readonly feedback?: Required<FeedbackLimits>;
  /** What the run did about that, the last time. Absent where it never had to. */
  readonly reaction?: Reaction;
  /** `reaction.round`, for a write to be conditional on. */
  readonly reactions?: number;
  /** Whether the execution is still to be stopped for `reaction`. */
  readonly stopping?: boolean;
  /** Why the run was paused by itself, in a sentence; of interest while its rate is 0. */
  readonly pausedBecause?: string;
  /** The share of the items that goes first. Absent where all of them go at once. */
  readonly canary?: Required<Canary>;
  /** How the canary was judged first. Absent before that. */
  readonly canaryVerdict?: CanaryVerdict;
  /** Items that a chain may have claimed at a time, 1 to 100. */
  readonly chunkItems: number;
  /** Longest that a link works before it hands over. */
  readonly linkSeconds: number;
  /** Silence after which a chain counts as interrupted. */
  readonly heartbeatSeconds: number;
  /** Upper bound for one attempt of a chain. Kept for CreateWorkers of a version that answers a resumption with it. */
  readonly chainTimeoutSeconds: number;
  /** Share of SES's rate and of its 24-hour quota that runs may use, above 0 to 1; the rest is production's. */
  readonly sendShare: number;
  /** The same of the rate that paces the items, above 0 to 1. @default - `sendShare` */
  readonly rateShare?: number;
  /** Items left of that share of the 24-hour quota when the run was planned or resumed; null if there is no such quota. */
  readonly dailyAllowance: number | null;
  /** How many executions have served this run before the present one. */
  readonly generation: number;
  /** The execution that serves the run. */
  readonly executionArn: string;
  /** The scheduled moment that the run serves, ISO 8601. */
  readonly scheduledFor?: string;
  /** Which schedule of the job set that moment, where there are several. */
  readonly schedule?: string;
  /** When it was planned, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it was proven, in milliseconds since the epoch; absent until then. */
  readonly finishedAt?: number;
  /** Seconds since the epoch: DynamoDB's time to live. */
  readonly expiresAt: number;
}

/** How a canary fared. */
export interface CanaryVerdict {
  /** Epoch of the round in which it was judged: a redrive of the execution after that accepts what was found. */
  readonly epoch: number;
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Why the run did not go on by itself, in a sentence. Absent where it did. */
  readonly because?: string;
}

/** An item as a record names it: by its id alone, unless its source must be told its place. */
export type KeptItem = ItemId | ItemRef;

export function refOf(kept: KeptItem): ItemRef {
  return typeof kept === 'object' ? kept : { id: kept };
}

export function keptItem({ id, place }: ItemRef): KeptItem {
  return place === undefined ? id : { id, place };
}

/** What is reserved and not settled yet: together at most `chunkItems` of the run. */
export interface ChunkClaim {
  /** Number of the chunk within the chain: the ledger write that claimed it. */
  readonly chunk: number;
  readonly ids: readonly KeptItem[];
  /** Items of earlier chunks that were still under way when this one was claimed. */
  readonly stragglers: readonly ClaimedItem[];
  /** Items that wait for their windows, and may not all be in the chain's queue yet. Never started: never in doubt. */
  readonly postpone?: readonly PostponedItem[];
}

/** An item that is claimed, and where in which chunk it was when it came up. */
export interface ClaimedItem extends ItemRef {
  readonly chunk: number;
  /** Position in the chunk, from 0. */
  readonly index: number;
}

/** Every item that a chain has claimed, those that came up first in front. */
export function claimedItems({ claim }: Pick<ChainRecord, 'claim'>): readonly ClaimedItem[] {
  if (!claim) return [];
  const { chunk, ids, stragglers } = claim;
  return [...stragglers, ...ids.map((kept, index) => ({ chunk, index, ...refOf(kept) }))];
}

/** How far a pace has stepped back from its share, and since when. */
export interface BackOff {
  /** Part of the share, above 0 to 1, at the time `at`. */
  readonly factor: number;
  /** Part of the share up to which it comes back quickly. */
  readonly knownGood: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Until when the provider wants no calls, in milliseconds since the epoch. Absent where it does not say. */
  readonly closedUntil?: number;
}

/**
 * The chain, as the ledger holds it. Invariant: every item of `[start, end)` is either before `cursor` and settled, or
 * in `claim`, or in `carry`, or postponed, or at or after `cursor`; and in exactly one of these.
 */
export interface ChainRecord extends Counts, Expected {
  /** Of the code whose link last took the chain, see `RECORD_VERSION`. @default - 0 */
  readonly version?: number;
  readonly runId: string;
  readonly chainId: number;
  readonly status: ChainStatus;
  /** Which items the chain takes as it goes through its partition. @default - all of them */
  readonly takes?: CanaryPass;
  readonly start: Cursor;
  readonly end: Cursor;
  readonly cursor: Cursor;
  /** Items that the source has given: those before the cursor. */
  readonly given: number;
  /** Of these, the ones before the present round. */
  readonly givenBefore: number;
  /** Items before the cursor that are known not to have been started. */
  readonly carry: readonly KeptItem[];
  readonly claim: ChunkClaim | null;
  /** Items before the cursor that wait in the chain's queue for their windows. @default - 0 */
  readonly postponed?: number;
  /** Position in that queue up to which items were taken: see `positionOf`. @default - none was */
  readonly postponedAt?: string;
  /** When the chain was to go on, in milliseconds since the epoch; of interest while it is parked. */
  readonly parkedUntil?: number;
  /** Counts the owner's writes; each of them expects the number before it. */
  readonly sequence: number;
  /** -1 before the first attempt. */
  readonly epoch: number;
  /** Number of the link within its epoch, from 0; -1 before the first. */
  readonly link: number;
  /** The invocation that holds the chain: its request id, `#` and a nonce; or `NOBODY`. */
  readonly owner: string;
  /** Links that have held the chain, over all epochs. */
  readonly links: number;
  /** Links that may count against the chain before it is taken for a runaway: see `guardLinkBudget`. */
  readonly linkBudget: number;
  /** Links that worked for half of their time or more before they handed over: not held against the budget. */
  readonly fullLinks: number;
  /** Items that failed while they were processed, unprocessed or in doubt: what `Chain.TooManyFailures` judges. */
  readonly failures: number;
  /** Throttles that the chain has met. */
  readonly throttles: number;
  /** How far the pace had stepped back from its share when the last link handed over. */
  readonly backOff: BackOff | null;
  /** Of `failures`, those before the present round: a redrive or a resumption accepted them. */
  readonly forgivenFailures: number;
  /** Of the links that handed over before half of their time, those before the present round. */
  readonly forgivenLinks: number;
  /**
   * Items that a redrive or a resumption found in doubt when it took the chain over: nobody has seen them yet. They do
   * not stop the run, but its proof reports them.
   */
  readonly unseenInDoubt: number;
  /** Items that were done, skipped or unprocessed when the present attempt began. */
  readonly settledBefore: number;
  /** A later attempt that waits for the owner to settle and let go. */
  readonly awaited: Awaited | null;
  readonly lastError?: string;
  /** When it was last written, in milliseconds since the epoch, by its writer's clock. */
  readonly updatedAt: number;
  /** Seconds since the epoch: DynamoDB's time to live. */
  readonly expiresAt: number;
}

/** Who waits for a chain that is held. */
export interface Awaited {
  readonly epoch: number;
  /** Since when, in milliseconds since the epoch, by the clock of whoever waited first. */
  readonly since: number;
}

/** Fields that records of version 0 may lack, and what their absence means: whoever reads the ledger fills them in. */
export const RUN_DEFAULTS = { sendShare: 1, dailyAllowance: null } satisfies Partial<RunRecord>;
export const CHAIN_DEFAULTS = {
  givenBefore: 0,
  unseenInDoubt: 0,
  settledBefore: 0,
  awaited: null,
} satisfies Partial<ChainRecord>;

/** Owner of a chain that no link holds. */
export const NOBODY = 'nobody';

/** What proves afterwards that an item in doubt is done. */
export interface SettledItem {
  /** In words: a `Send` event. */
  readonly because: string;
  readonly messageId: string;
  /** When the provider accepted it, in milliseconds since the epoch. */
  readonly at: number;
}

/** An item that did not come out `done` or `skipped`. */
export interface ItemRecord extends ItemRef {
  /** Of the code that wrote it, see `RECORD_VERSION`. @default - 0 */
  readonly version?: number;
  readonly runId: string;
  /**
   * `carried` marks an item of a dead link that comes up again, `done` one whose mail is known to have been accepted:
   * whatever a zombie still says of it is not heard.
   */
  readonly outcome: Leftover | 'carried' | 'done';
  readonly code: string;
  readonly message: string;
  /** Of the mails that were accepted all the same. Absent where there are none. */
  readonly messageIds?: readonly string[];
  /** Of an item in doubt: one mail is all that it was to get, so that it is done if that was accepted. @default - false */
  readonly mailProves?: boolean;
  /** Of an item in doubt: it is done, as was found out later. */
  readonly settled?: SettledItem;
  readonly chainId: number;
  readonly chunk: number;
  readonly index: number;
  readonly link: number;
  /** When it was recorded, in milliseconds since the epoch. */
  readonly at: number;
  /** Seconds since the epoch: DynamoDB's time to live. */
  readonly expiresAt: number;
}

export const runKey = (runId: string) => ({ pk: `run#${runId}`, sk: 'run' });

export const chainKey = (runId: string, chainId: number) => ({
  pk: `run#${runId}`,
  sk: `chain#${String(chainId).padStart(4, '0')}`,
});

export const itemsPartition = (runId: string) => `items#${runId}`;

export const chunkPrefix = (chainId: number, chunk: number) =>
  `${String(chainId).padStart(4, '0')}#${String(chunk).padStart(9, '0')}#`;

export const itemKey = (item: Pick<ItemRecord, 'runId' | 'chainId' | 'chunk' | 'index'>) => ({
  pk: itemsPartition(item.runId),
  sk: chunkPrefix(item.chainId, item.chunk) + String(item.index).padStart(3, '0'),
});

/** Key of something that only one run may have: an occurrence, what another run left over, the job's active place. */
export interface ClaimKey {
  readonly pk: string;
  readonly sk: string;
}

/**
 * Who has a claim. An execution that is redriven writes its claims again with its new count, so that whoever found the
 * execution ended before that cannot take them.
 */
export interface Holder {
  readonly runId: string;
  /** Absent in claims that a version before this field wrote. */
  readonly executionArn?: string;
  readonly redriveCount: number;
  /** When it was taken or written again, in milliseconds since the epoch. */
  readonly at: number;
}

/** The same moment of two schedules is two occurrences. Without a name the key is the one of versions before there were any. */
export const occurrenceKey = (job: string, scheduledFor: string, schedule?: string): ClaimKey => ({
  pk: `occurrence#${job}@${scheduledFor}${schedule === undefined ? '' : `#${schedule}`}`,
  sk: 'occurrence',
});

export const activeRunKey = (job: string): ClaimKey => ({ pk: `job#${job}`, sk: 'active' });

/** Whose the place of an active run is: a dry run of a job is beside its other runs, and not in their way. */
export type PlacedRun = Pick<RunRecord, 'job' | 'dryRun'>;

/** The place that a run must have while it is active. No job has a name with a `#`. */
export const activePlaceOf = ({ job, dryRun }: PlacedRun): ClaimKey => activeRunKey(dryRun ? `${job}#dry-run` : job);

export const reprocessingKey = (runId: string, outcome: Leftover): ClaimKey => ({
  pk: `reprocessing#${runId}`,
  sk: outcome,
});

/**
 * A run as it is read: with what the absence of a field means, without the table's own keys.
 *
 * @throws `LaterVersion` where a later deployment wrote the record.
 */
export function runOf(stored: object): RunRecord {
  const run: RunRecord = Object.assign({ ...RUN_DEFAULTS }, withoutKeys<RunRecord>(stored));
  guardVersion(`the record of run ${run.runId}`, run, RECORD_VERSION);
  return run;
}

/** @throws `LaterVersion` where a later deployment wrote the record. */
export function chainOf(stored: object): ChainRecord {
  const found = withoutKeys<Omit<ChainRecord, 'given'> & Partial<Pick<ChainRecord, 'given'>>>(stored);
  // A link reads every chain at each heartbeat, and V8 assigns in half of the time in which it spreads a second object.
  const chain: ChainRecord = Object.assign(
    { ...CHAIN_DEFAULTS, given: found.given ?? itemsBeforeCursor(found) },
    found,
  );
  guardVersion(`the record of chain ${chain.chainId} of run ${chain.runId}`, chain, RECORD_VERSION);
  return chain;
}

/** What a record of a version before the field would have counted. */
function itemsBeforeCursor(chain: Counts & Pick<ChainRecord, 'claim' | 'carry'>): number {
  return settledItems(chain) + claimedItems(chain).length + chain.carry.length;
}

/** @throws `LaterVersion` where a later deployment wrote the record. */
export function itemOf(stored: object): ItemRecord {
  const item = withoutKeys<ItemRecord>(stored);
  guardVersion(`the record of item ${item.id} of run ${item.runId}`, item, RECORD_VERSION);
  return item;
}

/**
 * Who has a claim, as it is read.
 *
 * @throws `LaterVersion` where a later deployment wrote it.
 */
export function holderOf(stored: object): Holder {
  guardVersion('the record of what only one run may have', stored, RECORD_VERSION);
  const { runId, executionArn, redriveCount = 0, at = 0 } = stored as Partial<Holder> & Pick<Holder, 'runId'>;
  return { runId, ...(executionArn !== undefined && { executionArn }), redriveCount, at };
}

function withoutKeys<Record extends object>(stored: object): Record {
  const { pk: _pk, sk: _sk, ...record } = stored as { pk: string; sk: string };
  return record as unknown as Record;
}
