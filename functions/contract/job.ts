import type { Email } from './email';
import type { Delivery, ItemId, RunInput } from './payloads';

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

/**
 * Where items come from: three questions. Cursors are ordered by `compare`, and `read` always advances.
 */
export interface Source {
  /** Name under which the ledger remembers the source of a run. */
  readonly kind: string;
  /** What does this input cover? Throws `Run.InvalidInput` with one sentence. */
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

const SKIP = Symbol('skip');

/** What `process` returns for an item that is not to be processed. */
export interface Skip {
  readonly [SKIP]: true;
  readonly reason: string;
}

/** Leaves an item out, with a short constant reason (`'unsubscribed'`): reasons are counted in the report. */
export function skip(reason: string): Skip {
  return { [SKIP]: true, reason };
}

export function isSkip(value: unknown): value is Skip {
  return typeof value === 'object' && value !== null && SKIP in value;
}

/** What `process` may use. */
export interface ProcessContext {
  readonly id: ItemId;
  /** Sends one mail under the run's pace. Rejects with a `Refusal`; let it through, the chain knows what it means. */
  send(email: Email): Promise<void>;
}

/** A job, as its author writes it. */
export interface Job<Data = unknown> {
  /** Lower-case words joined by hyphens; the `job` field of the run's input. */
  readonly name: string;
  readonly source: Source;
  /** One bulk read for a chunk's ids. An id that is absent from the answer is skipped as `not-found`. */
  load(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Data>>;
  /** Processes one item. Do nothing irreversible before `send`: an item interrupted before its first send is processed again. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a job that only sends need not return anything.
  process(data: Data, context: ProcessContext): Promise<Skip | void> | Skip | void;
  readonly tolerate: {
    /** Share of the run's items, 0 to 1, that may stay unprocessed before the run fails with `Chain.TooManyFailures`. */
    readonly unprocessed: number;
  };
  /** @default - 'at-most-once' */
  readonly delivery: Delivery;
  /**
   * How long `process` usually takes for one item, its sends included, in seconds. With the run's rate it says how many
   * items are under way at a time, and so how many chains a run needs and how many items a chunk.
   * @default - 0.25: a mail, sent to a provider in the same region
   */
  readonly itemSeconds?: number;
}
