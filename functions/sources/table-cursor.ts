import type { Cursor, Expected, Partition } from '../contract/source';
import { splitPositions } from './number-cursor';
import { digitsOf, isKeyValue, type KeyValue, numberToSend } from './table-numbers';

/**
 * Where a walk through a table is. DynamoDB's order within a segment is its own and cannot be told from keys, so a cursor
 * counts: its segment, then the rows passed in it; and it carries the key after which DynamoDB goes on. As text
 * `3` is the start of segment 3, `3:250:{"id":"u7"}` lies 250 rows into it. Of two cursors the one with more rows behind
 * it is later.
 */
export interface TableCursor {
  /** Segment of a scan, or which of a query's partition keys: from 0. */
  readonly segment: number;
  /** Rows passed in the segment; a page without rows counts as one. */
  readonly passed: number;
  /** DynamoDB's `LastEvaluatedKey`, as text; absent at the start of a segment. */
  readonly after?: string;
}

const CURSOR = /^(\d+)(?::(\d+):(\{.*\}))?$/s;

/** @throws TypeError where it is no cursor of a table */
export function parseCursor(cursor: Cursor): TableCursor {
  const [, segment, passed = '0', after] = (typeof cursor === 'string' && CURSOR.exec(cursor)) || [];
  if (segment === undefined) throw new TypeError(`Expected a cursor of a table, got ${JSON.stringify(cursor)}.`);
  return { segment: Number(segment), passed: Number(passed), ...(after !== undefined && { after }) };
}

export function cursorText({ segment, passed, after }: TableCursor): string {
  return after === undefined ? String(segment) : `${segment}:${passed}:${after}`;
}

export function compareCursors(a: Cursor, b: Cursor): number {
  const [left, right] = [parseCursor(a), parseCursor(b)];
  return left.segment - right.segment || left.passed - right.passed;
}

/** Tiles the segments of a plan: neighbours in one partition, numbers that differ by at most one. */
export function splitSegments(
  { start, end, items, estimate = items }: Partition,
  chains: number,
): readonly Partition[] {
  const segments = { start: parseCursor(start).segment, end: parseCursor(end).segment };
  const total = segments.end - segments.start;
  const before = (segment: number) => Math.round(((estimate ?? 0) * (segment - segments.start)) / total);
  return splitPositions(segments, chains).map((part) => {
    const [from, to] = [Number(part.start), Number(part.end)];
    const expected: Expected = estimate === undefined ? {} : { estimate: before(to) - before(from) };
    return { start: String(from), end: String(to), ...expected };
  });
}

/**
 * A key as text: strings as they are, the digits of a number in a list of one. Survives JSON to the last digit.
 *
 * @throws TypeError where an attribute is neither a string nor a number
 */
export function keyText(key: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(key).map(([name, value]) => {
    if (!isKeyValue(value)) {
      throw new TypeError(`Expected the key attribute ${name} to be a string or a number, got another type.`);
    }
    return [name, typeof value === 'string' ? value : [digitsOf(value)]];
  });
  return JSON.stringify(Object.fromEntries(parts));
}

/** The key that `keyText` has written, as a request takes it. */
export function keyOfText(text: string): Record<string, KeyValue> {
  const parts = Object.entries(JSON.parse(text) as Record<string, string | [string]>);
  return Object.fromEntries(parts.map(([name, part]) => [name, Array.isArray(part) ? numberToSend(part[0]) : part]));
}
