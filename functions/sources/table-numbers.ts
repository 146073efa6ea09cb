import { NumberValue } from '@aws-sdk/lib-dynamodb';

/**
 * Numbers of DynamoDB have up to 38 digits, those of JavaScript about 16. The client for rows keeps each number as the
 * text that came: only so can a key be told exactly.
 */

/** A value of a key attribute, as a client answers it: a number with its text or, in tests, as it is. */
export type KeyValue = string | number | NumberValue;

export function isKeyValue(value: unknown): value is KeyValue {
  return typeof value === 'string' || typeof value === 'number' || value instanceof NumberValue;
}

/** The digits of a key value that is a number; undefined where it is a string. */
export function digitsOf(value: KeyValue): string | undefined {
  if (typeof value === 'string') return undefined;
  return typeof value === 'number' ? String(value) : value.value;
}

/** The whole number that these digits are; undefined where JavaScript has none that is exactly it. */
export function wholeNumber(digits: string): number | undefined {
  const number = Number(digits);
  // The digits of a fraction may round to a whole number: 9007199254740990.6.
  if (!/^-?\d+$/.test(digits) || !Number.isSafeInteger(number)) return undefined;
  return number === 0 ? 0 : number;
}

/** These digits as a value for a request: a plain number where that says exactly the same. */
export function numberToSend(digits: string): number | NumberValue {
  const number = Number(digits);
  const isExact = String(number) === digits && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  return isExact ? number : NumberValue.from(digits);
}

/** An attribute's value of which JavaScript has no form. */
export class NoSuchNumber extends Error {}

/**
 * A value as the document client answers it by default: numbers as numbers, those beyond the safe integers as `bigint`.
 *
 * @throws NoSuchNumber where a fraction beyond the safe integers is in it
 */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof NumberValue) return plainNumber(value.value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Set) return new Set([...value].map(plainValue));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plainValue(entry)]));
}

function plainNumber(digits: string): number | bigint {
  const number = Number(digits);
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  if (!/^-?\d+$/.test(digits)) throw new NoSuchNumber();
  return BigInt(digits);
}
