import type { Placeholders } from './conditions';
import { checkConstraints, type Operation } from './constraints';
import { validation } from './dynamodb-errors';
import type { Condition, Path, UpdateAction } from './expression-syntax';
import { Expressions } from './expressions';
import type { KeySchema } from './key-schema';
import { checkUpdate } from './updates';
import { type Codec, type Item, itemSize } from './values';

/**
 * Requests for one item, checked as far as that goes without the item. The caller brings its tables, `T`,
 * and the shape in which values come: the simulation has documents, the engine's endpoint what is on the wire.
 */
export interface Checking<T extends KeySchema> {
  readonly codec: Codec;
  /**
   * DynamoDB looks for the table after the expressions.
   *
   * @throws ServiceError where there is none
   */
  findTable(name: unknown): T;
}

type Input = Readonly<Record<string, unknown>>;

interface Conditional<T extends KeySchema> {
  readonly table: T;
  readonly condition: Condition | undefined;
  readonly placeholders: Placeholders;
  readonly returnValues: string;
}

interface GetRequest<T extends KeySchema> {
  readonly table: T;
  readonly key: Item;
  readonly paths: readonly Path[] | undefined;
}

interface PutRequest<T extends KeySchema> extends Conditional<T> {
  readonly item: Item;
  readonly bytes: number;
}

interface UpdateRequest<T extends KeySchema> extends Conditional<T> {
  readonly key: Item;
  readonly actions: readonly UpdateAction[];
  readonly paths: readonly Path[];
}

interface DeleteRequest<T extends KeySchema> extends Conditional<T> {
  readonly key: Item;
}

/** DynamoDB's limit on the bytes of one item. */
const MAXIMUM_ITEM_BYTES = 400 * 1024;

export function checkGet<T extends KeySchema>(input: Input, { codec, findTable }: Checking<T>): GetRequest<T> {
  checkConstraints('GetItem', input);
  const key = codec.item(input.Key, 'Key');
  const expressions = new Expressions(input, ['ProjectionExpression'], codec);
  const paths = expressions.projection();
  expressions.checkAllUsed();
  const table = findTable(input.TableName);
  table.checkKey(key);
  return { table, key, paths };
}

export function checkPut<T extends KeySchema>(input: Input, { codec, findTable }: Checking<T>): PutRequest<T> {
  checkConstraints('PutItem', input);
  const returnValues = returnValuesOf('PutItem', input);
  const item = codec.item(input.Item, 'Item');
  const bytes = checkedSize(item);
  const { condition, placeholders } = conditionOf(input, codec);
  const table = findTable(input.TableName);
  table.checkItemKey(item, false);
  return { table, item, bytes, condition, placeholders, returnValues };
}

export function checkUpdateItem<T extends KeySchema>(
  input: Input,
  { codec, findTable }: Checking<T>,
): UpdateRequest<T> {
  checkConstraints('UpdateItem', input);
  const key = codec.item(input.Key, 'Key');
  const expressions = new Expressions(input, ['UpdateExpression', 'ConditionExpression'], codec);
  const actions = expressions.update() ?? [];
  const paths = checkUpdate(actions, expressions.placeholders);
  const condition = expressions.condition('ConditionExpression');
  expressions.checkAllUsed();
  const table = findTable(input.TableName);
  table.checkKey(key);
  for (const path of paths) table.checkUpdated(path);
  const returnValues = returnValuesOf('UpdateItem', input);
  return { table, key, actions, paths, condition, placeholders: expressions.placeholders, returnValues };
}

export function checkDelete<T extends KeySchema>(input: Input, { codec, findTable }: Checking<T>): DeleteRequest<T> {
  checkConstraints('DeleteItem', input);
  const returnValues = returnValuesOf('DeleteItem', input);
  const key = codec.item(input.Key, 'Key');
  const { condition, placeholders } = conditionOf(input, codec);
  const table = findTable(input.TableName);
  table.checkKey(key);
  return { table, key, condition, placeholders, returnValues };
}

/**
 * The item's size in bytes.
 *
 * @throws ServiceError where it is too large
 */
export function checkedSize(item: Item, message = 'Item size has exceeded the maximum allowed size'): number {
  const bytes = itemSize(item);
  if (bytes > MAXIMUM_ITEM_BYTES) throw validation(message);
  return bytes;
}

function conditionOf(input: Input, codec: Codec): Pick<Conditional<never>, 'condition' | 'placeholders'> {
  const expressions = new Expressions(input, ['ConditionExpression'], codec);
  const condition = expressions.condition('ConditionExpression');
  expressions.checkAllUsed();
  return { condition, placeholders: expressions.placeholders };
}

/** Constraints have let through only what some operation takes; a put and a delete take less. */
function returnValuesOf(operation: Operation, input: Input): string {
  const value = (input.ReturnValues ?? 'NONE') as string;
  if (operation === 'UpdateItem' || value === 'NONE' || value === 'ALL_OLD') return value;
  throw validation('ReturnValues can only be ALL_OLD or NONE');
}
