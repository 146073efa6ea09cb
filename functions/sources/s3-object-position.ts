import type { Cursor } from '../contract/source';

/** A position in an object: a byte, and the line that begins or goes on there. */
export interface Position {
  /** Bytes from the object's start; of a compressed object, of what it decompresses to. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

/** Where one record is, its line break included. */
export interface RecordPlace extends Position {
  /** Bytes. */
  readonly length: number;
}

const CURSOR = /^(\d+):(\d+)$/;
const PLACE = /^(\d+):(\d+):(\d+)$/;

export function cursorOf({ offset, line }: Position): string {
  return `${offset}:${line}`;
}

/** @throws TypeError where that is no cursor of an object */
export function positionOf(cursor: Cursor): Position {
  const [, offset, line] = CURSOR.exec(String(cursor)) ?? [];
  if (offset === undefined || line === undefined) {
    throw new TypeError(`Expected a cursor like "4096:17", a byte and its line, got ${JSON.stringify(cursor)}.`);
  }
  return { offset: Number(offset), line: Number(line) };
}

export function placeOf({ offset, line, length }: RecordPlace): string {
  return `${offset}:${line}:${length}`;
}

/** @throws TypeError where that is no place of a record */
export function recordPlaceOf(place: Cursor): RecordPlace {
  const [, offset, line, length] = PLACE.exec(String(place)) ?? [];
  if (offset === undefined || line === undefined || length === undefined) {
    throw new TypeError(
      `Expected a place like "4096:17:120", a byte, its line and a length, got ${JSON.stringify(place)}.`,
    );
  }
  return { offset: Number(offset), line: Number(line), length: Number(length) };
}
