import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { ItemId } from '../contract/payloads';
import type { SourceItem } from '../contract/source';
import { placeOf } from './s3-object-position';
import { LONGEST_RECORD, type QuoteRules, type RawRecord } from './s3-object-splitter';

/** Code under which a line that cannot be read is unprocessed. */
const MALFORMED_LINE = 'Line.Malformed';
/** Characters. */
const LONGEST_ID = 256;

/** How the records of an object are written. */
export type RecordFormat =
  | {
      readonly format: 'csv';
      readonly delimiter: string;
      /** Undefined where no value is quoted. */
      readonly quote: string | undefined;
    }
  | { readonly format: 'ndjson' };

/** An object's records, and which part of one is its id. */
export interface RecordShape {
  readonly how: RecordFormat;
  /** Column, or property of the JSON object. */
  readonly id: string;
  /** Of CSV. */
  readonly columns?: readonly string[];
}

/** Why a record cannot be read: what was expected and what came, without its content. */
export class MalformedRecord extends Error {
  override readonly name = MALFORMED_LINE;
}

/** What a splitter must know of the format. */
export function quoteRulesOf(how: RecordFormat): QuoteRules | undefined {
  if (how.format === 'ndjson' || how.quote === undefined) return undefined;
  return { quote: how.quote.charCodeAt(0), delimiter: how.delimiter.charCodeAt(0) };
}

/** The item of a record: with its data, or with the reason why it cannot be read. */
export function itemOfRecord(record: RawRecord, shape: RecordShape): SourceItem {
  const place = placeOf(record);
  try {
    return { ...contentOf(record, shape), place };
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    const message = `Expected line ${record.line} to have ${error.message}: correct it in a new object.`;
    return { id: `line ${record.line}`, place, fault: { code: MALFORMED_LINE, message } };
  }
}

function contentOf({ bytes, length }: RawRecord, { how, id, columns = [] }: RecordShape) {
  if (!bytes) {
    throw new MalformedRecord(`at most ${LONGEST_RECORD} bytes to its end, got ${length}`);
  }
  const data = how.format === 'ndjson' ? jsonObject(bytes) : rowOf(csvValues(bytes, how), columns);
  return { id: idOf(data, id), data };
}

/**
 * The values of one record of CSV.
 *
 * @throws MalformedRecord where it breaks the rules
 */
export function csvValues(bytes: Buffer, how: RecordFormat & { readonly format: 'csv' }): readonly string[] {
  guardText(bytes);
  const { delimiter, quote } = how;
  const rules = quote === undefined ? { quote: null, escape: null } : { quote, escape: quote };
  let records: string[][];
  try {
    records = parse(bytes, {
      ...rules,
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
    }) as string[][];
  } catch (error) {
    // The parser's own message quotes what it read.
    throw new MalformedRecord(
      CSV_FAULTS[String((error as { code?: unknown }).code)] ?? 'values that can be read, got others',
    );
  }
  const [values] = records;
  if (values === undefined || records.length > 1) {
    throw new MalformedRecord(`one record, got ${records.length}`);
  }
  return values;
}

/** What csv-parse says by its codes. */
const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a closing quote for each opening one, got one that is not closed',
  INVALID_OPENING_QUOTE: 'quotes around a whole value only, got one within a value',
  CSV_INVALID_CLOSING_QUOTE: 'a delimiter or the end of the line after a closing quote, got something else',
};

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
  const id = Object.hasOwn(data, name) ? data[name] : undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  if (typeof id === 'string' && id.trim() !== '' && id.length <= LONGEST_ID) return id;
  const got =
    typeof id === 'string' ? `text of ${id.length} characters${id.trim() ? '' : ', none of them visible'}` : kindOf(id);
  throw new MalformedRecord(
    `an id of 1 to ${LONGEST_ID} characters, or a safe integer, in ${JSON.stringify(name)}, got ${got}`,
  );
}

function guardText(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new MalformedRecord('UTF-8 throughout, got other bytes');
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? 'another number' : `a value of type ${typeof value}`;
}
