import { type Duration, Token } from 'aws-cdk-lib';
import { WorkerChainsError } from '../functions/contract/errors';

/** A property or a setting has a value that cannot work. The message is one sentence that says what to change. */
export class UnexpectedValue extends Error {
  override readonly name = 'UnexpectedValue';
}

/**
 * Refuses what is no whole number from `minimum` to `maximum`. A token is let through.
 *
 * @throws UnexpectedValue where it is something else
 */
export function requireInteger(name: string, value: number, minimum: number, maximum: number): void {
  requireThat(
    name,
    Number.isSafeInteger(value) && value >= minimum && value <= maximum,
    value,
    `a whole number from ${minimum} to ${maximum}`,
  );
}

/**
 * Refuses what is no number above 0 and at most `maximum`. A token is let through.
 *
 * @throws UnexpectedValue where it is something else
 */
export function requirePositive(name: string, value: number, maximum: number): void {
  const holds = typeof value === 'number' && value > 0 && value <= maximum;
  requireThat(name, holds, value, `a number above 0 and at most ${maximum}`);
}

/**
 * Refuses what is no whole number of seconds from `minimum` to `maximum`.
 *
 * @throws UnexpectedValue where it is something else
 */
export function requireSeconds(name: string, value: Duration, minimum: number, maximum: number): void {
  const seconds = value.toSeconds({ integral: false });
  requireThat(
    name,
    Number.isInteger(seconds) && seconds >= minimum && seconds <= maximum,
    seconds,
    `a whole number of seconds from ${minimum} to ${maximum}`,
  );
}

/**
 * Refuses what is none of the values, a token included: what is made of it is decided at synthesis.
 *
 * @throws UnexpectedValue where it is something else
 */
export function requireOneOf(name: string, value: string, values: readonly string[]): void {
  if (values.includes(value)) return;
  const expected = values.map((known) => `'${known}'`).join(' or ');
  throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${shown(value)}.`);
}

/**
 * Runs a check that is shared with what runs on AWS or on this machine.
 *
 * @throws UnexpectedValue with the same sentence where it refuses
 */
export function asUnexpected<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof WorkerChainsError || (error as Error).constructor === Error) {
      throw new UnexpectedValue((error as Error).message, { cause: error });
    }
    throw error;
  }
}

const LONGEST_SHOWN = 80;

/** What came, in the words of a sentence: text in quotes, numbers as they are, and of objects their kind. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return kindOfObject(value);
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function kindOfObject(value: object): string {
  const kind = (Object.getPrototypeOf(value)?.constructor as { readonly name?: string } | undefined)?.name;
  if (kind === undefined || kind === '' || kind === 'Object') return 'an object';
  // Bundlers number classes of one name: Stack2.
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind.replace(/\d+$/, '')}`;
}

function requireThat(name: string, holds: boolean, value: unknown, expected: string): void {
  if ((typeof value === 'number' && Token.isUnresolved(value)) || holds) return;
  throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${shown(value)}.`);
}
