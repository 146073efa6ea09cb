import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServiceError } from '../aws-service';
import type { ListingRequest } from '../s3/object-listing';
import { headerNotServed, invalidArgument, notServed, S3Error } from '../s3/s3-errors';
import type { ObjectAnswer, S3 } from '../s3/s3-service';
import { readBody } from './body';
import type { Answer } from './protocol';
import { readS3Request, type S3Request } from './s3-request';
import { headerOf, readUpload } from './s3-upload';
import { errorXml, listingXml } from './s3-xml';

/** S3 gives out this many keys at once, and no more. */
const MAX_KEYS = 1000;
/** Of a bucket's configuration, which is refused. */
const MAX_CONFIGURATION_BYTES = 64 * 1024;
const CLIENT_HAS_GONE = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'];

/** An answer whose body may be an object's bytes, read as they are sent. */
interface StreamedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

/**
 * REST with XML, in path style. Bodies are streamed both ways, whatever their size. Resolves once the answer is written,
 * or the client has gone.
 *
 * @throws S3Error where the request is refused; nothing is written then
 */
export async function answerS3(
  s3: S3,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  try {
    const { status, headers, body } = await answer(s3, request);
    response.writeHead(status, { ...identityOf(requestId), ...headers });
    if (typeof body === 'string') response.end(body);
    else await pipeline(body, response);
  } catch (error) {
    if (CLIENT_HAS_GONE.includes((error as NodeJS.ErrnoException).code ?? '')) return;
    // A client that is still sending would not see the answer otherwise.
    request.resume();
    throw error;
  }
}

/** The answer for an error. One to HEAD has no body, so that all it says is its status. */
export function refuseS3(error: ServiceError, requestId: string, { method, url = '' }: IncomingMessage): Answer {
  const headers = { ...identityOf(requestId), 'content-type': 'application/xml' };
  const { name: Code, message: Message, statusCode: status } = error;
  if (method === 'HEAD') return { status, headers, body: '' };
  const details = error instanceof S3Error ? error.details : {};
  const Resource = url.split('?', 1)[0] as string;
  return { status, headers, body: errorXml({ Code, Message, ...details, Resource, RequestId: requestId }) };
}

function identityOf(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId };
}

async function answer(s3: S3, incoming: IncomingMessage): Promise<StreamedAnswer> {
  const request = readS3Request(incoming);
  const { operation, bucket, key, headers } = request;
  const question = { Bucket: bucket, Key: key, IfMatch: headers['if-match'], Range: headers.range };
  switch (operation) {
    case 'CreateBucket':
      if ((await readBody(incoming, MAX_CONFIGURATION_BYTES)).length > 0) throw notServed('CreateBucketConfiguration');
      s3.createBucket(bucket);
      return { status: 200, headers: { location: `/${bucket}`, 'content-length': '0' }, body: '' };
    case 'PutObject': {
      const record = await s3.putObject(question, readUpload(incoming));
      return {
        status: 200,
        headers: { etag: `"${record.md5}"`, ...checksumHeaders(record), 'content-length': '0' },
        body: '',
      };
    }
    case 'HeadObject':
      return { ...describe(s3.headObject(question), headers), body: '' };
    case 'GetObject': {
      wantsChecksum(headers);
      const { body, ...described } = s3.getObject(question);
      return { ...describe(described, headers), body };
    }
    case 'ListObjectsV2':
      return list(s3, request);
  }
}

function describe({ record, range }: ObjectAnswer, headers: IncomingHttpHeaders): Omit<StreamedAnswer, 'body'> {
  const { size, md5, lastModified } = record;
  const length = range === undefined ? size : range.last - range.first + 1;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...record.headers,
      etag: `"${md5}"`,
      'last-modified': new Date(lastModified).toUTCString(),
      'accept-ranges': 'bytes',
      'content-length': String(length),
      ...(range !== undefined && { 'content-range': `bytes ${range.first}-${range.last}/${size}` }),
      // Of a part, the checksum of the whole would be wrong.
      ...(wantsChecksum(headers) && range === undefined && checksumHeaders(record)),
    },
  };
}

function wantsChecksum(headers: IncomingHttpHeaders): boolean {
  const mode = headers['x-amz-checksum-mode'];
  if (mode === undefined || mode === 'ENABLED') return mode !== undefined;
  throw headerNotServed('x-amz-checksum-mode', String(mode));
}

function checksumHeaders({ checksum }: ObjectAnswer['record']): Record<string, string> {
  return { [headerOf(checksum.algorithm)]: checksum.base64, 'x-amz-checksum-type': 'FULL_OBJECT' };
}

function list(s3: S3, { bucket, query }: S3Request): StreamedAnswer {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url') {
    throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  }
  if ((query.get('fetch-owner') ?? 'false') !== 'false') throw notServed('the query parameter fetch-owner');
  const request: ListingRequest = {
    Prefix: query.get('prefix') ?? '',
    Delimiter: query.get('delimiter') ?? '',
    MaxKeys: maxKeys(query.get('max-keys')),
    StartAfter: query.get('start-after') ?? undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
  };
  const body = listingXml(bucket, request, s3.listObjectsV2(bucket, request), encodingType);
  const headers = { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) };
  return { status: 200, headers, body };
}

function maxKeys(given: string | null): number {
  if (given === null || given === '') return MAX_KEYS;
  if (!/^\d{1,10}$/.test(given) || Number(given) > 2 ** 31 - 1) {
    throw invalidArgument('max-keys', given, 'Argument max-keys must be an integer between 0 and 2147483647');
  }
  return Math.min(Number(given), MAX_KEYS);
}
