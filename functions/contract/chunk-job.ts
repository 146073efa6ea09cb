import type { Refusal } from './errors';
import type { ItemId } from './payloads';
import type { Skip } from './skip';

/** An item of a chunk, with its data. */
export interface ChunkItem<Data = unknown> {
  readonly id: ItemId;
  readonly data: Data;
}

/** What one attempt of a chunk's call may use. */
export interface ChunkCallContext {
  /**
   * One for each item, in their order: the same on every attempt, whichever items it is together with. There is none for the
   * whole call: after an interruption other items may come together. A provider is `idempotent` only if it honours these.
   */
  readonly idempotencyKeys: readonly string[];
  /** Aborted when the provider's `timeoutSeconds` are over. */
  readonly signal: AbortSignal;
}

/** What `processChunk` may use. */
export interface ChunkContext<Name extends string = string> {
  /** As `call` of `process`, for all items of the chunk: it takes one permit, and what becomes of it counts for each of them. */
  call<Result>(name: Name, attempt: (context: ChunkCallContext) => Promise<Result> | Result): Promise<Result>;
}

/** What became of one item: `'done'`, `skip(…)`, `rejected(…)`, `inDoubt(…)`, or `throttled(…)`, which comes up again. */
export type ChunkVerdict = 'done' | Skip | Refusal;

/**
 * A verdict for each item, in their order or by their ids; nothing, where all are done. An item without one is in doubt, and
 * so are all where a list has not one for each.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a chunk whose items are all done need not answer anything.
export type ChunkVerdicts = ReadonlyMap<ItemId, ChunkVerdict> | readonly ChunkVerdict[] | void;
