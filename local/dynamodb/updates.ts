import { notImplemented } from '../aws-service';
import type { Placeholders } from './conditions';
import { validation } from './dynamodb-errors';
import type { NewValue, Path, UpdateAction } from './expression-syntax';
import { negated } from './numbers';
import { checkOverlaps, resolvePath, valueAt } from './paths';
import {
  AttributeSet,
  type Codec,
  equal,
  type Item,
  isMap,
  isNumber,
  typeOf,
  type Value,
  type ValueType,
} from './values';

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

/**
 * Refuses, before the item is read, what can never be right. Returns the resolved paths, in the order of the actions.
 *
 * @throws ServiceError `ValidationException` where it cannot be right
 */
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

/**
 * Refuses by name what is not implemented here.
 *
 * @throws ServiceError where there is such a value
 */
export function checkImplemented(actions: readonly UpdateAction[]): void {
  for (const action of actions) {
    if (action.kind !== 'ADD' || action.path.length === 1) continue;
    throw notImplemented('DynamoDB', 'ADD to a nested attribute');
  }
}

interface Update {
  readonly actions: readonly UpdateAction[];
  /** From `checkUpdate`. */
  readonly paths: readonly Path[];
  readonly placeholders: Placeholders;
}

/** The item after the update. Every value is read from the item before it. */
export function applyUpdate(before: Item, { actions, paths, placeholders }: Update, sum: Codec['sum']): Item {
  const changes: { readonly path: Path; readonly value: Value }[] = [];
  const removals: Path[] = [];
  actions.forEach((action, index) => {
    const path = paths[index]!;
    if (action.kind === 'REMOVE') removals.push(path);
    else if (action.kind === 'SET') changes.push({ path, value: evaluate(before, action.value, placeholders, sum) });
    else {
      const operand = placeholders.values[action.value]!;
      const existing = valueAt(before, path, {});
      const value = action.kind === 'ADD' ? added(existing, operand, sum) : withoutMembers(existing, operand);
      if (value !== undefined) changes.push({ path, value });
      else if (existing !== undefined) removals.push(path);
    }
  });
  // Elements set past a list's end are appended in the order of their indexes; elements are removed from the highest
  // index down, so that every index means the list as it was.
  changes.sort((a, b) => orderByIndexes(a.path, b.path));
  removals.sort((a, b) => orderByIndexes(b, a));
  const copies = new Copies();
  let after: Value = before;
  for (const { path, value } of changes) after = withValue(after, path, 0, value, copies);
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

function evaluate(item: Item, value: NewValue, placeholders: Placeholders, sum: Codec['sum']): Value {
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
      return found === undefined ? evaluate(item, value.otherwise, placeholders, sum) : found;
    }
    case 'list_append': {
      const left = evaluate(item, value.left, placeholders, sum);
      const right = evaluate(item, value.right, placeholders, sum);
      if (!Array.isArray(left) || !Array.isArray(right)) throw validation(WRONG_TYPE);
      return [...left, ...right];
    }
    case '+':
    case '-': {
      const left = evaluate(item, value.left, placeholders, sum);
      const right = evaluate(item, value.right, placeholders, sum);
      if (!isNumber(left) || !isNumber(right)) throw validation(WRONG_TYPE);
      return sum(left, value.kind === '+' ? right : negated(right));
    }
  }
}

function added(existing: Value | undefined, operand: Value, sum: Codec['sum']): Value {
  if (existing === undefined) return operand;
  if (isNumber(existing) && isNumber(operand)) return sum(existing, operand);
  const [{ type, members }, { members: more }] = twoSets(existing, operand);
  return new AttributeSet(type, [...members, ...more.filter((member) => !isMember(members, member))]);
}

/** What remains of the set, or undefined if that is nothing. */
function withoutMembers(existing: Value | undefined, operand: Value): Value | undefined {
  if (existing === undefined) return undefined;
  const [{ type, members }, { members: removed }] = twoSets(existing, operand);
  const rest = members.filter((member) => !isMember(removed, member));
  return rest.length === 0 ? undefined : new AttributeSet(type, rest);
}

/** @throws ServiceError where they are not both sets of one type */
function twoSets(existing: Value, operand: Value): readonly [AttributeSet, AttributeSet] {
  if (existing instanceof AttributeSet && operand instanceof AttributeSet && existing.type === operand.type) {
    return [existing, operand];
  }
  throw validation(WRONG_TYPE);
}

function isMember(members: readonly Value[], value: Value): boolean {
  return members.some((member) => equal(member, value));
}

/** The lists and maps that one update has copied: nobody else has them yet, so that each is copied once. */
class Copies {
  readonly #made = new Set<object>();

  list(list: readonly Value[]): Value[] {
    return this.#copy(list, () => [...list]) as Value[];
  }

  map(map: Item): Record<string, Value> {
    return this.#copy(map, () => ({ ...map })) as Record<string, Value>;
  }

  #copy(container: object, make: () => object): object {
    if (this.#made.has(container)) return container;
    const copy = make();
    this.#made.add(copy);
    return copy;
  }
}

/** `container`, or a copy, with `value` at the path's steps from `at` on; what the path does not touch is shared. */
function withValue(container: Value | undefined, path: Path, at: number, value: Value, copies: Copies): Value {
  const step = path[at]!;
  const last = at === path.length - 1;
  if (typeof step === 'number') {
    if (!Array.isArray(container)) throw validation(INVALID_PATH);
    const list = copies.list(container as readonly Value[]);
    const placed = last ? value : withValue(list[step], path, at + 1, value, copies);
    if (step < list.length) list[step] = placed;
    else list.push(placed);
    return list;
  }
  if (!isMap(container)) throw validation(INVALID_PATH);
  const map = copies.map(container);
  const existing = Object.hasOwn(map, step) ? map[step] : undefined;
  map[step] = last ? value : withValue(existing, path, at + 1, value, copies);
  return map;
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
