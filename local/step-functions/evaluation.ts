import type { Bindings } from './expression';
import { QUERY_EVALUATION_ERROR, StateFailure } from './failure';
import type { Template } from './payload-template';

/**
 * The value of a field that must have a certain type; anything else fails the state.
 *
 * @throws StateFailure `States.QueryEvaluationError` where it has another type, or its expression fails
 */
export async function evaluateAs<T>(
  template: Template,
  bindings: Bindings,
  location: string,
  expected: string,
  is: (value: unknown) => value is T,
): Promise<T> {
  const value = await template.evaluate(bindings);
  if (!is(value)) throw unexpected(location, expected, value);
  return value;
}

export function unexpected(location: string, expected: string, value: unknown): StateFailure {
  return evaluationFailure(location, `The field '${location}' must be ${expected}, but was ${shown(value)}.`);
}

/** `Items` that are no array, in the words recorded at AWS; without an expression it is the state's input. */
export function notItems(value: unknown, source: string | undefined): StateFailure {
  if (source === undefined) return unexpected('Items', 'an array', value);
  const type = value === null ? 'null' : typeof value;
  return evaluationFailure(
    'Items',
    `The JSONata expression '${source}' specified for the field 'Items' returned an unexpected result type. ` +
      `Expected 'array', but was '${type}' for value: ${shown(value)}`,
  );
}

function evaluationFailure(location: string, cause: string): StateFailure {
  return new StateFailure({ error: QUERY_EVALUATION_ERROR, cause }, location);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** Seconds, or a count: 0, 1, 2, … up to what AWS accepts. */
export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 99_999_999;
}

export function isPositive(value: unknown): value is number {
  return isWhole(value) && value > 0;
}
