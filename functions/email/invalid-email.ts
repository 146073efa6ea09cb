import { Refusal } from '../contract/errors';

/** The refusal of a mail that none can be made of. Repeat nothing of the mail in it: it is stored and shown. */
export function invalidEmail(expected: string, got: string, advice: string): Refusal {
  return new Refusal('rejected', 'InvalidEmail', `Expected ${expected}, got ${got}: ${advice}.`);
}

/** @throws Refusal where the value of this part is no text */
export function guardText(part: string, value: unknown): asserts value is string {
  if (typeof value === 'string') return;
  const got = value === null ? 'null' : typeof value;
  throw invalidEmail(`\`${part}\` to be text`, `a value of the type ${got}`, "correct the job's mail");
}
