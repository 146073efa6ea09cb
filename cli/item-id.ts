import type { ItemId } from '../functions/contract/payloads';

/** The id that a person writes: `42` is a number, and `"42"`, with its quotes, the text of two digits. */
export function itemIdOf(text: string): ItemId {
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  return quoted ?? text;
}
