import { notImplemented, type Service, ServiceError } from '../service';
import { meets, type Placeholders } from './conditions';
import type { Condition } from './expression-syntax';
import { Expressions } from './expressions';
import { handOut } from './paths';
import { query } from './query';
import { Table, type TableDefinition, type TableSnapshot } from './table';
import { applyUpdate, checkUpdate } from './updates';
import { acceptItem, copy, type Item, itemSize, validation } from './values';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** DynamoDB's limits: bytes of one item, and of one batch's items together. */
const MAXIMUM_ITEM_BYTES = 400 * 1024;
const MAXIMUM_BATCH_BYTES = 16 * 1024 * 1024;
const MAXIMUM_BATCH_GETS = 100;
const MAXIMUM_BATCH_WRITES = 25;
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

  constructor(tables: readonly TableDefinition[]) {
    for (const definition of tables) this.tables.set(definition.tableName, new Table(definition));
  }

  async handle(operation: string, input: Input): Promise<Output> {
    checkParameters(operation, input);
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
        return query(input, () => this.table(input.TableName));
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
    const key = acceptItem(input.Key, 'Key');
    const expressions = new Expressions(input, ['ProjectionExpression']);
    const paths = expressions.projection();
    expressions.checkAllUsed();
    const table = this.table(input.TableName);
    table.checkKey(key);
    const stored = table.get(key);
    return stored === undefined ? {} : { Item: handOut(stored.item, paths) };
  }

  private put(input: Input): Output {
    const item = acceptItem(input.Item, 'Item');
    const returnValues = returnValuesOf(input, ['NONE', 'ALL_OLD']);
    const itemBytes = checkedSize(item, 'Item size has exceeded the maximum allowed size');
    const expressions = new Expressions(input, ['ConditionExpression']);
    const condition = expressions.condition('ConditionExpression');
    expressions.checkAllUsed();
    const table = this.table(input.TableName);
    table.checkItemKey(item);
    const before = table.get(item)?.item;
    checkCondition(before, condition, expressions.placeholders);
    table.put(item, itemBytes);
    return returnValues === 'ALL_OLD' && before !== undefined ? { Attributes: copy(before) } : {};
  }

  private update(input: Input): Output {
    const key = acceptItem(input.Key, 'Key');
    const returnValues = returnValuesOf(input, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);
    const expressions = new Expressions(input, ['UpdateExpression', 'ConditionExpression']);
    const actions = expressions.update() ?? [];
    const paths = checkUpdate(actions, expressions.placeholders);
    const condition = expressions.condition('ConditionExpression');
    expressions.checkAllUsed();
    const table = this.table(input.TableName);
    table.checkKey(key);
    for (const name of table.keyNames) {
      if (!paths.some((path) => path[0] === name)) continue;
      throw validation(
        `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
      );
    }
    const before = table.get(key)?.item;
    checkCondition(before, condition, expressions.placeholders);
    const after = applyUpdate(before ?? key, actions, paths, expressions.placeholders);
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
    const key = acceptItem(input.Key, 'Key');
    const returnValues = returnValuesOf(input, ['NONE', 'ALL_OLD']);
    const expressions = new Expressions(input, ['ConditionExpression']);
    const condition = expressions.condition('ConditionExpression');
    expressions.checkAllUsed();
    const table = this.table(input.TableName);
    table.checkKey(key);
    const before = table.get(key)?.item;
    checkCondition(before, condition, expressions.placeholders);
    table.delete(key);
    return returnValues === 'ALL_OLD' && before !== undefined ? { Attributes: copy(before) } : {};
  }

  private batchGet(input: Input): Output {
    const responses: Record<string, unknown[]> = {};
    const unprocessed: Record<string, unknown> = {};
    let [count, bytes] = [0, 0];
    for (const [tableName, request] of requestsOf(input)) {
      const { Keys: keys, ...rest } = request as { Keys?: unknown };
      checkAllowed('BatchGet', rest, PARAMETERS.Get!);
      const expressions = new Expressions(rest, ['ProjectionExpression']);
      const paths = expressions.projection();
      expressions.checkAllUsed();
      const table = this.table(tableName);
      const accepted = listOf(keys, 'Keys').map((key) => acceptItem(key, 'Key'));
      count += accepted.length;
      if (count > MAXIMUM_BATCH_GETS) throw validation('Too many items requested for the BatchGetItem call');
      for (const key of accepted) table.checkKey(key);
      checkDistinctKeys(table, accepted);
      const items: Item[] = [];
      const left: Item[] = [];
      for (const key of accepted) {
        const stored = table.get(key);
        if (stored === undefined) continue;
        bytes += stored.bytes;
        if (bytes > MAXIMUM_BATCH_BYTES) left.push(key);
        else items.push(handOut(stored.item, paths));
      }
      // DynamoDB answers in no particular order: never in the order of the request, so that nobody comes to rely on it.
      responses[tableName] = items.reverse();
      if (left.length > 0) unprocessed[tableName] = { ...(copy(acceptItem(rest, 'RequestItems')) as Item), Keys: left };
    }
    return { Responses: responses, UnprocessedKeys: unprocessed };
  }

  private batchWrite(input: Input): Output {
    const effects: (() => void)[] = [];
    let [count, bytes] = [0, 0];
    for (const [tableName, requests] of requestsOf(input)) {
      const table = this.table(tableName);
      const keys: Item[] = [];
      for (const request of listOf(requests, tableName) as readonly BatchWriteRequest[]) {
        count++;
        if (request.PutRequest !== undefined && request.DeleteRequest === undefined) {
          const item = acceptItem(request.PutRequest.Item, 'Item');
          const itemBytes = checkedSize(item, 'Item size has exceeded the maximum allowed size');
          table.checkItemKey(item);
          bytes += itemBytes;
          keys.push(table.keyOf(item));
          effects.push(() => table.put(item, itemBytes));
        } else if (request.DeleteRequest !== undefined && request.PutRequest === undefined) {
          const key = acceptItem(request.DeleteRequest.Key, 'Key');
          table.checkKey(key);
          keys.push(key);
          effects.push(() => table.delete(key));
        } else {
          throw validation(
            'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
          );
        }
      }
      checkDistinctKeys(table, keys);
    }
    if (count > MAXIMUM_BATCH_WRITES) throw validation('Too many items requested for the BatchWriteItem call');
    if (bytes > MAXIMUM_BATCH_BYTES) throw validation('Item size has exceeded the maximum allowed size');
    for (const effect of effects) effect();
    return { UnprocessedItems: {} };
  }

  private table(name: unknown): Table {
    const table = this.tables.get(name as string);
    if (table === undefined) throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }
}

interface BatchWriteRequest {
  readonly PutRequest?: { readonly Item?: unknown };
  readonly DeleteRequest?: { readonly Key?: unknown };
}

function checkParameters(operation: string, input: Input): void {
  const allowed = PARAMETERS[operation];
  if (allowed === undefined) throw notImplemented('DynamoDB (in memory)', operation);
  checkAllowed(operation, input, allowed);
}

function checkAllowed(operation: string, input: Input, allowed: ReadonlySet<string>): void {
  for (const name in input) {
    const value = input[name];
    if (value === undefined || allowed.has(name) || (value === 'NONE' && OPTIONAL_EXTRAS.has(name))) continue;
    throw notImplemented('DynamoDB (in memory)', `${name} in ${operation}`);
  }
}

function checkCondition(before: Item | undefined, condition: Condition | undefined, placeholders: Placeholders): void {
  if (condition === undefined || meets(before ?? EMPTY, condition, placeholders)) return;
  throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
}

/** The item's size in bytes, or a ValidationException. */
function checkedSize(item: Item, message: string): number {
  const bytes = itemSize(item);
  if (bytes > MAXIMUM_ITEM_BYTES) throw validation(message);
  return bytes;
}

function returnValuesOf(input: Input, allowed: readonly string[]): string {
  const value = input.ReturnValues ?? 'NONE';
  if (typeof value === 'string' && allowed.includes(value)) return value;
  if (allowed.length === 2) throw validation('ReturnValues can only be ALL_OLD or NONE');
  throw validation(
    `1 validation error detected: Value '${String(value)}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`,
  );
}

function requestsOf(input: Input): [string, unknown][] {
  const requests = input.RequestItems;
  if (typeof requests !== 'object' || requests === null || Object.keys(requests).length === 0) {
    throw validation(
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  return Object.entries(requests);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw validation(
    `1 validation error detected: Value '[]' at 'requestItems.${name}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
  );
}

function checkDistinctKeys(table: Table, keys: readonly Item[]): void {
  const distinct = new Set(keys.map((key) => JSON.stringify(table.keyNames.map((name) => key[name]))));
  if (distinct.size < keys.length) throw validation('Provided list of item keys contains duplicates');
}
