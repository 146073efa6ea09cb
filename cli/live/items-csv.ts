import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { ItemNotDone } from './items-not-done';

const COLUMNS = ['id', 'outcome', 'code', 'message', 'chain', 'link', 'at'] as const;

/**
 * Writes items as CSV (RFC 4180), as they come: any number of them takes the memory of a page. A text that a spreadsheet
 * would take for a formula has an apostrophe before it. Answers how many there are.
 */
export async function writeItemsCsv(path: string, items: AsyncIterable<ItemNotDone>): Promise<number> {
  let count = 0;
  const rows = async function* () {
    for await (const { at, ...item } of items) {
      count += 1;
      yield { ...item, ...(at !== undefined && { at: new Date(at).toISOString() }) };
    }
  };
  const format = stringify({
    ...{ header: true, columns: [...COLUMNS], record_delimiter: 'windows' },
    // By itself the library quotes whole delimiters of records only, and half a one ends a record for whoever reads it.
    quoted_match: /[\r\n]/,
    escape_formulas: true,
    cast: { string: (text) => (text.startsWith('\n') ? `'${text}` : text) },
  });
  await pipeline(Readable.from(rows()), format, createWriteStream(path));
  return count;
}
