import { notImplemented } from '../aws-service';
import type { Placeholders } from './conditions';
import { validation } from './dynamodb-errors';
import type { NewValue, Path, UpdateAction } from './expression-syntax';
import { addNumbers } from './numbers';
import { checkOverlaps, resolvePath, valueAt } from './paths';
import { type Item, isMap, typeOf, type Value, type ValueType } from './values';

const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';
const MISSING_ATTRIBUTE = 'The provided expression refers to an attribute that does not exist in the item';
const INVALID_PATH = 'The document path provided in the update expression is invalid for update';

/** DynamoDB spells types in full in its messages about ADD. */
const LONG_TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
};

const SETS: ReadonlySet<ValueType> = new Set(['SS', 'NS', 'BS']);

/** Refuses, before the item is read, what can never be right. Returns the resolved paths, in the order of the actions. */
export function checkUpdate(actions: readonly UpdateAction[], placeholders: Placeholders): readonly Path[] {
  const paths = actions.map((action) => resolvePath(action.path, placeholders.names));
  checkOverlaps('UpdateExpression', paths);
  for (const action of actions) {
    if (action.kind === 'SET') checkLiterals(action.value, placeholders);
    if (action.kind !== 'ADD' && action.kind !== 'DELETE') continue;
    const type = typeOf(placeholders.values[action.value]!);
    if (SETS.has(type) || (type === 'N' && action.kind === 'ADD')) continue;
    throw validation(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${action.kind}, operand type: ${LONG_TYPE_NAMES[type]}`,
    );
  }
  return paths;
}

function checkLiterals(value: NewValue, placeholders: Placeholders): void {
  switch (value.kind) {
    case 'if_not_exists':
      checkLiterals(value.otherwise, placeholders);
      return;
    case '+':
    case '-':
    case 'list_append':
      for (const operand of [value.left, value.right]) {
        checkLiterals(operand, placeholders);
        if (operand.kind !== 'value') continue;
        const type = typeOf(placeholders.values[operand.name]!);
        if (type === (value.kind === 'list_append' ? 'L' : 'N')) continue;
        throw validation(
          `Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ${value.kind}, operand type: ${type}`,
        );
      }
  }
}

/** Refuses by name what the in-memory store does not do. */
export function checkImplemented(actions: readonly UpdateAction[]): void {
  for (const action of actions) {
    if (action.kind !== 'ADD' || action.path.length === 1) continue;
    throw notImplemented('DynamoDB (in memory)', 'ADD to a nested attribute');
  }
}

/** The item after the update. Every value is read from the item before it; `paths` come from `checkUpdate`. */
export function applyUpdate(
  before: Item,
  actions: readonly UpdateAction[],
  paths: readonly Path[],
  placeholders: Placeholders,
): Item {
  const changes: { readonly path: Path; readonly value: Value }[] = [];
  const removals: Path[] = [];
  actions.forEach((action, index) => {
    const path = paths[index]!;
    if (action.kind === 'REMOVE') removals.push(path);
    else if (action.kind === 'SET') changes.push({ path, value: evaluate(before, action.value, placeholders) });
    else changes.push({ path, value: added(before, path, placeholders.values[action.value]!) });
  });
  // Elements set past a list's end are appended in the order of their indexes; elements are removed from the highest
  // index down, so that every index means the list as it was.
  changes.sort((a, b) => orderByIndexes(a.path, b.path));
  removals.sort((a, b) => orderByIndexes(b, a));
  let after: Value = before;
  for (const { path, value } of changes) after = withValue(after, path, 0, value);
  for (const path of removals) after = without(after, path, 0);
  return after as Item;
}

function orderByIndexes(a: Path, b: Path): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a[index]!, b[index]!];
    if (left === right) continue;
    return typeof left === 'number' && typeof right === 'number' ? left - right : 0;
  }
  return 0;
}

function evaluate(item: Item, value: NewValue, placeholders: Placeholders): Value {
  switch (value.kind) {
    case 'value':
      return placeholders.values[value.name]!;
    case 'path': {
      const found = valueAt(item, value.path, placeholders.names);
      if (found === undefined) throw validation(MISSING_ATTRIBUTE);
      return found;
    }
    case 'if_not_exists': {
      const found = valueAt(item, value.path, placeholders.names);
      return found === undefined ? evaluate(item, value.otherwise, placeholders) : found;
    }
    case 'list_append': {
      const left = evaluate(item, value.left, placeholders);
      const right = evaluate(item, value.right, placeholders);
      if (!Array.isArray(left) || !Array.isArray(right)) throw validation(WRONG_TYPE);
      return [...left, ...right];
    }
    case '+':
    case '-': {
      const left = evaluate(item, value.left, placeholders);
      const right = evaluate(item, value.right, placeholders);
      if (typeof left !== 'number' || typeof right !== 'number') throw validation(WRONG_TYPE);
      return addNumbers(left, value.kind === '+' ? right : -right);
    }
  }
}

function added(item: Item, path: Path, amount: Value): Value {
  const existing = valueAt(item, path, {});
  if (existing === undefined) return amount;
  if (typeof existing !== 'number') throw validation(WRONG_TYPE);
  return addNumbers(existing, amount as number);
}

/** A copy of `container` with `value` at the path's steps from `at` on; what the path does not touch is shared. */
function withValue(container: Value | undefined, path: Path, at: number, value: Value): Value {
  const step = path[at]!;
  const last = at === path.length - 1;
  if (typeof step === 'number') {
    if (!Array.isArray(container)) throw validation(INVALID_PATH);
    const list = [...(container as readonly Value[])];
    const placed = last ? value : withValue(list[step], path, at + 1, value);
    if (step < list.length) list[step] = placed;
    else list.push(placed);
    return list;
  }
  if (!isMap(container)) throw validation(INVALID_PATH);
  const existing = Object.hasOwn(container, step) ? container[step] : undefined;
  return { ...container, [step]: last ? value : withValue(existing, path, at + 1, value) };
}

function without(container: Value | undefined, path: Path, at: number): Value {
  const step = path[at]!;
  const last = at === path.length - 1;
  if (typeof step === 'number') {
    if (!Array.isArray(container)) throw validation(INVALID_PATH);
    const list = container as readonly Value[];
    if (last) return list.filter((_, index) => index !== step);
    return list.with(step, without(list[step], path, at + 1));
  }
  if (!isMap(container)) throw validation(INVALID_PATH);
  if (last) {
    const { [step]: _removed, ...rest } = container;
    return rest;
  }
  const existing = Object.hasOwn(container, step) ? container[step] : undefined;
  return { ...container, [step]: without(existing, path, at + 1) };
}
