import { invalidRange, notServed } from './s3-errors';

/** Bytes of an object, counted from 0; both ends are included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The bytes that a `Range` header asks for: `bytes=a-b`, `bytes=a-`, or the last n with `bytes=-n`. Undefined for the
 * whole object, which S3 sends for a header that is malformed (RFC 9110, 14.2, has it ignored), and for the last bytes of
 * an empty object (apache/arrow-rs-object-store#846).
 *
 * @throws S3Error `InvalidRange` where none of these bytes is there, `NotImplemented` for several ranges
 */
export function byteRange(header: string, size: number): ByteRange | undefined {
  if (/^\s*bytes\s*=.*,/i.test(header)) throw notServed('several ranges in one request');
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (from === '') return to === '' ? undefined : suffix(Number(to), size, header);
  const [first, last] = [Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to)];
  if (last < first) return undefined;
  if (first >= size) throw invalidRange(header, size);
  return { first, last: Math.min(last, size - 1) };
}

function suffix(length: number, size: number, header: string): ByteRange | undefined {
  if (length === 0) throw invalidRange(header, size);
  return size === 0 ? undefined : { first: Math.max(0, size - length), last: size - 1 };
}
