import { type Duration, Token } from 'aws-cdk-lib';

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
  requireThat(name, value > 0 && value <= maximum, value, `a number above 0 and at most ${maximum}`);
}

/**
 * Refuses what is no whole number of seconds from `minimum` to `maximum`. A token is let through.
 *
 * @throws UnexpectedValue where it is something else
 */
export function requireSeconds(name: string, value: Duration, minimum: number, maximum: number): void {
  if (value.isUnresolved()) return;
  const seconds = value.toMilliseconds() / 1000;
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
  throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${JSON.stringify(value)}.`);
}

function requireThat(name: string, holds: boolean, value: unknown, expected: string): void {
  if (Token.isUnresolved(value) || holds) return;
  throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${JSON.stringify(value)}.`);
}
