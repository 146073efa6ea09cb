import { escapeHtml } from './html';

/**
 * The helpers that compiled templates call for whatever they print, list or ask for; authors cannot name them. Each is given
 * the value, the variable's path (`weeks[1].title`: of whatever stands in the first, the outermost list that is gone through), and its place, `html.hbs:12`.
 */
export const HELPERS = { $html, $url, $text, $list, $object, $known, $scope };

/** A variable that a template cannot do with. */
export class VariableFault extends Error {
  constructor(
    readonly kind: 'missing' | 'invalid',
    /** What was expected, of which variable, and what came; nothing of its value. */
    message: string,
  ) {
    super(message);
  }
}

/** What Handlebars hands to a helper last. */
interface Options {
  readonly hash: Readonly<Record<string, unknown>>;
  readonly data?: Frame;
}

/** A frame for each list that is being gone through, the innermost first. */
interface Frame {
  readonly key?: unknown;
  readonly _parent?: Frame;
}

function $html(value: unknown, path: string, place: string, options: Options): string {
  return escapeHtml($text(value, path, place, options));
}

/** A link that a script could hide in is none that a mail needs. */
const LINK = /^(?:https?|mailto|tel|sms|cid):/i;

/** The whole of an address, or its beginning, in `href` or `src`. */
function $url(value: unknown, path: string, place: string, options: Options): string {
  const text = $text(value, path, place, options);
  if (LINK.test(text)) return escapeHtml(text);
  throw fault('a link that begins with https:, http:, mailto:, tel:, sms: or cid:', value, path, place, options);
}

function $text(value: unknown, path: string, place: string, options: Options): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  throw fault('text or a number', value, path, place, options);
}

function $list(value: unknown, path: string, place: string, options: Options): unknown {
  if (Array.isArray(value)) return value;
  throw fault('a list', value, path, place, options);
}

function $object(value: unknown, path: string, place: string, options: Options): unknown {
  if (isObject(value)) return value;
  throw fault('an object', value, path, place, options);
}

/** Of `null` it is known that there is none: only what is left out is missing where a template just asks for it. */
function $known(value: unknown, path: string, place: string, options: Options): unknown {
  if (value !== undefined) return value;
  throw fault('a value, or null for none,', value, path, place, options);
}

/** What a partial, or a word, sees that was given something: that beside what stands around it. */
function $scope(context: unknown, { hash }: Options): object {
  return isObject(context) ? { ...context, ...hash } : { ...hash };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(expected: string, value: unknown, path: string, place: string, { data }: Options): VariableFault {
  const isMissing = value === undefined || value === null;
  const variable = `\`${withIndices(path, data)}\``;
  return new VariableFault(
    isMissing ? 'missing' : 'invalid',
    `Expected ${expected} as ${variable} for ${place}, got ${kindOf(value)}`,
  );
}

/** `weeks[1].title` with the index for the number of the list, the outermost being 1: `weeks[7].title`. */
function withIndices(path: string, innermost: Frame | undefined): string {
  const keys: unknown[] = [];
  for (let frame = innermost; frame?.key !== undefined; frame = frame._parent) keys.unshift(frame.key);
  return path.replace(/\[(\d+)\]/g, (_, list: string) => `[${String(keys[Number(list) - 1])}]`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `other text of ${value.length} characters`;
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
