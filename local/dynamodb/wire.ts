import { ServiceError } from '../aws-service';
import { serialization, validation } from './dynamodb-errors';
import { addExactly, numberText, parseNumber, plainDecimal, type StoredNumber, WideNumber } from './numbers';
import { AttributeSet, type Codec, checkAttributeName, checkLevel, type Item, type Value } from './values';

/**
 * Values as they are on the wire, `{"S": "text"}`.
 *
 * @throws ServiceError where DynamoDB refuses a value itself
 */
export const wire: Codec = { item: decodeItem, handOut: encodeItem, sum: addExactly };

function decodeItem(value: unknown, parameter: string): Item {
  const given = record(value);
  const item: Record<string, Value> = {};
  for (const name of Object.keys(given)) {
    if (parameter !== 'ExpressionAttributeValues') checkAttributeName(name);
    try {
      item[name] = decode(given[name], 1);
    } catch (error) {
      throw located(error, parameter, name);
    }
  }
  return item;
}

/** DynamoDB says of some parameters where the value was. */
function located(error: unknown, parameter: string, name: string): unknown {
  if (!(error instanceof ServiceError) || error.name !== 'ValidationException') return error;
  if (error.message.startsWith('Nesting Levels')) return error;
  switch (parameter) {
    case 'ExpressionAttributeValues':
      return validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
    case 'ExclusiveStartKey':
      return validation(`The provided starting key is invalid: ${error.message}`);
    default:
      return error;
  }
}

const EMPTY_VALUE = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
const SEVERAL_TYPES =
  'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';

function decode(value: unknown, level: number): Value {
  checkLevel(level);
  const given = record(value);
  let type: string | undefined;
  for (const name in given) {
    if (given[name] === null || given[name] === undefined || !Object.hasOwn(READERS, name)) continue;
    if (type !== undefined) throw validation(SEVERAL_TYPES);
    type = name;
  }
  if (type === undefined) throw validation(EMPTY_VALUE);
  return READERS[type]!(given[type], level);
}

type Reader = (value: unknown, level: number) => Value;

const READERS: Readonly<Record<string, Reader>> = {
  S: text,
  N: (value) => parseNumber(text(value)),
  B: binary,
  BOOL: (value) => {
    if (typeof value !== 'boolean') throw serialization(`Expected BOOL to be true or false, got ${typeof value}.`);
    return value;
  },
  NULL: (value) => {
    if (value === true) return null;
    throw validation(
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    );
  },
  L: (value, level) => list(value).map((element) => decode(element, level + 1)),
  M: (value, level) => {
    const given = record(value);
    const map: Record<string, Value> = {};
    for (const name of Object.keys(given)) {
      checkAttributeName(name);
      map[name] = decode(given[name], level + 1);
    }
    return map;
  },
  SS: (value) => {
    if (list(value).length === 0) {
      throw validation('One or more parameter values were invalid: An string set  may not be empty');
    }
    const members = list(value).map(text);
    if (new Set(members).size === members.length) return new AttributeSet('SS', members);
    throw validation(
      `One or more parameter values were invalid: Input collection [${members.join(', ')}] contains duplicates.`,
    );
  },
  NS: (value) => {
    if (list(value).length === 0) {
      throw validation('One or more parameter values were invalid: An number set  may not be empty');
    }
    const members = list(value).map((member) => parseNumber(text(member)));
    if (allDistinct(members)) return new AttributeSet('NS', members);
    throw validation('Input collection contains duplicates');
  },
  BS: (value) => {
    if (list(value).length === 0) {
      throw validation('One or more parameter values were invalid: Binary sets should not be empty');
    }
    const members = list(value).map(binary);
    if (allDistinct(members)) return new AttributeSet('BS', members);
    throw validation(
      `One or more parameter values were invalid: Input collection [${list(value).join(', ')}]of type BS contains duplicates.`,
    );
  },
};

function allDistinct(members: readonly (StoredNumber | Uint8Array)[]): boolean {
  const distinct = new Set(
    members.map((member) => (member instanceof Uint8Array ? asBase64(member) : numberText(member))),
  );
  return distinct.size === members.length;
}

function asBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

type Encoded = Readonly<Record<string, unknown>>;

function encodeItem(item: Item): Record<string, Encoded> {
  const encoded: Record<string, Encoded> = {};
  for (const name in item) encoded[name] = encode(item[name]!);
  return encoded;
}

function encode(value: Value): Encoded {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: plainDecimal(value) };
    case 'boolean':
      return { BOOL: value };
    default:
      return encodeObject(value);
  }
}

function encodeObject(value: Exclude<Value, string | number | boolean>): Encoded {
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(encode) };
  if (value instanceof Uint8Array) return { B: asBase64(value) };
  if (value instanceof WideNumber) return { N: plainDecimal(value) };
  if (value instanceof AttributeSet) return { [value.type]: value.members.map(encodeMember) };
  return { M: encodeItem(value as Item) };
}

function encodeMember(member: Value): unknown {
  return Object.values(encode(member))[0];
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw serialization(`Expected an attribute value's text to be a string, got ${typeof value}.`);
}

function binary(value: unknown): Uint8Array {
  return Buffer.from(text(value), 'base64');
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw serialization(`Expected an attribute value's elements to be a list, got ${typeof value}.`);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw serialization(`Expected a structure, got ${value === null ? 'null' : typeof value}.`);
}
