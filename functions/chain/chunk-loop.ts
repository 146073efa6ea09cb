import type { Clock } from '../contract/clock';
import type { Email } from '../contract/email';
import type { ItemOutcome } from '../contract/outcomes';
import { processItem } from '../effects/process-item';
import type { ClaimedItem } from '../ledger/records';
import type { Allowance } from './allowance';
import { type Chain, type Chunk, remainder } from './chain';
import { InFlight } from './in-flight';
import type { Interruptible } from './interruptible';
import type { Lease } from './lease';
import type { Pace } from './pace';
import { startItems } from './start-items';

/**
 * Items that are claimed at a time, for each that is under way. The same write settles what came out before: a crash
 * leaves in doubt what was under way then and what was claimed. docs/decisions/0017-the-price-of-a-crash.md has what
 * less and more of it costs.
 */
export const CLAIM_FACTOR = 1;
/** However few are under way. */
export const LEAST_CLAIM = 2;
/** A claim takes its time: when it is longer than the distance of two items, so many of them make up for it. */
const CLAIMS_COVERED = 12;
/** Weight of the last claim in what a claim takes on average. */
const CLAIM_WEIGHT = 0.3;
/** What a claim may take is remembered for some claims: every so many of them ask for the lease first. */
const LONGEST_CLAIM_DECAY = 0.95;
/** What a first claim may take, the question for the lease included. */
const USUAL_CLAIM_MILLISECONDS = 100;
/** Longer ones are not waited for ahead of time: what is claimed is to be started soon. */
const MOST_AHEAD_MILLISECONDS = 1000;
/** Of a chunk: when this much of it has come out, that many items are claimed anew. Less would only cost more writes. */
const REFILL_SHARE = 0.25;
/** Data may be so much older than the claim, and an item may be started so long after it. */
const FRESH_MILLISECONDS = 60_000;
/** What is claimed is to be started within this time. */
const CLAIMED_MILLISECONDS = FRESH_MILLISECONDS / 2;

export interface ChunkLoopOptions {
  readonly chain: Chain;
  readonly pace: Pace;
  readonly lease: Lease;
  readonly allowance: Allowance;
  readonly clock: Clock;
  /** Number of the link, for the records of what fails. */
  readonly link: number;
  readonly send: (email: Email) => Promise<void>;
  /** @default CLAIM_FACTOR */
  readonly claimFactor?: number;
  /** Whether the link is to stop, and waits that end when it is. */
  readonly isStopped: () => boolean;
  readonly untilStop: Interruptible;
  /** What a run may take of the quota is spent. */
  readonly onQuotaExhausted: () => void;
  /** A later attempt waits for the chain. */
  readonly onAwaited: () => void;
}

/** The first items of a chunk, to be claimed together. */
interface Slice {
  readonly chunk: Chunk;
  readonly size: number;
  /** When its first permit was near, in milliseconds since the epoch. */
  readonly beganAt: number;
}

/**
 * Reads chunk after chunk, claims their items a few at a time and starts them under the pace, until the partition ends
 * or the link is to stop. Later items are started while earlier ones are still under way: a slow item holds up nobody,
 * until a whole chunk of them is.
 */
export class ChunkLoop {
  private readonly inFlight = new InFlight();
  /** From the moment in which a claim may begin until it is made: on average, and at the longest lately. */
  private claimMilliseconds = 0;
  private longestClaimMilliseconds = USUAL_CLAIM_MILLISECONDS;

  /** Claims made. */
  claims = 0;

  constructor(private readonly options: ChunkLoopOptions) {}

  /** Resolves when all that was started has come out. False if the chain was taken from this link. */
  async work(): Promise<boolean> {
    const { chain, pace } = this.options;
    try {
      const isOurs = await this.readAndClaim();
      await this.inFlight.atMost(0);
      if (isOurs) await chain.guardFailures();
      return isOurs;
    } catch (error) {
      // Nothing more is started; what was may still come out.
      pace.stop();
      await this.inFlight.none();
      throw error;
    }
  }

  private async readAndClaim(): Promise<boolean> {
    const { chain, untilStop, isStopped } = this.options;
    let upcoming = this.readAhead();
    for (;;) {
      let chunk = await untilStop.wait(upcoming());
      if (!chunk || isStopped()) return true;
      if (chunk.ids.length === 0) {
        chain.skipTo(chunk.cursor);
        upcoming = this.readAhead();
        continue;
      }
      while (chunk.ids.length > 0) {
        const slice: Slice | undefined = await this.readyToClaim(chunk);
        if (!slice) return true;
        const items = await this.claim(slice);
        if (!items) return false;
        chunk = remainder(slice.chunk, items.length);
        if (chunk.ids.length === 0) upcoming = this.readAhead();
        await this.start(items, slice.chunk);
      }
    }
  }

  /** Starts to read at once; a failure is kept for whoever asks for the chunk, and lost with it if nobody does. */
  private readAhead(): () => Promise<Chunk | undefined> {
    const { chain, allowance, clock } = this.options;
    const chunk = chain.next(clock.now(), allowance.most(chain.chunkItems));
    chunk.catch(() => {});
    return () => chunk;
  }

  /**
   * Waits until the first item may start as soon as it is claimed: a paused run claims nothing. Data that have become old
   * meanwhile are read again. Undefined if the link is to stop.
   */
  private async readyToClaim(chunk: Chunk): Promise<Slice | undefined> {
    const { chain, pace, lease, clock, isStopped, untilStop } = this.options;
    await chain.guardFailures();
    if (!(await pace.nearly(this.longestClaimMilliseconds))) return undefined;
    const size = this.claimSize(chunk);
    await this.inFlight.atMost(chain.chunkItems - size);
    const beganAt = clock.now();
    await chain.guardFailures();
    if (!(await lease.checkRecent())) return undefined;
    const isOld = clock.now() - chunk.loadedAt > FRESH_MILLISECONDS;
    const fresh = isOld ? await untilStop.wait(chain.load(chunk, clock.now())) : chunk;
    if (!(await this.takeFromQuota(size)) || !fresh || isStopped()) return undefined;
    return { chunk: fresh, size, beganAt };
  }

  private async takeFromQuota(items: number): Promise<boolean> {
    const { allowance, untilStop, onQuotaExhausted } = this.options;
    const isTaken = await untilStop.wait(allowance.take(items));
    if (isTaken === false) onQuotaExhausted();
    return isTaken === true;
  }

  /** The claimed items; undefined if the chain was taken from this link. */
  private async claim({ chunk, size, beganAt }: Slice): Promise<readonly ClaimedItem[] | undefined> {
    const { chain, clock, onAwaited } = this.options;
    const items = await chain.claim(chunk, size);
    if (!items) return undefined;
    this.claims += 1;
    const took = clock.now() - beganAt;
    this.claimMilliseconds += CLAIM_WEIGHT * (took - this.claimMilliseconds);
    const longest = Math.max(took, LONGEST_CLAIM_DECAY * this.longestClaimMilliseconds);
    this.longestClaimMilliseconds = Math.min(MOST_AHEAD_MILLISECONDS, longest);
    if (chain.isAwaited()) onAwaited();
    return items;
  }

  /** Few, so that few are in doubt after a crash; enough for the pace to be kept while the next claim is under way. */
  private claimSize({ ids }: Chunk): number {
    const { chain, pace, claimFactor = CLAIM_FACTOR } = this.options;
    const perMillisecond = pace.rate() / 1000;
    const covering = CLAIMS_COVERED * (perMillisecond * this.claimMilliseconds - 1);
    const soon = perMillisecond * CLAIMED_MILLISECONDS;
    const room = Math.max(chain.chunkItems - this.inFlight.count, Math.ceil(chain.chunkItems * REFILL_SHARE));
    const wanted = Math.max(LEAST_CLAIM, Math.round(claimFactor * this.inFlight.count), Math.ceil(covering));
    return Math.max(1, Math.floor(Math.min(wanted, soon, room, ids.length)));
  }

  private start(items: readonly ClaimedItem[], { data }: Chunk): Promise<void> {
    const { chain, pace, lease, clock, link, send, onQuotaExhausted } = this.options;
    const claimedAt = clock.now();
    const complete = async (item: ClaimedItem, outcome: Promise<ItemOutcome>) =>
      chain.complete(item, await outcome, link, clock.now());
    const terms = { job: chain.job, pace, lease, delivery: chain.delivery, send, onQuotaExhausted };
    return startItems(items, {
      pace,
      mayStart: () => lease.held() && clock.now() - claimedAt <= FRESH_MILLISECONDS,
      process: (id) => processItem(id, data.get(id), terms),
      onItem: (item, outcome) => this.inFlight.add(complete(item, outcome)),
    });
  }
}
