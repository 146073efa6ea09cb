import type { ItemId } from '../contract/payloads';
import type { SourceItem } from '../contract/source';
import { type CsvFormat, csvRows, csvValues, quoteRulesOf } from './s3-object-csv';
import { guardText, MALFORMED_LINE, MalformedRecord } from './s3-object-malformed';
import { placeOf } from './s3-object-position';
import { LONGEST_RECORD, type QuoteRules, type RawRecord } from './s3-object-splitter';

/** Characters. */
const LONGEST_ID = 256;

/** How the records of an object are written. */
export type RecordFormat = CsvFormat | { readonly format: 'ndjson' };

/** An object's records, and which part of one is its id. */
export interface RecordShape {
  readonly how: RecordFormat;
  /** Column, or property of the JSON object. */
  readonly id: string;
  /** Of CSV. */
  readonly columns?: readonly string[];
}

/** What a splitter must know of the format. */
export function splittingRulesOf(how: RecordFormat): QuoteRules | undefined {
  return how.format === 'csv' ? quoteRulesOf(how) : undefined;
}

/** The items of records in their order: each with its data, or with the reason why it cannot be read. */
export function itemsOfRecords(records: readonly RawRecord[], shape: RecordShape): readonly SourceItem[] {
  const { how } = shape;
  const texts = records.flatMap(({ bytes }) => bytes ?? []);
  const rows = how.format === 'csv' && texts.length === records.length ? csvRows(texts, how) : undefined;
  return records.map((record, index) => itemOf(record, shape, rows?.[index]));
}

function itemOf(record: RawRecord, shape: RecordShape, values?: readonly string[]): SourceItem {
  const place = placeOf(record);
  try {
    const data = dataOf(record, shape, values);
    return { id: idOf(data, shape.id), data, place };
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    const message = `Expected line ${record.line} to have ${error.message}: correct it in a new object.`;
    return { id: `line ${record.line}`, place, fault: { code: MALFORMED_LINE, message } };
  }
}

/** `values`: of CSV, where they have been read already. */
function dataOf({ bytes, length }: RawRecord, { how, columns = [] }: RecordShape, values?: readonly string[]) {
  if (!bytes) throw new MalformedRecord(`at most ${LONGEST_RECORD} bytes to its end, got ${length}`);
  return how.format === 'ndjson' ? jsonObject(bytes) : rowOf(values ?? csvValues(bytes, how), columns);
}

function rowOf(values: readonly string[], columns: readonly string[]): Readonly<Record<string, string>> {
  if (values.length !== columns.length) {
    throw new MalformedRecord(`${columns.length} values, one for each column, got ${values.length}`);
  }
  return Object.fromEntries(columns.map((column, index) => [column, values[index] as string]));
}

function jsonObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  guardText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    // Its message quotes what it read.
    throw new MalformedRecord('one JSON object, got what is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedRecord(`one JSON object, got ${value === null ? 'null' : kindOf(value)}`);
  }
  return value as Record<string, unknown>;
}

function idOf(data: Readonly<Record<string, unknown>>, name: string): ItemId {
  const id = data[name];
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  if (typeof id === 'string' && id.trim() !== '' && id.length <= LONGEST_ID) return id;
  const got =
    typeof id === 'string' ? `text of ${id.length} characters${id.trim() ? '' : ', none of them visible'}` : kindOf(id);
  throw new MalformedRecord(
    `an id of 1 to ${LONGEST_ID} characters, or a safe integer, in ${JSON.stringify(name)}, got ${got}`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? 'another number' : `a value of type ${typeof value}`;
}
