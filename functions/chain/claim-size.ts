/**
 * Items that are claimed at a time, for each that is under way. The same write settles what came out before: a crash
 * leaves in doubt what was under way then and what was claimed. docs/decisions/0017-the-price-of-a-crash.md has what
 * less and more of it costs.
 */
export const CLAIM_FACTOR = 1;
/** Items that are claimed at a time, however few are under way. */
export const LEAST_CLAIM = 2;
/**
 * Where more than one item starts during a claim on average: the next one has so many times the items beyond the first.
 */
const CLAIMS_COVERED = 12;
/** Weight of the last claim in what a claim takes on average. */
const CLAIM_WEIGHT = 0.3;
/**
 * Factor by which the longest time of a claim shrinks with each claim after it: some ask for the lease first and take
 * longer.
 */
const LONGEST_CLAIM_DECAY = 0.95;
/** Assumed for the first claim, which asks for the lease as well. */
const USUAL_CLAIM_MILLISECONDS = 100;
/**
 * A claim begins at most so long before its first item may start, however long claims take: what is claimed is started
 * soon.
 */
const MOST_AHEAD_MILLISECONDS = 1000;
/**
 * Share of a chunk that is claimed even where a whole chunk is under way: fewer items a claim would only cost more
 * writes.
 */
const REFILL_SHARE = 0.25;

export interface ClaimSizeOptions {
  /** Items that may be claimed and not settled at a time. */
  readonly chunkItems: number;
  /** What is claimed is to be started within this time, in milliseconds. */
  readonly startMilliseconds: number;
  /** @default CLAIM_FACTOR */
  readonly claimFactor?: number;
  /** What is there is claimed and started together. @default - false */
  readonly together?: boolean;
}

/** How many items to claim next, from how long claims have taken. */
export class ClaimSize {
  /**
   * From the moment in which a claim may begin until it is made, in milliseconds: on average, and at the longest
   * lately.
   */
  private average = 0;
  private longest = USUAL_CLAIM_MILLISECONDS;

  constructor(private readonly options: ClaimSizeOptions) {}

  /** How long before its first item may start a claim has to begin, in milliseconds. */
  get aheadMilliseconds(): number {
    return this.longest;
  }

  /** Takes in how long a claim took, in milliseconds. */
  took(milliseconds: number): void {
    this.average += CLAIM_WEIGHT * (milliseconds - this.average);
    this.longest = Math.min(MOST_AHEAD_MILLISECONDS, Math.max(milliseconds, LONGEST_CLAIM_DECAY * this.longest));
  }

  /**
   * Items to claim next: few, so that few are in doubt after a crash; enough that the pace is kept during the next claim.
   *
   * @param available items that could be claimed
   */
  next(available: number, underWay: number, itemsPerSecond: number): number {
    const { chunkItems, startMilliseconds, claimFactor = CLAIM_FACTOR, together = false } = this.options;
    if (together) return available;
    const perMillisecond = itemsPerSecond / 1000;
    const covering = CLAIMS_COVERED * (perMillisecond * this.average - 1);
    const soon = perMillisecond * startMilliseconds;
    const room = Math.max(chunkItems - underWay, Math.ceil(chunkItems * REFILL_SHARE));
    const wanted = Math.max(LEAST_CLAIM, Math.round(claimFactor * underWay), Math.ceil(covering));
    return Math.max(1, Math.floor(Math.min(wanted, soon, room, available)));
  }
}
