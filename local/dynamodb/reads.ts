import { meets, type Placeholders } from './conditions';
import { validation } from './dynamodb-errors';
import type { Condition, Path } from './expression-syntax';
import type { Checking } from './item-requests';
import type { Stored, Table } from './memory-table';
import { project } from './paths';
import { checkQuery, checkScan } from './query-request';
import type { Codec } from './values';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** A page of Query or Scan ends once it has read this much, before the filter. */
const MAXIMUM_PAGE_BYTES = 1024 * 1024;

/** Answers Query. */
export function query(input: Input, checking: Checking<Table>): Output {
  const request = checkQuery(input, checking);
  const { table, hash, range, startKey } = request;
  const forward = input.ScanIndexForward !== false;
  return page(table.walk(hash, range, { forward, after: startKey }), request, input.Limit, checking.codec);
}

/** Answers Scan. */
export function scan(input: Input, checking: Checking<Table>): Output {
  const request = checkScan(input, checking);
  const { table, segment, segments, startKey } = request;
  if (startKey !== undefined && table.segmentOf(startKey, segments) !== segment) {
    throw validation(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${segments} Segment: ${segment}`,
    );
  }
  return page(table.scan({ segment, segments, after: startKey }), request, input.Limit, checking.codec);
}

interface PageRequest {
  readonly table: Table;
  readonly filter: Condition | undefined;
  readonly placeholders: Placeholders;
  readonly paths: readonly Path[] | undefined;
  readonly countOnly: boolean;
}

function page(
  found: Iterable<Stored>,
  { table, filter, placeholders, paths, countOnly }: PageRequest,
  limit: unknown,
  codec: Codec,
): Output {
  const items: unknown[] = [];
  let [scanned, bytes, count] = [0, 0, 0];
  let stoppedAt: Stored | undefined;
  for (const stored of found) {
    scanned++;
    bytes += stored.bytes;
    if (filter === undefined || meets(stored.item, filter, placeholders)) {
      count++;
      if (!countOnly) items.push(codec.handOut(project(stored.item, paths)));
    }
    // DynamoDB does not look ahead: a page that ended at a limit has a LastEvaluatedKey even if nothing follows it.
    if (scanned === limit || bytes >= MAXIMUM_PAGE_BYTES) {
      stoppedAt = stored;
      break;
    }
  }
  return {
    ...(countOnly ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(stoppedAt === undefined ? {} : { LastEvaluatedKey: codec.handOut(table.keyOf(stoppedAt.item)) }),
  };
}
