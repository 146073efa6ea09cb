import { gzipSync } from 'node:zlib';
import { answer, ObjectStore } from './object-store';
import { allOf, planOf, walk } from './object-walk';

const MEGABYTE = 1024 * 1024;
const rows = (count: number, note = (_: number) => 'x') =>
  `id,note\n${Array.from({ length: count }, (_, index) => `${index},"${note(index)}"\n`).join('')}`;
const idsUpTo = (count: number) => Array.from({ length: count }, (_, index) => String(index));

function over(content: string | Buffer, stored?: Parameters<ObjectStore['put']>[1]) {
  const store = new ObjectStore();
  store.put(content, stored);
  return { store, source: store.source() };
}

describe('how much is read', () => {
  test('a chunk asks for as many bytes as its records usually have, not for its partition', async () => {
    const { store, source } = over(rows(20_000));
    const plan = await planOf(source);
    store.ranges.length = 0;
    await source.read(plan, plan.start, plan.end, 25);

    expect(store.ranges).toEqual([[8, 8 + 8192]]);
  });

  test('records that are longer than usual are asked for with more bytes, up to several megabytes', async () => {
    const lengths = [2, 100_000, 3 * MEGABYTE, 2, 20_000, 1.5 * MEGABYTE, 2];
    const { store, source } = over(rows(1000, (index) => 'ü'.repeat((lengths[index] ?? 2) / 2)));
    const plan = await planOf(source);
    const items = await walk(source, plan);

    expect(items.map(({ id }) => id)).toEqual(idsUpTo(1000));
    for (const [index, length] of lengths.entries()) {
      expect(items[index]?.data).toEqual({ id: String(index), note: 'ü'.repeat(length / 2) });
    }
    expect(Math.max(...store.ranges.map(([from, to]) => to - from))).toBeLessThanOrEqual(4 * MEGABYTE);
  });

  test('a page has few items where they are large', async () => {
    const { source } = over(rows(20, () => 'x'.repeat(MEGABYTE)));
    const plan = await planOf(source);
    const page = await source.read(plan, plan.start, plan.end, 100);

    expect(page.items).toHaveLength(4);
  });

  test('a line that is too long is an item that cannot be read, and the lines around it are as ever', async () => {
    const { source } = over(`id,note\n1,a\n2,${'b'.repeat(9 * MEGABYTE)}\n3,c\n`);
    const items = await allOf(source);

    expect(items.map(({ id }) => id)).toEqual(['1', 'line 3', '3']);
    expect(items[1]?.fault).toEqual({
      code: 'Line.Malformed',
      message: 'Expected line 3 to have at most 4194304 bytes to its end, got 9437187: correct it in a new object.',
    });
    expect(await source.load?.(await planOf(source), [items[1] as never])).toMatchObject([{ id: 'line 3', fault: {} }]);
  });

  test('items are read again in one range where they are close together, else in one each', async () => {
    const { store, source } = over(rows(30_000));
    const plan = await planOf(source);
    const items = await walk(source, plan, plan, 100);
    store.ranges.length = 0;
    const wanted = [20_000, 3, 1, 2].map((index) => ({
      id: items[index]?.id as string,
      place: items[index]?.place as string,
    }));
    const found = await source.load?.(plan, [...wanted, wanted[1] as never]);

    expect(found?.map(({ id }) => id)).toEqual(['1', '2', '3', '3', '20000']);
    expect(found).toContainEqual(items[20_000]);
    expect(store.ranges).toHaveLength(2);
    expect(store.ranges.map(([from, to]) => to - from).sort((a, b) => a - b)).toEqual([10, 18]);
  });
});

describe('an object that is replaced while a run is on', () => {
  const cases = [
    [
      'replaced',
      (store: ObjectStore) => store.put('id\n9\n'),
      /got one with the ETag "[0-9a-f]{32}": put that one back/,
    ],
    [
      'deleted',
      (store: ObjectStore) => Object.assign(store, { current: undefined }),
      /got nothing there: put that one back/,
    ],
    [
      'deleted, where the functions may not list the bucket',
      (store: ObjectStore) => Object.assign(store, { current: undefined, mayList: false }),
      /got AccessDenied \(which S3 says of an object that is not there, too/,
    ],
  ] as const;

  test.each(cases)('ends the run with one sentence where it is %s', async (_, change, sentence) => {
    for (const content of [rows(50), gzipSync(rows(50))]) {
      const { store, source } = over(content);
      const plan = await planOf(source);
      const page = await source.read(plan, plan.start, plan.end, 10);
      change(store);
      const error = { code: 'Run.SourceChanged', message: expect.stringMatching(sentence) };

      await expect(source.read(plan, page.next, plan.end, 10)).rejects.toMatchObject(error);
      await expect(source.load?.(plan, [page.items?.[0] as never])).rejects.toMatchObject(error);
    }
  });

  test('is read to its end where the bucket keeps its version', async () => {
    const { store, source } = over(rows(50), { versionId: 'v1' });
    const plan = await planOf(source);
    store.put('id\n9\n', { versionId: 'v2' });

    expect(plan).toMatchObject({ versionId: 'v1' });
    expect((await walk(source, plan)).map(({ id }) => id)).toEqual(idsUpTo(50));
    store.versions.clear();
    await expect(walk(source, plan)).rejects.toMatchObject({ code: 'Run.SourceChanged' });
  });

  test('goes on when it was put back', async () => {
    const { store, source } = over(rows(50));
    const plan = await planOf(source);
    const page = await source.read(plan, plan.start, plan.end, 10);
    const before = store.current as never;
    store.put('id\n9\n');
    await expect(source.read(plan, page.next, plan.end, 10)).rejects.toMatchObject({ code: 'Run.SourceChanged' });
    store.putContent(before);

    expect((await source.read(plan, page.next, plan.end, 10)).items).toHaveLength(10);
  });
});

describe('when S3 does not answer as it should', () => {
  test.each([
    [
      true,
      /Expected s3:\/\/exports\/users\.csv to be an object that the functions may read, got nothing there: put it there/,
    ],
    [false, /got AccessDenied \(which S3 says .* reading needs s3:GetObject, .*s3:GetObjectVersion, and kms:Decrypt/],
  ])('a run over no object is refused; may list: %s', async (mayList, sentence) => {
    const store = Object.assign(new ObjectStore(), { mayList });

    await expect(store.source().plan({ job: 'import' })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringMatching(sentence),
    });
  });

  test('asks again after what passes, and goes on where an answer broke off', async () => {
    const { store, source } = over(rows(40_000));
    store.failures.push(answer('SlowDown', 503), answer('InternalError', 500), answer('RequestTimeout', 400));
    const plan = await planOf(source);
    store.ranges.length = 0;
    store.breaks.push(0, 5000, 70);
    const { items } = await source.read(plan, plan.start, plan.end, 1000);

    expect(items?.map(({ id }) => id)).toEqual(idsUpTo(1000));
    expect(store.ranges.map(([from]) => from)).toEqual([8, 8, 5008, 5078]);
  });

  test('gives up at once where the answer is a refusal', async () => {
    const { store, source } = over(rows(10));
    const plan = await planOf(source);
    store.failures.push(answer('InvalidArgument', 400));

    await expect(source.read(plan, plan.start, plan.end, 10)).rejects.toThrow('InvalidArgument');
  });
});

describe('an object that is compressed', () => {
  const text = rows(30_000, (index) => `ü\n${'abcdefghij'.repeat(index % 20)}`);

  test('is one partition, whose items are those of its text', async () => {
    const plain = over(text).source;
    const { store, source } = over(gzipSync(text));
    const plan = await planOf(source);
    const expected = await allOf(plain, 100);
    store.ranges.length = 0;
    const items = await walk(source, plan, plan, 100);

    expect(plan).toMatchObject({ isGzip: true, items: 30_000, end: (await planOf(plain)).end });
    expect(await source.split(plan, 40)).toEqual([{ start: plan.start, end: plan.end, items: 30_000 }]);
    expect(items).toEqual(expected);
  });

  test('is decompressed once for all reads of a link, and once up to its cursor for the next link', async () => {
    const { store, source } = over(gzipSync(text));
    const plan = await planOf(source);
    const once = Math.ceil((plan.size as number) / MEGABYTE);
    store.ranges.length = 0;
    const items = await walk(source, plan, plan, 25);
    expect(store.ranges).toHaveLength(once);

    const middle = String(items[20_000]?.place).split(':').slice(0, 2).join(':');
    const next = await store.source().read(plan, middle, plan.end, 25);
    expect(next.items).toEqual(items.slice(20_000, 20_025));
  });

  test('gives carried items again beside the reads, wherever they are', async () => {
    const { source } = over(gzipSync(text));
    const plan = await planOf(source);
    const items = await walk(source, plan, { ...plan, end: '400000:1' } as never, 25);
    const wanted = [items[900], items[5], items[300]].map((item) => ({
      id: item?.id as string,
      place: item?.place as string,
    }));

    expect(await source.load?.(plan, [...wanted, wanted[1] as never])).toEqual(
      [5, 5, 300, 900].map((index) => items[index]),
    );
    expect((await source.read(plan, plan.start, plan.end, 3)).items).toEqual(items.slice(0, 3));
  });

  test('may have several members, and an empty one', async () => {
    const members = [gzipSync('id,no'), gzipSync(''), gzipSync('te\n1,'), gzipSync('"a\nb"\n')];

    expect(await allOf(over(Buffer.concat(members)).source)).toMatchObject([{ data: { id: '1', note: 'a\nb' } }]);
    expect(await allOf(over(gzipSync('\ufeffid\n1\n')).source)).toMatchObject([{ id: '1', place: '6:2:2' }]);
    expect(await planOf(over(gzipSync('')).source)).toMatchObject({ items: 0, start: '0:1', end: '0:1' });
  });

  const whole = gzipSync(text);
  const damaged = Buffer.from(whole);
  damaged.fill(0x55, 2000, 2200);
  test.each([
    ['breaks off', whole.subarray(0, whole.length - 500), {}],
    ['is damaged', damaged, {}],
    ['is plain text but calls itself so', Buffer.from('id\n1\n'), { contentEncoding: 'gzip' }],
  ])('is refused when the run is planned where it %s', async (_, bytes, stored) => {
    await expect(over(bytes, stored).source.plan({ job: 'import' })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringMatching(
        /^Expected s3:\/\/exports\/users\.csv to be a whole gzip file, got one that breaks off or is damaged \(.+\): put/,
      ),
    });
  });

  test('is known by its first bytes, whatever it is called', async () => {
    const { store } = over(gzipSync('id\n1\n'), { contentEncoding: undefined as never });

    expect((await planOf(store.source({ key: 'users' }))).isGzip).toBe(true);
  });
});
