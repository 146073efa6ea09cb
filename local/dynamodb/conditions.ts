import { validation } from './dynamodb-errors';
import type { Comparator, Condition, ExpressionKind, Operand } from './expression-syntax';
import { type Names, valueAt } from './paths';
import { AttributeSet, equal, type Item, isMap, order, typeOf, type Value, type ValueType } from './values';

/** Placeholders of one call, as DynamoDB's ExpressionAttributeNames and ExpressionAttributeValues. */
export interface Placeholders {
  readonly names: Names;
  readonly values: Readonly<Record<string, Value>>;
}

const TYPE_NAMES: ReadonlySet<Value> = new Set(['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M']);
const ORDERED_TYPES: ReadonlySet<ValueType> = new Set(['S', 'N', 'B']);
const PREFIX_TYPES: ReadonlySet<ValueType> = new Set(['S', 'B']);
const TYPES_WITH_SIZE: ReadonlySet<ValueType> = new Set(['S', 'B', 'L', 'M', 'SS', 'NS', 'BS']);

/** Does the item meet the condition? A missing item is an empty one. */
export function meets(item: Item, condition: Condition, placeholders: Placeholders): boolean {
  switch (condition.kind) {
    case 'and':
      return meets(item, condition.left, placeholders) && meets(item, condition.right, placeholders);
    case 'or':
      return meets(item, condition.left, placeholders) || meets(item, condition.right, placeholders);
    case 'not':
      return !meets(item, condition.of, placeholders);
    case 'compare': {
      const left = operandValue(item, condition.left, placeholders);
      return compare(condition.comparator, left, operandValue(item, condition.right, placeholders));
    }
    case 'between': {
      const value = operandValue(item, condition.of, placeholders);
      return (
        compare('>=', value, operandValue(item, condition.low, placeholders)) &&
        compare('<=', value, operandValue(item, condition.high, placeholders))
      );
    }
    case 'in': {
      const value = operandValue(item, condition.of, placeholders);
      return condition.choices.some((choice) => compare('=', value, operandValue(item, choice, placeholders)));
    }
    case 'test': {
      const [first, second] = condition.operands;
      const value = operandValue(item, first!, placeholders);
      if (condition.name === 'attribute_exists') return value !== undefined;
      if (condition.name === 'attribute_not_exists') return value === undefined;
      const argument = operandValue(item, second!, placeholders);
      if (value === undefined || argument === undefined) return false;
      if (condition.name === 'attribute_type') return typeOf(value) === argument;
      return condition.name === 'begins_with' ? beginsWith(value, argument) : contains(value, argument);
    }
  }
}

function operandValue(item: Item, operand: Operand, placeholders: Placeholders): Value | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path, placeholders.names);
    case 'value':
      return placeholders.values[operand.name];
    case 'size':
      return sizeFunction(operandValue(item, operand.of, placeholders));
  }
}

function sizeFunction(value: Value | undefined): number | undefined {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof AttributeSet) return value.members.length;
  return isMap(value) ? Object.keys(value).length : undefined;
}

function compare(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (comparator === '<>') return left === undefined || right === undefined || !equal(left, right);
  if (left === undefined || right === undefined) return false;
  if (comparator === '=') return equal(left, right);
  const difference = order(left, right);
  // Values of different types are not ordered: the comparison is false, whichever way round.
  if (difference === undefined) return false;
  switch (comparator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

export function beginsWith(value: Value, prefix: Value): boolean {
  if (typeof value === 'string' && typeof prefix === 'string') return value.startsWith(prefix);
  if (!(value instanceof Uint8Array) || !(prefix instanceof Uint8Array)) return false;
  return Buffer.from(value.subarray(0, prefix.length)).equals(prefix);
}

function contains(value: Value, part: Value): boolean {
  if (typeof value === 'string') return typeof part === 'string' && value.includes(part);
  if (value instanceof Uint8Array) return part instanceof Uint8Array && Buffer.from(value).includes(Buffer.from(part));
  const elements = value instanceof AttributeSet ? value.members : value;
  return Array.isArray(elements) && elements.some((element: Value) => equal(element, part));
}

type Values = Placeholders['values'];

/** Refuses, before any item is read, operands that can never be right: DynamoDB looks at the literal values' types. */
export function checkOperands(kind: ExpressionKind, condition: Condition, values: Values): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkOperands(kind, condition.left, values);
      checkOperands(kind, condition.right, values);
      return;
    case 'not':
      checkOperands(kind, condition.of, values);
      return;
    case 'compare':
      checkSize(kind, condition.left, values);
      checkSize(kind, condition.right, values);
      if (condition.comparator === '=' || condition.comparator === '<>') return;
      checkType(kind, condition.comparator, condition.left, values, ORDERED_TYPES);
      checkType(kind, condition.comparator, condition.right, values, ORDERED_TYPES);
      return;
    case 'between':
      for (const operand of [condition.of, condition.low, condition.high]) {
        checkSize(kind, operand, values);
        checkType(kind, 'BETWEEN', operand, values, ORDERED_TYPES);
      }
      checkBounds(kind, literal(condition.low, values), literal(condition.high, values));
      return;
    case 'in':
      checkSize(kind, condition.of, values);
      for (const operand of condition.choices) checkSize(kind, operand, values);
      return;
    case 'test':
      for (const operand of condition.operands) {
        checkSize(kind, operand, values);
        if (condition.name === 'begins_with') checkType(kind, 'begins_with', operand, values, PREFIX_TYPES);
      }
      if (condition.name === 'attribute_type') checkTypeName(kind, literal(condition.operands[1]!, values));
  }
}

function literal(operand: Operand, values: Values): Value | undefined {
  return operand.kind === 'value' ? values[operand.name] : undefined;
}

function checkSize(kind: ExpressionKind, operand: Operand, values: Values): void {
  if (operand.kind === 'size') checkType(kind, 'size', operand.of, values, TYPES_WITH_SIZE);
}

function checkType(
  kind: ExpressionKind,
  name: string,
  operand: Operand,
  values: Values,
  allowed: ReadonlySet<ValueType>,
): void {
  const value = literal(operand, values);
  if (value !== undefined && !allowed.has(typeOf(value))) throw wrongType(kind, name, typeOf(value));
}

function wrongType(kind: ExpressionKind, name: string, type: string): Error {
  return validation(
    `Invalid ${kind}: Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

function checkBounds(kind: ExpressionKind, low: Value | undefined, high: Value | undefined): void {
  if (low === undefined || high === undefined) return;
  const bounds = `lower bound operand: ${describe(low)}, upper bound operand: ${describe(high)}`;
  const difference = order(low, high);
  if (difference === undefined) {
    throw validation(
      `Invalid ${kind}: The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`,
    );
  }
  if (difference > 0) {
    throw validation(
      `Invalid ${kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

function checkTypeName(kind: ExpressionKind, value: Value | undefined): void {
  if (typeof value !== 'string') {
    const type = value === undefined ? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}' : typeOf(value);
    throw wrongType(kind, 'attribute_type', type);
  }
  if (TYPE_NAMES.has(value)) return;
  throw validation(
    `Invalid ${kind}: Invalid attribute type name found; type: ${value}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}

function describe(value: Value): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
  return `AttributeValue: {${typeOf(value)}:${text}}`;
}
