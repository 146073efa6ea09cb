import type { Cursor, Source, SourcePage } from 'worker-chains';
import type { MakeWorld } from 'worker-chains/testing';
import { at, changed, reading, rowsOf, sentences, splitting, verdicts } from './source-over-rows';

/** Pages by number of rows, as OFFSET does. */
const byOffset = changed(({ sorted }) => ({
  plan: async () => ({ start: 0, end: sorted().length }),
  split: async ({ start, end }) => (start === end ? [] : [{ start, end }]),
  read: async (_plan, cursor, end, limit) => ({
    ids: sorted().slice(at(cursor), Math.min(at(cursor) + limit, at(end))),
    next: Math.min(at(cursor) + limit, at(end)),
  }),
  load: undefined,
}));

/** Answers of `read`, changed without regard to their type: what an author's JavaScript may give. */
const answering = (change: (page: SourcePage, cursor: Cursor) => unknown) =>
  reading((page, _, cursor) => change(page, cursor) as SourcePage);

const comparing = (compare: (a: Cursor, b: Cursor) => unknown) => changed(() => ({ compare }) as Partial<Source>);
const planning = (plan: unknown) => changed(() => ({ plan: async () => plan }) as Partial<Source>);

describe('describeSource is red for', () => {
  test.each<[string, MakeWorld, string]>([
    ['a plan that ends before it starts', planning({ start: 3, end: 1 }), 'not to end before its start, got 3 to 1'],
    [
      'a plan without an end',
      planning({ start: 3 }),
      'Expected `plan` to end at a number or a text that survives JSON',
    ],
    ['no plan', planning(undefined), 'Expected `plan` to answer `{ start, end }`, got undefined: return it'],
    [
      'a plan that is no JSON',
      planning({ start: 1n, end: 2n }),
      'that survives JSON, got Do not know how to serialize',
    ],
    [
      'a plan that leaves everything out',
      planning({ start: 1, end: 1 }),
      'Expected `split` to answer a partition, got none',
    ],
    [
      'a number of items that is wrong',
      changed(({ source }) => ({ plan: async (input) => ({ ...(await source.plan(input)), items: 4 }) })),
      'Expected the plan to have 0 items, got 4: count them, or leave `items` out',
    ],
    [
      'numbers of items in partitions that are wrong',
      splitting((all) => all.map((one) => ({ ...one, items: 1 }))),
      'Expected the partition at 1 to have 2 items, got 1: count them',
    ],
    [
      'an estimate that is none',
      splitting((all) => all.map((one) => ({ ...one, estimate: -1 }))),
      'Expected `estimate` of `split` to be a number from 0, got -1',
    ],
    [
      'more partitions than chains',
      changed(({ source }) => ({ split: async (plan, chains) => source.split(plan, chains + 1) })),
      'Expected `split` to answer at most 1 partition, got 2: answer fewer (split for 1 chain; 2 items).',
    ],
    [
      'a partition without anything in it',
      splitting((all) => all.flatMap((one) => [{ ...one, end: one.start, items: 0 }, one])),
      'Expected `split` to answer at most 1 partition, got 2',
    ],
    [
      'an empty partition among few',
      splitting((all) => all.flatMap((one, at) => (at === 0 ? [{ ...one, end: one.start }] : [one]))),
      'Expected partition 1 of 1 to end after its start 1, got 1: leave out what is empty',
    ],
    [
      'partitions beyond the plan',
      splitting((all) => all.map((one, index) => (index === all.length - 1 ? { ...one, end: at(one.end) + 1 } : one))),
      "Expected the partitions to go on to the plan's end 2, got an end at 3",
    ],
    [
      'a gap before the first partition',
      splitting((all) => all.map((one, index) => (index === 0 ? { ...one, start: at(one.start) - 1 } : one))),
      "Expected partition 1 of 1 to start at 1, where the one before it or the plan's start is, got 0",
    ],
    [
      'an order of texts',
      comparing((a, b) => String(a).localeCompare(String(b))),
      'Expected partition 2 of 2 to end after its start 5, got 10: leave out what is empty, and let `compare` order by positions',
    ],
    [
      'an order that is a yes or no',
      comparing((a, b) => a < b),
      'Expected `compare` to answer a number for 1 and 2, got true',
    ],
    [
      'an order of what is no number',
      comparing((a) => Number(a) - Number.NaN),
      'Expected `compare` to answer a number',
    ],
    ['an order without an equal', comparing((a, b) => (a < b ? -1 : 1)), 'got 0 to 0: let it start and end at'],
    [
      'an order that goes round in circles',
      comparing((a, b) => (at(b) - at(a) === 2 ? 1 : at(a) - at(b) === 2 ? -1 : at(a) - at(b))),
      'Expected `compare` to order all cursors, got 8 not after 9, and that not after 7, but 8 after 7: answer by their positions alone',
    ],
    [
      'an order that depends on who is asked first',
      comparing((a, b) => (at(b) - at(a) === 2 ? 0 : at(a) - at(b))),
      'in an order that depends on who is asked first',
    ],
    ['no page', answering(() => undefined), 'to answer `{ ids, next }` or `{ items, next }`, got undefined'],
    ['a page without items', answering(({ next }) => ({ next })), 'or `{ items, next }`, got {"next":2}'],
    [
      'ids that are texts of numbers',
      answering(({ items, next }) => ({ ids: items?.map(({ id }) => `${id}`), next })),
      '1 not at all; "1" which is no item of this source',
    ],
    [
      'an id that is no id',
      answering(({ next }) => ({ ids: [null], next })),
      'whole numbers or texts of 1 to 256 characters, got null',
    ],
    [
      'an id of 257 characters',
      answering(({ next }) => ({ ids: ['x'.repeat(257)], next })),
      'texts of 1 to 256 characters, got "xxx',
    ],
    [
      'a place that is no position',
      answering(({ items, next }) => ({ items: items?.map((it) => ({ ...it, place: { line: 1 } })), next })),
      'Expected `place` of item 1 to be a number or a text that survives JSON, got {"line":1}',
    ],
    [
      'a next position that is none',
      answering(({ items }) => ({ items, next: new Date(0) })),
      'Expected `read` at 1 to go on at a number or a text that survives JSON',
    ],
    [
      'half a character as a position',
      answering(({ items }) => ({ items, next: '\ud83d' })),
      'to go on at a number or a text that survives JSON',
    ],
    [
      'a read that does not keep to its limit',
      changed(({ source }) => ({ read: (plan, cursor, end, limit) => source.read(plan, cursor, end, limit + 1) })),
      'Expected `read` at 1 to give at most 1 item, got 2: keep to its limit (1 at a time; 2 items).',
    ],
    [
      'a read that begins where it is not asked to',
      changed(({ source }) => ({
        read: async (plan, cursor, end, limit) => ({
          ...(await source.read(plan, plan.start, plan.end, limit)),
          next: (await source.read(plan, cursor, end, limit)).next,
        }),
      })),
      'Expected every item exactly once, got 2 not at all; 1 more than once',
    ],
    [
      'a page that begins with the last item of the one before',
      changed(({ sorted }) => ({
        read: async (_plan, cursor, end, limit) => {
          const all = sorted().filter((id) => id >= at(cursor) && id < at(end));
          return {
            ids: all.slice(0, limit),
            next: all.length > limit ? Math.max(all[limit - 1]!, at(cursor) + 1) : end,
          };
        },
      })),
      'Expected every item exactly once, got 2 more than once',
    ],
    [
      'a source that remembers where it was',
      changed(({ source }) => {
        let last: SourcePage | undefined;
        return {
          read: async (plan, cursor, end, limit) => {
            const from = last && source.compare(last.next, end) < 0 ? last.next : cursor;
            last = await source.read(plan, from, end, limit);
            return { ...last, next: source.compare(last.next, cursor) > 0 ? last.next : end };
          },
        };
      }),
      'Expected `read` at 3 to give the same when it is asked again, [{"id":3,"data":{"name":"Reader 3"}}], got [{"id":2,',
    ],
    [
      'a source that comes nearer to its end without ever being there',
      changed(({ source }) => ({
        read: async (_plan, cursor, end) => ({ ids: [], next: at(cursor) + (at(end) - at(cursor)) / 1e6 }),
        compare: source.compare,
      })),
      'in 10000 reads: answer `end` as `next` where nothing is left before it (1 at a time; 1 item).',
    ],
    [
      'a read that throws',
      changed(() => ({ read: () => Promise.reject(new Error('No such table.')) })),
      'No such table (1 at a time; 1 item).',
    ],
    [
      'a load that misses an item',
      changed(({ source }) => ({ load: async (plan, refs) => source.load(plan, refs.slice(1)) })),
      'Expected `load` to give item 1 as `read` gave it',
    ],
    [
      'a load that has other data',
      changed(() => ({ load: async (_, refs) => refs.map((ref) => ({ ...ref, data: {} })) })),
      'got {"id":1,"data":{}}: read it in the same way',
    ],
    [
      'a load under other ids',
      changed(({ source }) => ({
        load: async (plan, refs) => (await source.load(plan, refs)).map((it) => ({ ...it, id: `${it.id}` })),
      })),
      'Expected `load` to give item 1 as `read` gave it',
    ],
    [
      'a load of everything',
      changed(({ source, sorted }) => ({
        load: (plan) =>
          source.load(
            plan,
            sorted().map((id) => ({ id })),
          ),
      })),
      'Expected `load` to give what it was asked for, got item',
    ],
    [
      'a load that needs a plan',
      changed(({ source }) => ({ load: async (plan, refs) => source.load({ ...plan!, from: plan!.start }, refs) })),
      "Cannot read properties of undefined (reading 'start') (without a plan; 1 item).",
    ],
  ])('%s', async (_, make, sentence) => {
    expect(await sentences(make, { limits: [1, 2, 3, 10], rounds: 3 })).toContain(sentence);
  });
});

describe('describeSource, while rows come and go, is red for', () => {
  const still = (name: string) => !name.startsWith('gives what stays');

  test.each<[string, MakeWorld, string]>([
    [
      'a cursor that counts rows',
      byOffset,
      'not at all: let a cursor be a key, not a number of rows, let a page begin after it, and let partitions end where the plan says (what was read is deleted; 1 chain, 1 at a time).',
    ],
    [
      'partitions that end where the last row is now',
      changed(({ sorted, source }) => ({
        split: async (plan, chains) => source.split({ ...plan, end: (sorted().at(-1) ?? -1) + 1 }, chains),
      })),
      "Expected the partitions to go on to the plan's end",
    ],
    [
      'a read that goes on from a row that must be there',
      changed(({ sorted, source }) => ({
        read: async (plan, cursor, end, limit) =>
          sorted().includes(at(cursor)) ? source.read(plan, cursor, end, limit) : { ids: [], next: end },
      })),
      'not at all: let a cursor be a key',
    ],
    [
      'a load that still has what was deleted',
      changed(() => ({
        load: async (_, refs) => refs.map((ref) => ({ ...ref, data: { name: `Reader ${ref.id}` } })),
      })),
      'which was deleted, got {"id":2,"data":{"name":"Reader 2"}}: answer what is there now',
    ],
    [
      'a frozen source to which rows come',
      changed(() => ({ frozen: true })),
      'Expected a frozen source to give no more than the ',
    ],
  ])('%s', async (_, make, sentence) => {
    const found = [...(await verdicts(make, { limits: [1, 2, 3] })).entries()];

    // Nothing is wrong with it as long as nothing changes.
    expect(found.filter(([name, told]) => still(name) && told !== undefined)).toEqual([]);
    expect(found.map(([, told]) => told).join('\n')).toContain(sentence);
  });
});

test('a source whose rows cannot change is not held to changes', async () => {
  const found = await verdicts((ids) => ({ source: rowsOf(ids).source }), { limits: [2] });

  expect([...found.values()].filter((sentence) => sentence !== undefined)).toEqual([]);
});
