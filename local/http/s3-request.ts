import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { headerNotServed, notServed, S3Error } from '../s3/s3-errors';

/** Operations that are understood here, by method and by whether the path names a bucket or an object in it. */
const OPERATIONS = {
  'PUT bucket': 'CreateBucket',
  'GET bucket': 'ListObjectsV2',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
} as const;
export type S3Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS];

/** The most likely ones of the others, so that a refusal has their names. */
const OTHER_OPERATIONS: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'HEAD bucket': 'HeadBucket',
  'DELETE bucket': 'DeleteBucket',
  'POST bucket': 'DeleteObjects',
  'DELETE object': 'DeleteObject',
  'POST object': 'CreateMultipartUpload',
};

interface Known {
  readonly query: readonly string[];
  /** Of the headers that change what a request means: those that begin with `x-amz-` or `if-`, and a few others. */
  readonly headers: readonly string[];
}

const CHECKSUM_HEADERS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((name) => `x-amz-checksum-${name}`);
const KNOWN: Readonly<Record<S3Operation, Known>> = {
  CreateBucket: { query: [], headers: [] },
  ListObjectsV2: {
    query: [
      'list-type',
      'prefix',
      'delimiter',
      'max-keys',
      'continuation-token',
      'start-after',
      'encoding-type',
      'fetch-owner',
    ],
    headers: [],
  },
  PutObject: {
    query: [],
    headers: [...CHECKSUM_HEADERS, 'x-amz-decoded-content-length', 'x-amz-sdk-checksum-algorithm', 'x-amz-trailer'],
  },
  GetObject: { query: [], headers: ['if-match', 'range', 'x-amz-checksum-mode'] },
  HeadObject: { query: [], headers: ['if-match', 'range', 'x-amz-checksum-mode'] },
};
/** Signature and identity, which nobody checks here, and what clients say of themselves. */
const ALWAYS_KNOWN = ['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-user-agent'];
const CHANGES_MEANING = /^(x-amz-|if-)|^(range|content-range)$/;
const USER_METADATA = /^x-amz-meta-./;

/** A request to S3 says so where it is signed: by its credential's scope, in a header or, presigned, in the address. */
export function isForS3({ headers, url = '' }: IncomingMessage): boolean {
  const scope = /\/s3\/aws4_request\b/;
  return scope.test(headers.authorization ?? '') || /[?&]X-Amz-Credential=[^&]*%2Fs3%2Faws4_request\b/i.test(url);
}

export interface S3Request {
  readonly operation: S3Operation;
  readonly bucket: string;
  /** Empty where the request is about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/**
 * What a request asks for, path-style: `/bucket/key`.
 *
 * @throws S3Error `NotImplemented` where an operation, a parameter or a header is not understood here
 */
export function readS3Request({ method = '', url = '/', headers }: IncomingMessage): S3Request {
  const { bucket, key, query } = addressOf(url);
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const route = `${method} ${level}`;
  const operation = Object.hasOwn(OPERATIONS, route) ? OPERATIONS[route as keyof typeof OPERATIONS] : undefined;
  // The JavaScript SDK says the operation's name where several have the same method and path.
  const named = query.get('x-id');
  if (operation === undefined || (named !== null && named !== operation)) {
    throw notServed(named ?? OTHER_OPERATIONS[route] ?? `${method} of the ${level}`);
  }
  const known = KNOWN[operation];
  for (const name of query.keys()) {
    if (name !== 'x-id' && !known.query.includes(name)) throw notServed(`the query parameter ${name} of ${operation}`);
  }
  if (operation === 'ListObjectsV2' && query.get('list-type') !== '2') throw notServed('ListObjects');
  for (const [name, value] of Object.entries(headers)) {
    const isKnown = [...known.headers, ...ALWAYS_KNOWN].includes(name);
    const isMetadata = operation === 'PutObject' && USER_METADATA.test(name);
    if (CHANGES_MEANING.test(name) && !isKnown && !isMetadata) throw headerNotServed(name, String(value));
  }
  return { operation, bucket, key, query, headers };
}

/**
 * Read from the path as it was sent. A `URL` would resolve the `..` of a key, and take two slashes at the beginning for a
 * host.
 */
function addressOf(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const [, path, query] = /^\/([^?]*)\??(.*)$/s.exec(url) ?? [];
  if (path === undefined) throw invalidUri(url);
  // S3 takes it for a space, other servers for itself; clients write %2B or %20, so that nobody has to know.
  if (path.includes('+')) throw invalidUri(url, ': write a plus sign as %2B, a space as %20');
  const slash = path.indexOf('/');
  const [bucket, key] = slash < 0 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
  return { bucket: decoded(bucket, url), key: decoded(key, url), query: new URLSearchParams(query) };
}

function decoded(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUri(url);
  }
}

function invalidUri(url: string, advice = ''): S3Error {
  return new S3Error('InvalidURI', `Couldn't parse the specified URI${advice}.`, 400, { URI: url });
}
