import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { guardText, MalformedRecord } from './s3-object-malformed';
import type { QuoteRules } from './s3-object-splitter';

/** How the values of a record are written. */
export interface CsvFormat {
  readonly format: 'csv';
  readonly delimiter: string;
  /** Undefined where no value is quoted. */
  readonly quote: string | undefined;
}

/** What a splitter must know of it. */
export function quoteRulesOf({ quote, delimiter }: CsvFormat): QuoteRules | undefined {
  return quote === undefined ? undefined : { quote: quote.charCodeAt(0), delimiter: delimiter.charCodeAt(0) };
}

/**
 * The values of records that follow each other, read at once: a parser for each of them takes several times as long.
 * Undefined where not all of them can be read: which ones, `csvValues` says.
 */
export function csvRows(records: readonly Buffer[], how: CsvFormat): readonly (readonly string[])[] | undefined {
  const bytes = Buffer.concat(records);
  if (!isUtf8(bytes)) return undefined;
  try {
    const rows = parsed(bytes, how);
    // Fewer, where a quote that nobody closes has a record's length of lines behind it, and then one that closes it.
    return rows.length === records.length ? rows : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The values of one record of CSV.
 *
 * @throws MalformedRecord where it breaks the rules
 */
export function csvValues(bytes: Buffer, how: CsvFormat): readonly string[] {
  guardText(bytes);
  let records: readonly (readonly string[])[];
  try {
    records = parsed(bytes, how);
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

function parsed(bytes: Buffer, { delimiter, quote }: CsvFormat): readonly (readonly string[])[] {
  return parse(bytes, {
    delimiter,
    ...(quote === undefined ? { quote: null } : { quote, escape: quote }),
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
  });
}

/** What csv-parse says by its codes. */
const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a closing quote for each opening one, got one that is not closed',
  INVALID_OPENING_QUOTE: 'quotes around a whole value only, got one within a value',
  CSV_INVALID_CLOSING_QUOTE: 'a delimiter or the end of the line after a closing quote, got something else',
};
