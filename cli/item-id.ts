import type { ItemId } from '../functions/contract/payloads';

/**
 * The ids that a person may mean: `42` the number, or else the text of two digits; `"42"`, with its quotes, the text only.
 * What stands in quotes is read as JSON, as the command prints ids. `007` and a number that JavaScript has no room for are
 * text. The first is the likelier.
 */
export function itemIdsOf(written: string): readonly [ItemId, ...ItemId[]] {
  const text = quotedText(written);
  if (text !== undefined) return [text];
  const number = Number(written);
  return Number.isSafeInteger(number) && String(number) === written ? [number, written] : [written];
}

/** Undefined where it is no text in quotes as JSON has it. */
function quotedText(written: string): string | undefined {
  if (!/^".*"$/s.test(written)) return undefined;
  try {
    return String(JSON.parse(written));
  } catch {
    return undefined;
  }
}
