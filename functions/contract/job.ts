import type { Email } from './email';
import type { Delivery, ItemId } from './payloads';
import type { Source } from './source';

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
  /**
   * One bulk read for a chunk's ids. An id that is absent from the answer is skipped as `not-found`. Absent where the
   * source brings the data.
   */
  load?(ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Data>>;
  /** Processes one item. Do nothing irreversible before `send`: an item interrupted before its first send may be processed again. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a job that only sends need not return anything.
  process(data: Data, context: ProcessContext): Promise<Skip | void> | Skip | void;
  readonly tolerate: {
    /** Share of the run's items, 0 to 1, that may fail, unprocessed or in doubt, before the run ends with `Chain.TooManyFailures`. */
    readonly unprocessed: number;
  };
  /** What becomes of items that an interruption left in doubt, unless the run's input says otherwise. */
  readonly delivery: Delivery;
  /**
   * How long `process` usually takes for one item, its sends included, in seconds. With the run's rate it says how many
   * items are under way at a time, and so how many chains a run needs and how many items a chunk.
   *
   * @default - 0.25: a mail, sent to a provider in the same region
   */
  readonly itemSeconds?: number;
}
