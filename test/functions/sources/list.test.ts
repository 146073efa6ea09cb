import * as fc from 'fast-check';
import type { RunInput } from '../../../functions/contract/payloads';
import { list } from '../../../functions/sources/list';
import { CreateWorld } from '../run/create-world';
import { describeSourceProperties } from './source-properties';

const source = list();
const plan = (ids: unknown) => source.plan({ job: 'weekly-digest', ids: ids as RunInput['ids'] });

describe('list', () => {
  test('keeps the ids, in their order, in the plan', async () => {
    expect(await plan([42, 'user-7', 0])).toEqual({ start: 0, end: 3, items: 3, ids: [42, 'user-7', 0] });
  });

  test('survives the ledger: a plan read back from JSON reads the same ids', async () => {
    const stored = JSON.parse(JSON.stringify(await plan([3, 'b', 1])));

    expect(await source.read(stored, 1, 3, 25)).toEqual({ ids: ['b', 1], next: 3 });
  });

  const number = (index: number) =>
    `Expected \`ids[${index}]\` to be a whole number or a string of 1 to 256 characters, got`;
  test.each([
    [undefined, 'Expected `ids` to be a list like [17, 42], got nothing: list the ids to process.'],
    [
      { first: 1, last: 2 },
      'Expected `ids` to be a list like [17, 42], got {"first":1,"last":2}: list the ids to process.',
    ],
    [[], 'Expected `ids` to be a list like [17, 42], got an empty list: list the ids to process.'],
    [
      Array.from({ length: 40_000 }, (_, id) => id + 100_000),
      'Expected `ids` to take at most 250000 bytes, got 40000 ids of 280001 bytes together: list some 35714 ids a run, or give them in a range, a table or a file.',
    ],
    [[1, ''], `${number(1)} "": correct that id.`],
    [[1.5], `${number(0)} 1.5: correct that id.`],
    [[2 ** 53], `${number(0)} 9007199254740992: correct that id.`],
    [[1, null], `${number(1)} null: correct that id.`],
    [['x'.repeat(257)], `${number(0)} "${'x'.repeat(59)}… (259 characters): correct that id.`],
    [[1, 2, 1], 'Expected every id of `ids` once, got 1 again at `ids[2]`: remove the duplicate.'],
    [['a', 7, 'a'], 'Expected every id of `ids` once, got "a" again at `ids[2]`: remove the duplicate.'],
    [[7, '7'], 'Expected every id of `ids` once, got "7" again at `ids[1]`: remove the duplicate.'],
  ])('refuses %.60j in one sentence', async (ids, message) => {
    await expect(plan(ids)).rejects.toMatchObject({ code: 'Run.InvalidInput', message });
  });

  test.each([
    [['1', '2'], 0, '"1"'],
    [[1, 'user-7'], 1, '"user-7"'],
  ])('refuses %j of a job whose ids are numbers', async (ids, index, got) => {
    await expect(list({ numbersOnly: true }).plan({ job: 'weekly-digest', ids })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: `Expected \`ids[${index}]\` to be a number, as the ids of this job are, got the string ${got}: list the ids without quotes.`,
    });
  });

  test('takes the numbers of a job whose ids are numbers', async () => {
    expect(await list({ numbersOnly: true }).plan({ job: 'weekly-digest', ids: [42, 0] })).toMatchObject({ items: 2 });
  });

  test.each([
    ['numbers', 35_714, (index: number) => index + 100_000],
    ['long texts', 965, (index: number) => String(index).padEnd(256, 'x')],
    ['texts of three bytes a character', 320, (index: number) => String(index).padEnd(256, '\u20ac')],
  ])('takes as many %s as the ledger holds beside the rest of a run', async (_, most, idOf) => {
    const ids = Array.from({ length: most }, (_item, index) => idOf(index));
    const world = new CreateWorld();

    await world.create('monday', { ids, chains: 40 });
    expect((await world.run('monday')).plan).toMatchObject({ items: most, ids });
    const tooMany = [...ids, ...Array.from({ length: 400 }, (_item, index) => idOf(most + index))];
    await expect(plan(tooMany)).rejects.toMatchObject({ code: 'Run.InvalidInput' });
  });

  test('refuses a plan that is not its own', async () => {
    await expect(source.read({ start: 0, end: 1, items: 1 }, 0, 1, 25)).rejects.toThrow(
      'Expected the plan of a list to carry its ids, got none.',
    );
  });

  describeSourceProperties(
    source,
    fc
      .uniqueArray(fc.oneof(fc.maxSafeInteger(), fc.string({ minLength: 1, maxLength: 256 })), {
        minLength: 1,
        maxLength: 200,
        selector: String,
      })
      .map((ids) => ({ ids, expected: ids })),
  );
});
