/** As much of a value as a sentence takes. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (asJson(value) ?? String(value));
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`;
}

function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A bigint, or what contains itself.
    return undefined;
  }
}
