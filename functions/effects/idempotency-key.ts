import { createHash } from 'node:crypto';
import type { ItemId } from '../contract/payloads';

/** The longest key that common APIs take. */
const LONGEST_KEY = 255;
/** What a header may carry as it is. */
const PRINTABLE = /^[\x20-\x7e]+$/;
/** A text that would be taken for the number, or for a text in quotes, with the same characters. */
const LOOKS_ELSE = /^"|^-?\d+$/;

/** The effect that a key stands for. */
export interface KeyedEffect {
  /** The run that the item comes from in the end: over leftovers, the one that left them. */
  readonly rootRun: string;
  readonly id: ItemId;
  readonly provider: string;
  /** Which of the item's calls of this provider it is, from 1. */
  readonly call: number;
}

/**
 * The idempotency key of an effect: `<root run>/<item>/<provider>`, and `#2` for the second call. No two effects have the
 * same: neither a run's nor a provider's name has a slash. The item 7 is not the item "7", which keeps its quotes. A key
 * that is too long, or that a header cannot carry, is its SHA-256 instead, in base64url.
 */
export function idempotencyKeyOf({ rootRun, id, provider, call }: KeyedEffect): string {
  const item = typeof id === 'string' && LOOKS_ELSE.test(id) ? JSON.stringify(id) : id;
  const key = `${rootRun}/${item}/${provider}${call > 1 ? `#${call}` : ''}`;
  if (key.length <= LONGEST_KEY && PRINTABLE.test(key)) return key;
  return createHash('sha256').update(key).digest('base64url');
}
