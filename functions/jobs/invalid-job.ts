/** A definition that `defineJob` refuses. The message is one sentence for the job's author. */
export class InvalidJob extends TypeError {}

/**
 * @param expected what the definition was expected to have, in words
 * @throws InvalidJob where it does not hold
 */
export function demand(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new InvalidJob(`Expected ${expected}, got ${shown(got)}.`);
}

/** Whether an author gave an object with fields, not a list and not null. */
export function isPlain(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/**
 * A misspelt field would count for nothing.
 *
 * @param what as the author finds it in the definition
 * @throws InvalidJob where there is another field
 */
export function demandOnly(what: string, fields: readonly string[], given: object): void {
  const unknown = Object.keys(given).find((field) => !fields.includes(field));
  demand(unknown === undefined, `\`${what}\` to have only the fields ${fields.join(', ')}`, unknown);
}

function shown(got: unknown): string {
  // JSON would show NaN as null, and knows no big integers.
  if (typeof got === 'number' || typeof got === 'bigint') return String(got);
  return JSON.stringify(got) ?? String(got);
}
