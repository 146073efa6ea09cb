import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Case, element, send } from './case';

const md5 = (bytes: string | Uint8Array) => createHash('md5').update(bytes).digest('hex');

async function put(s3: S3Client, Bucket: string, Key: string, Body: string | Uint8Array = Key): Promise<string> {
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: Buffer.byteLength(Body) }));
  return ETag as string;
}

async function text(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) as string;
}

/** Name and HTTP status of the error that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<readonly [string, number | undefined]> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode];
  }
  return ['accepted', 200];
}

export const OBJECTS: readonly Case[] = [
  {
    sentence: 'what is put is got back, with its MD5 as ETag, its type and its metadata',
    async check({ s3, bucket: Bucket }) {
      const Body = Buffer.from('id,name\n1,Ada\n');
      const before = Date.now();
      const { ETag } = await s3.send(
        new PutObjectCommand({
          Bucket,
          Key: 'users.csv',
          Body,
          ContentType: 'text/csv',
          ContentEncoding: 'identity',
          CacheControl: 'no-store',
          Metadata: { origin: 'crm', constructor: 'x' },
        }),
      );
      assert.equal(ETag, `"${md5(Body)}"`);
      for (const command of [GetObjectCommand, HeadObjectCommand]) {
        const got = await s3.send(new command({ Bucket, Key: 'users.csv' }));
        assert.equal(got.ETag, ETag);
        assert.equal(got.ContentLength, Body.length);
        assert.equal(got.ContentType, 'text/csv');
        assert.equal(got.ContentEncoding, 'identity');
        assert.equal(got.CacheControl, 'no-store');
        assert.equal(got.AcceptRanges, 'bytes');
        assert.equal(got.ContentRange, undefined);
        assert.deepEqual({ ...got.Metadata }, { origin: 'crm', constructor: 'x' });
        const modified = got.LastModified?.getTime() ?? 0;
        assert.equal(modified % 1000, 0);
        assert.ok(modified >= before - 1000 && modified <= Date.now());
      }
      assert.equal(await text(s3, Bucket, 'users.csv'), Body.toString());
    },
  },
  {
    sentence: 'an object of no bytes is one',
    async check({ s3, bucket: Bucket }) {
      assert.equal(await put(s3, Bucket, 'empty', ''), `"${md5('')}"`);
      const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'empty' }));
      assert.equal(ContentLength, 0);
      assert.equal(await text(s3, Bucket, 'empty'), '');
    },
  },
  {
    sentence: 'an object that is put again has its new bytes and ETag, of another length and of the same',
    async check({ s3, bucket: Bucket }) {
      const first = await put(s3, Bucket, 'a', 'first');
      for (const body of ['second', 'third!', '']) {
        const next = await put(s3, Bucket, 'a', body);
        assert.notEqual(next, first);
        assert.equal(await text(s3, Bucket, 'a'), body);
        assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).ETag, next);
      }
    },
  },
  {
    sentence: 'bytes that are no text come back as they are',
    async check({ s3, bucket: Bucket }) {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
      await put(s3, Bucket, 'bytes', bytes);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'bytes' }));
      assert.deepEqual(Buffer.from((await Body?.transformToByteArray()) ?? []), Buffer.from(bytes));
    },
  },
  {
    sentence: 'If-Match takes an ETag without its quotes, and any',
    async check({ s3, bucket: Bucket }) {
      const ETag = await put(s3, Bucket, 'a', 'new');
      for (const IfMatch of [ETag.replaceAll('"', ''), '*']) {
        assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', IfMatch }))).ETag, ETag);
        assert.equal((await s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch }))).ETag, ETag);
      }
    },
  },
  {
    sentence: 'If-Match gives the object whose ETag it names, and no other',
    async check({ s3, bucket: Bucket }) {
      const old = await put(s3, Bucket, 'a', 'old');
      const ETag = await put(s3, Bucket, 'a', 'new');
      assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', IfMatch: ETag }))).ETag, ETag);
      assert.equal((await s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch: ETag }))).ETag, ETag);
      const IfMatch = old;
      assert.deepEqual(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfMatch }))), [
        'PreconditionFailed',
        412,
      ]);
      const [, status] = await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'a', IfMatch })));
      assert.equal(status, 412);
    },
  },
  {
    sentence: 'the condition comes before the range',
    async check({ s3, bucket: Bucket }) {
      await put(s3, Bucket, 'a', 'abc');
      const question = { Bucket, Key: 'a', IfMatch: '"0"', Range: 'bytes=100-' };
      assert.deepEqual(await refusal(s3.send(new GetObjectCommand(question))), ['PreconditionFailed', 412]);
    },
  },
  {
    sentence: 'a key that nobody put is NoSuchKey, and to HEAD a 404 without a body',
    async check({ s3, bucket: Bucket, endpoint }) {
      await put(s3, Bucket, 'a/b');
      for (const Key of ['a', 'a/', 'a/b/', 'a/b/c', 'A/b', '__proto__', 'constructor']) {
        assert.deepEqual(await refusal(s3.send(new GetObjectCommand({ Bucket, Key }))), ['NoSuchKey', 404], Key);
        assert.deepEqual(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key }))), ['NotFound', 404], Key);
      }
      const answer = await send(endpoint, 'GET', `/${Bucket}/gone`);
      assert.match(String(answer.headers['content-type']), /^application\/xml/);
      assert.equal(element(answer, 'Code'), 'NoSuchKey');
      assert.equal(element(answer, 'Message'), 'The specified key does not exist.');
      assert.equal(element(answer, 'Key'), 'gone');
      assert.ok(element(answer, 'RequestId'));
      assert.equal((await send(endpoint, 'HEAD', `/${Bucket}/gone`)).body.length, 0);
    },
  },
  {
    sentence: 'a bucket that nobody made is NoSuchBucket',
    async check({ s3, endpoint }) {
      const Bucket = 'nobody-made-this';
      assert.deepEqual(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'a' }))), ['NoSuchBucket', 404]);
      assert.deepEqual(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))), ['NotFound', 404]);
      assert.deepEqual(await refusal(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }))), [
        'NoSuchBucket',
        404,
      ]);
      assert.equal(element(await send(endpoint, 'GET', `/${Bucket}/a`), 'BucketName'), Bucket);
    },
  },
  {
    sentence: 'a key has 1,024 bytes at most, in UTF-8',
    async check({ s3, bucket: Bucket }) {
      for (const Key of ['k'.repeat(1024), 'é'.repeat(512)]) {
        await put(s3, Bucket, Key);
        assert.equal(await text(s3, Bucket, Key), Key);
      }
      for (const Key of ['k'.repeat(1025), 'é'.repeat(513)]) {
        assert.deepEqual(await refusal(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'a' }))), [
          'KeyTooLongError',
          400,
        ]);
      }
    },
  },
];

/** Keys that a file system, an address or XML would take for something else. */
const KEYS: readonly string[] = [
  'a',
  'a/b',
  'a/b/c',
  'trailing/',
  'trailing/x',
  'with space',
  ' spaces around ',
  'plus+sign',
  'plus sign',
  'percent%20',
  'percent%2Fslash',
  'question?and=more&more#hash',
  'ünïcode/日本語/🎉',
  'u\u0308nicode',
  'quotes"\'<tag>&amp;',
  'back\\slash',
  'colon:semicolon;comma,at@dollar$equals=',
  'tilde~(brackets)[square]{curly}|`^*!',
  'double//slash',
  'UPPER',
  'upper',
  '__proto__',
  'constructor',
  '.hidden',
  '...',
  'a/...',
  'index.html',
  'api/execution',
  '2015-03-31/functions/f/invocations',
];

/** Keys of which some clients or servers make others on the way. */
const RELATIVE_KEYS: readonly string[] = [
  '/leading',
  '//leading',
  '/',
  '//',
  'a/../b',
  '../up',
  '../../../../../../etc/passwd',
  '/../x',
  '.',
  '..',
  './a',
  'a/./b',
  'a/..',
  'ends/.',
];

const CONTROL_KEYS: readonly string[] = [
  'line\nbreak',
  'carriage\rreturn',
  'tab\tulator',
  'bell\u0007',
  'delete\u007f',
];

function keys(what: string, list: readonly string[]): Case {
  return {
    sentence: `${what} are keys of objects of their own`,
    async check({ s3, bucket: Bucket }) {
      for (const key of list) await put(s3, Bucket, key, `bytes of ${key}`);
      for (const key of list) {
        assert.equal(await text(s3, Bucket, key), `bytes of ${key}`);
        const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key: key }));
        assert.equal(ContentLength, Buffer.byteLength(`bytes of ${key}`), key);
      }
    },
  };
}

function listedKeys(what: string, list: readonly string[]): Case {
  return {
    sentence: `a listing has ${what} as they are`,
    async check({ s3, bucket: Bucket }) {
      for (const key of list) await put(s3, Bucket, key);
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      assert.deepEqual(Contents.map(({ Key }) => Key).sort(), [...list].sort());
    },
  };
}

export const ALL_KEYS: readonly string[] = [...KEYS, ...RELATIVE_KEYS, ...CONTROL_KEYS];
export const KEY_CASES: readonly Case[] = [
  keys('names with signs, spaces and other scripts, and names that begin as others do,', KEYS),
  keys('names with dots and slashes that would lead elsewhere', RELATIVE_KEYS),
  keys('names with control characters', CONTROL_KEYS),
  listedKeys('names with signs, spaces and other scripts', KEYS),
  listedKeys('names with dots and slashes', RELATIVE_KEYS),
  listedKeys('names with control characters', CONTROL_KEYS),
];
