import * as fc from 'fast-check';
import type { Source } from '../../../functions/contract/source';
import { s3Object } from '../../../functions/sources/s3-object';
import { ObjectStore } from './object-store';
import { allOf, planOf, walk } from './object-walk';

const BOM = '\ufeff';

function over(content: string | Buffer, options?: Parameters<ObjectStore['source']>[0]) {
  const store = new ObjectStore();
  store.put(content);
  return { store, source: store.source(options) };
}

const idsOf = async (source: Source, limit?: number) => (await allOf(source, limit)).map(({ id }) => id);

describe('an object of CSV', () => {
  test('gives the rows after the header, each with its data and its place', async () => {
    const { source } = over('id,name\n7,Ada\n8,"Grace, Admiral"\n');

    expect(await planOf(source)).toMatchObject({ items: 2, start: '8:2', end: '33:4', columns: ['id', 'name'] });
    expect(await allOf(source)).toEqual([
      { id: '7', data: { id: '7', name: 'Ada' }, place: '8:2:6' },
      { id: '8', data: { id: '8', name: 'Grace, Admiral' }, place: '14:3:19' },
    ]);
  });

  test('reads quoted line breaks, quotes and delimiters, any line ends, empty lines and a last line without an end', async () => {
    const { source } = over(`${BOM}id,note\r\n1,"a\r\nb ""c"", d"\n\r\n\n2,ü\r\n3,"x\n\ny"`);

    expect((await allOf(source)).map(({ data }) => data)).toEqual([
      { id: '1', note: 'a\r\nb "c", d' },
      { id: '2', note: 'ü' },
      { id: '3', note: 'x\n\ny' },
    ]);
  });

  test('keeps an id as the text that it is', async () => {
    expect(await idsOf(over('id\n007\n 8\n1e3\n').source)).toEqual(['007', ' 8', '1e3']);
  });

  test('takes other delimiters, other quotes, none, and columns that have no header', async () => {
    const semicolons = over("1;'a;b'\n", { delimiter: ';', quote: "'", columns: ['id', 'name'] });
    const tabs = over('key\tsize\n1\t5" pipe\n2\t"\n', { delimiter: '\t', quote: false, id: 'key' });

    expect(await allOf(semicolons.source)).toEqual([{ id: '1', data: { id: '1', name: 'a;b' }, place: '0:1:8' }]);
    expect((await allOf(tabs.source)).map(({ data }) => data)).toEqual([
      { key: '1', size: '5" pipe' },
      { key: '2', size: '"' },
    ]);
  });

  test('takes a column of any name', async () => {
    const [item] = await allOf(over('id,__proto__,constructor,\n1,a,b,c\n').source);

    expect(Object.entries(item?.data as object)).toEqual([
      ['id', '1'],
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['', 'c'],
    ]);
  });

  test.each([
    ['', '0:1'],
    [BOM, '3:1'],
    ['\n\n', '2:3'],
    ['id,name', '7:1'],
    ['id,name\n', '8:2'],
    ['id,name\r\n\r\n', '11:3'],
  ])('has no partition where there is nothing but %j', async (content, end) => {
    const { source } = over(content);
    const plan = await planOf(source);

    expect(plan).toMatchObject({ items: 0, start: end, end });
    expect(await source.split(plan, 4)).toEqual([]);
    expect(await source.read(plan, end, end, 25)).toEqual({ items: [], next: end });
  });

  test.each([
    ['a name,"ID "\n', /name the column "id", got 2 columns, of them "ID ": give the name as it is there as `id`/],
    [
      'ada@example.com,Ada\n',
      /name the column "id", got 2 columns, none of that name: .*`columns` where there is no header/,
    ],
    ['id,name,name\n', /name each column once, got "name" twice: rename one of them/],
    ['id,"name\n1,2\n', /a closing quote for each opening one, got one that is not closed: correct it/],
    [`id,${'a'.repeat(20_000)}\n`, /be a header of at most 16384 bytes, got 20004/],
    [Buffer.from([0xff, 0xfe, 0x69, 0]), /to be text in UTF-8, got a byte order mark of UTF-16: convert it/],
  ])('is refused when the run is planned, case %#, in one sentence', async (content, sentence) => {
    const planning = over(content as string).source.plan({ job: 'import' });

    await expect(planning).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringMatching(sentence),
    });
    await expect(planning).rejects.not.toThrow('ada');
  });
});

describe('an object of NDJSON', () => {
  const options = { format: 'ndjson', id: 'key' } as const;

  test('gives the object of each line, with ids that are numbers or text', async () => {
    const { source } = over(`${BOM}{"key":7,"a":[1]}\r\n\n{"key":"7"}\n{"key":-1,"note":"\\n"}`, options);

    expect(await allOf(source)).toEqual([
      { id: 7, data: { key: 7, a: [1] }, place: '3:1:19' },
      { id: '7', data: { key: '7' }, place: '23:3:12' },
      { id: -1, data: { key: -1, note: '\n' }, place: '35:4:22' },
    ]);
  });

  test('gives each line that cannot be read as an item with the reason, without its content', async () => {
    const bad = ['{"key":1', '   ', 'null', '[1]', '"ada@example.com"', '3', '{}', '{"key":null}', '{"key":1.5}'];
    bad.push(
      '{"key":9007199254740993}',
      '{"key":""}',
      '{"key":true}',
      `{"key":"${'x'.repeat(257)}"}`,
      '{"__proto__":{"key":1}}',
    );
    const { source } = over(`{"key":0}\n${bad.join('\n')}\n{"key":2}\n`, options);
    const items = await allOf(source);

    expect(items[0]?.id).toBe(0);
    expect(items.at(-1)?.id).toBe(2);
    for (const [index, { id, fault, data }] of items.slice(1, -1).entries()) {
      expect({ id, data, code: fault?.code }).toEqual({ id: `line ${index + 2}`, code: 'Line.Malformed' });
      expect(fault?.message).toMatch(
        new RegExp(`^Expected line ${index + 2} to have .+, got .+: correct it in a new object\\.$`),
      );
      expect(fault?.message).not.toContain('ada');
    }
    expect(items.slice(1, -1).map(({ fault }) => fault?.message.replace(/^.*, got |: correct.*$/g, ''))).toEqual([
      'what is no JSON',
      'what is no JSON',
      'null',
      'a list',
      'a value of type string',
      'another number',
      'nothing',
      'null',
      'another number',
      'another number',
      'text of 0 characters, none of them visible',
      'a value of type boolean',
      'text of 257 characters',
      'nothing',
    ]);
  });
});

test('gives each row that cannot be read as an item with its line and the reason, and goes on after it', async () => {
  const rows: readonly (readonly [string, string])[] = [
    ['1,2,3', '2 values, one for each column, got 3'],
    ['1', '2 values, one for each column, got 1'],
    [' ', '2 values, one for each column, got 1'],
    [',a', 'an id of 1 to 256 characters, or a safe integer, in "id", got text of 0 characters, none of them visible'],
    [
      '  ,a',
      'an id of 1 to 256 characters, or a safe integer, in "id", got text of 2 characters, none of them visible',
    ],
    ['1,a"b', 'quotes around a whole value only, got one within a value'],
    ['1,"a" b', 'a delimiter or the end of the line after a closing quote, got something else'],
    ['1,"a', 'a closing quote for each opening one, got one that is not closed'],
    ['1,\xff', 'UTF-8 throughout, got other bytes'],
  ];
  for (const [row, reason] of rows) {
    const content = Buffer.from(`id,name\n0,"x\ny"\n${row}\n2,b\n`, 'latin1');
    const [before, bad, after] = await allOf(over(content).source, 1);

    expect([before?.id, after?.id]).toEqual(['0', '2']);
    expect(bad).toEqual({
      id: 'line 4',
      place: `16:4:${row.length + 1}`,
      fault: { code: 'Line.Malformed', message: `Expected line 4 to have ${reason}: correct it in a new object.` },
    });
  }
});

test('tiles any object exactly, and gives every record once and in order, however it is split and read', async () => {
  const value = fc
    .array(fc.constantFrom('a', 'ü', '"', ',', '\n', '\r\n', '😀'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const row = fc.record({ value, end: fc.constantFrom('\n', '\r\n', '\n\n'), isBad: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      async (rows, chains, limit) => {
        const content = rows
          .map((one, index) => `${index},${one.isBad ? 'x"y' : quoted(one.value)}${one.end}`)
          .join('');
        const { source } = over(`id,v\n${content}`);
        const plan = await planOf(source);
        const partitions = await source.split(plan, chains);

        expect(plan.items).toBe(rows.length);
        expect(partitions).toHaveLength(Math.min(chains, rows.length));
        let at = plan.start;
        const given = [];
        for (const partition of partitions) {
          expect(partition.start).toBe(at);
          const items = await walk(source, plan, partition, limit);
          expect(items).toHaveLength(partition.items as number);
          given.push(...items);
          at = partition.end;
        }
        expect(at).toBe(plan.end);
        expect(given.map(({ data, fault }) => (fault ? 'bad' : data))).toEqual(
          rows.map((one, index) => (one.isBad ? 'bad' : { id: String(index), v: one.value })),
        );
        const found = await source.load?.(
          plan,
          given.map(({ id, place }) => ({ id, place: place as string })).reverse(),
        );
        expect(found).toEqual(given);
      },
    ),
    { numRuns: 150 },
  );
});

test('splits alike in a process that has not planned', async () => {
  const { store, source } = over(`id\n${Array.from({ length: 100 }, (_, index) => `${index}\n`).join('')}`);
  const plan = await planOf(source);

  expect(await store.source().split(plan, 7)).toEqual(await source.split(plan, 7));
});

test('says what the functions must be allowed to do', () => {
  const value = (text: string | { variable: string }) => (typeof text === 'string' ? text : `<${text.variable}>`);
  const options = { bucket: { variable: 'BUCKET' }, format: 'csv', id: 'id' } as const;
  const actions = ['s3:GetObject', 's3:GetObjectVersion'];

  expect(s3Object({ ...options, key: 'a/b.csv' }).grants?.(value)).toEqual([
    { service: 's3', actions, resource: '<BUCKET>/a/b.csv' },
  ]);
  expect(s3Object({ ...options, key: () => 'a' }).grants?.(value)).toEqual([
    { service: 's3', actions, resource: '<BUCKET>/*' },
  ]);
});

test('reads its name from the environment, or from the input, when a run is planned', async () => {
  const { store } = over('id\n1\n');
  const key = (input: { scheduledFor?: string }) => `${input.scheduledFor}.csv`;
  process.env.EXPORTS = 'exports-of-today';
  try {
    const plan = await store
      .source({ bucket: { variable: 'EXPORTS' }, key })
      .plan({ job: 'import', scheduledFor: '2026-11-25' });
    expect(plan).toMatchObject({ bucket: 'exports-of-today', key: '2026-11-25.csv' });
  } finally {
    delete process.env.EXPORTS;
  }
});

test('refuses ids in the input, and options that mean nothing, in one sentence each', async () => {
  const { source } = over('id\n1\n');
  const options = { bucket: 'b', key: 'k', format: 'csv', id: 'id' } as const;

  await expect(source.plan({ job: 'import', ids: { first: 1, last: 2 } })).rejects.toMatchObject({
    code: 'Run.InvalidInput',
  });
  await expect(source.load?.(undefined, [{ id: '1' }])).rejects.toThrow(
    /got "1" alone, and nobody knows in which line/,
  );
  for (const [wrong, name] of [
    [{ bucket: '' }, 'bucket'],
    [{ key: undefined }, 'key'],
    [{ format: 'tsv' }, 'format'],
    [{ id: 7 }, 'id'],
    [{ delimiter: ';;' }, 'delimiter'],
    [{ delimiter: '"' }, 'quote'],
    [{ quote: '\n' }, 'quote'],
    [{ columns: ['a'] }, 'columns'],
    [{ columns: ['id', 'id'] }, 'columns'],
    [{ header: true }, 'only the options'],
    [{ format: 'ndjson', delimiter: ';' }, 'delimiter'],
  ] as const) {
    expect(() => s3Object({ ...options, ...wrong } as never)).toThrow(
      new RegExp(`^Expected .*${name}.*: correct the options`),
    );
  }
});
