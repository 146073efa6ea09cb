import type { Placeholders } from './conditions';
import { checkConstraints } from './constraints';
import { validation } from './dynamodb-errors';
import type { Condition, Operand, Path } from './expression-syntax';
import { Expressions } from './expressions';
import type { Checking } from './item-requests';
import { type KeyCondition, keyConditions, position } from './key-condition';
import type { KeySchema } from './key-schema';
import type { Names } from './paths';
import { equal, type Item, type Value } from './values';

type Input = Readonly<Record<string, unknown>>;

interface QueryRequest<T extends KeySchema> {
  readonly table: T;
  readonly hash: Value;
  readonly range: KeyCondition | undefined;
  readonly filter: Condition | undefined;
  readonly placeholders: Placeholders;
  readonly paths: readonly Path[] | undefined;
  readonly startKey: Item | undefined;
  readonly countOnly: boolean;
}

/**
 * Checks a Query of a table. With an IndexName it stops short of the keys, which are the index's.
 *
 * @throws ServiceError where the request is refused
 */
export function checkQuery<T extends KeySchema>(input: Input, { codec, findTable }: Checking<T>): QueryRequest<T> {
  checkConstraints('Query', input);
  const countOnly = checkSelect('Query', input);
  const startKey =
    input.ExclusiveStartKey === undefined ? undefined : codec.item(input.ExclusiveStartKey, 'ExclusiveStartKey');
  if (input.KeyConditionExpression === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const expressions = new Expressions(
    input,
    ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
    codec,
  );
  const { placeholders } = expressions;
  const key = expressions.condition('KeyConditionExpression')!;
  const filter = expressions.condition('FilterExpression');
  const paths = expressions.projection();
  expressions.checkAllUsed();
  const conditions = keyConditions(key, placeholders);
  const table = findTable(input.TableName);
  if (input.IndexName === undefined) {
    checkKeyConditions(table, conditions);
    if (startKey !== undefined) checkStartKey(table, startKey, conditions);
    for (const name of table.keyNames) {
      if (filter === undefined || !mentions(filter, name, placeholders.names)) continue;
      throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
    }
  }
  const { hashKey, rangeKey } = table.definition;
  const hash = conditions.get(hashKey)?.operands[0] ?? null;
  const range = rangeKey === undefined ? undefined : conditions.get(rangeKey);
  return { table, hash, range, filter, placeholders, paths, startKey, countOnly };
}

interface ScanRequest<T extends KeySchema> extends Omit<QueryRequest<T>, 'hash' | 'range'> {
  readonly segment: number;
  readonly segments: number;
}

/** Checks a Scan of a table. With an IndexName it stops short of the keys, which are the index's. */
export function checkScan<T extends KeySchema>(input: Input, { codec, findTable }: Checking<T>): ScanRequest<T> {
  checkConstraints('Scan', input);
  const countOnly = checkSelect('Scan', input);
  checkSegments(input);
  const startKey =
    input.ExclusiveStartKey === undefined ? undefined : codec.item(input.ExclusiveStartKey, 'ExclusiveStartKey');
  const expressions = new Expressions(input, ['ProjectionExpression', 'FilterExpression'], codec);
  const filter = expressions.condition('FilterExpression');
  const paths = expressions.projection();
  expressions.checkAllUsed();
  const table = findTable(input.TableName);
  if (startKey !== undefined && input.IndexName === undefined) checkStartKeyShape(table, startKey);
  const [segment, segments] = [Number(input.Segment ?? 0), Number(input.TotalSegments ?? 1)];
  return { table, filter, placeholders: expressions.placeholders, paths, startKey, countOnly, segment, segments };
}

function checkSegments({ Segment: segment, TotalSegments: total }: Input): void {
  if (segment !== undefined && total === undefined) {
    throw validation(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (total === undefined) return;
  if (segment === undefined) {
    throw validation(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Number(segment) < Number(total)) return;
  throw validation(
    `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
  );
}

/** Returns whether only the count is asked for. */
function checkSelect(operation: 'Query' | 'Scan', input: Input): boolean {
  const projected = input.ProjectionExpression !== undefined;
  switch (input.Select) {
    case undefined:
      return false;
    case 'COUNT':
    case 'ALL_ATTRIBUTES':
      if (projected) {
        throw validation(
          `Cannot specify the ProjectionExpression when choosing to get ${input.Select === 'COUNT' ? 'only the Count' : 'ALL_ATTRIBUTES'}`,
        );
      }
      return input.Select === 'COUNT';
    case 'SPECIFIC_ATTRIBUTES':
      if (projected) return false;
      if (input.AttributesToGet !== undefined) return false;
      throw validation(
        `${operation === 'Query' ? '1 validation error detected: ' : ''}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
      );
    default:
      if (input.IndexName !== undefined) return false;
      throw validation('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
}

function checkKeyConditions(table: KeySchema, conditions: ReadonlyMap<string, KeyCondition>): void {
  if (conditions.size > 2) throw validation('Conditions can be of length 1 or 2 only');
  if (conditions.size > table.keyNames.length) throw validation('Query key condition not supported');
  for (const name of table.keyNames) {
    const condition = conditions.get(name);
    const isHash = name === table.definition.hashKey;
    if (condition === undefined) {
      if (!isHash && conditions.size === 1) continue;
      throw validation(`Query condition missed key schema element: ${name}`);
    }
    if (condition.operands.some((operand) => !table.hasKeyType(name, operand))) {
      throw validation(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    if (isHash && condition.operator !== '=') throw validation('Query key condition not supported');
    for (const operand of condition.operands) table.checkKeyValue(name, operand);
  }
}

function checkStartKeyShape(table: KeySchema, startKey: Item): void {
  if (Object.keys(startKey).length !== table.keyNames.length) {
    throw validation('The provided starting key is invalid');
  }
  for (const name of table.keyNames) {
    const value = startKey[name];
    if (value === undefined) throw validation('The provided starting key is invalid');
    if (!table.hasKeyType(name, value)) {
      throw validation('The provided key element does not match the schema');
    }
    table.checkKeyValue(name, value);
  }
}

function checkStartKey(table: KeySchema, startKey: Item, conditions: ReadonlyMap<string, KeyCondition>): void {
  checkStartKeyShape(table, startKey);
  const { hashKey, rangeKey } = table.definition;
  const range = rangeKey === undefined ? undefined : conditions.get(rangeKey);
  const sameHash = equal(startKey[hashKey]!, conditions.get(hashKey)!.operands[0]!);
  if (range === undefined) {
    if (sameHash) return;
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (position(startKey[rangeKey!]!, range) !== 0) {
    throw validation('The provided starting key does not match the range key predicate');
  }
  if (!sameHash) throw validation('The query can return at most one row and cannot be restarted');
}

/** Does the condition read the attribute `name`? */
function mentions(condition: Condition, name: string, names: Names): boolean {
  const reads = (operand: Operand): boolean => {
    if (operand.kind === 'value') return false;
    if (operand.kind === 'size') return reads(operand.of);
    const head = operand.path[0] as string;
    return (head.startsWith('#') ? names[head] : head) === name;
  };
  switch (condition.kind) {
    case 'and':
    case 'or':
      return mentions(condition.left, name, names) || mentions(condition.right, name, names);
    case 'not':
      return mentions(condition.of, name, names);
    case 'compare':
      return reads(condition.left) || reads(condition.right);
    case 'between':
      return [condition.of, condition.low, condition.high].some(reads);
    case 'in':
      return [condition.of, ...condition.choices].some(reads);
    case 'test':
      return condition.operands.some(reads);
  }
}
