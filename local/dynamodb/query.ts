import { meets } from './conditions';
import type { Checking } from './item-requests';
import type { Table } from './memory-table';
import { handOut } from './paths';
import { checkQuery } from './query-request';
import type { Item } from './values';

/** A page of Query ends once it has read this much, before the filter. */
const MAXIMUM_PAGE_BYTES = 1024 * 1024;

/** Answers Query. */
export function query(input: Readonly<Record<string, unknown>>, checking: Checking<Table>): Record<string, unknown> {
  const { table, hash, range, filter, placeholders, paths, startKey, countOnly } = checkQuery(input, checking);
  const items: Item[] = [];
  let [scanned, bytes, count] = [0, 0, 0];
  let last: Item | undefined;
  for (const stored of table.walk(hash, range, { forward: input.ScanIndexForward !== false, after: startKey })) {
    scanned++;
    bytes += stored.bytes;
    last = stored.item;
    if (filter === undefined || meets(stored.item, filter, placeholders)) {
      count++;
      if (!countOnly) items.push(handOut(stored.item, paths));
    }
    if (scanned === input.Limit || bytes >= MAXIMUM_PAGE_BYTES) break;
  }
  // DynamoDB does not look ahead: a page that ended at a limit has a LastEvaluatedKey even if nothing follows it.
  const stoppedEarly = last !== undefined && (scanned === input.Limit || bytes >= MAXIMUM_PAGE_BYTES);
  return {
    ...(countOnly ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(stoppedEarly ? { LastEvaluatedKey: table.keyOf(last!) } : {}),
  };
}
