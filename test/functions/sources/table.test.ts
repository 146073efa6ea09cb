import { env } from '../../../functions/contract/source';
import { compareCursors } from '../../../functions/sources/table-cursor';
import type { TableOptions } from '../../../functions/sources/table-options';
import { filled, itemsOf, planOf, TableStore, texts } from './table-store';

const KEY = { partition: 'pk', sort: 'sk' };

describe('what is read', () => {
  it('is consistent, in whole rows, a segment at a time', async () => {
    const store = await filled(texts(1));
    await itemsOf(store.source());
    const inputs = store.inputsOf('Scan');
    expect(inputs.map(({ Segment }) => Segment)).toEqual([0, 1, 2, 3, 4]);
    expect(inputs[0]).toEqual({ TableName: 'users', ConsistentRead: true, Limit: 100, Segment: 0, TotalSegments: 5 });
  });

  it('is not consistent where that is said', async () => {
    const store = await filled(texts(1));
    const source = store.source({ consistent: false });
    await itemsOf(source);
    await source.load?.(await planOf(source), [{ id: 'u0' }]);
    expect(store.inputsOf('Scan')[0]).toMatchObject({ ConsistentRead: false });
    expect(store.inputsOf('BatchGetItem')).toEqual([
      { RequestItems: { users: { ConsistentRead: false, Keys: [{ id: { S: 'u0' } }] } } },
    ]);
  });

  it('is what a projection names, with key and id, whatever its words mean to DynamoDB', async () => {
    const row = {
      pk: { S: 'a' },
      sk: { S: 'b' },
      'user.id': { S: 'u1' },
      status: { S: 'on' },
      'a b': { N: '1' },
      more: { S: 'x' },
    };
    const store = await filled([row], { hashKey: 'pk', rangeKey: 'sk' });
    const source = store.source({ key: { ...KEY, id: 'user.id' }, projection: ['status', 'a b', 'sk', 'status'] });
    const data = { pk: 'a', sk: 'b', 'user.id': 'u1', status: 'on', 'a b': 1 };
    expect(await itemsOf(source)).toEqual([{ id: 'u1', place: '{"pk":"a","sk":"b"}', data }]);
    expect(await source.load?.(await planOf(source), [{ id: 'u1', place: '{"pk":"a","sk":"b"}' }])).toEqual([
      { id: 'u1', place: '{"pk":"a","sk":"b"}', data },
    ]);
  });

  it('fills a chunk from several segments', async () => {
    const source = (await filled(texts(40))).source();
    const plan = await planOf(source);
    const page = await source.read(plan, '0', '5', 30);
    expect(page.items).toHaveLength(30);
    expect((await source.read(plan, page.next, '5', 30)).items).toHaveLength(10);
  });

  it('looks into ten segments before it answers, so that a stop is heard', async () => {
    const store = await filled(texts(1));
    const source = store.source({}, { fewestSegments: 25 });
    const plan = await planOf(source);
    store.calls.length = 0;
    let cursor: string | number = '0';
    const reads = [];
    for (; source.compare(cursor, '25') < 0; reads.push(store.calls.splice(0).length)) {
      cursor = (await source.read(plan, cursor, '25', 10)).next;
    }
    expect(reads).toEqual([10, 10, 5]);
  });

  it('goes beyond a page of 1 MB', async () => {
    const big = texts(12).map((row) => ({ ...row, text: { S: 'x'.repeat(300_000) } }));
    const store = await filled(big);
    expect(await itemsOf(store.source())).toHaveLength(12);
    expect(store.inputsOf('Scan').length).toBeGreaterThan(5);
  });

  it('advances over a page that has no row and yet does not end', async () => {
    const store = await filled(texts(3));
    const source = store.source();
    const plan = await planOf(source);
    store.answers.push((answer) => ({ ...answer, Items: [], Count: 0, LastEvaluatedKey: { id: { S: 'u0' } } }));
    const page = await source.read(plan, '0', '5', 10);
    expect(page).toEqual({ items: [], next: '0:1:{"id":"u0"}' });
    expect(source.compare(page.next, '0')).toBeGreaterThan(0);
  });
});

describe('a run ends at once, in one sentence, where', () => {
  afterEach(() => {
    delete process.env.USERS_TABLE;
  });

  it('the table is gone', async () => {
    const source = (await TableStore.open()).source({ name: 'people' });
    const plan = { start: '0', end: '5', segments: 5, table: 'people', keyTypes: { id: 'S' } };
    const gone = { code: 'Run.SourceChanged', message: expect.stringContaining('got people, which is not there') };
    await expect(source.read(plan, '0', '5', 10)).rejects.toMatchObject(gone);
    await expect(source.load?.(plan, [{ id: 'a' }])).rejects.toMatchObject(gone);
    await expect(source.load?.(undefined, [{ id: 'a' }])).rejects.toMatchObject(gone);
  });

  it('a later deployment names another table', async () => {
    process.env.USERS_TABLE = 'users';
    const source = (await filled(texts(1))).source({ name: env('USERS_TABLE') });
    const plan = await planOf(source);
    process.env.USERS_TABLE = 'people';
    const changed = {
      code: 'Run.SourceChanged',
      message:
        'Expected the source to read the table users, with which the run began, got people: deploy the former name and redrive, or start a new run.',
    };
    await expect(source.read(plan, '0', '5', 10)).rejects.toMatchObject(changed);
    await expect(source.load?.(plan, [{ id: 'u0' }])).rejects.toMatchObject(changed);
  });
});

describe('a query', () => {
  const definition = { hashKey: 'pk', rangeKey: 'sk' };
  const rows = ['a1', 'a2', 'a3', 'b1', 'b2'].map((text) => ({ pk: { S: text[0] }, sk: { S: `k${text[1]}` } }));
  const idsOf = async (query: TableOptions['query'], limit?: number) => {
    const store = await filled(rows, definition);
    return (await itemsOf(store.source({ key: KEY, query }), limit)).map(({ id }) => id);
  };

  it.each([
    [{ partition: 'a' }, ['a1', 'a2', 'a3']],
    [{ partition: ['b', 'a'] }, ['a1', 'a2', 'a3', 'b1', 'b2']],
    [{ partition: 'a', sort: { from: 'k2' } }, ['a2', 'a3']],
    [{ partition: 'a', sort: { to: 'k2' } }, ['a1', 'a2']],
    [{ partition: ['a', 'b'], sort: { from: 'k2', to: 'k2' } }, ['a2', 'b2']],
    [{ partition: 'a', sort: { beginsWith: 'k' } }, ['a1', 'a2', 'a3']],
    [{ partition: 'a', sort: { beginsWith: 'l' } }, []],
    [{ partition: 'c' }, []],
  ])('for %j gives %j', async (query, expected) => {
    const ids = expected.map((text) => `["${text[0]}","k${text[1]}"]`);
    expect(await idsOf(query)).toEqual(ids);
    expect(await idsOf(query, 1)).toEqual(ids);
  });

  it('gives the rows of a partition key in the order of their sort keys', async () => {
    const store = await filled(rows, definition);
    const source = store.source({ key: KEY, query: { partition: 'a' } });
    const { items } = await source.read(await planOf(source), '0', '1', 2);
    expect(items?.map(({ id }) => id)).toEqual(['["a","k1"]', '["a","k2"]']);
  });

  it('is shared out by partition keys', async () => {
    const store = await filled(rows, definition);
    const source = store.source({ key: KEY, query: { partition: ['a', 'b', 'c'] } });
    const plan = await planOf(source);
    expect(await source.split(plan, 2)).toEqual([
      { start: '0', end: '2' },
      { start: '2', end: '3' },
    ]);
    expect(await source.split(plan, 40)).toHaveLength(3);
  });
});

describe('cursors', () => {
  it('are ordered by their numbers, not by their letters', () => {
    const ordered = ['0', '0:9:{"id":"z"}', '0:10:{"id":"a"}', '2', '9:1:{"id":"a\\nb"}', '10', '10:1:{}'];
    for (const [index, cursor] of ordered.entries()) {
      expect(Math.sign(compareCursors(cursor, ordered[index + 1] ?? '11'))).toBe(-1);
      expect(compareCursors(cursor, cursor)).toBe(0);
    }
  });

  it.each([7, '', 'a', '1:2', '1:2:', '-1', '1:x:{}'])('are refused where they are none: %j', (cursor) => {
    expect(() => compareCursors(cursor, '1')).toThrow(`Expected a cursor of a table, got ${JSON.stringify(cursor)}.`);
  });
});
