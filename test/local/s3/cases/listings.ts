import assert from 'node:assert/strict';
import { ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Case, element, type Judged, send } from './case';

async function fill({ s3, bucket: Bucket }: Judged, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key.slice(0, 3) }));
}

type Asked = Omit<ListObjectsV2CommandInput, 'Bucket'>;

/** Keys, then common prefixes in brackets. */
async function page({ s3, bucket: Bucket }: Judged, asked: Asked) {
  const answer = await s3.send(new ListObjectsV2Command({ Bucket, ...asked }));
  const keys = (answer.Contents ?? []).map(({ Key }) => Key as string);
  const prefixes = (answer.CommonPrefixes ?? []).map(({ Prefix }) => `[${Prefix}]`);
  assert.equal(answer.KeyCount, keys.length + prefixes.length);
  assert.equal(answer.IsTruncated, answer.NextContinuationToken !== undefined);
  return { names: [...keys, ...prefixes], answer };
}

async function pages(judged: Judged, asked: Asked): Promise<string[][]> {
  const all: string[][] = [];
  let ContinuationToken: string | undefined;
  do {
    const { names, answer } = await page(judged, { ...asked, ContinuationToken });
    all.push(names);
    ContinuationToken = answer.NextContinuationToken;
    assert.ok(all.length < 20, 'the listing does not end');
  } while (ContinuationToken !== undefined);
  return all;
}

const TREE = ['a', 'a/', 'a/1', 'a/2', 'a/b/3', 'ab', 'b/1', 'c'];
const lists = (sentence: string, keys: readonly string[], asked: Asked, expected: readonly string[]): Case => ({
  sentence,
  async check(judged) {
    await fill(judged, keys);
    assert.deepEqual((await page(judged, asked)).names, expected);
  },
});

export const LISTINGS: readonly Case[] = [
  lists('an empty bucket has no keys', [], {}, []),
  lists('all keys, in order', [...TREE].reverse(), {}, TREE),
  lists('a prefix is a beginning of keys, not a folder', TREE, { Prefix: 'a' }, [
    'a',
    'a/',
    'a/1',
    'a/2',
    'a/b/3',
    'ab',
  ]),
  lists('a prefix that no key has gives none', TREE, { Prefix: 'nothing' }, []),
  lists('a delimiter rolls keys up', TREE, { Delimiter: '/' }, ['a', 'ab', 'c', '[a/]', '[b/]']),
  lists('after a prefix, keys are rolled up from there', TREE, { Prefix: 'a/', Delimiter: '/' }, [
    'a/',
    'a/1',
    'a/2',
    '[a/b/]',
  ]),
  lists('a delimiter may be any text', ['x--1', 'x--2', 'y-1'], { Delimiter: '--' }, ['y-1', '[x--]']),
  lists('start-after leaves out a key and those before it', TREE, { StartAfter: 'a/2' }, ['a/b/3', 'ab', 'b/1', 'c']),
  lists('start-after may be a key that is not there', TREE, { StartAfter: 'a/11' }, ['a/2', 'a/b/3', 'ab', 'b/1', 'c']),
  lists('start-after the last key leaves none', TREE, { StartAfter: 'c' }, []),
  {
    sentence: 'an object is listed once it is put, however often there was a listing before',
    async check(judged) {
      for (const keys of [['b'], ['a', 'b'], ['a', 'b', 'c']]) {
        await fill(judged, keys);
        assert.deepEqual((await page(judged, {})).names, keys);
      }
    },
  },
  {
    sentence: 'an object is listed with its size, ETag and time',
    async check(judged) {
      await fill(judged, ['abc']);
      const [object] = (await page(judged, {})).answer.Contents ?? [];
      assert.equal(object?.Size, 3);
      assert.equal(object?.ETag, '"900150983cd24fb0d6963f7d28e17f72"');
      assert.equal(object?.StorageClass, 'STANDARD');
      assert.ok(Math.abs((object?.LastModified?.getTime() ?? 0) - Date.now()) < 120_000);
    },
  },
  {
    sentence: 'max-keys cuts a listing into pages, and the tokens lead through all of them',
    async check(judged) {
      await fill(judged, TREE);
      assert.deepEqual(await pages(judged, { MaxKeys: 3 }), [
        ['a', 'a/', 'a/1'],
        ['a/2', 'a/b/3', 'ab'],
        ['b/1', 'c'],
      ]);
      assert.deepEqual(await pages(judged, { MaxKeys: 4 }), [
        ['a', 'a/', 'a/1', 'a/2'],
        ['a/b/3', 'ab', 'b/1', 'c'],
      ]);
    },
  },
  {
    sentence: 'a common prefix is one of max-keys, and on one page only',
    async check(judged) {
      await fill(judged, TREE);
      assert.deepEqual((await pages(judged, { MaxKeys: 1, Delimiter: '/' })).flat(), ['a', '[a/]', 'ab', '[b/]', 'c']);
      assert.deepEqual(await pages(judged, { MaxKeys: 2, Delimiter: '/' }), [['a', '[a/]'], ['ab', '[b/]'], ['c']]);
    },
  },
  {
    sentence: 'prefix, delimiter, start-after and pages go together',
    async check(judged) {
      await fill(judged, TREE);
      const asked = { Prefix: 'a', Delimiter: '/', StartAfter: 'a', MaxKeys: 1 };
      assert.deepEqual((await pages(judged, asked)).flat(), ['[a/]', 'ab']);
    },
  },
  {
    sentence: 'what was asked is said in the answer',
    async check(judged) {
      await fill(judged, TREE);
      const asked = { Prefix: 'a', Delimiter: '/', StartAfter: 'a', MaxKeys: 7 };
      const { answer } = await page(judged, asked);
      const { Name, Prefix, Delimiter, StartAfter, MaxKeys, IsTruncated } = answer;
      assert.deepEqual({ Prefix, Delimiter, StartAfter, MaxKeys }, asked);
      assert.deepEqual([Name, IsTruncated], [judged.bucket, false]);
    },
  },
  {
    sentence: 'more than 1,000 keys are never on one page',
    async check(judged) {
      await fill(judged, ['a']);
      assert.equal((await page(judged, { MaxKeys: 5000 })).answer.MaxKeys, 1000);
      assert.equal((await page(judged, {})).answer.MaxKeys, 1000);
    },
  },
  {
    sentence: 'max-keys=0 gives no keys and no next page',
    async check(judged) {
      await fill(judged, ['a', 'b']);
      assert.deepEqual((await page(judged, { MaxKeys: 0 })).names, []);
    },
  },
  {
    sentence: 'with encoding-type=url names are encoded, without it they are XML',
    async check(judged) {
      const { endpoint, bucket } = judged;
      const keys = ['a b+c/(d)', 'ü&<é>'];
      await fill(judged, keys);
      const encoded = await send(endpoint, 'GET', `/${bucket}?list-type=2&encoding-type=url`);
      const found = [...encoded.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
      assert.deepEqual(
        found.map((key) => decodeURIComponent(key.replaceAll('+', '%20'))),
        keys,
      );
      assert.ok(
        found.every((key) => /^[\w%+/.*-]+$/.test(key)),
        String(found),
      );
      assert.equal(element(encoded, 'EncodingType'), 'url');
      assert.deepEqual((await page(judged, {})).names, keys);
    },
  },
  {
    sentence: 'a token that no page gave out, and a max-keys that is no number, are an InvalidArgument',
    async check({ endpoint, bucket }) {
      const tokens = ['', 'nonsense', 'a_8', 'a2E='].map((token) => `continuation-token=${token}`);
      for (const query of [...tokens, 'max-keys=-1', 'max-keys=many', 'max-keys=1.5', 'max-keys=2147483648']) {
        const answer = await send(endpoint, 'GET', `/${bucket}?list-type=2&${query}`);
        assert.deepEqual([answer.status, element(answer, 'Code')], [400, 'InvalidArgument'], query);
      }
    },
  },
  {
    sentence: 'a listing of a bucket that nobody made is NoSuchBucket',
    async check({ endpoint }) {
      const answer = await send(endpoint, 'GET', '/nobody-made-this?list-type=2');
      assert.deepEqual([answer.status, element(answer, 'Code')], [404, 'NoSuchBucket']);
    },
  },
  {
    sentence: 'the order is that of the bytes in UTF-8, not of JavaScript',
    async check(judged) {
      const keys = ['Z', 'a', 'é', '\ufb03', '😀'];
      await fill(judged, [...keys].reverse());
      assert.deepEqual((await page(judged, {})).names, keys);
      assert.deepEqual((await pages(judged, { MaxKeys: 2 })).flat(), keys);
    },
  },
];
