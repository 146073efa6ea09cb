import { invalidInput } from '../contract/errors';
import type { RunInput } from '../contract/payloads';
import type { SourcePlan } from '../contract/source';
import { isQueryScalar, isVariable, keyOf, type QueryValue, type TableOptions } from './table-options';
import type { KeyTypes } from './table-schema';
import { textOf } from './text-of';

type Value = string | number;

/** The sort keys that a query is about. */
export type SortRange = { readonly from?: Value; readonly to?: Value } | { readonly beginsWith: string };

/** The query of one run. */
export interface PlannedQuery {
  readonly partitions: readonly Value[];
  readonly sort?: SortRange;
}

export interface TablePlan extends SourcePlan {
  readonly table: string;
  readonly keyTypes: KeyTypes;
  /** Absent where the whole table is scanned. */
  readonly query?: PlannedQuery;
}

/**
 * Segments of a scan: at least so many. Chains own whole ones, and 240 share out evenly for every number of chains up to
 * 6, and for 8, 10, 12, 15, 16, 20, 24, 30 and 40; between them the largest share is a fifth above the mean at most. To
 * find one empty takes a few milliseconds.
 */
export const FEWEST_SEGMENTS = 240;
const SEGMENTS_PER_CHAIN = 4;

/** Segments of a run's scan. DynamoDB's limit is 1,000,000: far beyond what any number of chains asks for. */
export function segmentsOf({ chains = 0 }: Pick<RunInput, 'chains'>, fewest: number): number {
  return Math.max(fewest, SEGMENTS_PER_CHAIN * chains);
}

/**
 * Refuses ids in the input: a table's run covers what its source says, or a list of ids, which is another source's.
 *
 * @throws `Run.InvalidInput` where there are some
 */
export function refuseIds(ids: RunInput['ids']): void {
  if (ids === undefined) return;
  throw invalidInput(
    `Expected no range of \`ids\` for a job over a table, got ${JSON.stringify(ids)}: leave \`ids\` out, or list single ids like [17, 42].`,
  );
}

/** Characters of a query's values in a plan, which every link reads every two seconds. */
const LONGEST_QUERY = 50_000;

/**
 * What a query asks for in this run.
 *
 * @throws `Run.InvalidInput` where a value is missing or of another type than the key, or a range is the wrong way round
 */
export function plannedQuery(options: TableOptions, types: KeyTypes, input: RunInput): PlannedQuery | undefined {
  const { query } = options;
  if (query === undefined) return undefined;
  const key = query.index ?? keyOf(options);
  const given: readonly QueryValue[] = Array.isArray(query.partition) ? query.partition : [query.partition];
  const partitions = given.map((value) => taken(value, key.partition, types, input));
  if (new Set(partitions).size < partitions.length) {
    throw invalidInput(
      'Expected every value of `query.partition` once, got one twice, whose rows would be processed twice: remove it.',
    );
  }
  const sort = query.sort && sortRange(query.sort, (value) => taken(value, String(key.sort), types, input));
  const planned = { partitions, ...(sort && { sort }) };
  const { length } = JSON.stringify(planned);
  if (length <= LONGEST_QUERY) return planned;
  throw invalidInput(
    `Expected the values of \`query\` to have at most ${LONGEST_QUERY} characters together, got ${length}: ask for fewer partition keys.`,
  );
}

function sortRange(
  sort: NonNullable<TableOptions['query']>['sort'] & object,
  take: (value: QueryValue) => Value,
): SortRange {
  if ('beginsWith' in sort) {
    const beginsWith = take(sort.beginsWith);
    if (typeof beginsWith === 'string') return { beginsWith };
    throw invalidInput('Expected `query.sort.beginsWith` for a sort key of text, got a number: give from and to.');
  }
  const from = sort.from === undefined ? undefined : take(sort.from);
  const to = sort.to === undefined ? undefined : take(sort.to);
  if (from !== undefined && to !== undefined && isAfter(from, to)) {
    throw invalidInput(
      `Expected \`query.sort\` to go from a key to the same or a later one, got from ${JSON.stringify(from)} to ${JSON.stringify(to)}: exchange them.`,
    );
  }
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** DynamoDB orders strings by their UTF-8 bytes. */
function isAfter(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))) > 0;
}

function taken(given: QueryValue, name: string, types: KeyTypes, input: RunInput): Value {
  const made = typeof given === 'function' ? given(input) : isVariable(given) ? textOf(given) : given;
  // A variable is text: the number of a number key is in it.
  const value = types[name] === 'N' && isVariable(given) && made !== '' ? Number(made) : made;
  if (isQueryScalar(value) && (typeof value === 'number') === (types[name] === 'N')) return value;
  throw invalidInput(
    `Expected a ${types[name] === 'N' ? 'number' : 'text'} to look for in the key attribute ${name}, got ${JSON.stringify(made) ?? 'nothing'}: correct \`query\` of the source.`,
  );
}
