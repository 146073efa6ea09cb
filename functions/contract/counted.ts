/** A number with its noun: `1 chain`, `2 chains`, `0 chains`. */
export function counted(value: number, noun: string, plural?: string): string {
  return `${value} ${nounFor(value, noun, plural)}`;
}

/** The noun as it stands beside a number, however that one is written. */
export function nounFor(value: number, noun: string, plural = `${noun}s`): string {
  return value === 1 ? noun : plural;
}

/** How often: `once`, `3 times`. */
export function times(value: number): string {
  return value === 1 ? 'once' : `${value} times`;
}
