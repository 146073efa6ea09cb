/** A definition that `defineJob` refuses. The message is one sentence for the job's author. */
export class InvalidJob extends TypeError {}

/**
 * @param expected what the definition was expected to have, in words
 * @throws InvalidJob where it does not hold
 */
export function demand(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new InvalidJob(`Expected ${expected}, got ${shown(got)}.`);
}

function shown(got: unknown): string {
  // JSON would show NaN as null, and knows no big integers.
  if (typeof got === 'number' || typeof got === 'bigint') return String(got);
  return JSON.stringify(got) ?? String(got);
}
