import { meets } from './conditions';
import type { Condition, Operand } from './expression-syntax';
import { Expressions } from './expressions';
import { type KeyCondition, keyConditions, position } from './key-condition';
import { handOut, type Names } from './paths';
import type { Table } from './table';
import { acceptItem, equal, type Item, validation } from './values';

/** A page of Query ends once it has read this much, before the filter. */
const MAXIMUM_PAGE_BYTES = 1024 * 1024;

/** Answers Query; `findTable` throws if there is no such table, which DynamoDB looks at after the expressions. */
export function query(input: Readonly<Record<string, unknown>>, findTable: () => Table): Record<string, unknown> {
  const limit = limitOf(input.Limit);
  const countOnly = checkSelect(input);
  const startKey =
    input.ExclusiveStartKey === undefined ? undefined : acceptItem(input.ExclusiveStartKey, 'ExclusiveStartKey');
  if (input.KeyConditionExpression === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const expressions = new Expressions(input, ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression']);
  const key = expressions.condition('KeyConditionExpression')!;
  const filter = expressions.condition('FilterExpression');
  const paths = expressions.projection();
  expressions.checkAllUsed();
  const conditions = keyConditions(key, expressions.placeholders);
  const table = findTable();
  checkKeyConditions(table, conditions);
  const hash = conditions.get(table.definition.hashKey)!.operands[0]!;
  const range = table.definition.rangeKey === undefined ? undefined : conditions.get(table.definition.rangeKey);
  if (startKey !== undefined) checkStartKey(table, startKey, conditions);
  for (const name of table.keyNames) {
    if (filter === undefined || !mentions(filter, name, expressions.placeholders.names)) continue;
    throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }

  const items: Item[] = [];
  let [scanned, bytes, count] = [0, 0, 0];
  let last: Item | undefined;
  for (const stored of table.walk(hash, range, { forward: input.ScanIndexForward !== false, after: startKey })) {
    scanned++;
    bytes += stored.bytes;
    last = stored.item;
    if (filter === undefined || meets(stored.item, filter, expressions.placeholders)) {
      count++;
      if (!countOnly) items.push(handOut(stored.item, paths));
    }
    if (scanned === limit || bytes >= MAXIMUM_PAGE_BYTES) break;
  }
  // DynamoDB does not look ahead: a page that ended at a limit has a LastEvaluatedKey even if nothing follows it.
  const stoppedEarly = last !== undefined && (scanned === limit || bytes >= MAXIMUM_PAGE_BYTES);
  return {
    ...(countOnly ? {} : { Items: items }),
    Count: count,
    ScannedCount: scanned,
    ...(stoppedEarly ? { LastEvaluatedKey: table.keyOf(last!) } : {}),
  };
}

function limitOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw validation(
    `1 validation error detected: Value '${String(value)}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

/** Returns whether only the count is asked for. */
function checkSelect(input: Readonly<Record<string, unknown>>): boolean {
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
      throw validation(
        'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
      );
    default:
      throw validation(
        `1 validation error detected: Value '${String(input.Select)}' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]`,
      );
  }
}

function checkKeyConditions(table: Table, conditions: ReadonlyMap<string, KeyCondition>): void {
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
  }
}

function checkStartKey(table: Table, startKey: Item, conditions: ReadonlyMap<string, KeyCondition>): void {
  const { hashKey, rangeKey } = table.definition;
  if (Object.keys(startKey).length !== table.keyNames.length) {
    throw validation('The provided starting key is invalid');
  }
  for (const name of table.keyNames) {
    const value = startKey[name];
    if (value === undefined) throw validation('The provided starting key is invalid');
    if (!table.hasKeyType(name, value)) {
      throw validation('The provided key element does not match the schema');
    }
  }
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
