import { notImplemented, type ServiceError } from '../aws-service';
import { validation } from './dynamodb-errors';

/**
 * A number of more significant digits than a JavaScript number holds for certain. Requests on the wire may bring one;
 * the document client sends none.
 */
export class WideNumber {
  constructor(
    readonly negative: boolean,
    /** Significant digits, without zeros at either end. */
    readonly digits: string,
    /** Power of ten of the first digit. */
    readonly magnitude: number,
  ) {}
}

/** DynamoDB's limits on numbers (Developer Guide, "Constraints", data types). */
const MAXIMUM_DIGITS = 38;
const LARGEST_MAGNITUDE = 125;
const SMALLEST_MAGNITUDE = -130;
/** Decimals of up to 15 digits survive the way into a JavaScript number and back. */
const SAFE_DIGITS = 15;
const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * Reads the text of an `N`.
 *
 * @throws ServiceError `ValidationException` where it is no number, too large, too small or too precise
 */
export function parseNumber(text: string): StoredNumber {
  const match = NUMBER.exec(text);
  if (match === null || match[2] + match[3]! === '') {
    throw validation(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  }
  const [, sign, whole, fraction, exponent = '0'] = match as unknown as [string, string, string, string, string?];
  const all = whole + fraction;
  const leading = all.search(/[1-9]/);
  if (leading === -1) return 0;
  const digits = all.slice(leading).replace(/0+$/, '');
  const magnitude = whole.length - 1 - leading + Number(exponent);
  checkMagnitude(magnitude);
  if (digits.length > MAXIMUM_DIGITS) {
    throw validation('Attempting to store more than 38 significant digits in a Number');
  }
  return digits.length <= SAFE_DIGITS ? Number(text) : new WideNumber(sign === '-', digits, magnitude);
}

/** Refuses the power of ten of a number's first digit. */
function checkMagnitude(magnitude: number): void {
  const problem = magnitudeProblem(magnitude);
  if (problem !== undefined) throw problem;
}

function magnitudeProblem(magnitude: number): ServiceError | undefined {
  if (magnitude > LARGEST_MAGNITUDE) {
    return validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude >= SMALLEST_MAGNITUDE) return undefined;
  return validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
}

/**
 * A number as the document client would send it, or the error with which the client or DynamoDB refuses it.
 *
 * @throws ServiceError `ValidationException` or an Error of the client where it is refused
 */
export function acceptNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    const bound = value > 0 ? 'greater than Number.MAX_SAFE_INTEGER' : 'lesser than Number.MIN_SAFE_INTEGER';
    throw new Error(`Number ${value} is ${bound}. Use NumberValue from @aws-sdk/lib-dynamodb.`);
  }
  if (value !== 0 && Math.abs(value) < 1e-130) throw magnitudeProblem(SMALLEST_MAGNITUDE - 1)!;
  // DynamoDB has no negative zero.
  return value === 0 ? 0 : value;
}

/** The same text for the same number, however it was written. */
export function numberText(value: StoredNumber): string {
  return typeof value === 'number' ? String(value) : `${value.negative ? '-' : ''}${value.digits}e${value.magnitude}`;
}

export function compareNumbers(a: StoredNumber, b: StoredNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [widened(a), widened(b)];
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const size = compareMagnitudes(left, right);
  return left.negative ? -size : size;
}

function compareMagnitudes(left: WideNumber, right: WideNumber): number {
  if (left.digits === '' || right.digits === '') return left.digits.length - right.digits.length;
  if (left.magnitude !== right.magnitude) return left.magnitude - right.magnitude;
  return left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0;
}

function widened(value: StoredNumber): WideNumber {
  if (typeof value !== 'number') return value;
  if (value === 0) return new WideNumber(false, '', 0);
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  return new WideNumber(value < 0, mantissa.replace('.', ''), Number(exponent));
}

/** Bytes by DynamoDB's documented rule: one per two significant digits, one more, and one for a minus sign. */
export function numberSize(value: StoredNumber): number {
  if (value === 0) return 1;
  if (typeof value !== 'number') return 1 + Math.ceil(value.digits.length / 2) + (value.negative ? 1 : 0);
  return 1 + Math.ceil(significantDigits(Math.abs(value)) / 2) + (value < 0 ? 1 : 0);
}

function significantDigits(value: number): number {
  if (!Number.isSafeInteger(value)) return value.toExponential().split('e')[0]!.replace('.', '').length;
  // Mostly small whole numbers: arithmetic is ten times as fast as text, and a product several times as fast as a rest.
  let rest = value;
  for (let tenth = Math.floor(rest / 10); tenth * 10 === rest; tenth = Math.floor(rest / 10)) rest = tenth;
  let digits = 1;
  for (let bound = 10; rest >= bound; bound *= 10) digits++;
  return digits;
}

/** A number as the store holds it. */
export type StoredNumber = number | WideNumber;

/**
 * `a + b` in decimal, as DynamoDB adds. A sum that JavaScript's numbers cannot hold exactly is refused by name.
 *
 * @throws ServiceError where the sum is outside of DynamoDB's limits, or a JavaScript number cannot hold it
 */
export function addInNumbers(a: StoredNumber, b: StoredNumber): number {
  const sum = addExactly(a, b);
  // As a caller would get it: 16 digits may still be a JavaScript number.
  const held = typeof sum === 'number' ? sum : Number(plainDecimal(sum));
  if (Math.abs(held) <= Number.MAX_SAFE_INTEGER && compareNumbers(held, sum) === 0) return held;
  const [left, right] = [a, b].map((part) => (typeof part === 'number' ? part : plainDecimal(part)));
  throw notImplemented('DynamoDB', `numbers that JavaScript cannot hold exactly (${left} + ${right})`);
}

/**
 * `a + b` in decimal, to the last digit.
 *
 * @throws ServiceError where the sum is outside of DynamoDB's limits
 */
export function addExactly(a: StoredNumber, b: StoredNumber): StoredNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return sum === 0 ? 0 : sum;
  }
  const [left, right] = [decimalOf(a), decimalOf(b)];
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (part: Decimal) => part.digits * 10n ** BigInt(part.exponent - exponent);
  return parseNumber(`${scaled(left) + scaled(right)}e${exponent}`);
}

export function negated(value: StoredNumber): StoredNumber {
  return typeof value === 'number' ? -value : new WideNumber(!value.negative, value.digits, value.magnitude);
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: StoredNumber): Decimal {
  const { negative, digits, magnitude } = widened(value);
  const whole = BigInt(digits === '' ? 0 : digits);
  return { digits: negative ? -whole : whole, exponent: magnitude - digits.length + 1 };
}

/** The number as DynamoDB writes it: all of its digits, without an exponent. */
export function plainDecimal(value: StoredNumber): string {
  if (typeof value === 'number') {
    const short = String(value);
    if (!short.includes('e')) return short;
  }
  const { negative, digits, magnitude } = widened(value);
  const sign = negative ? '-' : '';
  if (magnitude < 0) return `${sign}0.${'0'.repeat(-magnitude - 1)}${digits}`;
  const whole = digits.slice(0, magnitude + 1).padEnd(magnitude + 1, '0');
  const fraction = digits.slice(magnitude + 1);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
