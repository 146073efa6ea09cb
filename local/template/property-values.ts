/** What a property must be: each refuses what it is not, and `where` names it. */

type Properties = Readonly<Record<string, unknown>>;

export function structure(value: unknown, where: string): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`Expected ${where} to be a structure, got ${JSON.stringify(value)}.`);
  }
  return value as Properties;
}

export function list(value: unknown, where: string): Properties[] {
  if (!Array.isArray(value)) throw new Error(`Expected ${where} to be a list, got ${JSON.stringify(value)}.`);
  return value.map((element) => structure(element, where));
}

export function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Error(`Expected ${where} to be text, got ${JSON.stringify(value)}.`);
  return value;
}

export function number(value: unknown, where: string): number {
  if (typeof value !== 'number') throw new Error(`Expected ${where} to be a number, got ${JSON.stringify(value)}.`);
  return value;
}
