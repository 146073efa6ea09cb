import type { Clock } from '../contract/clock';
import { addOutcome, countsOf, difference, type ItemOutcome, type OutcomeCounts } from '../contract/outcomes';
import { type Cursor, refOnly } from '../contract/source';
import type { ZonedItem } from '../effects/item-hours';
import { isAwaited } from '../ledger/attempts';
import { type ChainProgress, ERROR_LIMIT, type SettledStatus } from '../ledger/chains';
import type { AuditRecord } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { dueAt, type PostponedItem } from '../ledger/postponed';
import { type ChainRecord, type ClaimedItem, claimedItems, type ItemRecord, keptItem } from '../ledger/records';
import { ChainTaken } from './chain-taken';
import { type Chunk, givenBy, remainder } from './chunk';

/** A claimed item in the hands of the link that claimed it. */
export type ClaimedChunkItem = ClaimedItem & ZonedItem;

export interface ChainOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Throttles that this link has met so far. */
  readonly throttles: () => number;
  /** Whether every item is recorded, the ones that need no looking at, too. @default - false */
  readonly audit?: boolean;
  /** Whether the job does nothing but send mails. @default - false */
  readonly sendsOnly?: boolean;
}

/**
 * The chain in the hands of one link: what it has claimed, what came of it, and what the ledger knows of that.
 * Invariant: between two calls, every item of the partition is settled, claimed, carried, postponed or ahead of the cursor.
 *
 * @see docs/how-it-works.md#the-ledger
 */
export class Chain {
  private stored: ChainRecord;
  private progress: Omit<ChainProgress, 'underWay' | 'postpone' | 'throttles'>;
  /**
   * Items that are claimed and have no outcome yet: if the link dies now, a later epoch decides what became of them.
   */
  private readonly claimed: Set<ClaimedItem>;
  /** Items that are counted as postponed, and may not be in the chain's queue yet. */
  private postponing: readonly PostponedItem[];

  /** @param before the chain as the ledger had it when this link took it */
  constructor(
    private readonly before: ChainRecord,
    private readonly options: ChainOptions,
  ) {
    const { cursor, given, carry, failures, unseenInDoubt, postponed, postponedAt } = before;
    this.stored = before;
    this.progress = {
      ...{ cursor, given, carry, failures, unseenInDoubt, counts: countsOf(before) },
      ...(postponed !== undefined && { postponed }),
      ...(postponedAt !== undefined && { postponedAt }),
    };
    this.claimed = new Set(claimedItems(before));
    this.postponing = before.claim?.postpone ?? [];
  }

  /** The chain as this link last wrote it. */
  get record(): ChainRecord {
    return this.stored;
  }

  /** Where the source is read on, and what comes before that: items that are known not to have been started. */
  get position(): Pick<ChainProgress, 'cursor' | 'carry' | 'postponed' | 'postponedAt'> {
    return this.progress;
  }

  /** Whether there are items that a dead link was about to put into the chain's queue. */
  get isPostponing(): boolean {
    return this.postponing.length > 0;
  }

  /** Items that are claimed and have not come out. */
  get underWay(): readonly ClaimedItem[] {
    return [...this.claimed];
  }

  /** Items that have failed while they were processed, those of earlier links included. */
  get failures(): number {
    return this.progress.failures;
  }

  /** Items that the source has given so far. */
  get given(): number {
    return this.progress.given;
  }

  /** Items that came to an outcome in the hands of this link, those that it found in doubt included. */
  handledHere(): OutcomeCounts {
    return difference(this.progress.counts, this.before);
  }

  /** Whether a later attempt waited for the chain when this link last wrote it. */
  isAwaited(): boolean {
    return isAwaited(this.stored, this.stored.epoch);
  }

  /** Passes over a stretch of the source that has no items. */
  skipTo(cursor: Cursor): void {
    this.progress = { ...this.progress, cursor };
  }

  /**
   * Reserves the first `count` items of the chunk, and settles in the same write what came of those before; the others
   * are carried.
   *
   * @throws ChainTaken where another attempt has the chain
   */
  async claim(chunk: Chunk, count = chunk.items.length): Promise<readonly ClaimedChunkItem[]> {
    const after = this.takenFrom(chunk, count);
    const reserved = chunk.items.slice(0, count).map(keptItem);
    const stored = await this.options.ledger.claimChunk(this.stored, reserved, { ...this.known(), ...after() });
    this.stored = this.ours(stored);
    this.progress = { ...this.progress, ...after() };
    const { sequence } = this.stored;
    const claimed = chunk.items.slice(0, count).map((item, index) => ({ ...item, chunk: sequence, index }));
    for (const item of claimed) this.claimed.add(item);
    return claimed;
  }

  /**
   * Puts the chunk's closed items into the chain's queue: counted there by one write, which names them, and written
   * themselves after it, by whoever has the chain then. Answers the rest of the chunk, which is carried.
   *
   * @throws ChainTaken where another attempt has the chain
   */
  async postpone(chunk: Chunk): Promise<Chunk> {
    const number = this.stored.sequence + 1;
    const { upTo = this.progress.postponedAt } = chunk.queued ?? {};
    // Behind what was taken, though this clock may be behind the one of whoever took it.
    const earliest = upTo === undefined ? 0 : dueAt(upTo);
    const postponing = (chunk.closed ?? []).map((item, index) => ({
      ...{ ...refOnly(item), due: Math.max(item.due, earliest) },
      ...{ chunk: number, index },
    }));
    const after = this.takenFrom(chunk, 0);
    const progress = { ...this.known(), ...after(), postpone: postponing };
    this.stored = this.ours(await this.options.ledger.settle(this.stored, progress, 'running', {}));
    this.progress = { ...this.progress, ...after() };
    this.postponing = postponing;
    await this.putPostponed();
    return remainder(chunk, 0);
  }

  /** Writes the items that are counted as postponed; the next write of the chain then lets go of them. */
  async putPostponed(): Promise<void> {
    await this.options.ledger.postponed.write(this.stored, this.postponing);
    this.postponing = [];
  }

  /**
   * How the chain stands once a chunk is taken, its first `count` items claimed and the others carried, as of the moment
   * at which it is asked: others may come out while a write is under way, and be carried, those are at the end.
   */
  private takenFrom(chunk: Chunk, count: number) {
    const { items, closed = [], cursor, carried, queued } = chunk;
    const given = this.progress.given + givenBy(chunk);
    const { postponed } = this.progress;
    const waiting = (postponed ?? 0) + closed.length - (queued?.count ?? 0);
    const rest = items.slice(count).map(keptItem);
    return () => ({
      ...{ cursor, given, carry: [...rest, ...this.progress.carry.slice(carried)] },
      ...((postponed !== undefined || waiting > 0) && { postponed: waiting }),
      ...(queued && { postponedAt: queued.upTo }),
    });
  }

  /** Takes in how a claimed item came out; a failed one is recorded by id first. */
  async noteOutcome(item: ClaimedItem, outcome: ItemOutcome): Promise<void> {
    if (outcome.outcome === 'unprocessed' || outcome.outcome === 'in-doubt') {
      // Of a mail that was accepted beside the one in doubt, the provider's word says nothing.
      const mailProves = this.options.sendsOnly === true && outcome.messageIds === undefined;
      const recorded = { ...outcome, mailProves };
      await this.options.ledger.recordItem(itemRecord(this.stored, item, recorded, this.options.clock.now()));
      this.countFailure();
    } else if (this.options.audit && (outcome.outcome === 'done' || outcome.outcome === 'skipped')) {
      await this.options.ledger.auditItem(auditRecord(this.stored, item, outcome, this.options.clock.now()));
    }
    this.countOutcome(item, outcome);
  }

  /** Counts how a claimed item came out; one that is carried comes up again. */
  countOutcome(item: ClaimedItem, outcome: ItemOutcome): void {
    const { carry, counts } = this.progress;
    this.claimed.delete(item);
    this.progress = {
      ...this.progress,
      carry: outcome.outcome === 'carried' ? [...carry, keptItem(item)] : carry,
      counts: addOutcome(counts, outcome),
    };
  }

  /** One more failure for the tolerance of the run. */
  countFailure(): void {
    this.progress = { ...this.progress, failures: this.progress.failures + 1 };
  }

  /** One more item in doubt that was not in the ledger when the run was redriven or resumed. */
  countUnseenInDoubt(): void {
    this.progress = { ...this.progress, unseenInDoubt: this.progress.unseenInDoubt + 1 };
  }

  /**
   * Writes position, counts and what is under way, with a new status.
   *
   * @throws ChainTaken where another attempt has the chain
   */
  async settle(status: SettledStatus, values: Partial<ChainRecord> = {}): Promise<ChainRecord> {
    this.stored = this.ours(await this.options.ledger.settle(this.stored, this.known(), status, values));
    return this.stored;
  }

  /**
   * After an error: settles what is known. What is still under way stays claimed, for a later epoch to recover.
   *
   * @throws ChainTaken where another attempt has the chain
   */
  async giveUp(lastError: string): Promise<void> {
    // The write that failed may have taken effect: then it is the one to build on.
    const stored = await this.options.ledger.readChain(this.stored.runId, this.stored.chainId);
    if (stored?.owner !== this.stored.owner) return;
    this.stored = stored;
    await this.settle('interrupted', { lastError: lastError.slice(0, ERROR_LIMIT) });
  }

  private known(): ChainProgress {
    const throttles = this.before.throttles + this.options.throttles();
    const underWay = this.underWay.map(({ chunk, index, ...item }) => ({ chunk, index, ...refOnly(item) }));
    return { ...this.progress, underWay, throttles, ...(this.isPostponing && { postpone: this.postponing }) };
  }

  /** The record that a conditional write has stored; undefined stands for a condition that was refused. */
  private ours(written: ChainRecord | undefined): ChainRecord {
    if (!written) throw new ChainTaken(this.stored);
    return written;
  }
}

/** How an item of a chain is recorded by id, at a time in milliseconds since the epoch. */
export function itemRecord(
  chain: ChainRecord,
  item: ClaimedItem,
  { outcome, code, message, messageIds, mailProves }: ToRecord,
  at: number,
): ItemRecord {
  const kept = { ...(messageIds && { messageIds }), ...(mailProves && { mailProves }) };
  return { ...placeOf(chain, item, at), outcome, code, message, ...kept };
}

type ToRecord = Pick<ItemRecord, 'outcome' | 'code' | 'message' | 'messageIds' | 'mailProves'>;

function auditRecord(
  chain: ChainRecord,
  item: ClaimedItem,
  outcome: Extract<ItemOutcome, { readonly outcome: 'done' | 'skipped' }>,
  at: number,
): AuditRecord {
  const { messageIds } = outcome;
  return {
    ...placeOf(chain, item, at),
    outcome: outcome.outcome,
    ...(outcome.outcome === 'skipped' && { reason: outcome.reason }),
    ...(messageIds && { messageIds }),
  };
}

function placeOf(
  { runId, chainId, link, expiresAt }: ChainRecord,
  { chunk, index, ...claimed }: ClaimedItem,
  at: number,
) {
  return { runId, ...refOnly(claimed), chainId, chunk, index, link, at, expiresAt };
}
