import { describePath } from './condition-parser';
import { validation } from './dynamodb-errors';
import type { Path } from './expression-syntax';
import { type Item, isMap, type Value } from './values';

export type Names = Readonly<Record<string, string>>;

/** What a path names in an item, or undefined. */
export function valueAt(item: Item, path: Path, names: Names): Value | undefined {
  let value: Value | undefined = item;
  for (const step of path) {
    if (typeof step === 'number') {
      value = Array.isArray(value) ? (value as readonly Value[])[step] : undefined;
    } else {
      // A resolved name may begin with the sign, too.
      const name: string = step.startsWith('#') ? (names[step] ?? step) : step;
      value = isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    if (value === undefined) return undefined;
  }
  return value;
}

export function resolvePath(path: Path, names: Names): Path {
  return path.map((step) => (typeof step === 'string' && step.startsWith('#') ? names[step]! : step));
}

/** Refuses resolved paths of which one contains the other, or which take the same place for a list and for a map. */
export function checkOverlaps(expression: string, paths: readonly Path[]): void {
  // Mostly a dozen attributes, each once: that need not be asked pair by pair.
  if (paths.every(({ length }) => length === 1) && new Set(paths.flat()).size === paths.length) return;
  paths.forEach((path, index) => {
    for (const earlier of paths.slice(0, index)) {
      const problem = clash(earlier, path);
      if (problem === undefined) continue;
      throw validation(
        `Invalid ${expression}: Two document paths ${problem} with each other; must remove or rewrite one of these paths; path one: ${describePath(earlier)}, path two: ${describePath(path)}`,
      );
    }
  });
}

function clash(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (typeof a[index] !== typeof b[index]) return 'conflict';
    if (a[index] !== b[index]) return undefined;
  }
  return 'overlap';
}

/** A tree of what to keep: `true` keeps the whole value. */
type Selection = true | Map<string | number, Selection>;

/**
 * The parts of an item that resolved paths name, or all of it. Lists close up: of `[a, b, c]`, `list[0], list[2]` is
 * `[a, c]`.
 */
export function project(item: Item, paths: readonly Path[] | undefined): Item {
  if (paths === undefined) return item;
  const selection: Selection = new Map();
  for (const path of paths) {
    let at: Map<string | number, Selection> = selection;
    path.forEach((step, index) => {
      if (index === path.length - 1) {
        at.set(step, true);
        return;
      }
      let below = at.get(step);
      if (below === undefined || below === true) {
        below = new Map();
        at.set(step, below);
      }
      at = below;
    });
  }
  return (select(item, selection) ?? {}) as Item;
}

function select(value: Value, selection: Selection): Value | undefined {
  if (selection === true) return value;
  if (Array.isArray(value)) {
    const indexes = [...selection.keys()].filter((step) => typeof step === 'number').sort((a, b) => a - b);
    const kept = indexes.flatMap((index) => {
      const element = (value as readonly Value[])[index];
      const part = element === undefined ? undefined : select(element, selection.get(index)!);
      return part === undefined ? [] : [part];
    });
    return kept.length > 0 ? kept : undefined;
  }
  if (!isMap(value)) return undefined;
  const kept: Record<string, Value> = {};
  for (const [step, below] of selection) {
    if (typeof step === 'number' || !Object.hasOwn(value, step)) continue;
    const part = select(value[step]!, below);
    if (part !== undefined) kept[step] = part;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
