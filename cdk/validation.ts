import { type Duration, Token } from 'aws-cdk-lib';

/** A property or a setting has a value that cannot work. The message is one sentence for whoever wrote it. */
export class UnexpectedValue extends Error {
  override readonly name = 'UnexpectedValue';
}

/** Throws one sentence unless `value` is a whole number from `minimum` to `maximum`. A token is let through. */
export function expectInteger(name: string, value: number, minimum: number, maximum: number): void {
  expectThat(
    name,
    Number.isSafeInteger(value) && value >= minimum && value <= maximum,
    value,
    `a whole number from ${minimum} to ${maximum}`,
  );
}

/** Throws one sentence unless `value` is a number above 0 and at most `maximum`. A token is let through. */
export function expectPositive(name: string, value: number, maximum: number): void {
  expectThat(name, value > 0 && value <= maximum, value, `a number above 0 and at most ${maximum}`);
}

/** Throws one sentence unless `value` is a whole number of seconds from `minimum` to `maximum`. */
export function expectSeconds(name: string, value: Duration, minimum: number, maximum: number): void {
  if (value.isUnresolved()) return;
  const seconds = value.toMilliseconds() / 1000;
  expectThat(
    name,
    Number.isInteger(seconds) && seconds >= minimum && seconds <= maximum,
    seconds,
    `a whole number of seconds from ${minimum} to ${maximum}`,
  );
}

/** Throws one sentence unless `value` matches. A token is let through. */
export function expectMatch(name: string, value: string, pattern: RegExp, expected: string): void {
  expectThat(name, pattern.test(value), value, expected);
}

function expectThat(name: string, holds: boolean, value: unknown, expected: string): void {
  if (Token.isUnresolved(value) || holds) return;
  throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${JSON.stringify(value)}.`);
}
