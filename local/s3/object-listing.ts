import type { ObjectRecord } from './object-file';
import { invalidArgument } from './s3-errors';

/** What ListObjectsV2 is asked, with the parameters' names of the API. */
export interface ListingRequest {
  readonly Prefix: string;
  /** Empty: keys are not grouped. */
  readonly Delimiter: string;
  readonly MaxKeys: number;
  readonly StartAfter?: string;
  readonly ContinuationToken?: string;
}

export interface Listing {
  readonly contents: readonly ObjectRecord[];
  readonly commonPrefixes: readonly string[];
  /** Present where there is more. */
  readonly nextContinuationToken?: string;
}

/** Keys after this text are left, and where it is a common prefix, those that do not begin with it. */
interface Position {
  readonly after: string;
  readonly isCommonPrefix: boolean;
}

/**
 * One page of a bucket: keys that begin with the prefix, one by one, or, from the delimiter on, rolled up into a common
 * prefix that counts as one of `MaxKeys`.
 *
 * @param objects in S3's order
 * @throws S3Error `InvalidArgument` where no page gave out the token
 */
export function listObjects(objects: readonly ObjectRecord[], request: ListingRequest): Listing {
  const { Prefix, Delimiter, MaxKeys, ContinuationToken, StartAfter } = request;
  const from = ContinuationToken === undefined ? startingAfter(StartAfter) : positionOf(ContinuationToken);
  const contents: ObjectRecord[] = [];
  const commonPrefixes: string[] = [];
  let position = from;
  for (const record of objects.slice(firstAfter(objects, from))) {
    const { key } = record;
    if (!key.startsWith(Prefix) || (position?.isCommonPrefix && key.startsWith(position.after))) continue;
    if (contents.length + commonPrefixes.length === MaxKeys) {
      // Of no keys at all, nothing is left out: a page of none would be followed by itself for ever.
      return { contents, commonPrefixes, ...(position && MaxKeys > 0 && { nextContinuationToken: tokenOf(position) }) };
    }
    const cut = Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length);
    if (cut < 0) {
      contents.push(record);
      position = { after: key, isCommonPrefix: false };
    } else {
      const after = key.slice(0, cut + Delimiter.length);
      commonPrefixes.push(after);
      position = { after, isCommonPrefix: true };
    }
  }
  return { contents, commonPrefixes };
}

function startingAfter(key: string | undefined): Position | undefined {
  return key === undefined || key === '' ? undefined : { after: key, isCommonPrefix: false };
}

/** Index of the first object whose key comes after the position. */
function firstAfter(objects: readonly ObjectRecord[], position: Position | undefined): number {
  if (position === undefined) return 0;
  const after = Buffer.from(position.after);
  let [low, high] = [0, objects.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(Buffer.from(objects[middle]!.key), after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `p` or `k`, for a common prefix or a key, and the text itself; base64, because a token has no meaning to others. */
function tokenOf({ after, isCommonPrefix }: Position): string {
  return Buffer.from(`${isCommonPrefix ? 'p' : 'k'}${after}`).toString('base64url');
}

function positionOf(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const position = { after: text.slice(1), isCommonPrefix: text.startsWith('p') };
  if (/^[kp]./s.test(text) && tokenOf(position) === token) return position;
  throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
}
