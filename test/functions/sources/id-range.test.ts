import * as fc from 'fast-check';
import type { RunInput } from '../../../functions/contract/payloads';
import { idRange } from '../../../functions/sources/id-range';
import { describeSourceProperties } from './source-properties';

const source = idRange();
const plan = (ids: unknown) => source.plan({ job: 'weekly-digest', ids: ids as RunInput['ids'] });

describe('idRange', () => {
  test('covers both ends of the range', async () => {
    expect(await plan({ first: 1, last: 60_000 })).toEqual({ start: 1, end: 60_001, items: 60_000 });
    expect(await plan({ first: 5, last: 5 })).toEqual({ start: 5, end: 6, items: 1 });
  });

  test('takes the range that ends right before its start for empty, and splits it into nothing', async () => {
    const empty = await plan({ first: 10, last: 9 });

    expect(empty).toEqual({ start: 10, end: 10, items: 0 });
    expect(await source.split(empty, 10)).toEqual([]);
  });

  test('covers the largest ids', async () => {
    const last = Number.MAX_SAFE_INTEGER - 1;

    const { start, end } = await plan({ first: last, last });

    expect(await source.read(await plan({ first: last, last }), start, end, 25)).toEqual({
      ids: [last],
      next: last + 1,
    });
  });

  test.each([
    [
      undefined,
      'Expected `ids` to be a range like {"first": 1, "last": 60000}, got nothing: give the first and the last id.',
    ],
    [
      [1, 2, 3],
      'Expected `ids` to be a range like {"first": 1, "last": 60000}, got a list of 3 ids: give the first and the last id.',
    ],
    [
      '1-5',
      'Expected `ids` to be a range like {"first": 1, "last": 60000}, got "1-5": give the first and the last id.',
    ],
    [null, 'Expected `ids` to be a range like {"first": 1, "last": 60000}, got null: give the first and the last id.'],
    [{ first: 1, last: 2, step: 3 }, 'Expected `ids` to have only `first` and `last`, got "step": remove it.'],
    [
      { first: '1', last: 2 },
      'Expected `ids.first` to be a whole number from 0 to 9007199254740990, got "1": give the first id.',
    ],
    [
      { last: 2 },
      'Expected `ids.first` to be a whole number from 0 to 9007199254740990, got nothing: give the first id.',
    ],
    [
      { first: -1, last: 2 },
      'Expected `ids.first` to be a whole number from 0 to 9007199254740990, got -1: give the first id.',
    ],
    [
      { first: 1, last: 2.5 },
      'Expected `ids.last` to be a whole number of at most 9007199254740990, got 2.5: give the last id.',
    ],
    [
      { first: 1 },
      'Expected `ids.last` to be a whole number of at most 9007199254740990, got nothing: give the last id.',
    ],
    [{ first: 1, last: Number.MAX_SAFE_INTEGER }, 'got 9007199254740991: give the last id.'],
    [
      { first: 10, last: 5 },
      'Expected `ids.last` to be at least `ids.first` - 1, got first 10 and last 5: give a range whose end does not precede its start.',
    ],
  ])('refuses %j in one sentence', async (ids, sentence) => {
    await expect(plan(ids)).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: expect.stringContaining(sentence),
    });
  });

  test('refuses a cursor of another source', async () => {
    const range = await plan({ first: 1, last: 5 });

    await expect(source.read(range, 'abc', 6, 25)).rejects.toThrow(
      'Expected a cursor that is a whole number, got "abc".',
    );
    await expect(source.read(range, 1, 6, 0)).rejects.toThrow('Expected to read at least 1 item, got a limit of 0.');
    await expect(source.split(range, 0)).rejects.toThrow(
      'Expected the number of chains to be a whole number from 1, got 0.',
    );
  });

  describeSourceProperties(
    source,
    fc
      .record({ first: fc.integer({ min: 0, max: 2 ** 40 }), items: fc.integer({ min: 0, max: 300 }) })
      .map(({ first, items }) => ({
        ids: { first, last: first + items - 1 },
        expected: Array.from({ length: items }, (_, index) => first + index),
      })),
  );
});
