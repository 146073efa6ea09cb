import { type Duration, Token } from 'aws-cdk-lib';
import { shown, UnexpectedValue } from './validation';

/**
 * Refuses a value that is not of the type that a property has: in JavaScript, and for what is `any` in TypeScript, such as
 * context, no compiler does. Ranges are not its matter. Of a token only the type is looked at.
 *
 * @throws UnexpectedValue where it is of another type
 */
export type Shape = (name: string, value: unknown) => void;

/** A shape for every property of an interface: one that is forgotten is an error of the compiler. */
export type Shapes<T> = { readonly [property in keyof T]-?: Shape };

/** The same, or nothing. */
export function optional(shape: Shape): Shape {
  return (name, value) => {
    if (value !== undefined) shape(name, value);
  };
}

/** A shape of what `holds`, which `expected` says in words. */
export function shapeOf(expected: string, holds: (value: unknown) => boolean, advise = adviceFor): Shape {
  return (name, value) => {
    if (holds(value)) return;
    const got = typeof value === 'string' ? `the text ${shown(value)}` : shown(value);
    throw new UnexpectedValue(`Expected \`${name}\` to be ${expected}, got ${got}${advise(value)}.`);
  };
}

function adviceFor(value: unknown): string {
  return value === null ? ': leave it out for its default' : '';
}

export const boolean: Shape = shapeOf(
  'true or false',
  (value) => typeof value === 'boolean',
  (value) =>
    typeof value === 'string'
      ? ": a setting is text, so compare it, such as setting === 'true', and give what comes of it"
      : adviceFor(value),
);

/** A number that is finite: a token, which stands for one, is finite, too. */
export const number: Shape = shapeOf(
  'a number',
  (value) => typeof value === 'number' && Number.isFinite(value),
  (value) =>
    typeof value === 'string'
      ? ': give the number itself, such as Number(setting); Token.asNumber makes one of what only the deployment knows'
      : adviceFor(value),
);

export const text: Shape = shapeOf('a text', (value) => typeof value === 'string');

/** By what is used of it: an app may have two copies of the CDK. */
export const duration: Shape = shapeOf(
  'a Duration such as Duration.minutes(2)',
  (value) => has(value, 'toSeconds', 'toMilliseconds', 'isUnresolved', 'plus') && isDuration(value as Duration),
);

function isDuration(value: Duration): boolean {
  return value.isUnresolved() || Number.isFinite(value.toMilliseconds({ integral: false }));
}

/** The same number or Duration, and no token: it is reckoned with at synthesis, where a token has no value. */
export function known(shape: Shape): Shape {
  return (name, value) => {
    shape(name, value);
    const isToken = typeof value === 'number' ? Token.isUnresolved(value) : (value as Duration).isUnresolved();
    if (!isToken) return;
    throw new UnexpectedValue(
      `Expected \`${name}\` to be known at synthesis, got a token: give the value itself, such as one from the context.`,
    );
  };
}

/** A text of these, or a token. */
export function oneOf(values: readonly string[]): Shape {
  const expected = values.map((value) => `'${value}'`).join(' or ');
  return shapeOf(
    expected,
    (value) => typeof value === 'string' && (values.includes(value) || Token.isUnresolved(value)),
  );
}

/** A member of an enumeration, whose name is `of`; or a token, where it is one of numbers. */
export function memberOf(of: string, members: Readonly<Record<string, string | number>>): Shape {
  const known = Object.values(members).filter((value) => typeof value === 'number' || !/^\d+$/.test(value));
  const isNumeric = known.some((value) => typeof value === 'number');
  const [example = ''] = Object.keys(members).filter((key) => !/^\d+$/.test(key));
  return shapeOf(`one of ${of}, such as ${of}.${example}`, (value) => {
    if (typeof value === 'number') return isNumeric && (known.includes(value) || Token.isUnresolved(value));
    return typeof value === 'string' && !isNumeric && known.includes(value);
  });
}

/** Something that has these functions, and these texts, by which it is known: its class may be of another copy. */
export function having(expected: string, functions: readonly string[], texts: readonly string[] = []): Shape {
  return shapeOf(
    expected,
    (value) => has(value, ...functions) && texts.every((key) => typeof memberAt(value, key) === 'string'),
  );
}

function has(value: unknown, ...functions: readonly string[]): boolean {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && functions.every((key) => typeof memberAt(value, key) === 'function');
}

function memberAt(value: unknown, key: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** A list, each of whose entries has this shape. */
export function listOf(expected: string, shape: Shape): Shape {
  const isList = shapeOf(`a list of ${expected}`, Array.isArray);
  return (name, value) => {
    isList(name, value);
    for (const [index, entry] of (value as unknown[]).entries()) shape(`${name}[${index}]`, entry);
  };
}

/** An object with texts under names that are its own. */
export function textsByName(expected: string): Shape {
  const isPlain = shapeOf(expected, isRecord);
  return (name, value) => {
    isPlain(name, value);
    for (const [key, entry] of Object.entries(value as object)) text(`${name}.${key}`, entry);
  };
}

/** An object whose properties have these shapes. Of others it may have some, as anything may in the CDK. */
export function membersOf<T>(expected: string, shapes: Shapes<T>): Shape {
  const isObject = shapeOf(expected, isRecord);
  return (name, value) => {
    isObject(name, value);
    requireMembers(shapes, value as object, `${name}.`);
  };
}

/** An object that has these properties, and no other: a name that is misspelt would do nothing. */
export function onlyMembersOf<T>(expected: string, shapes: Shapes<T>): Shape {
  const members = membersOf(expected, shapes);
  return (name, value) => {
    members(name, value);
    const stray = Object.keys(value as object).find((key) => !Object.hasOwn(shapes, key));
    if (stray === undefined) return;
    const known = Object.keys(shapes).map((key) => `\`${key}\``);
    throw new UnexpectedValue(
      `Expected \`${name}\` to have only ${known.join(', ')}, got \`${stray}\`: correct its spelling or leave it out.`,
    );
  };
}

/** Refuses properties of an object by their shapes: the first that has another. */
export function requireMembers<T>(shapes: Shapes<T>, properties: object, prefix = ''): void {
  for (const [key, shape] of Object.entries<Shape>(shapes)) shape(`${prefix}${key}`, memberAt(properties, key));
}

/**
 * Refuses properties of a construct that are none, or of other types.
 *
 * @param construct name of its class
 * @throws UnexpectedValue where there is one: the first
 */
export function requireShapes<T>(construct: string, shapes: Shapes<T>, properties: unknown): void {
  if (!isRecord(properties)) {
    throw new UnexpectedValue(
      `Expected the third argument of new ${construct} to be its properties, an object, got ${shown(properties)}.`,
    );
  }
  requireMembers(shapes, properties as object);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
