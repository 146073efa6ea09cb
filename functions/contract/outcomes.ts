import { keptReason } from './kept-text';

/** How many items came out how. */
export interface OutcomeCounts {
  readonly done: number;
  readonly skipped: number;
  readonly unprocessed: number;
  readonly inDoubt: number;
}

export interface Counts extends OutcomeCounts {
  /** Skipped items per reason. */
  readonly skippedBecause: Readonly<Record<string, number>>;
}

export const NO_COUNTS: Counts = { done: 0, skipped: 0, unprocessed: 0, inDoubt: 0, skippedBecause: {} };

/** What an operator is told of by id. */
export type Leftover = 'unprocessed' | 'in-doubt';

/** The mails of an item that their provider has accepted, by its ids. Absent where there are none. */
interface WithMails {
  readonly messageIds?: readonly string[];
}

/** How one item came out. */
export type ItemOutcome =
  | ({ readonly outcome: 'done' } & WithMails)
  | ({ readonly outcome: 'skipped'; readonly reason: string } & WithMails)
  | ({ readonly outcome: Leftover; readonly code: string; readonly message: string } & WithMails)
  /** Known not to have been started, or refused before anything happened: to be taken up again. */
  | { readonly outcome: 'carried'; readonly quotaExhausted?: string; readonly notBefore?: number };

/** Distinct skip reasons that a chain counts; further ones are counted as `other`. */
const REASONS_LIMIT = 20;

/** The four counts alone, of whatever has them. */
export function outcomesOf({ done, skipped, unprocessed, inDoubt }: OutcomeCounts): OutcomeCounts {
  return { done, skipped, unprocessed, inDoubt };
}

/** The counts and reasons alone, of whatever has them. */
export function countsOf({ skippedBecause, ...counted }: Counts): Counts {
  return { ...outcomesOf(counted), skippedBecause };
}

/** Items that have an outcome. */
export function settledItems({ done, skipped, unprocessed, inDoubt }: OutcomeCounts): number {
  return done + skipped + unprocessed + inDoubt;
}

/** Of these, the ones that an operator is told of by id. */
export function leftoverItems({ unprocessed, inDoubt }: OutcomeCounts): number {
  return unprocessed + inDoubt;
}

/** What came out between `before` and `after`. */
export function difference(after: OutcomeCounts, before: OutcomeCounts): OutcomeCounts {
  return {
    done: after.done - before.done,
    skipped: after.skipped - before.skipped,
    unprocessed: after.unprocessed - before.unprocessed,
    inDoubt: after.inDoubt - before.inDoubt,
  };
}

/** The counts of several together. */
export function sumOfOutcomes(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sum = { done: 0, skipped: 0, unprocessed: 0, inDoubt: 0 };
  for (const { done, skipped, unprocessed, inDoubt } of all) {
    sum.done += done;
    sum.skipped += skipped;
    sum.unprocessed += unprocessed;
    sum.inDoubt += inDoubt;
  }
  return sum;
}

/** The counts of several together, with every reason that any of them counted; in the order of a run's report. */
export function sumOfCounts(all: readonly Counts[]): Counts {
  const skippedBecause: Record<string, number> = {};
  for (const counts of all) {
    for (const [reason, count] of Object.entries(counts.skippedBecause)) addReason(skippedBecause, reason, count);
  }
  const { done, skipped, unprocessed, inDoubt } = sumOfOutcomes(all);
  return { done, skipped, skippedBecause, unprocessed, inDoubt };
}

/** `counts` with one more item; a carried one does not count, it comes up again. */
export function addOutcome(counts: Counts, item: ItemOutcome): Counts {
  const { done, skipped, unprocessed, inDoubt, skippedBecause } = counts;
  switch (item.outcome) {
    case 'done':
      return { ...counts, done: done + 1 };
    case 'unprocessed':
      return { ...counts, unprocessed: unprocessed + 1 };
    case 'in-doubt':
      return { ...counts, inDoubt: inDoubt + 1 };
    case 'skipped': {
      const because = { ...skippedBecause };
      addReason(because, item.reason, 1, REASONS_LIMIT);
      return { ...counts, skipped: skipped + 1, skippedBecause: because };
    }
    case 'carried':
      return counts;
  }
}

/**
 * Adds to a reason's count, or to that of `other` where `most` reasons are counted already. Only properties of the object
 * itself are counts: a reason may be `constructor`, which every object inherits.
 */
export function addReason(
  counts: Record<string, number>,
  reason: string,
  count: number,
  most = Number.POSITIVE_INFINITY,
): void {
  const kept = keptReason(reason);
  const key = Object.hasOwn(counts, kept) || Object.keys(counts).length < most ? kept : 'other';
  counts[key] = (Object.hasOwn(counts, key) ? (counts[key] as number) : 0) + count;
}
