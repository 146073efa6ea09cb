import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../s3/checksums';
import type { ObjectUpload, StatedDigests } from '../s3/object-upload';
import { headerNotServed, invalidArgument, invalidRequest, S3Error } from '../s3/s3-errors';
import { decodeAwsChunked } from './aws-chunked';

/** Headers that S3 keeps with an object, beside `x-amz-meta-…`. */
const KEPT_HEADERS = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'];
/** What S3 takes in one request: 5 GiB. */
const MAX_BYTES = 5 * 1024 ** 3;
/** Names and values together. */
const MAX_METADATA_BYTES = 2048;
const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/**
 * The object that a PutObject brings: in a plain body, or in one of chunks (`aws-chunked`), whose checksum may come last.
 *
 * @throws S3Error where its headers are not what S3 takes
 */
export function readUpload(request: IncomingMessage): ObjectUpload {
  const { headers } = request;
  const encodings = listOf(headers['content-encoding']);
  const sha256 = contentSha256(headers);
  const isChunked = sha256 === 'chunked' || encodings.includes('aws-chunked');
  const size = sizeOf(headers, isChunked);
  const { algorithm, checksum, trailerName } = statedChecksum(headers);
  const stated: StatedDigests = { checksum, md5: contentMd5(headers), ...(sha256 !== 'chunked' && { sha256 }) };
  // Leaves the connection open where the reading ends early: the refusal is sent through it.
  const raw: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const bytes = isChunked
    ? decoded(raw, trailerName, (value) => {
        stated.checksum = value;
      })
    : raw;
  const contentEncoding = encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
  return { bytes, size, algorithm, stated, headers: keptHeaders(headers, contentEncoding) };
}

async function* decoded(
  raw: AsyncIterable<Uint8Array>,
  trailerName: string | undefined,
  checksum: (value: string) => void,
): AsyncGenerator<Uint8Array> {
  let found = trailerName === undefined;
  yield* decodeAwsChunked(raw, (name, value) => {
    if (name !== trailerName) return;
    found = true;
    checksum(value);
  });
  if (found) return;
  const message =
    'The request contained trailing data that was not well-formed or did not conform to our published schema.';
  throw new S3Error('MalformedTrailerError', message, 400);
}

/** `chunked` for a streamed signature, of which each chunk has its own part; undefined where the body is not signed. */
function contentSha256(headers: IncomingHttpHeaders): string | undefined {
  const stated = String(headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD');
  if (stated === 'UNSIGNED-PAYLOAD') return undefined;
  if (/^STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-[A-Z0-9-]+-PAYLOAD(-TRAILER)?)$/.test(stated)) return 'chunked';
  if (/^[0-9a-f]{64}$/.test(stated)) return stated;
  throw invalidArgument(
    'x-amz-content-sha256',
    stated,
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
  );
}

function sizeOf(headers: IncomingHttpHeaders, isChunked: boolean): number {
  const encoding = headers['transfer-encoding'];
  const stated = String(headers[isChunked ? 'x-amz-decoded-content-length' : 'content-length'] ?? '');
  if (!isChunked && encoding !== undefined) throw headerNotServed('Transfer-Encoding', encoding);
  if (!/^\d{1,15}$/.test(stated)) {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (Number(stated) <= MAX_BYTES) return Number(stated);
  throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize: stated,
    MaxSizeAllowed: String(MAX_BYTES),
  });
}

/** The checksum in a header, or the name of the trailer in which it will come. */
function statedChecksum(headers: IncomingHttpHeaders) {
  const trailerName =
    headers['x-amz-trailer'] === undefined ? undefined : String(headers['x-amz-trailer']).toLowerCase();
  const stated = CHECKSUM_ALGORITHMS.filter((name) => headers[headerOf(name)] !== undefined);
  const trailing = CHECKSUM_ALGORITHMS.find((name) => headerOf(name) === trailerName);
  if (trailerName !== undefined && trailing === undefined) throw headerNotServed('x-amz-trailer', trailerName);
  const [algorithm = trailing, ...others] = stated;
  if (others.length > 0 || (stated.length > 0 && trailing !== undefined)) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (announced !== undefined && algorithm === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (announced !== undefined && String(announced).toUpperCase() !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const [inHeader] = stated;
  if (inHeader === undefined) return { algorithm, trailerName };
  const checksum = String(headers[headerOf(inHeader)]);
  if (!isBase64Of(checksum, CHECKSUM_BYTES[inHeader])) {
    throw invalidRequest(`Value for ${headerOf(inHeader)} header is invalid.`);
  }
  return { algorithm, checksum };
}

function contentMd5(headers: IncomingHttpHeaders): string | undefined {
  const stated = headers['content-md5'];
  if (stated === undefined || isBase64Of(String(stated), 16)) return stated as string | undefined;
  throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
}

function keptHeaders(headers: IncomingHttpHeaders, contentEncoding: string): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-'),
  ) as [string, string][];
  const metadata = kept.filter(([name]) => name.startsWith('x-amz-meta-'));
  const bytes = metadata.reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + value.length, 0);
  if (bytes > MAX_METADATA_BYTES) {
    const message = 'Your metadata headers exceed the maximum allowed metadata size';
    const details = { Size: String(bytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) };
    throw new S3Error('MetadataTooLarge', message, 400, details);
  }
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept),
    ...(contentEncoding !== '' && { 'content-encoding': contentEncoding }),
  };
}

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function listOf(header: string | undefined): readonly string[] {
  return (header ?? '').split(',').flatMap((element) => element.trim() || []);
}

function isBase64Of(text: string, bytes: number): boolean {
  const decodedBytes = Buffer.from(text, 'base64');
  return decodedBytes.length === bytes && decodedBytes.toString('base64') === text;
}
