import { s3 } from '../clients';
import { invalidInput } from '../contract/errors';
import type { RunInput } from '../contract/payloads';
import type { Source, SourcePlan, Text } from '../contract/source';
import { S3Reader, type S3ReaderOptions } from './s3-object-bytes';
import type { RecordFormat } from './s3-object-format';
import { ObjectPages } from './s3-object-page';
import { ObjectPlanner, type S3ObjectPlan } from './s3-object-plan';
import { positionOf } from './s3-object-position';
import { textOf } from './text-of';

/** Which object, and how its records are written. */
export interface S3ObjectOptions {
  readonly bucket: Text;
  /** Or what makes it of the run's input, where each run has an object of its own: then the whole bucket may be read. */
  readonly key: Text | ((input: RunInput) => string);
  /** `ndjson`: a JSON object a line. */
  readonly format: 'csv' | 'ndjson';
  /** Column of the CSV, or property of each JSON object, whose value is the item's id. */
  readonly id: string;
  /** Of CSV: one ASCII character between two values. @default - a comma */
  readonly delimiter?: string;
  /** Of CSV: the ASCII character around a value that has delimiters or line breaks in it, twice for itself; or false. @default - `"` */
  readonly quote?: string | false;
  /** Of CSV without a header row: the names of its columns. @default - the first line names them */
  readonly columns?: readonly string[];
}

const OPTIONS = ['bucket', 'key', 'format', 'id', 'delimiter', 'quote', 'columns'];
const OF_CSV = ['delimiter', 'quote', 'columns'] as const;

/**
 * The records of one S3 object, CSV or NDJSON in UTF-8, as gzip or plain: an item's data is its record, `{ column: text }`
 * or the parsed JSON. The job needs no `load`.
 *
 * - The object is read once when the run is planned: the number of items is exact, and partitions begin with records. One
 *   that is compressed is one partition.
 * - It is pinned by its ETag, and by its version where the bucket keeps versions: replaced or deleted in mid-run it ends
 *   the run with `Run.SourceChanged`.
 * - A line that cannot be read is an unprocessed item: `line 17`, with the code `Line.Malformed`.
 * - Ids of CSV are text (`"007"`), those of NDJSON text or safe integers. The same id in two lines is two items.
 *
 * @example
 * source: s3Object({ bucket: env('EXPORTS_BUCKET'), key: 'users.csv', format: 'csv', id: 'user_id' }),
 *
 * @throws Error where the options say something else
 */
export function s3Object(options: S3ObjectOptions): Source {
  return objectSource(options, { client: s3 });
}

/**
 * Refuses ids for what an object covers by itself.
 *
 * @throws `Run.InvalidInput` where there are some
 */
export function refuseObjectIds(ids: RunInput['ids']): void {
  if (ids !== undefined) throw invalidInput('Expected no `ids` for a job over an object, got some: leave them out.');
}

/** The same, with a client and a clock of the caller's. */
export function objectSource(options: S3ObjectOptions, dependencies: S3ReaderOptions): Source {
  guardOptions(options);
  const { bucket, key, id, columns } = options;
  const how = formatOf(options);
  const reader = new S3Reader(dependencies);
  const planner = new ObjectPlanner(reader, { how, id, ...(columns && { columns }) });
  const pages = new ObjectPages(reader, { how, id });
  return {
    kind: 's3-object',
    frozen: true,
    findsByPlace: true,
    async plan(input) {
      refuseObjectIds(input.ids);
      return planner.plan(textOf(bucket), typeof key === 'function' ? key(input) : textOf(key));
    },
    split: (plan, chains) => planner.split(objectPlan(plan), chains),
    read: (plan, cursor, end, limit) => pages.read(objectPlan(plan), cursor, end, limit),
    compare: (a, b) => positionOf(a).offset - positionOf(b).offset,
    load: (plan, refs) => pages.load(plan && objectPlan(plan), refs),
    grants: (value) => [
      {
        service: 's3',
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resource: `${value(bucket)}/${typeof key === 'function' ? '*' : value(key)}`,
      },
    ],
  };
}

function objectPlan(plan: SourcePlan): S3ObjectPlan {
  return plan as S3ObjectPlan;
}

function formatOf({ format, delimiter = ',', quote = '"' }: S3ObjectOptions): RecordFormat {
  return format === 'ndjson' ? { format } : { format, delimiter, quote: quote === false ? undefined : quote };
}

function guardOptions(options: S3ObjectOptions): void {
  const { bucket, key, format, id, columns } = options;
  for (const name of Object.keys(options)) {
    demand(OPTIONS.includes(name), `an object to have only the options ${OPTIONS.join(', ')}`, name);
  }
  demand(isText(bucket), '`bucket` to be a name or env(…)', bucket);
  demand(isText(key) || typeof key === 'function', '`key` to be a text, env(…) or a function of the input', key);
  demand(format === 'csv' || format === 'ndjson', "`format` to be 'csv' or 'ndjson'", format);
  demand(isFilled(id), '`id` to be the name of a column or a property', id);
  if (format === 'ndjson') {
    for (const name of OF_CSV) demand(options[name] === undefined, `no \`${name}\` of NDJSON`, options[name]);
    return;
  }
  const { delimiter = ',', quote = '"' } = options;
  demand(isSeparator(delimiter), '`delimiter` to be one ASCII character that is no line break', delimiter);
  demand(
    quote === false || (isSeparator(quote) && quote !== delimiter),
    '`quote` to be false, or one ASCII character that is neither a line break nor the delimiter',
    quote,
  );
  if (columns === undefined) return;
  demand(
    Array.isArray(columns) && columns.every((column) => typeof column === 'string') && isDistinct(columns),
    '`columns` to be names, each of them once',
    columns,
  );
  demand(columns.includes(id), `\`columns\` to have the one that \`id\` names, ${JSON.stringify(id)}`, columns);
}

function isText(value: unknown): boolean {
  return isFilled(value) || isFilled((value as { variable?: unknown } | null | undefined)?.variable);
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isSeparator(value: unknown): boolean {
  return typeof value === 'string' && /^[\0-\x7f]$/.test(value) && value !== '\n' && value !== '\r';
}

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

function demand(holds: boolean, expected: string, got: unknown): void {
  if (holds) return;
  throw new Error(
    `Expected ${expected}, got ${JSON.stringify(got) ?? String(got)}: correct the options of s3Object().`,
  );
}
