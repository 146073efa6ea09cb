import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Case, element, send } from './case';

/** Checksums of the text `123456789`, as catalogues of them have it; SHA by OpenSSL. */
const CHECKED = '123456789';
const hexBase64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const CHECKSUMS: Readonly<Record<string, string>> = {
  CRC32: hexBase64('cbf43926'),
  CRC32C: hexBase64('e3069283'),
  CRC64NVME: hexBase64('ae8b14860a799888'),
  SHA1: createHash('sha1').update(CHECKED).digest('base64'),
  SHA256: createHash('sha256').update(CHECKED).digest('base64'),
};
const memberOf = (algorithm: string) => `Checksum${algorithm}` as 'ChecksumCRC32';

const CHUNKED = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '9',
  'x-amz-trailer': 'x-amz-checksum-crc32',
};
const SIGNED_CHUNKS = {
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '9',
};
const SIGNATURE = `;chunk-signature=${'0'.repeat(64)}`;
const trailer = `x-amz-checksum-crc32:${CHECKSUMS.CRC32}`;

function refused(sentence: string, code: string, status: number, headers: OutgoingHttpHeaders, body = CHECKED): Case {
  return {
    sentence: `${sentence} is refused: ${code}`,
    async check({ s3, bucket: Bucket, endpoint }) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'before' }));
      const answer = await send(endpoint, 'PUT', `/${Bucket}/a`, headers, body);
      assert.deepEqual([answer.status, element(answer, 'Code')], [status, code]);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
      assert.equal(await Body?.transformToString(), 'before');
    },
  };
}

function accepted(sentence: string, headers: OutgoingHttpHeaders, body: string): Case {
  return {
    sentence: `${sentence} is taken`,
    async check({ s3, bucket: Bucket, endpoint }) {
      const answer = await send(endpoint, 'PUT', `/${Bucket}/a`, headers, body);
      assert.equal(answer.status, 200, answer.body.toString());
      const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
      assert.equal(await Body?.transformToString(), CHECKED);
      assert.equal(ContentEncoding, undefined);
    },
  };
}

export const CHECKSUM_CASES: readonly Case[] = [
  ...Object.entries(CHECKSUMS).map(
    ([algorithm, expected]): Case => ({
      sentence: `the SDK's ${algorithm}, in a header and after a stream, is kept and given back on request`,
      async check({ s3, bucket: Bucket }) {
        const ChecksumAlgorithm = algorithm as ChecksumAlgorithm;
        for (const Body of [CHECKED, Readable.from([Buffer.from('1234'), Buffer.from('56789')])]) {
          const input = { Bucket, Key: 'a', Body, ContentLength: CHECKED.length, ChecksumAlgorithm };
          assert.equal((await s3.send(new PutObjectCommand(input)))[memberOf(algorithm)], expected);
          const asked = { Bucket, Key: 'a', ChecksumMode: 'ENABLED' } as const;
          const head = await s3.send(new HeadObjectCommand(asked));
          assert.equal(head[memberOf(algorithm)], expected);
          const got = await s3.send(new GetObjectCommand(asked));
          assert.equal(await got.Body?.transformToString(), CHECKED);
          assert.equal(got[memberOf(algorithm)], expected);
        }
      },
    }),
  ),
  {
    sentence: 'a stream of the SDK in many pieces comes whole, with the encoding of the object alone',
    async check({ s3, bucket: Bucket }) {
      const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(10_007 + index, index));
      const bytes = Buffer.concat(pieces);
      const Body = Readable.from(pieces);
      const input = { Bucket, Key: 'a', Body, ContentLength: bytes.length, ContentEncoding: 'gzip' };
      await s3.send(new PutObjectCommand(input));
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
      assert.equal(got.ContentEncoding, 'gzip');
      assert.equal(crc32(await got.Body!.transformToByteArray()), crc32(bytes));
    },
  },
];

export const UPLOADS: readonly Case[] = [
  accepted('a body in chunks', CHUNKED, `4\r\n1234\r\n5\r\n56789\r\n0\r\n${trailer}\r\n\r\n`),
  accepted('a body in chunks that are signed', SIGNED_CHUNKS, `9${SIGNATURE}\r\n${CHECKED}\r\n0${SIGNATURE}\r\n\r\n`),
  refused(
    'a checksum after the body that is of other bytes',
    'BadDigest',
    400,
    CHUNKED,
    '9\r\n123456780\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n',
  ),
  refused('a checksum of other bytes', 'BadDigest', 400, { 'x-amz-checksum-crc32': 'AAAAAA==' }),
  refused('an MD5 of other bytes', 'BadDigest', 400, { 'content-md5': createHash('md5').update('x').digest('base64') }),
];

/** What S3 is documented to refuse, and moto does not look at. */
export const STRICT_UPLOADS: readonly Case[] = [
  refused('a signed hash of other bytes', 'XAmzContentSHA256Mismatch', 400, {
    'x-amz-content-sha256': createHash('sha256').update('x').digest('hex'),
  }),
  refused('a hash that is none', 'InvalidArgument', 400, { 'x-amz-content-sha256': 'abc' }),
  refused('an MD5 that is none', 'InvalidDigest', 400, { 'content-md5': 'abc' }),
  refused('a checksum that is none', 'InvalidRequest', 400, { 'x-amz-checksum-crc32': 'abc' }),
  refused('more than one checksum', 'InvalidRequest', 400, {
    'x-amz-checksum-crc32': CHECKSUMS.CRC32,
    'x-amz-checksum-sha1': CHECKSUMS.SHA1,
  }),
  refused('a checksum that is announced and does not come', 'InvalidRequest', 400, {
    'x-amz-sdk-checksum-algorithm': 'CRC32',
  }),
  refused('another checksum than was announced', 'InvalidRequest', 400, {
    'x-amz-sdk-checksum-algorithm': 'SHA1',
    'x-amz-checksum-crc32': CHECKSUMS.CRC32,
  }),
  refused('a trailer that does not come', 'MalformedTrailerError', 400, CHUNKED, `9\r\n${CHECKED}\r\n0\r\n\r\n`),
  refused('a body of fewer bytes than it says', 'IncompleteBody', 400, CHUNKED, `3\r\n123\r\n0\r\n${trailer}\r\n\r\n`),
  refused(
    'a body of more bytes than it says',
    'IncompleteBody',
    400,
    CHUNKED,
    `a\r\n1234567890\r\n0\r\n${trailer}\r\n\r\n`,
  ),
  refused('a body that ends in a chunk', 'IncompleteBody', 400, CHUNKED, '9\r\n1234'),
  refused('a body that ends before its last chunk', 'IncompleteBody', 400, CHUNKED, `9\r\n${CHECKED}\r\n`),
  refused('a chunk without its size', 'InvalidRequest', 400, CHUNKED, `x\r\n${CHECKED}\r\n0\r\n\r\n`),
  refused('a chunk that goes on after its size', 'InvalidRequest', 400, CHUNKED, `3\r\n${CHECKED}\r\n0\r\n\r\n`),
  refused('a body of unknown length', 'NotImplemented', 501, { 'transfer-encoding': 'chunked' }),
  refused('a body of chunks that do not say how much they are', 'MissingContentLength', 411, {
    ...CHUNKED,
    'x-amz-decoded-content-length': '',
  }),
  refused('more than 2 KB of metadata', 'MetadataTooLarge', 400, { 'x-amz-meta-a': 'x'.repeat(2048) }),
];
