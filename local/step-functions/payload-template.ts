import { type Bindings, type Expression, RefusedExpression } from './expression';

/** A JSON value of the definition in which `{% %}` strings are compiled expressions. */
export interface Template {
  /** The value itself where nothing needs evaluation: shared, never change it. */
  readonly constant?: unknown;
  /** The text of an expression that is the whole value. */
  readonly source?: string;
  /**
   * The value under the bindings.
   *
   * @throws StateFailure `States.QueryEvaluationError` where an expression fails
   */
  evaluate(bindings: Bindings): unknown | Promise<unknown>;
}

export function isConstant(template: Template): boolean {
  return 'constant' in template;
}

/** Compiles a JSON value; `compile` is called for each expression with the field's location, as AWS writes it. */
export function compileTemplate(
  value: unknown,
  location: string,
  compile: (source: string, location: string) => Expression,
): Template {
  if (typeof value === 'string') {
    const source = expressionSource(value, location);
    return source === undefined ? constant(value) : { source, evaluate: compile(source, location) };
  }
  if (Array.isArray(value)) {
    return arrayTemplate(value.map((entry, index) => compileTemplate(entry, `${location}[${index}]`, compile)));
  }
  if (typeof value === 'object' && value !== null) {
    return objectTemplate(
      Object.entries(value).map(([key, entry]) => [key, compileTemplate(entry, `${location}/${key}`, compile)]),
    );
  }
  return constant(value);
}

/** The text between `{%` and `%}`, or undefined for a literal string. */
function expressionSource(text: string, location: string): string | undefined {
  const opens = text.startsWith('{%');
  const closes = text.endsWith('%}') && text.length >= 4;
  if (opens && closes) return text.slice(2, -2).trim();
  if (opens || text.endsWith('%}') || /^\s+\{%/.test(text)) {
    throw new RefusedExpression(
      'INVALID_JSONATA_EXPRESSION',
      `Expected an expression to start with '{%' and to end with '%}', with no spaces outside, got '${text}'.`,
      location,
    );
  }
  return undefined;
}

function constant(value: unknown): Template {
  return { constant: value, evaluate: () => value };
}

function arrayTemplate(entries: readonly Template[]): Template {
  if (entries.every(isConstant)) return constant(entries.map((entry) => entry.constant));
  return {
    async evaluate(bindings) {
      const values: unknown[] = [];
      for (const entry of entries) values.push(await entry.evaluate(bindings));
      return values;
    },
  };
}

function objectTemplate(entries: readonly (readonly [string, Template])[]): Template {
  if (entries.every(([, entry]) => isConstant(entry))) {
    return constant(Object.fromEntries(entries.map(([key, entry]) => [key, entry.constant])));
  }
  return {
    async evaluate(bindings) {
      const values: Record<string, unknown> = {};
      for (const [key, entry] of entries) values[key] = await entry.evaluate(bindings);
      return values;
    },
  };
}
