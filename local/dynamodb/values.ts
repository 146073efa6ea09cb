import { notImplemented } from '../aws-service';
import { serialization, validation } from './dynamodb-errors';
import { acceptNumber, addInNumbers, compareNumbers, numberSize, type StoredNumber, WideNumber } from './numbers';

/** A set. It comes on the wire only: documents with sets are refused by name. */
export class AttributeSet {
  constructor(
    readonly type: 'SS' | 'NS' | 'BS',
    readonly members: readonly Value[],
  ) {}
}

/**
 * An attribute value, as lib-dynamodb gives it and takes it where that has a shape for it. Inside the store a value is
 * never changed, only replaced.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | WideNumber
  | AttributeSet
  | readonly Value[]
  | { readonly [name: string]: Value };
export type Item = { readonly [name: string]: Value };
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** The values of requests and answers: as the document client has them, or as they are on the wire. */
export interface Codec {
  /** Reads an item, a key or the values of placeholders. `parameter` names them in errors. */
  item(value: unknown, parameter: string): Item;
  /** Hands an item, or parts of one, out of the store: the caller may change what it gets. */
  handOut(item: Item): Readonly<Record<string, unknown>>;
  /**
   * `a + b` in decimal.
   *
   * @throws ServiceError where the caller cannot be given the sum, or DynamoDB cannot hold it
   */
  sum(a: StoredNumber, b: StoredNumber): StoredNumber;
}

/** DynamoDB's limits (Developer Guide, "Constraints"): levels of nesting, and bytes of an attribute's name. */
const MAXIMUM_LEVELS = 32;
const MAXIMUM_NAME_BYTES = 65_535;
/** The most bytes that one UTF-16 code unit takes in UTF-8. */
export const BYTES_PER_CODE_UNIT = 3;

export function typeOf(value: Value): ValueType {
  switch (typeof value) {
    case 'string':
      return 'S';
    case 'number':
      return 'N';
    case 'boolean':
      return 'BOOL';
    default:
      if (value === null) return 'NULL';
      if (Array.isArray(value)) return 'L';
      if (value instanceof Uint8Array) return 'B';
      if (value instanceof AttributeSet) return value.type;
      return value instanceof WideNumber ? 'N' : 'M';
  }
}

/**
 * Refuses a value below the last level; a top-level attribute's own value is on level 1.
 *
 * @throws ServiceError where it is one
 */
export function checkLevel(level: number): void {
  if (level <= MAXIMUM_LEVELS) return;
  throw validation(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

/**
 * Refuses what cannot be the name of an attribute or of a map's entry.
 *
 * @throws ServiceError where it is such a name
 */
export function checkAttributeName(name: string): void {
  if (name === '') {
    throw validation('One or more parameter values were invalid: An attribute name must not be empty');
  }
  // JavaScript would take it for the object's prototype.
  if (name === '__proto__') throw notImplemented('DynamoDB', 'attributes called __proto__');
  if (name.length * BYTES_PER_CODE_UNIT <= MAXIMUM_NAME_BYTES || Buffer.byteLength(name) <= MAXIMUM_NAME_BYTES) return;
  throw validation(`Attribute name is too large, must be less than ${MAXIMUM_NAME_BYTES + 1} bytes`);
}

/**
 * Takes a value into the store: a deep copy of what the document client would send. What it refuses to send (undefined,
 * NaN, class instances) is refused here with the same words; what this store does not keep is refused by name.
 */
function accept(value: unknown, level: number): Value {
  checkLevel(level);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return acceptNumber(value);
    case 'undefined':
      throw new Error('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
    case 'object':
      return value === null ? null : acceptObject(value, level);
    default:
      throw notImplemented('DynamoDB', `values of type ${typeof value}`);
  }
}

/** Takes an item, a key or a set of placeholders. The document client leaves out what is undefined at the top level. */
function acceptItem(value: unknown, parameter: string): Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serialization(`Expected ${parameter} to be an object, got ${value === null ? 'null' : typeof value}.`);
  }
  const item: Record<string, Value> = {};
  for (const name of Object.keys(value)) {
    const attribute = (value as Record<string, unknown>)[name];
    if (attribute === undefined) continue;
    checkAttributeName(name);
    item[name] = accept(attribute, 1);
  }
  return item;
}

/** Values as lib-dynamodb's document client takes them. */
export const documents: Codec = { item: acceptItem, handOut: (item) => copy(item) as Item, sum: addInNumbers };

function acceptObject(value: object, level: number): Value {
  if (Array.isArray(value)) return value.map((element) => accept(element, level + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || (prototype as { constructor?: { name?: string } }).constructor?.name === 'Object') {
    const map: Record<string, Value> = {};
    for (const name of Object.keys(value)) {
      checkAttributeName(name);
      map[name] = accept((value as Record<string, unknown>)[name], level + 1);
    }
    return map;
  }
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Set) throw notImplemented('DynamoDB', 'sets');
  throw new Error(
    `Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`,
  );
}

function copy(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (isWireOnly(value)) return value;
  const map: Record<string, Value> = {};
  for (const name of Object.keys(value)) map[name] = copy((value as Item)[name]!);
  return map;
}

export function isMap(value: Value | undefined): value is Item {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !isWireOnly(value)
  );
}

function isWireOnly(value: Value): value is WideNumber | AttributeSet {
  return value instanceof WideNumber || value instanceof AttributeSet;
}

export function isNumber(value: Value): value is StoredNumber {
  return typeof value === 'number' || value instanceof WideNumber;
}

export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (type === 'M') {
    const [left, right] = [a as Item, b as Item];
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every((name) => Object.hasOwn(right, name) && equal(left[name]!, right[name]!));
  }
  if (type === 'N') return order(a, b) === 0;
  if (a instanceof AttributeSet && b instanceof AttributeSet) {
    return (
      a.members.length === b.members.length && a.members.every((one) => b.members.some((other) => equal(one, other)))
    );
  }
  const [left, right] = [a as readonly Value[], b as readonly Value[]];
  return left.length === right.length && left.every((element, index) => equal(element, right[index]!));
}

/**
 * Order of two values of the same scalar type, as `<` and sort keys see it; undefined if DynamoDB does not order them.
 */
export function order(a: Value, b: Value): number | undefined {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return orderUtf8(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

/**
 * DynamoDB orders strings by their UTF-8 bytes. JavaScript's own order differs where surrogates meet U+E000 to U+FFFF.
 */
function orderUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

/** Bytes by DynamoDB's documented item-size rules (Developer Guide, "DynamoDB item sizes and formats"). */
function sizeOf(value: Value): number {
  if (typeof value === 'string') return utf8Length(value);
  if (isNumber(value)) return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof AttributeSet) return value.members.reduce<number>((size, member) => size + sizeOf(member), 0);
  // A list or a map costs 3 bytes, and each of its entries 1 byte, beside their contents.
  if (Array.isArray(value)) {
    let size = 3;
    for (const element of value) size += 1 + sizeOf(element);
    return size;
  }
  return 3 + Object.keys(value).length + itemSize(value as Item);
}

export function itemSize(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) size += utf8Length(name) + sizeOf(item[name]!);
  return size;
}

/** Below 40 characters a loop beats the call into the runtime. */
function utf8Length(text: string): number {
  if (text.length > 40) return Buffer.byteLength(text);
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.byteLength(text);
  }
  return text.length;
}
