import type { RunInput } from '../../../functions/contract/payloads';
import { env } from '../../../functions/contract/source';
import { table } from '../../../functions/sources/table';
import type { TableOptions, TableQuery } from '../../../functions/sources/table-options';
import { filled, TableStore } from './table-store';

const plan = async (store: TableStore, options: Partial<TableOptions> = {}, input: Partial<RunInput> = {}) =>
  store.source(options, { fewestSegments: undefined }).plan({ job: 'any', ...input });
const composite = { hashKey: 'pk', rangeKey: 'sk' } as const;
const KEY = { partition: 'pk', sort: 'sk' };

const nothing: TableQuery['partition'] = () => undefined as never;

afterEach(() => {
  delete process.env.USERS_TABLE;
});

describe('the plan of a scan', () => {
  it('covers 240 segments, and says nothing of the number of rows of a table that DynamoDB takes for empty', async () => {
    const store = await TableStore.open();
    expect(await plan(store)).toEqual({
      ...{ start: '0', end: '240', segments: 240, table: 'users', keyTypes: { id: 'S' } },
    });
    expect(store.calls.map(({ operation }) => operation)).toEqual(['DescribeTable']);
  });

  it('estimates the number of rows as the table was last counted, and shares it out over the partitions', async () => {
    const store = await TableStore.open();
    store.answers.push(({ Table }) => ({ Table: { ...(Table as object), ItemCount: 1001 } }));
    const source = store.source({}, { fewestSegments: undefined });
    const planned = await source.plan({ job: 'any' });
    expect(planned).toMatchObject({ estimate: 1001 });
    expect(planned).not.toHaveProperty('items');
    expect(await source.split(planned, 7)).toEqual([
      { start: '0', end: '35', estimate: 146 },
      { start: '35', end: '70', estimate: 146 },
      { start: '70', end: '104', estimate: 142 },
      { start: '104', end: '138', estimate: 142 },
      { start: '138', end: '172', estimate: 141 },
      { start: '172', end: '206', estimate: 142 },
      { start: '206', end: '240', estimate: 142 },
    ]);
  });

  it('counts the rows where that is asked for, and shares their number out', async () => {
    const store = await filled(Array.from({ length: 250 }, (_, number) => ({ id: { S: `u${number}` } })));
    const source = store.source({ count: true }, { fewestSegments: undefined });
    const planned = await source.plan({ job: 'any' });

    expect(planned).toMatchObject({ items: 250 });
    expect(planned).not.toHaveProperty('estimate');
    const scans = store.inputsOf('Scan');
    expect(new Set(scans.map(({ Segment }) => Segment)).size).toBe(16);
    expect(scans.every((input) => input.Select === 'COUNT' && input.TotalSegments === 16 && input.ConsistentRead)).toBe(
      true,
    );
    expect(await source.split(planned, 2)).toMatchObject([{ estimate: 125 }, { estimate: 125 }]);
    expect(await plan(await TableStore.open(), { count: true })).toMatchObject({ items: 0 });
  });

  it('counts the rows of a query, page by page', async () => {
    const row = (pk: string, number: number) => ({
      ...{ pk: { S: pk }, sk: { S: String(number).padStart(2, '0') } },
      text: { S: 'x'.repeat(300_000) },
    });
    const rows = ['a', 'b', 'c'].flatMap((pk) => Array.from({ length: 10 }, (_, number) => row(pk, number)));
    const store = await filled(rows, composite);
    const query = { partition: ['a', 'b'], sort: { from: '01', to: '08' } };

    expect(await plan(store, { key: KEY, query, count: true })).toMatchObject({ items: 16 });
    // Pages of a megabyte.
    expect(store.inputsOf('Query').length).toBeGreaterThan(2);
  });

  it('has four segments for each chain that the input asks for, where that is more', async () => {
    const store = await TableStore.open();
    expect(await plan(store, {}, { chains: 60 })).toMatchObject({ end: '240' });
    expect(await plan(store, {}, { chains: 200 })).toMatchObject({ end: '800' });
    const source = store.source();
    expect(await source.split(await plan(store, {}, { chains: 200 }), 200)).toHaveLength(200);
  });

  it('waits while DynamoDB throttles', async () => {
    const store = await TableStore.open();
    const busy = Object.assign(new Error('busy'), { name: 'ThrottlingException', $fault: 'client' });
    store.answers.push(busy, busy);
    expect(await plan(store)).toMatchObject({ table: 'users' });
    expect(store.calls).toHaveLength(3);
  });

  it('reads the name of the table from the environment, when it runs', async () => {
    const store = await TableStore.open();
    await expect(plan(store, { name: env('USERS_TABLE') })).rejects.toThrow(
      'Expected the environment variable USERS_TABLE to be set, got nothing: set it on the function.',
    );
    process.env.USERS_TABLE = 'users';
    expect(await plan(store, { name: env('USERS_TABLE') })).toMatchObject({ table: 'users' });
  });
});

describe('a run is refused in one sentence', () => {
  const refusal = (message: string) => ({ code: 'Run.InvalidInput', message });

  it.each([
    [{}, { key: 'email' }, 'Expected the key of the table users to be email, got id'],
    [{}, { key: { partition: 'id', sort: 'at' } }, 'Expected the key of the table users to be id and at, got id'],
    [composite, { key: 'pk' }, 'Expected the key of the table users to be pk, got pk and sk'],
    [
      composite,
      { key: { partition: 'sk', sort: 'pk' } },
      'Expected the key of the table users to be sk and pk, got pk and sk',
    ],
  ])('where the table %j has another key than %j', async (definition, options, words) => {
    const store = await TableStore.open(definition);
    await expect(plan(store, options)).rejects.toMatchObject(
      refusal(`${words}: give the source the key that the table has.`),
    );
  });

  it.each([
    [{ hashKeyType: 'B' }, 'id', 'id'],
    [{ ...composite, rangeKeyType: 'B' }, KEY, 'sk'],
  ] as const)('where a key attribute of %j is binary', async (definition, key, name) => {
    await expect(plan(await TableStore.open(definition), { key })).rejects.toMatchObject(
      refusal(
        `Expected the key of the table users to be of strings and numbers, got the binary attribute ${name}: an item's id has no bytes, so write a source of your own.`,
      ),
    );
  });

  it('where there is no such table', async () => {
    await expect(plan(await TableStore.open(), { name: 'people' })).rejects.toMatchObject(
      refusal(
        "Expected the source's table to exist, got people, which is not there: give its name, in the account and region of the functions.",
      ),
    );
  });

  it('where the input has a range of ids', async () => {
    await expect(plan(await TableStore.open(), {}, { ids: { first: 1, last: 3 } })).rejects.toMatchObject(
      refusal(
        'Expected no range of `ids` for a job over a table, got {"first":1,"last":3}: leave `ids` out, or list single ids like [17, 42].',
      ),
    );
  });

  const query = (more: TableQuery) => ({ key: KEY, query: more });
  it.each([
    [{ partition: 7 }, 'Expected a text to look for in the key attribute pk, got 7: correct `query` of the source.'],
    [{ partition: () => '' }, 'Expected a text to look for in the key attribute pk, got "": correct'],
    [{ partition: nothing }, 'Expected a text to look for in the key attribute pk, got nothing: correct'],
    [
      { partition: 'a', sort: { from: 'x' } },
      'Expected a number to look for in the key attribute sk, got "x": correct',
    ],
    [{ partition: 'a', sort: { to: () => Number.NaN } }, 'Expected a number to look for in the key attribute sk, got'],
    [
      { partition: 'a', sort: { beginsWith: () => 7 } },
      'Expected `query.sort.beginsWith` for a sort key of text, got a number',
    ],
    [
      { partition: 'a', sort: { from: 2, to: 1 } },
      'Expected `query.sort` to go from a key to the same or a later one, got from 2 to 1: exchange them.',
    ],
    [{ partition: ['a', 'b', 'a'] }, 'Expected every value of `query.partition` once, got one twice'],
    [
      { partition: ['a'.repeat(30_000), 'b'.repeat(30_000)] },
      'Expected the values of `query` to have at most 50000 characters together',
    ],
    [
      { partition: 'a', index: { name: 'byDay', partition: 'day' } },
      'Expected the table users to have the index byDay, got none: name one that it has.',
    ],
  ] as const)('where a query asks for %.40j', async (asked, words) => {
    const store = await TableStore.open({ ...composite, rangeKeyType: 'N' });
    await expect(plan(store, query(asked as TableQuery))).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringContaining(words),
    });
  });

  it('where a range of texts is the wrong way round by its bytes', async () => {
    const store = await TableStore.open(composite);
    const from = '\u{1f600}';
    const to = '\uff01';
    expect(from < to).toBe(true);
    await expect(plan(store, query({ partition: 'a', sort: { from, to } }))).rejects.toThrow('exchange them');
    expect(await plan(store, query({ partition: 'a', sort: { from: to, to: from } }))).toHaveProperty('query');
  });
});

describe('the plan of a query', () => {
  it('has a segment for each partition key, with the values of this run', async () => {
    process.env.USERS_TABLE = '7';
    const store = await TableStore.open({ ...composite, hashKeyType: 'N' });
    const query: TableQuery = {
      partition: [1, env('USERS_TABLE'), () => 9],
      sort: { from: ({ scheduledFor }) => String(scheduledFor).slice(0, 10), to: '2026-12-31' },
    };
    expect(await plan(store, { key: KEY, query }, { scheduledFor: '2026-01-05T09:00:00Z' })).toEqual({
      start: '0',
      end: '3',
      segments: 3,
      table: 'users',
      keyTypes: { pk: 'N', sk: 'S' },
      query: { partitions: [1, 7, 9], sort: { from: '2026-01-05', to: '2026-12-31' } },
    });
  });
});

describe('options that cannot work are refused when the module loads', () => {
  const right = { name: 'users', key: 'id' };
  const query = (more: object) => ({ ...right, key: KEY, query: { partition: 'a', ...more } });
  it.each([
    [{ key: 'id' }, 'the name of a table, or env(…), as `name`, got undefined'],
    [{ ...right, name: 'us' }, 'the name of a table, or env(…), as `name`, got "us"'],
    [{ ...right, name: 'arn:aws:dynamodb:::table/users' }, 'the name of a table'],
    [{ name: 'users' }, '`key` to be the name of the partition key, or like { partition, sort }, got undefined'],
    [{ ...right, key: '' }, '`key` to be the name of the partition key'],
    [{ ...right, key: { sort: 'sk' } }, '`key.partition` to be the name of an attribute, got undefined'],
    [{ ...right, key: { partition: 'a', sort: 'a' } }, '`key.sort` to be the name of another attribute, got "a"'],
    [
      { ...right, key: { partition: 'a', id: 7 } },
      '`key.id` to be the name of an attribute or a function of the row, got 7',
    ],
    [{ ...right, key: { hash: 'a' } }, '`key` to have only partition, sort and id, got "hash"'],
    [{ ...right, consistent: 'yes' }, '`consistent` to be true or false, got "yes"'],
    [{ ...right, count: 1000 }, '`count` to be true or false, got 1000'],
    [{ ...right, projection: 'email' }, '`projection` to be names of attributes, got "email"'],
    [{ ...right, projection: ['email', ''] }, '`projection` to be names of attributes'],
    [{ ...right, filter: 'a = b' }, 'only the options name, key, query, consistent, projection, count, got "filter"'],
    [{ ...right, query: 'a' }, '`query` to be like { partition }, got "a"'],
    [query({ partition: undefined }), '`query.partition` to be a value of the partition key, or 1 to 1000 of them'],
    [query({ partition: [] }), '`query.partition` to be a value of the partition key'],
    [query({ partition: '' }), '`query.partition` to be a value of the partition key'],
    [query({ partition: Array.from({ length: 1001 }, (_, index) => index) }), '`query.partition` to be a value'],
    [query({ hash: 'a' }), '`query` to have only partition, sort and index, got "hash"'],
    [query({ sort: {} }), '`query.sort` to have from, to, or both, or just beginsWith, got {}'],
    [query({ sort: { from: 1, beginsWith: 'a' } }), '`query.sort` to have from, to, or both, or just beginsWith'],
    [query({ sort: { after: 1 } }), '`query.sort` to have from, to, or both'],
    [query({ sort: { beginsWith: 7 } }), '`query.sort` to have from, to, or both'],
    [query({ index: 'byDay' }), '`query.index` to be like { name, partition, sort }, got "byDay"'],
    [{ ...right, query: { partition: 'a', sort: { from: 1 } } }, '`key.sort` to be the name of the sort key'],
    [query({ sort: { from: 1 }, index: { name: 'byDay', partition: 'day' } }), '`query.index.sort` to be the name'],
  ])('%.80j', (options, words) => {
    expect(() => table(options as never)).toThrow(TypeError);
    expect(() => table(options as never)).toThrow(`Expected of table() ${words}`);
  });

  it('and those that can are taken', () => {
    for (const options of [right, { ...right, projection: [] }, query({ sort: { from: 1, to: 1 } })]) {
      expect(table(options as TableOptions)).toMatchObject({ kind: 'table' });
    }
  });
});
