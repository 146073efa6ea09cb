import { notImplemented, type Service, ServiceError } from '../aws-service';
import { checkBatchGet, checkBatchWrite, MAXIMUM_BATCH_BYTES } from './batch-requests';
import { meets, type Placeholders } from './conditions';
import { checkConstraints, type Operation } from './constraints';
import type { Condition } from './expression-syntax';
import { type Checking, checkDelete, checkedSize, checkGet, checkPut, checkUpdateItem } from './item-requests';
import { Table, type TableDefinition, type TableSnapshot } from './memory-table';
import { handOut } from './paths';
import { query } from './query';
import { applyUpdate, checkImplemented } from './updates';
import { copy, documents, type Item } from './values';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const EMPTY: Item = {};

const CONDITIONAL = ['ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ReturnValues'];

/** Parameters that each operation understands; any other is refused by name. */
const PARAMETERS: Readonly<Record<string, ReadonlySet<string>>> = {
  Get: new Set(['TableName', 'Key', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames']),
  Put: new Set(['TableName', 'Item', ...CONDITIONAL]),
  Update: new Set(['TableName', 'Key', 'UpdateExpression', ...CONDITIONAL]),
  Delete: new Set(['TableName', 'Key', ...CONDITIONAL]),
  Query: new Set([
    'TableName',
    'KeyConditionExpression',
    'FilterExpression',
    'ProjectionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
    'ScanIndexForward',
    'Limit',
    'ExclusiveStartKey',
    'Select',
    'ConsistentRead',
  ]),
  BatchGet: new Set(['RequestItems']),
  BatchWrite: new Set(['RequestItems']),
};

/** lib-dynamodb's names of the operations, and the API's. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
};

/** Parameters whose value 'NONE' asks for nothing. */
const OPTIONAL_EXTRAS: ReadonlySet<string> = new Set([
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValuesOnConditionCheckFailure',
]);

export type MemorySnapshot = ReadonlyMap<string, TableSnapshot>;

/**
 * DynamoDB in memory, for the simulation: deterministic, no timers, no sockets. Operations are lib-dynamodb's commands
 * without `Command`, inputs and outputs its plain values. Each call takes effect at once and as a whole; reads are
 * always consistent. What it does not implement it refuses by name.
 */
export class MemoryDynamoDB implements Service {
  private readonly tables = new Map<string, Table>();
  private readonly checking: Checking<Table> = {
    codec: documents,
    findTable: (name) => this.table(name),
  };

  constructor(tables: readonly TableDefinition[]) {
    for (const definition of tables) this.tables.set(definition.tableName, new Table(definition));
  }

  async handle(operation: string, input: Input): Promise<Output> {
    const known = PARAMETERS[operation];
    if (known === undefined) throw notImplemented('DynamoDB (in memory)', operation);
    // What DynamoDB refuses anyway is refused in its words, even beside something that this store does not implement.
    const unknown = firstUnknown(input, known);
    if (unknown !== undefined) {
      checkConstraints(OPERATIONS[operation]!, input);
      throw notImplemented('DynamoDB (in memory)', `${unknown} in ${operation}`);
    }
    switch (operation) {
      case 'Get':
        return this.get(input);
      case 'Put':
        return this.put(input);
      case 'Update':
        return this.update(input);
      case 'Delete':
        return this.delete(input);
      case 'Query':
        return query(input, this.checking);
      case 'BatchGet':
        return this.batchGet(input);
      default:
        return this.batchWrite(input);
    }
  }

  /** Number of items in a table, or in all of them. */
  size(tableName?: string): number {
    if (tableName !== undefined) return this.table(tableName).itemCount;
    return [...this.tables.values()].reduce((count, table) => count + table.itemCount, 0);
  }

  snapshot(): MemorySnapshot {
    return new Map([...this.tables].map(([name, table]) => [name, table.snapshot()]));
  }

  restore(snapshot: MemorySnapshot): void {
    for (const [name, table] of this.tables) table.restore(snapshot.get(name) ?? new Map());
  }

  private get(input: Input): Output {
    const { table, key, paths } = checkGet(input, this.checking);
    const stored = table.get(key);
    return stored === undefined ? {} : { Item: handOut(stored.item, paths) };
  }

  private put(input: Input): Output {
    const { table, item, bytes, condition, placeholders, returnValues } = checkPut(input, this.checking);
    const before = table.get(item)?.item;
    checkCondition(before, condition, placeholders);
    table.put(item, bytes);
    return returnValues === 'ALL_OLD' && before !== undefined ? { Attributes: copy(before) } : {};
  }

  private update(input: Input): Output {
    const { table, key, actions, paths, condition, placeholders, returnValues } = checkUpdateItem(input, this.checking);
    checkImplemented(actions);
    const before = table.get(key)?.item;
    checkCondition(before, condition, placeholders);
    const after = applyUpdate(before ?? key, actions, paths, placeholders);
    table.put(after, checkedSize(after, 'Item size to update has exceeded the maximum allowed size'));
    switch (returnValues) {
      case 'ALL_NEW':
        return { Attributes: copy(after) };
      case 'UPDATED_NEW':
        return { Attributes: handOut(after, paths) };
      case 'ALL_OLD':
        return before === undefined ? {} : { Attributes: copy(before) };
      case 'UPDATED_OLD':
        return before === undefined ? {} : { Attributes: handOut(before, paths) };
      default:
        return {};
    }
  }

  private delete(input: Input): Output {
    const { table, key, condition, placeholders, returnValues } = checkDelete(input, this.checking);
    const before = table.get(key)?.item;
    checkCondition(before, condition, placeholders);
    table.delete(key);
    return returnValues === 'ALL_OLD' && before !== undefined ? { Attributes: copy(before) } : {};
  }

  private batchGet(input: Input): Output {
    const responses: Record<string, unknown[]> = {};
    const unprocessed: Record<string, unknown> = {};
    const requests = checkBatchGet(input, this.checking);
    for (const { rest } of requests) {
      const unknown = firstUnknown(rest, PARAMETERS.Get!);
      if (unknown !== undefined) throw notImplemented('DynamoDB (in memory)', `${unknown} in BatchGet`);
    }
    let bytes = 0;
    for (const { tableName, table, keys, paths, rest } of requests) {
      const items: Item[] = [];
      const left: Item[] = [];
      for (const key of keys) {
        const stored = table.get(key);
        if (stored === undefined) continue;
        bytes += stored.bytes;
        if (bytes > MAXIMUM_BATCH_BYTES) left.push(key);
        else items.push(handOut(stored.item, paths));
      }
      // DynamoDB answers in no particular order: never in the order of the request, so that nobody comes to rely on it.
      responses[tableName] = items.reverse();
      if (left.length > 0) unprocessed[tableName] = { ...structuredClone(rest), Keys: left };
    }
    return { Responses: responses, UnprocessedKeys: unprocessed };
  }

  private batchWrite(input: Input): Output {
    for (const write of checkBatchWrite(input, this.checking)) {
      if ('put' in write) write.table.put(write.put, write.bytes);
      else write.table.delete(write.deleted);
    }
    return { UnprocessedItems: {} };
  }

  private table(name: unknown): Table {
    const table = this.tables.get(name as string);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }
}

/** The first parameter that this store does not understand. */
function firstUnknown(input: Input, known: ReadonlySet<string>): string | undefined {
  for (const name in input) {
    const value = input[name];
    if (value === undefined || known.has(name) || (value === 'NONE' && OPTIONAL_EXTRAS.has(name))) continue;
    return name;
  }
  return undefined;
}

function checkCondition(before: Item | undefined, condition: Condition | undefined, placeholders: Placeholders): void {
  if (condition === undefined || meets(before ?? EMPTY, condition, placeholders)) return;
  throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
}
