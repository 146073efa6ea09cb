import type { Canary } from './canary';
import type { ChunkContext, ChunkItem, ChunkVerdicts } from './chunk-job';
import type { Email, UnsubscribeRecipient } from './email';
import type { MailPolicy } from './mail-policy';
import type { Delivery, ItemId } from './payloads';
import type { CallContext, Providers } from './provider';
import type { SendWindow } from './send-window';
import type { Source } from './source';
import type { WarmUp } from './warm-up';

export { isSkip, type Skip, skip } from './skip';

/** What `process` may use. */
export interface ProcessContext<Name extends string = string> {
  readonly id: ItemId;
  /**
   * Sends one mail, through the `ses()` of the job's providers, under its pace. Rejects with a `Refusal`; let it through, the
   * chain knows what it means. In a dry run the mail is composed and checked, and not sent.
   */
  send(email: Email): Promise<void>;
  /**
   * The address, https, of the page on which the recipient of a mail unsubscribes from this job: for the mail's
   * `unsubscribeUrl` and for the link in its text. It holds neither the address nor the id; it works for a year.
   *
   * @throws Error where these worker chains have no endpoint for it, or `to` is no address
   */
  unsubscribeLink(recipient: UnsubscribeRecipient): string;
  /**
   * Calls a provider of the job, under its rate, its concurrency and its timeout, and resolves with what the attempt
   * returns. The attempt says by what it throws whether it may be made again: `throttled`, `rejected`, `inDoubt`; `http`
   * throws these by itself, and whatever else is thrown leaves open whether it happened. Rejects with a `Refusal`; let it
   * through, the chain knows what it means, and counts it even where it is caught. What is no failure of the item, return
   * from the attempt. In a dry run no attempt is made: it resolves with `undefined`.
   *
   * @example
   * await call('crm', ({ idempotencyKey, signal }) =>
   *   http(`${variable('CRM_URL')}/customers/${id}`, { method: 'PUT', json: customer, idempotencyKey, signal }),
   * );
   */
  call<Result>(name: Name, attempt: (context: CallContext) => Promise<Result> | Result): Promise<Result>;
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
  /** Who lets its effects happen, by name. @default - `{ mail: ses() }` */
  readonly providers?: Providers;
  /**
   * Processes one item. Do nothing irreversible outside of `send` and `call`: an item that was interrupted before the first
   * of these may be processed again; where every provider is idempotent, also after it. Returns `skip(…)`, or a promise of
   * it, for an item that is left out; whatever else it returns, what a `call` resolves with for instance, has no meaning.
   */
  process(data: Data, context: ProcessContext): unknown;
  /**
   * Processes the items of a claim together, instead of `process`: for an API that takes many at once. A permit is for one
   * `call`, so the run's rate is chunks per second; a chain has one chunk under way at a time.
   */
  processChunk?(items: readonly ChunkItem<Data>[], context: ChunkContext): Promise<ChunkVerdicts> | ChunkVerdicts;
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
  /** Items of a chunk of `processChunk`, at most: 1 to 100. @default - 100 */
  readonly chunkItems?: number;
  /** How its mails are judged. Only for a job that sends some. @default - see each part */
  readonly mail?: MailPolicy;
  /** Keeps a record of every item, the ones that are done with their message ids, too: a write for each. @default - false */
  readonly audit?: boolean;
  /** @default - no canary: all items at once */
  readonly canary?: Canary;
  /** In which hours its items are started. @default - at any time */
  readonly sendWindow?: SendWindow<Data>;
  /** Only for a job that sends mails. @default - as many as the account may send */
  readonly warmUp?: WarmUp;
}
