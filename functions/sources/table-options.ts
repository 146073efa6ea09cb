import type { RunInput } from '../contract/payloads';
import type { EnvironmentVariable, Text } from '../contract/source';

/** A row of a table: its attributes by name, as the document client has them. */
export type TableRow = Readonly<Record<string, unknown>>;

export interface TableOptions {
  /** Name of the table, in the account and region of the functions. */
  readonly name: Text;
  /**
   * The table's key. A name alone is the partition key of a table without sort key: its value is the item's id. The id of
   * a row that has a sort key, too, is both as JSON, `["user-1","2026-01-05"]`, unless `id` says otherwise.
   */
  readonly key: string | TableKey;
  /** Reads the rows of some partition keys, by their sort keys, instead of the whole table. @default - a scan */
  readonly query?: TableQuery;
  /**
   * Whether reads are strongly consistent. Such a read costs twice as much, and sees all that was written before it. No
   * global secondary index has it. @default - true for the table, false for an index
   */
  readonly consistent?: boolean;
  /** Names of the attributes to read, each a top-level one. Those of the key and the id are read in any case. @default - all */
  readonly projection?: readonly string[];
  /**
   * Counts the rows when a run is planned, by reading all of them once more, at the price of that. The report then says how
   * many went or came while the run was on. @default - false: the number is estimated, or not known
   */
  readonly count?: boolean;
}

export interface TableKey {
  /** Name of the partition key's attribute. */
  readonly partition: string;
  /** Name of the sort key's attribute, where the table has one. */
  readonly sort?: string;
  /**
   * The item's id: an attribute, or what a function makes of the row. A string of 1 to 256 characters or a safe integer,
   * unique among the rows – two rows of one id are two items of that id. A run cannot list such ids.
   * @default - the key
   */
  readonly id?: string | ((row: TableRow) => unknown);
}

/** A value of a key attribute that a query names: known at once, from the environment, or made for each run. */
export type QueryValue = string | number | EnvironmentVariable | ((input: RunInput) => string | number);

/** One or several partition keys; each is read in the order of its sort keys, and by one chain. */
export interface TableQuery {
  /** Value of the partition key, or several of them, at most 1,000: chains share them out. */
  readonly partition: QueryValue | readonly QueryValue[];
  /** Which sort keys: from and to, both inclusive, one of them alone; or all that begin with a text. @default - all */
  readonly sort?:
    | { readonly from?: QueryValue; readonly to?: QueryValue }
    | { readonly beginsWith: Exclude<QueryValue, number> };
  /** An index to query instead of the table, with its own keys. Its rows have the attributes that it projects. */
  readonly index?: TableIndex;
}

export interface TableIndex {
  readonly name: string;
  /** Name of the attribute that is the index's partition key. */
  readonly partition: string;
  /** Name of the attribute that is its sort key, where it has one. */
  readonly sort?: string;
}

export const MOST_PARTITION_KEYS = 1000;
const FIELDS = ['name', 'key', 'query', 'consistent', 'projection', 'count'];
/** Names of tables and indexes (Developer Guide, "Naming rules"). */
const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/**
 * Refuses options that cannot work: when the job's module loads.
 *
 * @throws TypeError where one is missing, unknown or wrong, in one sentence
 */
export function checkOptions(options: TableOptions): void {
  for (const field of Object.keys(options))
    demand(FIELDS.includes(field), `only the options ${FIELDS.join(', ')}`, field);
  const { name, key, query, consistent, projection, count } = options;
  demand(
    typeof name === 'string' ? NAME.test(name) : isVariable(name),
    'the name of a table, or env(…), as `name`',
    name,
  );
  checkKey(key);
  if (query !== undefined) checkQuery(query, keyOf(options));
  demand(consistent === undefined || typeof consistent === 'boolean', '`consistent` to be true or false', consistent);
  demand(count === undefined || typeof count === 'boolean', '`count` to be true or false', count);
  demand(
    projection === undefined || (Array.isArray(projection) && projection.every(isName)),
    '`projection` to be names of attributes',
    projection,
  );
}

/** The key, however it was written. */
export function keyOf({ key }: Pick<TableOptions, 'key'>): TableKey {
  return typeof key === 'string' ? { partition: key } : key;
}

function checkKey(key: unknown): void {
  const isKey = isName(key) || (typeof key === 'object' && key !== null);
  demand(isKey, '`key` to be the name of the partition key, or like { partition, sort }', key);
  if (typeof key === 'string') return;
  const { partition, sort, id, ...others } = key as Partial<TableKey>;
  const stray = Object.keys(others)[0];
  demand(stray === undefined, '`key` to have only partition, sort and id', stray);
  demand(isName(partition), '`key.partition` to be the name of an attribute', partition);
  demand(
    sort === undefined || (isName(sort) && sort !== partition),
    '`key.sort` to be the name of another attribute',
    sort,
  );
  const isId = id === undefined || isName(id) || typeof id === 'function';
  demand(isId, '`key.id` to be the name of an attribute or a function of the row', id);
}

function checkQuery(query: unknown, key: TableKey): void {
  demand(typeof query === 'object' && query !== null, '`query` to be like { partition }', query);
  const { partition, sort, index, ...others } = query as Partial<TableQuery>;
  const stray = Object.keys(others)[0];
  demand(stray === undefined, '`query` to have only partition, sort and index', stray);
  const values = Array.isArray(partition) ? partition : [partition];
  demand(
    values.length >= 1 && values.length <= MOST_PARTITION_KEYS && values.every(isQueryValue),
    `\`query.partition\` to be a value of the partition key, or 1 to ${MOST_PARTITION_KEYS} of them`,
    partition,
  );
  if (index !== undefined) {
    const isIndex = typeof index === 'object' && index !== null && NAME.test(index.name) && isName(index.partition);
    demand(isIndex, '`query.index` to be like { name, partition, sort }', index);
  }
  if (sort === undefined) return;
  demand(
    (index ?? key).sort !== undefined,
    `\`${index ? 'query.index' : 'key'}.sort\` to be the name of the sort key, which \`query.sort\` is about`,
    undefined,
  );
  demand(isSortRange(sort), '`query.sort` to have from, to, or both, or just beginsWith', sort);
}

function isSortRange(sort: unknown): boolean {
  if (typeof sort !== 'object' || sort === null) return false;
  const { from, to, beginsWith, ...others } = sort as Record<string, unknown>;
  if (Object.keys(others).length > 0) return false;
  if (beginsWith !== undefined) {
    return from === undefined && to === undefined && isQueryValue(beginsWith) && typeof beginsWith !== 'number';
  }
  const bounds = [from, to].filter((bound) => bound !== undefined);
  return bounds.length > 0 && bounds.every(isQueryValue);
}

/** Also of what a function has made for a run: then no variable and no function. */
export function isQueryScalar(value: unknown): value is string | number {
  return typeof value === 'string' ? value !== '' : typeof value === 'number' && isSendable(value);
}

function isSendable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function isQueryValue(value: unknown): value is QueryValue {
  return isQueryScalar(value) || typeof value === 'function' || isVariable(value);
}

export function isVariable(value: unknown): value is EnvironmentVariable {
  return typeof (value as Partial<EnvironmentVariable> | null | undefined)?.variable === 'string';
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function demand(holds: boolean, expected: string, got: unknown): void {
  if (holds) return;
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got) ?? String(got));
  throw new TypeError(`Expected of table() ${expected}, got ${shown}: correct the source of the job.`);
}
