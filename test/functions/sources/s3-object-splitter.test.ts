import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { type RawRecord, RecordSplitter } from '../../../functions/sources/s3-object-splitter';

const RULES = { quote: '"'.charCodeAt(0), delimiter: ','.charCodeAt(0) };
const OPTIONS = { record_delimiter: ['\r\n', '\n'], relax_column_count: true };
const ANY_LENGTH = 1_000_000;
/** What decides where records end, and two bytes of a character that does not. */
const PARTS = ['a', ',', '"', '""', '\n', '\r\n', '\r', ' ', 'ü'];
const textOf = (...parts: string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 40 }).map((some) => some.join(''));
const text = textOf(...PARTS, '\ufeff');
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });

interface Cut {
  readonly rules?: typeof RULES;
  readonly pieces?: readonly number[];
  readonly longest?: number;
  readonly from?: { readonly offset: number; readonly line: number };
  /** The end is known when the last piece comes. */
  readonly knowsEnd?: boolean;
}

/** Cuts bytes that come in pieces of these sizes, again and again. */
function cut(
  bytes: Buffer,
  {
    rules = RULES,
    pieces = [ANY_LENGTH],
    longest = ANY_LENGTH,
    from = { offset: 0, line: 1 },
    knowsEnd = false,
  }: Cut = {},
) {
  const splitter = new RecordSplitter(from, rules, longest);
  const records: RawRecord[] = [];
  const takeAll = () => {
    for (let record = splitter.next(); record; record = splitter.next()) records.push(record);
  };
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = pieces[turn % pieces.length] as number;
    splitter.push(bytes.subarray(at, at + size));
    at += size;
    if (knowsEnd && at >= bytes.length) splitter.end();
    takeAll();
  }
  splitter.end();
  takeAll();
  return { records, position: splitter.position };
}

const texts = (content: string, options?: Cut) =>
  cut(Buffer.from(content), options).records.map(({ bytes }) => bytes?.toString());
const lines = (content: string, options?: Cut) => cut(Buffer.from(content), options).records.map(({ line }) => line);

test('agrees with csv-parse about every text that csv-parse can read', async () => {
  let read = 0;
  await fc.assert(
    fc.property(textOf(...PARTS), (content) => {
      let expected: string[][];
      try {
        expected = parse(content, { ...OPTIONS, skip_empty_lines: true }) as string[][];
      } catch {
        return;
      }
      read += 1;
      const records = cut(Buffer.from(content)).records.map(
        ({ bytes }) => parse(bytes as Buffer, OPTIONS) as string[][],
      );
      expect(records).toEqual(expected.map((values) => [values]));
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(500);
});

test('cuts at the same places whatever the pieces, and however long a record may be', async () => {
  await fc.assert(
    fc.property(text, sizes, fc.integer({ min: 1, max: 12 }), (content, pieces, longest) => {
      const bytes = Buffer.from(content);
      expect(cut(bytes, { pieces, longest })).toEqual(cut(bytes, { longest, knowsEnd: true }));
    }),
    { numRuns: 5000 },
  );
});

test('cuts the same records from the beginning of any of them on, up to that of any later one', async () => {
  await fc.assert(
    fc.property(text, sizes, fc.integer({ min: 1, max: 12 }), fc.nat(), fc.nat(), (content, pieces, longest, a, b) => {
      const bytes = Buffer.from(content);
      const { records } = cut(bytes, { longest });
      const first = a % (records.length + 1);
      const last = first + (b % (records.length + 1 - first));
      const [start, end] = [records[first], records[last]].map((record) => record?.offset ?? bytes.length);
      const slice = cut(bytes.subarray(start, end), {
        pieces,
        longest,
        from: { offset: start as number, line: records[first]?.line ?? 1 },
      });
      expect(slice.records).toEqual(records.slice(first, last));
    }),
    { numRuns: 5000 },
  );
});

test('loses no byte but empty lines and a byte order mark, and counts lines by their line feeds', async () => {
  await fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), (content, longest) => {
      const bytes = Buffer.from(content);
      const { records, position } = cut(bytes, { longest });
      let at = 0;
      for (const { offset, length, line } of records) {
        expect(bytes.subarray(at, offset).toString()).toMatch(/^\ufeff?(\r?\n)*$/);
        expect(line).toBe(bytes.subarray(0, offset).toString().split('\n').length);
        at = offset + length;
      }
      expect(bytes.subarray(at).toString()).toMatch(/^\ufeff?(\r?\n)*$/);
      expect(position.offset).toBe(bytes.length);
    }),
    { numRuns: 3000 },
  );
});

test('keeps lines together only where csv-parse does', async () => {
  await fc.assert(
    fc.property(text, (content) => {
      for (const { bytes } of cut(Buffer.from(content)).records) {
        if (bytes && /\n./s.test(bytes.toString())) expect(parse(bytes, OPTIONS)).toHaveLength(1);
      }
    }),
    { numRuns: 5000 },
  );
});

test('keeps line breaks within quotes together, with any line ends, and the last line without one', () => {
  expect(texts('1,"a\nb"\r\n\n2,"c ""\r\nd"\n3,e')).toEqual(['1,"a\nb"\r\n', '2,"c ""\r\nd"\n', '3,e']);
  expect(lines('1,"a\nb"\r\n\n2,"c ""\r\nd"\n3,e')).toEqual([1, 4, 6]);
});

test.each([
  ['that is not closed', '1,"a\n2,b\n3,c\n'],
  ['that the next line closes', '1,"a\n2,"b"\n3,c\n'],
  ['after which something else follows', '1,"a"b\n2,b\n3,c\n'],
  ['within a value', '1,a"b\n2,b\n3,c\n'],
])('lets a quote %s cost its own line only', (_, content) => {
  expect(texts(content)).toEqual(content.split(/(?<=\n)/));
  expect(lines(content)).toEqual([1, 2, 3]);
});

test('takes a quote for any other character where none is one', () => {
  const splitter = new RecordSplitter({ offset: 0, line: 1 });
  splitter.push(Buffer.from('1,"a\n2,b"\n'));
  expect([splitter.next()?.length, splitter.next()?.length]).toEqual([5, 5]);
});

test('gives a record that is too long without its bytes, and goes on after it', () => {
  const { records } = cut(Buffer.from(`1,a\n2,${'b'.repeat(50)}\n3,c\n`), { longest: 10, pieces: [7] });

  expect(records.map(({ offset, line, length, bytes }) => [offset, line, length, bytes?.toString()])).toEqual([
    [0, 1, 4, '1,a\n'],
    [4, 2, 53, undefined],
    [57, 3, 4, '3,c\n'],
  ]);
});

test('follows a quote no further than the longest record', () => {
  expect(texts(`1,"${'b\n'.repeat(20)}"\n`, { longest: 10 }).slice(0, 2)).toEqual(['1,"b\n', 'b\n']);
});

test('passes a byte order mark at the start of the object, and nowhere else', () => {
  expect(texts('\ufeff1,a\n\ufeff2,b', { pieces: [1] })).toEqual(['1,a\n', '\ufeff2,b']);
});
