import { nounFor } from './counted';
import type { ItemId, RunInput } from './payloads';

/** A position in a source. Opaque to everybody but the source; stored in the ledger as JSON. */
export type Cursor = number | string;

/** How many items there are, as far as the source knows before they are read. */
export interface Expected {
  /** The number, where the source knows it. What it then gives is reported against it: rows may go and come meanwhile. */
  readonly items?: number;
  /** About how many, where it does not know the number. */
  readonly estimate?: number;
}

/** The slice `[start, end)` of a source that one chain owns. It may turn out to have no items. */
export interface Partition extends Expected {
  readonly start: Cursor;
  readonly end: Cursor;
}

/**
 * What a source covers in one run, with whatever else the source must remember. With `start` = `end` it covers nothing.
 * Stored in the ledger as JSON.
 */
export interface SourcePlan extends Partition {
  readonly [detail: string]: unknown;
}

/** Kind of the source whose items an earlier run left over: its runs claim them, so that they are taken up once. */
export const LEFTOVERS = 'leftovers';

export interface LeftoversPlan extends SourcePlan {
  readonly items: number;
  /** The earlier run. */
  readonly of: string;
  readonly outcome: 'unprocessed' | 'in-doubt';
  /** The run that the items come from in the end: where what was left over was left over before. @default - `of` */
  readonly root?: string;
  /** What that run covered, where its job's source needs it to find an item again. */
  readonly origin?: SourcePlan;
}

/** An item, and where the source finds it again. */
export interface ItemRef {
  readonly id: ItemId;
  /** For a source that cannot find an item by its id: where it is. The ledger keeps it with the item. */
  readonly place?: Cursor;
}

/** The reference alone, of whatever has more beside it. */
export function refOnly({ id, place }: ItemRef): ItemRef {
  return { id, ...(place !== undefined && { place }) };
}

/** Why an item of a source cannot be processed: a line that cannot be read. */
export interface ItemFault {
  /** The code under which the item is unprocessed, for instance `Line.Malformed`. */
  readonly code: string;
  readonly message: string;
}

/** An item as a source gives it. */
export interface SourceItem extends ItemRef {
  /** Its data, where the source has read it: then the job needs no `load`. */
  readonly data?: unknown;
  /** The item is unprocessed for this reason, and not processed. */
  readonly fault?: ItemFault;
}

/** What comes at a cursor: ids, or items with what the source knows of them; and the position after them. */
export type SourcePage =
  | { readonly ids: readonly ItemId[]; readonly items?: undefined; readonly next: Cursor }
  | { readonly items: readonly SourceItem[]; readonly ids?: undefined; readonly next: Cursor };

/** One thing that the functions must be allowed to do so that a source can be read. */
export interface SourceGrant {
  /** `dynamodb:Scan`, for instance. */
  readonly actions: readonly string[];
  readonly service: 'dynamodb' | 's3';
  /** As it stands in the resource's ARN: `table/users`, `my-bucket`, `my-bucket/users.csv`. */
  readonly resource: string;
}

/** Where items come from: three questions and an order. `read` always advances, in the order of `compare`. */
export interface Source {
  /** Name under which the ledger remembers the source of a run. */
  readonly kind: string;
  /**
   * What it covers cannot change while a run is on. More items than were planned are the same ones twice then, and end
   * their chain as a runaway. @default - false: rows may come and go
   */
  readonly frozen?: boolean;
  /**
   * Items are found by their place only, not by their id: a run over listed ids is refused where the job has no `load`.
   *
   * @default - false
   */
  readonly findsByPlace?: boolean;
  /**
   * What does this input cover?
   *
   * @throws `Run.InvalidInput` where the input does not say it, in one sentence.
   */
  plan(input: RunInput): Promise<SourcePlan>;
  /** How do you split into at most `chains` partitions that tile the plan, none of them with `start` = `end`? */
  split(plan: SourcePlan, chains: number): Promise<readonly Partition[]>;
  /**
   * What comes at `cursor`? At most `limit` items before `end`, and the position after them.
   *
   * @throws `Run.SourceChanged` where the run cannot go on with what is there now: the execution ends at once.
   */
  read(plan: SourcePlan, cursor: Cursor, end: Cursor, limit: number): Promise<SourcePage>;
  /** Negative if `a` comes before `b`, 0 if they are the same position. */
  compare(a: Cursor, b: Cursor): number;
  /**
   * Reads single items again, with their data: those that a chain carries, that an earlier run left over, or that the
   * input lists. An item that is missing from the answer is skipped as `not-found`. Needed where the job has no `load`.
   *
   * @param plan of the run that the items come from; undefined where the input lists them
   */
  load?(plan: SourcePlan | undefined, items: readonly ItemRef[]): Promise<readonly SourceItem[]>;
  /**
   * What the functions must be allowed to do, asked at synthesis.
   *
   * @param value the text of an option: itself, or what the construct's `environment` gives the variable
   */
  grants?(value: (text: Text) => string): readonly SourceGrant[];
}

/** A text that is known when the job is defined, or only in the function: see `env`. */
export type Text = string | EnvironmentVariable;

/** An environment variable of the functions, read on use. */
export interface EnvironmentVariable {
  readonly variable: string;
}

/**
 * A source's option that the construct's `environment` sets. The job file is evaluated at synthesis, where the variable
 * does not exist: it is read on use.
 *
 * @example
 * source: table({ name: env('USERS_TABLE'), key: 'id' }),
 */
export function env(variable: string): EnvironmentVariable {
  return { variable };
}

/** How many items are expected; undefined where nothing is known. */
export function expectedItems({ items, estimate }: Expected): number | undefined {
  return items ?? estimate;
}

/** That number in a sentence: `about 1000`, where it is an estimate. */
export function told({ items, estimate }: Expected): string {
  return items === undefined && estimate !== undefined ? `about ${estimate}` : String(items ?? 'an unknown number of');
}

/** The same with its noun. */
export function toldItems(expected: Expected): string {
  return `${told(expected)} ${nounFor(expectedItems(expected) ?? 0, 'item')}`;
}

/** The items of a page, whichever way the source gives them. */
export function itemsOf(page: SourcePage): readonly SourceItem[] {
  return page.items ?? page.ids.map((id) => ({ id }));
}
