import { createHash } from 'node:crypto';
import type { MailTrace } from '../contract/email';
import type { ItemId } from '../contract/payloads';

/** What a mail is tagged with at its provider. */
export interface MailTag {
  readonly Name: string;
  readonly Value: string;
}

/** Of which item a mail was, as its tags tell. */
export interface TracedMail extends Omit<MailTrace, 'id'> {
  /** Undefined where the id was too long for a tag. */
  readonly id?: ItemId;
  /** The tag of the item: stands for the id where that is not known. */
  readonly itemTag: string;
}

/** Characters of a tag's value, which are letters, digits, `_` and `-` (SES API reference, MessageTag). */
const LONGEST_VALUE = 256;
/** No JSON text is encoded to something that begins so. */
const HASHED = 'sha256-';
const PLACE = /^(\d{1,9})-(\d{1,15})-(\d{1,9})$/;

/** The tags that lead from what a provider says of a mail back to its item. */
export function tagsOf({ runId, id, chainId, chunk, index }: MailTrace): readonly MailTag[] {
  return [
    runTag(runId),
    { Name: 'item', Value: itemTag(id) },
    { Name: 'place', Value: `${chainId}-${chunk}-${index}` },
  ];
}

/** The tag of every mail of a run. */
export function runTag(runId: string): MailTag {
  return { Name: 'run', Value: Buffer.from(runId).toString('base64url') };
}

/** As tags have it: 7 and "7" are two items. */
export function itemTag(id: ItemId): string {
  const json = JSON.stringify(id);
  const plain = Buffer.from(json).toString('base64url');
  return plain.length <= LONGEST_VALUE ? plain : HASHED + createHash('sha256').update(json).digest('base64url');
}

/**
 * Of which item a mail with these tags was; undefined where they are not ours.
 *
 * @param tags by name, each with its values, as SES's events have them
 */
export function traceOf(tags: Readonly<Record<string, unknown>>): TracedMail | undefined {
  const [run, item, place] = ['run', 'item', 'place'].map((name) => onlyValue(tags[name]));
  const found = PLACE.exec(place ?? '');
  if (run === undefined || item === undefined || !found) return undefined;
  const id = idOf(item);
  return {
    runId: Buffer.from(run, 'base64url').toString(),
    chainId: Number(found[1]),
    chunk: Number(found[2]),
    index: Number(found[3]),
    itemTag: item,
    ...(id !== undefined && { id }),
  };
}

function onlyValue(values: unknown): string | undefined {
  const value: unknown = Array.isArray(values) && values.length === 1 ? values[0] : values;
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE ? value : undefined;
}

function idOf(tag: string): ItemId | undefined {
  if (tag.startsWith(HASHED)) return undefined;
  try {
    const id: unknown = JSON.parse(Buffer.from(tag, 'base64url').toString());
    return typeof id === 'string' || Number.isSafeInteger(id) ? (id as ItemId) : undefined;
  } catch {
    return undefined;
  }
}
