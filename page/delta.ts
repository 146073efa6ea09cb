/**
 * What has changed of a JSON value: `[value]` where another stands now, `0` where nothing does, otherwise the changes of its
 * properties or elements by key. Of an array that has become shorter or longer, `length` is one of them.
 */
export type Delta = readonly [value: unknown] | 0 | { readonly [key: string]: Delta };

/**
 * How `after` differs from `before`; undefined where it does not. Both are JSON values; a property that is undefined counts
 * as absent. A fraction of what a JSON patch (RFC 6902) would be: it spells no path twice.
 */
export function deltaOf(before: unknown, after: unknown): Delta | undefined {
  if (before === after) return undefined;
  if (!isCompound(before) || !isCompound(after) || Array.isArray(before) !== Array.isArray(after)) return [after];
  const changes = new Map<string, Delta>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = changeOf(own(before, key), own(after, key));
    if (change !== undefined) changes.set(key, change);
  }
  if (Array.isArray(before) && before.length !== after.length) changes.set('length', [after.length]);
  return changes.size > 0 ? Object.fromEntries(changes) : undefined;
}

/**
 * What `deltaOf` was given as `after`, made of what it was given as `before`; what has not changed is the same object.
 *
 * @throws TypeError where `before` cannot be what the delta was made from
 */
export function withDelta(before: unknown, delta: Delta | undefined): unknown {
  if (delta === undefined) return before;
  if (delta === 0) return undefined;
  if (isValue(delta)) return delta[0];
  if (!isCompound(before)) throw new TypeError(`Expected an object or array that has changed, got ${typeof before}.`);
  const after: Record<string, unknown> = Array.isArray(before) ? ([...before] as never) : { ...before };
  const { length, ...others } = delta;
  // First: elements that are gone must not be made again as holes.
  if (Array.isArray(after) && length !== undefined) after.length = withDelta(before.length, length) as number;
  const changes = Array.isArray(after) ? others : delta;
  for (const [key, change] of Object.entries(changes)) {
    if (change === 0) delete after[key];
    // Not by assignment: a property may be called __proto__.
    else Object.defineProperty(after, key, { value: withDelta(own(before, key), change), ...PLAIN });
  }
  return after;
}

const PLAIN = { enumerable: true, configurable: true, writable: true };

/** A property may be called as every object's are: `constructor`. */
function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function changeOf(before: unknown, after: unknown): Delta | undefined {
  if (after === undefined) return before === undefined ? undefined : 0;
  return deltaOf(before, after);
}

function isValue(delta: Delta): delta is readonly [unknown] {
  return Array.isArray(delta);
}

function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
