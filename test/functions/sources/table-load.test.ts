import { filled, numbers, planOf, TableStore, texts, type Wire } from './table-store';

type Source = ReturnType<TableStore['source']>;

const KEY = { partition: 'pk', sort: 'sk' };

describe('items that are read again', () => {
  const load = async (store: TableStore, refs: Parameters<NonNullable<Source['load']>>[1], options = {}) => {
    const source = store.source(options);
    const found = await source.load?.(await planOf(source), refs);
    return [...(found ?? [])].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  };

  it('are those that are there, however often they are asked for', async () => {
    const store = await filled(texts(2));
    const found = await load(store, [{ id: 'u1' }, { id: 'gone' }, { id: 'u0' }, { id: 'u1' }]);
    expect(found.map(({ id, data }) => [id, data])).toEqual([
      ['u0', { id: 'u0' }],
      ['u1', { id: 'u1' }],
      ['u1', { id: 'u1' }],
    ]);
    expect(await load(store, [])).toEqual([]);
  });

  it('may be more than one call has keys', async () => {
    const store = await filled(texts(250));
    expect(
      await load(
        store,
        texts(250).map(({ id }) => ({ id: String(id?.S) })),
      ),
    ).toHaveLength(250);
    expect(store.inputsOf('BatchGetItem')).toHaveLength(3);
  });

  it('are asked for until DynamoDB has read all of them', async () => {
    const store = await filled(texts(3));
    const left = (keys: Wire[]) => (answer: Record<string, unknown>) => ({
      Responses: { users: [{ id: { S: 'u0' } }] },
      UnprocessedKeys: { users: { Keys: keys, ConsistentRead: true } },
      ...(keys.length === 0 && answer),
    });
    store.answers.push((answer) => answer, left([{ id: { S: 'u1' } }, { id: { S: 'u2' } }]));
    expect((await load(store, [{ id: 'u0' }, { id: 'u1' }, { id: 'u2' }])).map(({ id }) => id)).toEqual([
      'u0',
      'u1',
      'u2',
    ]);
    expect(store.inputsOf('BatchGetItem').at(-1)).toMatchObject({
      RequestItems: { users: { Keys: [{ id: { S: 'u1' } }, { id: { S: 'u2' } }] } },
    });
  });

  it('may be listed in an input, by the ids that the source gives', async () => {
    const people = (await filled(numbers('7'), { hashKeyType: 'N' })).source();
    expect(await people.load?.(undefined, [{ id: 7 }, { id: 8 }])).toEqual([{ id: 7, data: { id: 7 } }]);
    const pairs = (await filled([{ pk: { S: 'a' }, sk: { S: '1' } }], { hashKey: 'pk', rangeKey: 'sk' })).source({
      key: KEY,
    });
    expect(await pairs.load?.(undefined, [{ id: '["a","1"]' }])).toEqual([
      { id: '["a","1"]', data: { pk: 'a', sk: '1' } },
    ]);
  });

  it('ask once what the keys are, unless that failed', async () => {
    const store = await filled(texts(1));
    const source = store.source();
    store.answers.push(new Error('no'));
    await expect(source.load?.(undefined, [{ id: 'u0' }])).rejects.toThrow('no');
    for (let count = 0; count < 3; count++) expect(await source.load?.(undefined, [{ id: 'u0' }])).toHaveLength(1);
    expect(store.inputsOf('DescribeTable')).toHaveLength(2);
  });

  it.each([
    [{ hashKeyType: 'N' }, 'id', '7', 'a number for id as the id of a row, got another: correct the id'],
    [{}, 'id', 7, 'a text for id as the id of a row, got another: correct the id'],
    [
      { hashKey: 'pk', rangeKey: 'sk' },
      KEY,
      'a/b',
      'a text for pk and a text for sk, as a JSON list, as the id of a row, got another: correct the id',
    ],
    [{ hashKey: 'pk', rangeKey: 'sk' }, KEY, '["a"]', 'a text for pk and a text for sk'],
    [{ hashKey: 'pk', rangeKey: 'sk' }, KEY, '["a","b","c"]', 'a text for pk and a text for sk'],
    [{ hashKey: 'pk', rangeKey: 'sk' }, KEY, '["a",""]', 'a text for pk and a text for sk'],
    [{ hashKey: 'pk', rangeKey: 'sk' }, KEY, 7, 'a text for pk and a text for sk'],
    [{ hashKey: 'pk', rangeKey: 'sk', rangeKeyType: 'N' }, KEY, '["a",1e-7]', 'a text for pk and a number for sk'],
    [
      {},
      { partition: 'id', id: 'mail' },
      'a',
      'the place of the row beside its id, as its source gives it, got the id alone: list no ids',
    ],
  ] as const)(
    'are a fault where the table %j with the key %j has no row for the id %j',
    async (definition, key, id, words) => {
      const source = (await TableStore.open(definition)).source({ key });
      expect(await source.load?.(undefined, [{ id }])).toEqual([
        { id, fault: { code: 'Row.InvalidId', message: expect.stringContaining(`Expected ${words}`) } },
      ]);
    },
  );
});
