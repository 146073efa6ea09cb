import { createHash } from 'node:crypto';
import { errorName } from '../contract/aws-errors';
import type { ItemId } from '../contract/payloads';
import type { ItemFault, ItemRef, SourceItem } from '../contract/source';
import { keyOfText, keyText } from './table-cursor';
import { digitsOf, isKeyValue, type KeyValue, numberToSend, plainValue, wholeNumber } from './table-numbers';
import type { TableKey, TableRow } from './table-options';
import type { KeyTypes } from './table-schema';

/** Codes of rows that are not processed. */
const INVALID_ID = 'Row.InvalidId';
const UNREADABLE = 'Row.Unreadable';

/** Characters. */
const LONGEST_ID = 256;

/** Of a row that has no id that can be told: the beginning of its key, and what tells it from keys that begin alike. */
const KEPT_BEGINNING = 200;

/**
 * The item of a row as the client answered it. A row whose id cannot be told exactly, or that has a value which JavaScript
 * has no form for, is a fault: nothing is processed under another id, and the rows beside it are not held up.
 */
export function itemOfRow(answered: TableRow, key: TableKey): SourceItem {
  const { row, unreadable } = plainRow(answered);
  const { item, fault } = identify(answered, row, key);
  const why = fault ?? unreadable;
  return why === undefined ? { ...item, data: row } : { ...item, fault: why };
}

function plainRow(answered: TableRow): { readonly row: TableRow; readonly unreadable?: ItemFault } {
  const row: Record<string, unknown> = {};
  let unreadable: ItemFault | undefined;
  for (const [name, value] of Object.entries(answered)) {
    try {
      row[name] = plainValue(value);
    } catch {
      unreadable ??= {
        code: UNREADABLE,
        message: `Expected the attribute ${name} to be a number that JavaScript can hold, got a fraction beyond the safe integers: correct the row.`,
      };
    }
  }
  return { row, ...(unreadable && { unreadable }) };
}

interface Identity {
  readonly item: ItemRef;
  readonly fault?: ItemFault;
}

function identify(answered: TableRow, row: TableRow, key: TableKey): Identity {
  const values = valuesOf(answered, key);
  if (key.id !== undefined) return identifyBy(key.id, answered, row, key);
  const [partition, sort] = values;
  if (sort === undefined) return identifyByPartition(partition, answered, key);
  const id = idOfKey(values);
  if (id.length > LONGEST_ID) {
    return unidentified(answered, key, `an id of ${id.length} characters`, 'give `key.id`');
  }
  // The digits of a number may be more than JavaScript's reading of the id would give back.
  return { item: leadsBack(values) ? { id } : { id, place: placeOf(answered, key) } };
}

function identifyByPartition(value: KeyValue, answered: TableRow, key: TableKey): Identity {
  const digits = digitsOf(value);
  const id = digits === undefined ? (value as string) : wholeNumber(digits);
  if (id === undefined) return unidentified(answered, key, `the number ${digits}`, 'give `key.id`');
  return isItemId(id)
    ? { item: { id } }
    : unidentified(answered, key, `a key of ${String(id).length} characters`, 'give `key.id`');
}

function identifyBy(idOption: NonNullable<TableKey['id']>, answered: TableRow, row: TableRow, key: TableKey): Identity {
  let id: unknown;
  if (typeof idOption === 'function') {
    try {
      id = idOption(row);
    } catch (error) {
      return unidentified(answered, key, `the error ${errorName(error)}`, 'correct the function `key.id`');
    }
  } else {
    const value = answered[idOption];
    const digits = isKeyValue(value) ? digitsOf(value) : undefined;
    // A fraction that rounds to a whole number is not that number.
    id = digits === undefined ? value : wholeNumber(digits);
    if (id === undefined && digits !== undefined) {
      return unidentified(answered, key, `the number ${digits}`, 'correct the row, or name another attribute');
    }
  }
  if (isItemId(id)) return { item: { id, place: placeOf(answered, key) } };
  const got = typeof id === 'string' ? `${id.length} characters` : id === undefined ? 'none' : `a ${typeof id}`;
  return unidentified(answered, key, got, 'correct the row, or `key.id`');
}

function unidentified(answered: TableRow, key: TableKey, got: string, act: string): Identity {
  const values = valuesOf(answered, key);
  const [only] = values;
  const text = values.length === 1 ? (digitsOf(only) ?? (only as string)) : idOfKey(values);
  const message = `Expected the id of a row to be a whole number that JavaScript can hold or a text of 1 to ${LONGEST_ID} characters, got ${got}: ${act}.`;
  return { item: { id: nameOf(text), place: placeOf(answered, key) }, fault: { code: INVALID_ID, message } };
}

/** Under which a row without id is listed: its key, shortened where it must be. */
function nameOf(text: string): string {
  if (text.length <= LONGEST_ID) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  // Not in the middle of a surrogate pair: no JSON survives that.
  return `${text.slice(0, KEPT_BEGINNING).replace(/[\ud800-\udbff]$/, '')}… ${digest}`;
}

type KeyValues = readonly [KeyValue, KeyValue?];

function valuesOf(row: TableRow, { partition, sort }: TableKey): KeyValues {
  const [first, second] = [partition, ...(sort === undefined ? [] : [sort])].map((name) => row[name] as KeyValue);
  return second === undefined ? [first as KeyValue] : [first as KeyValue, second];
}

/** `["user-1",7]`: unique among the rows of the table, since each number stands there with all of its digits. */
function idOfKey(values: KeyValues): string {
  return `[${values.map((value) => digitsOf(value as KeyValue) ?? JSON.stringify(value)).join(',')}]`;
}

function leadsBack(values: KeyValues): boolean {
  return values.every((value) => {
    const digits = digitsOf(value as KeyValue);
    return digits === undefined || typeof numberToSend(digits) === 'number';
  });
}

function placeOf(row: TableRow, { partition, sort }: TableKey): string {
  const names = sort === undefined ? [partition] : [partition, sort];
  return keyText(Object.fromEntries(names.map((name) => [name, row[name]])));
}

function isItemId(id: unknown): id is ItemId {
  return typeof id === 'string' ? id.length >= 1 && id.length <= LONGEST_ID : Number.isSafeInteger(id);
}

/** The key of an item that is to be read again, or why there is none. */
export type FoundKey = { readonly key: Record<string, KeyValue> } | { readonly fault: ItemFault };

/** The key that an item leads to: by its place, or by its id as it is. */
export function keyOfItem({ id, place }: ItemRef, key: TableKey, types: KeyTypes): FoundKey {
  if (place !== undefined) return { key: keyOfText(String(place)) };
  if (key.id !== undefined) {
    return invalid('the place of the row beside its id, as its source gives it, got the id alone: list no ids');
  }
  if (key.sort === undefined) return fitting([id], key, types);
  const parts = typeof id === 'string' ? parsed(id) : undefined;
  return fitting(Array.isArray(parts) ? parts : [], key, types);
}

function fitting(values: readonly unknown[], { partition, sort }: TableKey, types: KeyTypes): FoundKey {
  const names = sort === undefined ? [partition] : [partition, sort];
  const fits = names.every((name, index) => {
    const value = values[index];
    return types[name] === 'S' ? typeof value === 'string' && value !== '' : isKeyNumber(value);
  });
  if (fits && values.length === names.length) {
    return { key: Object.fromEntries(names.map((name, index) => [name, values[index] as KeyValue])) };
  }
  const wanted = names.map((name) => `${types[name] === 'S' ? 'a text' : 'a number'} for ${name}`).join(' and ');
  return invalid(
    `${wanted}${sort === undefined ? '' : ', as a JSON list,'} as the id of a row, got another: correct the id`,
  );
}

/** Small fractions are left out: JavaScript writes 1e-7 where DynamoDB writes 0.0000001. */
function isKeyNumber(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !String(value).includes('e');
}

function invalid(rest: string): FoundKey {
  return { fault: { code: INVALID_ID, message: `Expected ${rest}.` } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
