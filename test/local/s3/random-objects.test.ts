import { Readable } from 'node:stream';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/http/aws-chunked';
import { CHECKSUM_ALGORITHMS, startChecksum } from '../../../local/s3/checksums';
import type { ObjectRecord } from '../../../local/s3/object-file';
import { listObjects } from '../../../local/s3/object-listing';
import { S3 } from '../../../local/s3/s3-service';

const Bucket = 'random';
let s3: S3;

beforeAll(() => {
  s3 = new S3({ clock: { now: () => 0 } });
  s3.createBucket(Bucket);
});
afterAll(() => s3.close());

/** The bytes cut at these places, in any order and with repetitions. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const places = fc.array(fc.nat(), { maxLength: 8 });

test('any range of any object is what Buffer.subarray gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), places, fc.nat(320), fc.nat(320), async (data, at, a, b) => {
      const bytes = Buffer.from(data);
      await s3.putObject(
        { Bucket, Key: 'a' },
        { bytes: Readable.from(cut(bytes, at)), size: bytes.length, stated: {}, headers: {} },
      );
      const rows: readonly (readonly [Range: string, expected: Buffer | 'refused'])[] = [
        [`bytes=${a}-`, a < bytes.length ? bytes.subarray(a) : 'refused'],
        [`bytes=-${a}`, a === 0 ? 'refused' : bytes.subarray(-a)],
        [`bytes=${a}-${b}`, b < a ? bytes : a < bytes.length ? bytes.subarray(a, b + 1) : 'refused'],
      ];
      for (const [Range, expected] of rows) {
        if (expected === 'refused') {
          expect(() => s3.headObject({ Bucket, Key: 'a', Range })).toThrow('The requested range is not satisfiable');
          continue;
        }
        const { body, range } = s3.getObject({ Bucket, Key: 'a', Range });
        expect(Buffer.concat(await body.toArray())).toEqual(expected);
        if (range !== undefined) expect(bytes.subarray(range.first, range.last + 1)).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

test('a body of chunks gives its bytes and trailers, wherever chunks and packets are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), places, places, fc.boolean(), async (data, a, b, signed) => {
      const bytes = Buffer.from(data);
      const extension = signed ? `;chunk-signature=${'f'.repeat(64)}` : '';
      const chunks = cut(bytes, a).filter(({ length }) => length > 0);
      const body = Buffer.concat([
        ...chunks.flatMap((chunk) => [
          Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
          chunk,
          Buffer.from('\r\n'),
        ]),
        Buffer.from(`0${extension}\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`),
      ]);
      const trailers: string[] = [];
      const decoded: Uint8Array[] = [];
      for await (const piece of decodeAwsChunked(Readable.from(cut(body, b)), (...each) => trailers.push(...each))) {
        decoded.push(piece);
      }
      expect(Buffer.concat(decoded)).toEqual(bytes);
      expect(trailers).toEqual(['x-amz-checksum-crc32', 'AAAAAA==']);
    }),
    { numRuns: 300 },
  );
});

test.each(CHECKSUM_ALGORITHMS)('%s is the same, however the bytes come', (algorithm) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), places, (data, at) => {
      const [whole, pieces] = [startChecksum(algorithm), startChecksum(algorithm)];
      whole.update(data);
      for (const piece of cut(Buffer.from(data), at)) pieces.update(piece);
      expect(pieces.digest()).toBe(whole.digest());
    }),
  );
});

/** ListObjectsV2 as its documentation says it, with no thought for pages. */
function expectedListing(keys: readonly string[], prefix: string, delimiter: string, after: string): string[] {
  const names = keys
    .filter(
      (key) => key.startsWith(prefix) && (after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0),
    )
    .map((key) => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`;
    });
  return [...new Set(names)].sort();
}

test('the pages of any listing hold each key and each common prefix once', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '😀', '\ufb03'), maxLength: 6 });
  const key = text.filter((each) => each !== '');
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 25 }),
      text,
      fc.constantFrom('', '/', 'a', 'b/', 'é'),
      text,
      fc.integer({ min: 1, max: 6 }),
      (keys, Prefix, Delimiter, StartAfter, MaxKeys) => {
        const objects = keys
          .map((each) => ({ key: each }) as ObjectRecord)
          .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
        const found: string[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = listObjects(objects, { Prefix, Delimiter, MaxKeys, StartAfter, ContinuationToken });
          const names = [
            ...page.contents.map((each) => `key ${each.key}`),
            ...page.commonPrefixes.map((each) => `prefix ${each}`),
          ];
          ContinuationToken = page.nextContinuationToken;
          if (ContinuationToken === undefined) expect(names.length).toBeLessThanOrEqual(MaxKeys);
          else expect(names).toHaveLength(MaxKeys);
          found.push(...names);
        } while (ContinuationToken !== undefined);
        expect(found.sort()).toEqual(expectedListing(keys, Prefix, Delimiter, StartAfter));
      },
    ),
    { numRuns: 500 },
  );
});
