import assert from 'node:assert/strict';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Case, element, send } from './case';

const BYTES = '0123456789';

/** What a range of ten bytes gives: the bytes with their Content-Range, the whole object, or a refusal. */
const ROWS: readonly (readonly [range: string, got: string | 'all' | 'refused', contentRange?: string])[] = [
  ['bytes=0-0', '0', 'bytes 0-0/10'],
  ['bytes=0-9', BYTES, 'bytes 0-9/10'],
  ['bytes=2-4', '234', 'bytes 2-4/10'],
  ['bytes=9-9', '9', 'bytes 9-9/10'],
  ['bytes=9-', '9', 'bytes 9-9/10'],
  ['bytes=0-', BYTES, 'bytes 0-9/10'],
  ['bytes=3-', '3456789', 'bytes 3-9/10'],
  ['bytes=8-1000', '89', 'bytes 8-9/10'],
  ['bytes=0-99999999999999999999', BYTES, 'bytes 0-9/10'],
  ['bytes=-1', '9', 'bytes 9-9/10'],
  ['bytes=-3', '789', 'bytes 7-9/10'],
  ['bytes=-10', BYTES, 'bytes 0-9/10'],
  ['bytes=-1000', BYTES, 'bytes 0-9/10'],
  ['bytes=10-', 'refused'],
  ['bytes=10-20', 'refused'],
  ['bytes=-0', 'refused'],
  ['bytes=4-2', 'all'],
  ['bytes=', 'all'],
  ['bytes=-', 'all'],
  ['bytes=a-b', 'all'],
  ['items=0-1', 'all'],
];

export const RANGE_ROWS: readonly Case[] = ROWS.map(([Range, expected, contentRange]) => ({
  sentence: `Range: ${Range} of ten bytes gives ${contentRange ?? expected}`,
  async check({ s3, bucket: Bucket, endpoint }) {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: BYTES }));
    const answer = await send(endpoint, 'GET', `/${Bucket}/ten`, { range: Range });
    const head = await send(endpoint, 'HEAD', `/${Bucket}/ten`, { range: Range });
    assert.equal(head.body.length, 0);
    if (expected === 'refused') {
      assert.equal(answer.status, 416);
      assert.equal(element(answer, 'Code'), 'InvalidRange');
      assert.equal(element(answer, 'Message'), 'The requested range is not satisfiable');
      assert.equal(element(answer, 'ActualObjectSize'), '10');
      assert.equal(element(answer, 'RangeRequested'), Range);
      assert.equal(head.status, 416);
      return;
    }
    const bytes = expected === 'all' ? BYTES : expected;
    for (const { status, headers } of [answer, head]) {
      assert.equal(status, contentRange === undefined ? 200 : 206);
      assert.equal(headers['content-range'], contentRange);
      assert.equal(headers['content-length'], String(bytes.length));
    }
    assert.equal(answer.body.toString(), bytes);
  },
}));

export const RANGES: readonly Case[] = [
  {
    sentence: 'the SDK gets a range, and its size and that of the object',
    async check({ s3, bucket: Bucket }) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'ten', Body: BYTES, ChecksumAlgorithm: 'CRC32' }));
      const question = { Bucket, Key: 'ten', Range: 'bytes=2-4' };
      const got = await s3.send(new GetObjectCommand(question));
      assert.equal(await got.Body?.transformToString(), '234');
      assert.deepEqual([got.ContentLength, got.ContentRange], [3, 'bytes 2-4/10']);
      const head = await s3.send(new HeadObjectCommand(question));
      assert.deepEqual([head.ContentLength, head.ContentRange], [3, 'bytes 2-4/10']);
    },
  },
  {
    sentence: 'no range from a first byte on is in an empty object',
    async check({ s3, bucket: Bucket, endpoint }) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '', ContentLength: 0 }));
      for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=5-9']) {
        const answer = await send(endpoint, 'GET', `/${Bucket}/empty`, { range });
        assert.deepEqual([answer.status, element(answer, 'Code')], [416, 'InvalidRange'], range);
      }
    },
  },
  {
    sentence: 'the last bytes of an empty object are none',
    async check({ s3, bucket: Bucket, endpoint }) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '', ContentLength: 0 }));
      const { status, headers, body } = await send(endpoint, 'GET', `/${Bucket}/empty`, { range: 'bytes=-5' });
      assert.deepEqual([status, headers['content-range'], body.length], [200, undefined, 0]);
    },
  },
];
