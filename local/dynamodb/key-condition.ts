import { beginsWith, type Placeholders } from './conditions';
import { validation } from './dynamodb-errors';
import type { Condition, Operand } from './expression-syntax';
import { resolvePath } from './paths';
import { order, type Value } from './values';

type KeyOperator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';

/** What a KeyConditionExpression says of one key attribute. */
export interface KeyCondition {
  readonly operator: KeyOperator;
  readonly operands: readonly Value[];
}

const MIRRORED: Readonly<Record<string, KeyOperator>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Conditions by attribute name.
 *
 * @throws ServiceError `ValidationException` where it is no key condition
 */
export function keyConditions(condition: Condition, placeholders: Placeholders): ReadonlyMap<string, KeyCondition> {
  const found = new Map<string, KeyCondition>();
  collect(condition, placeholders, found);
  return found;
}

function collect(condition: Condition, placeholders: Placeholders, found: Map<string, KeyCondition>): void {
  switch (condition.kind) {
    case 'and':
      collect(condition.left, placeholders, found);
      collect(condition.right, placeholders, found);
      return;
    case 'or':
    case 'not':
    case 'in':
      throw invalidOperator(condition.kind.toUpperCase());
    case 'compare': {
      if (condition.comparator === '<>') throw invalidOperator('<>');
      const turned = condition.left.kind === 'value';
      const [attribute, operand] = turned ? [condition.right, condition.left] : [condition.left, condition.right];
      const operator = turned ? MIRRORED[condition.comparator]! : condition.comparator;
      add(found, attribute, operator, [operand], placeholders);
      return;
    }
    case 'between':
      if (condition.of.kind !== 'path') throw notFirst('BETWEEN');
      add(found, condition.of, 'BETWEEN', [condition.low, condition.high], placeholders);
      return;
    case 'test':
      if (condition.name !== 'begins_with') throw invalidOperator(condition.name);
      if (condition.operands[0]!.kind !== 'path') throw notFirst('begins_with');
      add(found, condition.operands[0]!, 'begins_with', [condition.operands[1]!], placeholders);
  }
}

function add(
  found: Map<string, KeyCondition>,
  attribute: Operand,
  operator: KeyOperator,
  operands: readonly Operand[],
  placeholders: Placeholders,
): void {
  if ([attribute, ...operands].some((operand) => operand.kind === 'size')) {
    throw validation('KeyConditionExpressions cannot contain nested operations');
  }
  if (attribute.kind !== 'path') {
    throw validation('Invalid condition in KeyConditionExpression: No key attribute specified');
  }
  if (operands.some((operand) => operand.kind === 'path')) {
    throw validation('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  }
  const [name, ...deeper] = resolvePath(attribute.path, placeholders.names) as [string];
  if (deeper.length > 0) throw validation('KeyConditionExpressions cannot have conditions on nested attributes');
  if (found.has(name)) throw validation('KeyConditionExpressions must only contain one condition per key');
  const values = operands.map((operand) => placeholders.values[(operand as { name: string }).name]!);
  found.set(name, { operator, operands: values });
}

/** -1 if sort key `key` lies before what the condition selects, 0 if it is selected, 1 if it lies after. */
export function position(key: Value, condition: KeyCondition): -1 | 0 | 1 {
  const [first, second] = condition.operands as [Value, Value];
  const difference = order(key, first)!;
  switch (condition.operator) {
    case '=':
      return difference < 0 ? -1 : difference > 0 ? 1 : 0;
    case '<':
      return difference < 0 ? 0 : 1;
    case '<=':
      return difference <= 0 ? 0 : 1;
    case '>':
      return difference > 0 ? 0 : -1;
    case '>=':
      return difference >= 0 ? 0 : -1;
    case 'BETWEEN':
      return difference < 0 ? -1 : order(key, second)! > 0 ? 1 : 0;
    case 'begins_with':
      return beginsWith(key, first) ? 0 : difference < 0 ? -1 : 1;
  }
}

function invalidOperator(operator: string): Error {
  return validation(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function notFirst(operator: string): Error {
  return validation(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  );
}
