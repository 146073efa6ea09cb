import type { ItemId, RunInput } from './payloads';

/** A position in a source. Opaque to everybody but the source; stored in the ledger as JSON. */
export type Cursor = number | string;

/** The slice `[start, end)` of a source that one chain owns. */
export interface Partition {
  readonly start: Cursor;
  readonly end: Cursor;
  /** Number of items in the slice. */
  readonly items: number;
}

/** What a source covers in one run: a slice and its size, with whatever else the source must remember. Stored in the ledger as JSON. */
export interface SourcePlan extends Partition {
  readonly [detail: string]: unknown;
}

/** Kind of the source whose items an earlier run left over: its runs claim them, so that they are taken up once. */
export const LEFTOVERS = 'leftovers';

export interface LeftoversPlan extends SourcePlan {
  /** The earlier run. */
  readonly of: string;
  readonly outcome: 'unprocessed' | 'in-doubt';
}

/** Where items come from: three questions and an order. `read` always advances, in the order of `compare`. */
export interface Source {
  /** Name under which the ledger remembers the source of a run. */
  readonly kind: string;
  /**
   * What does this input cover?
   *
   * @throws `Run.InvalidInput` where the input does not say it, in one sentence.
   */
  plan(input: RunInput): Promise<SourcePlan>;
  /** How do you split into at most `chains` partitions that tile the plan, none of them empty? */
  split(plan: SourcePlan, chains: number): Promise<readonly Partition[]>;
  /** What comes at `cursor`? At most `limit` items before `end`, and the position after them. */
  read(
    plan: SourcePlan,
    cursor: Cursor,
    end: Cursor,
    limit: number,
  ): Promise<{ readonly ids: readonly ItemId[]; readonly next: Cursor }>;
  /** Negative if `a` comes before `b`, 0 if they are the same position. */
  compare(a: Cursor, b: Cursor): number;
}
