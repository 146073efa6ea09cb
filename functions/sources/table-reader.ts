import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { errorName, isTransient } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { retry } from '../contract/retry';
import { keyText } from './table-cursor';
import type { KeyValue } from './table-numbers';
import { keyOf, type TableOptions, type TableRow } from './table-options';
import type { PlannedQuery } from './table-plan';

export interface TableDependencies {
  /** One attempt for each call; numbers as the text that came. Asked for on first use. */
  readonly client: () => Pick<DynamoDBDocumentClient, 'send'>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Segments of a scan, at least. @default FEWEST_SEGMENTS */
  readonly fewestSegments?: number;
}

export type Key = Readonly<Record<string, KeyValue>>;

/** A part of the rows: a segment of a scan, or one partition key of a query. */
export interface SegmentRequest {
  readonly table: string;
  readonly segment: number;
  /** Of a scan. */
  readonly segments: number;
  readonly query?: PlannedQuery;
}

export interface PageRequest extends SegmentRequest {
  readonly after?: Key;
  readonly limit: number;
}

export interface TablePage {
  readonly rows: readonly TableRow[];
  /** Key after which the segment goes on; undefined where it has ended. */
  readonly last?: Readonly<Record<string, unknown>>;
}

/** DynamoDB's limit for one BatchGetItem. */
const KEYS_PER_CALL = 100;

/** The table is not there, or no longer. */
export class NoSuchTable extends Error {}

/** Some keys of a BatchGetItem were not read; the next try asks for just those. */
class UnprocessedKeys extends Error {}

/** The calls that a table is read with. Throttles and the like are waited for, ten minutes at most. */
export class TableReader {
  constructor(
    private readonly options: TableOptions,
    private readonly dependencies: TableDependencies,
  ) {}

  /** @throws NoSuchTable where there is none of this name */
  async describe(table: string): Promise<TableDescription> {
    const { client } = this.dependencies;
    const { Table = {} } = await this.call(table, () => client().send(new DescribeTableCommand({ TableName: table })));
    return Table;
  }

  /**
   * Rows of a segment, at most `limit`, those after a key.
   *
   * @throws NoSuchTable where there is none of this name
   */
  async page({ table, segment, segments, query, after, limit }: PageRequest): Promise<TablePage> {
    const { client } = this.dependencies;
    const shared = { ...this.settings(table), Limit: limit, ...(after && { ExclusiveStartKey: after }) };
    const { expression, names } = this.projection();
    const answer = await this.call(table, () => {
      if (query === undefined) {
        const segmented = { ...shared, ...expression, Segment: segment, TotalSegments: segments };
        return client().send(new ScanCommand({ ...segmented, ...(names && { ExpressionAttributeNames: names }) }));
      }
      const condition = this.keyCondition(query, segment);
      const all = { ...names, ...condition.ExpressionAttributeNames };
      return client().send(new QueryCommand({ ...shared, ...expression, ...condition, ExpressionAttributeNames: all }));
    });
    return { rows: answer.Items ?? [], ...(answer.LastEvaluatedKey && { last: answer.LastEvaluatedKey }) };
  }

  /**
   * How many rows a segment has, page by page.
   *
   * @throws NoSuchTable where there is none of this name
   */
  async *counts({ table, segment, segments, query }: SegmentRequest): AsyncGenerator<number> {
    const { client } = this.dependencies;
    let after: Record<string, unknown> | undefined;
    do {
      const shared = { ...this.settings(table), Select: 'COUNT' as const, ...(after && { ExclusiveStartKey: after }) };
      const answer = await this.call(table, () =>
        query === undefined
          ? client().send(new ScanCommand({ ...shared, Segment: segment, TotalSegments: segments }))
          : client().send(new QueryCommand({ ...shared, ...this.keyCondition(query, segment) })),
      );
      yield answer.Count ?? 0;
      after = answer.LastEvaluatedKey;
    } while (after !== undefined);
  }

  private settings(table: string) {
    return { TableName: table, ConsistentRead: this.options.consistent ?? this.options.query?.index === undefined };
  }

  /**
   * The rows of these keys that exist, by `keyText` of their keys.
   *
   * @throws NoSuchTable where there is none of this name
   * @throws Error where DynamoDB left keys unread in every try of ten minutes
   */
  async rowsOf(table: string, keys: readonly Key[]): Promise<ReadonlyMap<string, TableRow>> {
    const found = new Map<string, TableRow>();
    // BatchGetItem refuses a call that names a key twice.
    const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
    for (let start = 0; start < distinct.length; start += KEYS_PER_CALL) {
      for (const row of await this.batch(table, distinct.slice(start, start + KEYS_PER_CALL))) {
        found.set(this.keyTextOf(row), row);
      }
    }
    return found;
  }

  private async batch(table: string, keys: readonly Key[]): Promise<readonly TableRow[]> {
    const { client } = this.dependencies;
    const { expression, names } = this.projection();
    // A global secondary index has no consistent reads, but these are the table's.
    const settings = {
      ConsistentRead: this.options.consistent ?? true,
      ...expression,
      ...(names && { ExpressionAttributeNames: names }),
    };
    const rows: TableRow[] = [];
    let pending: Record<string, unknown>[] = [...keys];
    const readPending = async () => {
      const answer = await client().send(
        new BatchGetCommand({ RequestItems: { [table]: { ...settings, Keys: pending } } }),
      );
      rows.push(...(answer.Responses?.[table] ?? []));
      pending = answer.UnprocessedKeys?.[table]?.Keys ?? [];
      if (pending.length > 0) {
        throw new UnprocessedKeys(
          `Expected the table ${table} to answer for ${keys.length} keys, ${pending.length} were still unread after many ` +
            "tries: raise the table's read capacity, then redrive the execution.",
        );
      }
    };
    await this.call(table, readPending, (error) => error instanceof UnprocessedKeys || isTransient(error));
    return rows;
  }

  private async call<Answer>(
    table: string,
    operation: () => Promise<Answer>,
    shouldRetry = isTransient,
  ): Promise<Answer> {
    const { clock, random } = this.dependencies;
    try {
      return await retry(operation, { clock, random, shouldRetry });
    } catch (error) {
      if (errorName(error) !== 'ResourceNotFoundException') throw error;
      throw new NoSuchTable(`there is no table ${table}`, { cause: error });
    }
  }

  /** Every name by a placeholder: it may be a reserved word, or have a dot in it. */
  private projection(): { expression?: { ProjectionExpression: string }; names?: Record<string, string> } {
    const { projection } = this.options;
    if (projection === undefined) return {};
    const { partition, sort, id } = keyOf(this.options);
    const wanted = [partition, sort, typeof id === 'string' ? id : undefined, ...projection];
    const names = [...new Set(wanted.filter((name) => name !== undefined))].map((name, index) => [`#a${index}`, name]);
    return {
      expression: { ProjectionExpression: names.map(([placeholder]) => placeholder).join(', ') },
      names: Object.fromEntries(names),
    };
  }

  private keyCondition({ partitions, sort }: PlannedQuery, segment: number) {
    const { index } = this.options.query ?? {};
    const key = index ?? keyOf(this.options);
    const values: Record<string, unknown> = { ':partition': partitions[segment] };
    let range = '';
    if (sort && 'beginsWith' in sort) {
      range = 'begins_with(#sort, :begin)';
      values[':begin'] = sort.beginsWith;
    } else if (sort) {
      const { from, to } = sort;
      if (from !== undefined) values[':from'] = from;
      if (to !== undefined) values[':to'] = to;
      range = to === undefined ? '#sort >= :from' : from === undefined ? '#sort <= :to' : '#sort BETWEEN :from AND :to';
    }
    return {
      ...(index && { IndexName: index.name }),
      KeyConditionExpression: `#partition = :partition${range && ` AND ${range}`}`,
      ExpressionAttributeNames: { '#partition': key.partition, ...(range && { '#sort': String(key.sort) }) },
      ExpressionAttributeValues: values,
    };
  }

  /** With the names in the order of the options', as the keys of requests have them. */
  private keyTextOf(row: TableRow): string {
    const { partition, sort } = keyOf(this.options);
    return keyText({ [partition]: row[partition], ...(sort !== undefined && { [sort]: row[sort] }) });
  }
}
