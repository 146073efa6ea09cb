import { notImplemented, ServiceError } from '../service';

/** An attribute value as lib-dynamodb gives it and takes it. Inside the store a value is never changed, only replaced. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value };
export type Item = { readonly [name: string]: Value };
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M';

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

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
      return value instanceof Uint8Array ? 'B' : 'M';
  }
}

/**
 * Takes a value into the store: a deep copy of what the document client would send. What it refuses to send (undefined,
 * NaN, class instances) is refused here with the same words; what this store does not keep is refused by name.
 */
function accept(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return acceptNumber(value);
    case 'undefined':
      throw new Error('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
    case 'object':
      return value === null ? null : acceptObject(value);
    default:
      throw notImplemented('DynamoDB (in memory)', `values of type ${typeof value}`);
  }
}

/** Takes an item, a key or a set of placeholders. The document client leaves out what is undefined at the top level. */
export function acceptItem(value: unknown, parameter: string): Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validation(`Expected ${parameter} to be an object, got ${value === null ? 'null' : typeof value}.`);
  }
  const item: Record<string, Value> = {};
  for (const name of Object.keys(value)) {
    const attribute = (value as Record<string, unknown>)[name];
    if (attribute !== undefined) item[name] = accept(attribute);
  }
  return item;
}

function acceptNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    const bound = value > 0 ? 'greater than Number.MAX_SAFE_INTEGER' : 'lesser than Number.MIN_SAFE_INTEGER';
    throw new Error(`Number ${value} is ${bound}. Use NumberValue from @aws-sdk/lib-dynamodb.`);
  }
  if (value !== 0 && Math.abs(value) < 1e-130) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  // DynamoDB has no negative zero.
  return value === 0 ? 0 : value;
}

function acceptObject(value: object): Value {
  if (Array.isArray(value)) return value.map(accept);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || (prototype as { constructor?: { name?: string } }).constructor?.name === 'Object') {
    const map: Record<string, Value> = {};
    for (const name of Object.keys(value)) map[name] = accept((value as Record<string, unknown>)[name]);
    return map;
  }
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Set) throw notImplemented('DynamoDB (in memory)', 'sets');
  throw new Error(
    `Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`,
  );
}

/** Hands a value out of the store: the caller may change what it gets. */
export function copy(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const map: Record<string, Value> = {};
  for (const name of Object.keys(value)) map[name] = copy((value as Item)[name]!);
  return map;
}

export function isMap(value: Value | undefined): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
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
  const [left, right] = [a as readonly Value[], b as readonly Value[]];
  return left.length === right.length && left.every((element, index) => equal(element, right[index]!));
}

/** Order of two values of the same scalar type, as `<` and sort keys see it; undefined if DynamoDB does not order them. */
export function order(a: Value, b: Value): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return orderUtf8(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

/** DynamoDB orders strings by their UTF-8 bytes. JavaScript's own order differs where surrogates meet U+E000 to U+FFFF. */
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
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length;
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

/** One byte per two significant digits, one more, and one for a minus sign. */
function numberSize(value: number): number {
  if (value === 0) return 1;
  return 1 + Math.ceil(significantDigits(Math.abs(value)) / 2) + (value < 0 ? 1 : 0);
}

function significantDigits(value: number): number {
  if (!Number.isInteger(value)) return value.toExponential().split('e')[0]!.replace('.', '').length;
  // Mostly small whole numbers: arithmetic is ten times as fast as text.
  let rest = value;
  while (rest % 10 === 0) rest /= 10;
  let digits = 0;
  for (; rest >= 1; rest = Math.floor(rest / 10)) digits++;
  return digits;
}

/** `a + b` in decimal, as DynamoDB adds. A sum that JavaScript's numbers cannot hold exactly is refused by name. */
export function addNumbers(a: number, b: number): number {
  const sum = a + b;
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum;
  const [left, right] = [decimalOf(a), decimalOf(b)];
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (part: Decimal) => part.digits * 10n ** BigInt(part.exponent - exponent);
  const total = scaled(left) + scaled(right);
  const result = Number(`${total}e${exponent}`);
  const held = decimalOf(result);
  const common = Math.min(held.exponent, exponent);
  const exact = held.digits * 10n ** BigInt(held.exponent - common) === total * 10n ** BigInt(exponent - common);
  if (!exact || Math.abs(result) > Number.MAX_SAFE_INTEGER) {
    throw notImplemented('DynamoDB (in memory)', `numbers that JavaScript cannot hold exactly (${a} + ${b})`);
  }
  return result === 0 ? 0 : result;
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}
