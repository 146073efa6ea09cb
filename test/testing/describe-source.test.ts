import { type ItemId, invalidInput } from 'worker-chains';
import { describeSource, type MakeWorld, type TestRunner } from 'worker-chains/testing';
import { at, changed, reading, sentences, splitting, verdicts } from './source-over-rows';

describe('describeSource', () => {
  test('passes a source that does what every run relies on, and declares a test for each part of it', async () => {
    const found = await verdicts(changed(() => ({})));

    expect([...found.entries()].filter(([, sentence]) => sentence !== undefined)).toEqual([]);
    expect([...found.keys()]).toEqual([
      'tiles its plan with partitions, at most one for each chain',
      'advances with each read, keeps to its limit and stays before the end',
      'gives every item exactly once, however it is split and read',
      'gives the same again where a chain reads again, or goes on from any cursor',
      'orders its cursors',
      'knows its numbers, where it says any',
      'loads items again as it gave them, where it can',
      'holds for data at random',
      'gives what stays exactly once, where rows may be deleted or inserted',
      'gives what stays exactly once, amid changes at random',
    ]);
  });

  test.each<[string, MakeWorld, string]>([
    [
      'partitions that overlap',
      splitting((all) => all.map((one, index) => (index === 0 ? one : { ...one, start: at(one.start) - 1 }))),
      "Expected partition 2 of 2 to start at 2, where the one before it or the plan's start is, got 1: " +
        'they overlap, and items would come twice; let each start where the one before ends (split for 2 chains; 2 items).',
    ],
    [
      'a gap between partitions',
      splitting((all) => all.filter((_, index) => index !== 1)),
      "Expected the partitions to go on to the plan's end 3, got an end at 2",
    ],
    [
      'a cursor that does not advance',
      reading((page, _, cursor) => ({ ...page, next: cursor })),
      'Expected `read` at 1 to advance, got 1 as `next`: answer a position that `compare` puts after the cursor, or `end` where nothing is left (1 at a time; 1 item).',
    ],
    [
      'a page beyond the end',
      changed(({ source }) => ({
        read: (plan, cursor, _, limit) => source.read(plan, cursor, plan.end, limit),
      })),
      'Expected `read` at 1 to stay before the end of its partition 2, got 3 as `next`',
    ],
    [
      'a page that loses its last item',
      reading((page) => (page.items && page.items.length > 1 ? { ...page, items: page.items.slice(0, -1) } : page)),
      'Expected every item exactly once, got 2 not at all: let a page end right after its last item, and a partition begin at its first (1 chain, 2 at a time; 2 items).',
    ],
    [
      'a second read that differs',
      changed(({ source }) => {
        let reads = 0;
        return {
          read: async (plan, cursor, end, limit) => {
            const page = await source.read(plan, cursor, end, limit);
            reads += 1;
            return reads % 2 === 1 || !page.items ? page : { ...page, items: [...page.items].reverse() };
          },
        };
      }),
      'to give the same when it is asked again, ',
    ],
  ])('is red for %s', async (_, make, sentence) => {
    expect(await sentences(make)).toContain(sentence);
  });

  test('closes each world, and tells what went wrong in it first', async () => {
    let open = 0;
    const make: MakeWorld = async (ids) => {
      open += 1;
      const world = await changed(() => ({ read: () => Promise.reject(new Error('No such table.')) }))(ids);
      const close = () => {
        open -= 1;
        if (ids.length > 0) throw new Error('Cannot close.');
      };
      return { ...world, close };
    };

    const told = await sentences(make);

    expect(told).toContain('No such table (1 at a time; 1 item).');
    expect(open).toBe(0);
  });

  test('tells of a world that cannot be closed', async () => {
    const close = () => Promise.reject(new Error('Cannot close.'));

    expect(await sentences(async (ids) => ({ ...(await changed(() => ({}))(ids)), close }))).toContain('Cannot close');
  });

  test('replays a failure of random worlds by the seed that it names', async () => {
    const lossy = reading((page, _, cursor) =>
      at(cursor) === 17 && page.items ? { ...page, items: page.items.slice(1) } : page,
    );
    const atRandom = 'holds for data at random';
    const first = (await verdicts(lossy, { seed: undefined })).get(atRandom);
    const [, seed] = /seed (\d+), round/.exec(first ?? '') ?? [];

    expect(first).toContain('Expected every item exactly once, got 17 not at all');
    expect((await verdicts(lossy, { seed: Number(seed) })).get(atRandom)).toBe(first);
  });

  test('demands the refusal of an input that covers nothing, where that is promised', async () => {
    const refusing = changed(({ source, sorted }) => ({
      plan: async (input) => {
        if (sorted().length === 0) throw invalidInput('Expected rows, got none: insert some.');
        return source.plan(input);
      },
    }));

    expect(await sentences(refusing, { refusesEmpty: true })).toBe('');
    expect(await sentences(refusing)).toContain('Expected rows, got none: insert some (0 items).');
    expect(
      await sentences(
        changed(() => ({})),
        { refusesEmpty: true },
      ),
    ).toContain(
      'Expected `plan` to refuse an input of no items as Run.InvalidInput, got {"start":0,"end":0,"items":0}: throw `invalidInput(…)`, or leave `refusesEmpty` out (0 items).',
    );
    expect(
      await sentences(
        changed(() => ({ plan: () => Promise.reject(new Error('Down.')) })),
        { refusesEmpty: true },
      ),
    ).toContain('as Run.InvalidInput, got Error: Down.: throw');
  });

  test('asks for ids without gaps where a source can have none, and inserts after the last', async () => {
    const asked: (readonly ItemId[])[] = [];
    const inserted: ItemId[] = [];
    const make: MakeWorld = async (ids) => {
      asked.push(ids);
      const world = await changed(() => ({}))(ids);
      return {
        ...world,
        insert: (id) => {
          inserted.push(id);
          if (ids.includes(id)) throw new Error(`${id} is there.`);
          return world.insert?.(id);
        },
      };
    };

    expect(await sentences(make, { gaps: false })).toBe('');
    expect(asked.every((ids) => [...ids].sort((a, b) => at(a) - at(b)).every((id, index) => id === index + 1))).toBe(
      true,
    );
    expect(asked.some((ids) => ids.some((id, index) => id !== index + 1))).toBe(true);
    expect(inserted.length).toBeGreaterThan(10);
  });

  test('needs a test runner, and limits', () => {
    const make = changed(() => ({}));
    const without = (runner: TestRunner) => () => describeSource('rows', make, { runner });
    const describe = () => {};

    expect(without({ describe })).toThrow(
      'Expected `runner` to have `describe` and `test` or `it`, got none: let jest run this file, or vitest with `globals: true`, or pass `runner`, for instance the module `node:test`.',
    );
    for (const limits of [[], [0], [1.5]]) {
      expect(() => describeSource('rows', make, { limits, runner: { describe, it: () => {} } })).toThrow(
        `Expected \`limits\` to be whole numbers from 1, got ${JSON.stringify(limits)}: give at least one.`,
      );
    }
  });

  test('finds the globals of a runner when it is called, and says so where there are none', async () => {
    const { describe, test, it } = globalThis;
    Object.assign(globalThis, { describe: undefined, test: undefined, it: undefined });
    try {
      expect(() =>
        describeSource(
          'rows',
          changed(() => ({})),
        ),
      ).toThrow(
        'Expected the globals `describe` and `test` or `it` of a test runner, got none: let jest run this file,',
      );
    } finally {
      Object.assign(globalThis, { describe, test, it });
    }
  });
});
