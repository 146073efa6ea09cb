import { checkBatchMixture, checkConstraints, checkTableName } from './constraints';
import { serialization, validation } from './dynamodb-errors';
import type { Path } from './expression-syntax';
import { Expressions } from './expressions';
import { type Checking, checkedSize } from './item-requests';
import type { KeySchema } from './key-schema';
import { numberText, WideNumber } from './numbers';
import type { Codec, Item, Value } from './values';

type Input = Readonly<Record<string, unknown>>;

interface BatchGetTable<T extends KeySchema> {
  readonly tableName: string;
  readonly table: T;
  readonly keys: readonly Item[];
  readonly paths: readonly Path[] | undefined;
  /** The request's other parameters, as they came. */
  readonly rest: Input;
}

type BatchWrite<T extends KeySchema> =
  | { readonly table: T; readonly put: Item; readonly bytes: number }
  | { readonly table: T; readonly deleted: Item };

const MAXIMUM_GETS = 100;
const MAXIMUM_WRITES = 25;
/** DynamoDB's limit on the bytes of one batch's items together. */
export const MAXIMUM_BATCH_BYTES = 16 * 1024 * 1024;

/** @throws ServiceError where the request is refused */
export function checkBatchGet<T extends KeySchema>(
  input: Input,
  { codec, findTable }: Checking<T>,
): readonly BatchGetTable<T>[] {
  checkConstraints('BatchGetItem', input);
  const requests = requestsOf('BatchGetItem', input);
  let count = 0;
  for (const [tableName, request] of requests) {
    const keys = listOf(structure(request, tableName).Keys, `${tableName}.member.keys`);
    if (keys.length > MAXIMUM_GETS) {
      throw validation(
        `1 validation error detected: Value at 'RequestItems.${tableName}.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100`,
      );
    }
    count += keys.length;
  }
  if (count > MAXIMUM_GETS) throw validation('Too many items requested for the BatchGetItem call');
  return requests.map(([tableName, request]) => {
    const { Keys: given, ...rest } = request as { Keys: readonly unknown[] };
    checkBatchMixture(rest);
    const expressions = new Expressions(rest, ['ProjectionExpression'], codec);
    const paths = expressions.projection();
    expressions.checkAllUsed();
    const keys = given.map((key) => codec.item(key, 'Key'));
    const table = findTable(tableName);
    for (const key of keys) table.checkKey(key);
    checkDistinctKeys(table, keys);
    return { tableName, table, keys, paths, rest };
  });
}

/** @throws ServiceError where the request is refused */
export function checkBatchWrite<T extends KeySchema>(
  input: Input,
  { codec, findTable }: Checking<T>,
): readonly BatchWrite<T>[] {
  checkConstraints('BatchWriteItem', input);
  const requests = requestsOf('BatchWriteItem', input);
  let count = 0;
  for (const [tableName, list] of requests) {
    count += listOf(list, tableName).length;
    if (count > MAXIMUM_WRITES) {
      throw validation(
        `1 validation error detected: Value '{${tableName}=[${count} requests]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]`,
      );
    }
  }
  const writes: BatchWrite<T>[] = [];
  let bytes = 0;
  for (const [tableName, list] of requests) {
    const parsed = (list as readonly unknown[]).map((request) => writeOf(structure(request, tableName), codec));
    const table = findTable(tableName);
    const keys: Item[] = [];
    for (const write of parsed) {
      if ('put' in write) table.checkItemKey(write.put, true);
      else table.checkKey(write.deleted);
      if ('put' in write) bytes += write.bytes;
      keys.push('put' in write ? write.put : write.deleted);
      writes.push({ table, ...write });
    }
    checkDistinctKeys(table, keys);
  }
  if (bytes > MAXIMUM_BATCH_BYTES) throw validation('Item size has exceeded the maximum allowed size');
  return writes;
}

type Write = { readonly put: Item; readonly bytes: number } | { readonly deleted: Item };

function writeOf({ PutRequest: put, DeleteRequest: deletion }: Input, codec: Codec): Write {
  if ((put === undefined) === (deletion === undefined)) {
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (put === undefined) return { deleted: codec.item(structure(deletion, 'DeleteRequest').Key, 'Key') };
  const item = codec.item(structure(put, 'PutRequest').Item, 'Item');
  return { put: item, bytes: checkedSize(item) };
}

function requestsOf(operation: string, { RequestItems: requests }: Input): [string, unknown][] {
  const entries = requests === undefined ? [] : Object.entries(structure(requests, 'RequestItems'));
  if (entries.length === 0) throw validation(`The requestItems parameter is required for ${operation}`);
  for (const [tableName] of entries) checkTableName(tableName, 1);
  return entries;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  if (value !== undefined && !Array.isArray(value)) {
    throw serialization(`Expected the requests for ${name} to be a list, got ${typeof value}.`);
  }
  throw validation(
    `1 validation error detected: Value at 'requestItems.${name}' failed to satisfy constraint: Member must have length greater than or equal to 1`,
  );
}

function structure(value: unknown, name: string): Input {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  throw serialization(`Expected ${name} to be an object, got ${value === null ? 'null' : typeof value}.`);
}

function checkDistinctKeys(table: KeySchema, keys: readonly Item[]): void {
  const distinct = new Set(keys.map((key) => table.keyNames.map((name) => keyText(key[name]!)).join('/')));
  if (distinct.size < keys.length) throw validation('Provided list of item keys contains duplicates');
}

function keyText(value: Value): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return JSON.stringify(value instanceof WideNumber ? numberText(value) : value);
}
