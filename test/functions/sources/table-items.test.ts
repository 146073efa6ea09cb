import type { TableOptions } from '../../../functions/sources/table-options';
import { filled, itemsOf, numbers, planOf, texts, type Wire } from './table-store';

const KEY = { partition: 'pk', sort: 'sk' };

const INVALID =
  'Expected the id of a row to be a whole number that JavaScript can hold or a text of 1 to 256 characters, got';

describe('ids of number keys', () => {
  it('are whole numbers, told exactly; any other is a fault that holds up nobody', async () => {
    const store = await filled(
      numbers(
        '-5',
        '0',
        '9007199254740991',
        '9007199254740993',
        '9007199254740990.6',
        '1.5',
        '12345678901234567890123456789012345678',
      ),
      { hashKeyType: 'N' },
    );
    const fault = (digits: string) => ({
      id: digits,
      place: `{"id":["${digits}"]}`,
      fault: { code: 'Row.InvalidId', message: `${INVALID} the number ${digits}: give \`key.id\`.` },
    });
    expect(await itemsOf(store.source())).toEqual([
      { id: -5, data: { id: -5 } },
      { id: 0, data: { id: 0 } },
      fault('1.5'),
      fault('12345678901234567890123456789012345678'),
      fault('9007199254740990.6'),
      { id: 9007199254740991, data: { id: 9007199254740991 } },
      fault('9007199254740993'),
    ]);
  });

  it('are found again by their places, to the last digit', async () => {
    const store = await filled(numbers('9007199254740993', '1.5'), { hashKeyType: 'N' });
    const source = store.source();
    const refs = (await itemsOf(source)).map(({ id, place }) => ({ id, place: place as string }));
    const again = await source.load?.(await planOf(source), refs);
    expect(again?.map(({ id, fault }) => [id, fault?.code])).toEqual([
      ['1.5', 'Row.InvalidId'],
      ['9007199254740993', 'Row.InvalidId'],
    ]);
  });
});

describe('ids of text keys', () => {
  it('have at most 256 characters; a longer key is a fault under a name of its own', async () => {
    const long = ['x'.repeat(256), 'x'.repeat(257), `${'x'.repeat(257)}y`, '😀'.repeat(200)];
    const source = (await filled(long.map((S) => ({ id: { S } })))).source();
    const items = await itemsOf(source);
    const faulty = items.filter(({ fault }) => fault);
    expect(items.filter(({ fault }) => !fault).map(({ id }) => id)).toEqual(['x'.repeat(256)]);
    expect(faulty.map(({ fault }) => fault?.message).sort()).toEqual([
      `${INVALID} a key of 257 characters: give \`key.id\`.`,
      `${INVALID} a key of 258 characters: give \`key.id\`.`,
      `${INVALID} a key of 400 characters: give \`key.id\`.`,
    ]);
    expect(new Set(faulty.map(({ id }) => id)).size).toBe(3);
    for (const { id } of faulty) {
      expect(String(id).length).toBeLessThanOrEqual(256);
      expect(Buffer.from(String(id)).toString()).toBe(id);
    }
    const refs = faulty.map(({ id, place }) => ({ id, place: place as string }));
    expect(await source.load?.(await planOf(source), refs)).toEqual(expect.arrayContaining(faulty));
  });
});

describe('ids of keys with two attributes', () => {
  const definition = { hashKey: 'pk', rangeKey: 'sk', rangeKeyType: 'N' } as const;
  const row = (pk: string, sk: string, more: Wire = {}): Wire => ({ pk: { S: pk }, sk: { N: sk }, ...more });

  it('are both as JSON, which leads back; with their place where a number has more digits than that', async () => {
    const source = (
      await filled(
        [row('a"', '1'), row('a"', '1.5'), row('b', '0.12345678901234567890123'), row('b', '0.0000001')],
        definition,
      )
    ).source({ key: KEY });
    const items = await itemsOf(source);
    expect(items.map(({ id, place }) => [id, place])).toEqual([
      ['["a\\"",1.5]', undefined],
      ['["a\\"",1]', undefined],
      ['["b",0.0000001]', '{"pk":"b","sk":["0.0000001"]}'],
      ['["b",0.12345678901234567890123]', '{"pk":"b","sk":["0.12345678901234567890123"]}'],
    ]);
    const again = await source.load?.(
      await planOf(source),
      items.map(({ data: _, ...ref }) => ref),
    );
    expect(again).toEqual(items);
  });

  it('are an attribute, where that is named; a row without it is a fault', async () => {
    const rows = [
      row('a', '1', { mail: { S: 'one' } }),
      row('a', '2', { mail: { N: '7' } }),
      row('a', '3'),
      row('a', '4', { mail: { S: '' } }),
      row('a', '5', { mail: { N: '7.0000000000000000001' } }),
      row('a', '6', { mail: { BOOL: true } }),
      row('a', '7', { mail: { S: 'm'.repeat(257) } }),
    ];
    const items = await itemsOf((await filled(rows, definition)).source({ key: { ...KEY, id: 'mail' } }));
    expect(items.filter(({ fault }) => !fault).map(({ id, place }) => [id, place])).toEqual([
      [7, '{"pk":"a","sk":["2"]}'],
      ['one', '{"pk":"a","sk":["1"]}'],
    ]);
    expect(
      items.filter(({ fault }) => fault).map(({ id, fault }) => [id, fault?.message.slice(INVALID.length + 1)]),
    ).toEqual([
      ['["a",3]', 'none: correct the row, or `key.id`.'],
      ['["a",4]', '0 characters: correct the row, or `key.id`.'],
      ['["a",5]', 'the number 7.0000000000000000001: correct the row, or name another attribute.'],
      ['["a",6]', 'a boolean: correct the row, or `key.id`.'],
      ['["a",7]', '257 characters: correct the row, or `key.id`.'],
    ]);
  });

  it('are what a function makes of the row; one that throws is a fault', async () => {
    const id: NonNullable<Exclude<TableOptions['key'], string>['id']> = ({ pk, sk }) => {
      if (sk === 2) throw new RangeError('two');
      return `${pk}/${sk}`;
    };
    const items = await itemsOf(
      (await filled([row('a', '1'), row('a', '2')], definition)).source({ key: { ...KEY, id } }),
    );
    expect(items).toEqual([
      expect.objectContaining({
        id: '["a",2]',
        fault: { code: 'Row.InvalidId', message: `${INVALID} the error RangeError: correct the function \`key.id\`.` },
      }),
      expect.objectContaining({ id: 'a/1', data: { pk: 'a', sk: 1 } }),
    ]);
  });

  it('are a fault where they are too long', async () => {
    const items = await itemsOf((await filled([row('p'.repeat(300), '1')], definition)).source({ key: KEY }));
    expect(items[0]?.fault?.message).toBe(`${INVALID} an id of 306 characters: give \`key.id\`.`);
  });
});

describe('the data of a row', () => {
  it('are as the document client has them', async () => {
    const wire: Wire = {
      id: { S: 'u' },
      half: { N: '0.5' },
      wide: { N: '9007199254740993' },
      list: { L: [{ N: '1' }, { M: { n: { N: '-2' }, nothing: { NULL: true } } }] },
      set: { NS: ['1', '2'] },
      words: { SS: ['a'] },
      bytes: { B: 'AAE=' },
      yes: { BOOL: true },
    };
    const [item] = await itemsOf((await filled([wire])).source());
    expect(item?.data).toEqual({
      id: 'u',
      half: 0.5,
      wide: 9007199254740993n,
      list: [1, { n: -2, nothing: null }],
      set: new Set([1, 2]),
      words: new Set(['a']),
      bytes: Uint8Array.from([0, 1]),
      yes: true,
    });
  });

  it('that JavaScript has no form for are a fault of that row alone, without their content', async () => {
    const rows = texts(3).map((row, index) =>
      index === 1 ? { ...row, list: { L: [{ N: '12345678901234567890.5' }] } } : row,
    );
    const source = (await filled(rows)).source();
    const items = await itemsOf(source);
    const fault = {
      code: 'Row.Unreadable',
      message:
        'Expected the attribute list to be a number that JavaScript can hold, got a fraction beyond the safe integers: correct the row.',
    };
    expect(items).toEqual([
      { id: 'u0', data: { id: 'u0' } },
      { id: 'u1', fault },
      { id: 'u2', data: { id: 'u2' } },
    ]);
    expect(await source.load?.(await planOf(source), [{ id: 'u1' }, { id: 'u2' }])).toEqual(items.slice(1));
  });
});
