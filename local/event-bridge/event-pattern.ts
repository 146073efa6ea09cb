/** Whether an event is one that a rule asks for. */
export type EventPattern = (event: Readonly<Record<string, unknown>>) => boolean;

type Scalar = string | number | boolean | null;
type ScalarTest = (value: Scalar | undefined) => boolean;

/**
 * Reads an `EventPattern`: fields that must all match, each by a list of which one must: a text, a number, true, false
 * or null that is equal, `{prefix: text}` or `{exists: boolean}`. A field of the event that is a list matches by any of
 * its values (EventBridge User Guide, "Creating Amazon EventBridge event patterns").
 *
 * @param where names the pattern in errors
 * @throws Error where it is malformed, or has another operator
 */
export function readEventPattern(pattern: unknown, where: string): EventPattern {
  if (!isObject(pattern)) {
    throw new Error(`Expected ${where} to be a structure, got ${JSON.stringify(pattern)}: name fields of the event.`);
  }
  if (Object.keys(pattern).length === 0) {
    throw new Error(`Expected ${where} to name a field, got none: EventBridge takes no empty pattern.`);
  }
  const tests = Object.entries(pattern).map(([field, wanted]) => {
    const at = `${where}.${field}`;
    if (field === '$or') throw notImplemented('$or', where);
    const test = Array.isArray(wanted) ? readValues(wanted, at) : nested(readEventPattern(wanted, at));
    return (event: Readonly<Record<string, unknown>>) => test(Object.hasOwn(event, field) ? event[field] : undefined);
  });
  return (event) => tests.every((test) => test(event));
}

/** A list of structures matches by any of them; what is no structure has no fields. */
function nested(pattern: EventPattern): (value: unknown) => boolean {
  return (value) =>
    Array.isArray(value) ? value.some((element) => isObject(element) && pattern(element)) : pattern(asObject(value));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function readValues(wanted: readonly unknown[], where: string): (value: unknown) => boolean {
  if (wanted.length === 0) {
    throw new Error(`Expected ${where} to list what it takes, got an empty list: EventBridge takes none.`);
  }
  const tests = wanted.map((each) => readValue(each, where));
  return (value) => {
    const values = Array.isArray(value) ? value : [value];
    if (values.length === 0) return tests.some((test) => test(undefined));
    return values.some((each) => tests.some((test) => test(isObject(each) ? undefined : (each as Scalar))));
  };
}

function readValue(wanted: unknown, where: string): ScalarTest {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [operator = '', ...others] = Object.keys(wanted);
  const operand = wanted[operator];
  if (others.length > 0) {
    throw new Error(`Expected ${where} to have one operator in each of its structures, got ${Object.keys(wanted)}.`);
  }
  if (operator === 'prefix' && typeof operand === 'string') {
    return (value) => typeof value === 'string' && value.startsWith(operand);
  }
  if (operator === 'exists' && typeof operand === 'boolean') return (value) => (value !== undefined) === operand;
  throw notImplemented(operator, where);
}

function notImplemented(operator: string, where: string): Error {
  return new Error(
    `The embedded engine does not implement the operator ${operator} as ${where} has it: list equal values, or use prefix or exists.`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
