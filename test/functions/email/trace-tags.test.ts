import fc from 'fast-check';
import { itemTag, tagsOf, traceOf } from '../../../functions/email/trace-tags';

const PLACE = { runId: 'weekly-1', chainId: 3, chunk: 12, index: 99 };
const valuesOf = (trace: Parameters<typeof tagsOf>[0]) =>
  Object.fromEntries(tagsOf(trace).map(({ Name, Value }) => [Name, [Value]]));

describe('tags', () => {
  it('lead back to the item, whatever its id', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeInteger(), fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme' })),
        fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
        (id, runId) => {
          const values = valuesOf({ ...PLACE, runId, id });
          for (const [value] of Object.values(values)) expect(value).toMatch(/^[\w-]{1,256}$/);
          const traced = traceOf(values);
          expect(traced).toMatchObject({ ...PLACE, runId, itemTag: itemTag(id) });
          if (!itemTag(id).startsWith('sha256-')) expect(traced?.id).toBe(id);
        },
      ),
    );
  });

  it('tell a number from the same digits as text', () => {
    expect(traceOf(valuesOf({ ...PLACE, id: 7 }))?.id).toBe(7);
    expect(traceOf(valuesOf({ ...PLACE, id: '7' }))?.id).toBe('7');
  });

  it('hash an id that is too long, and say so by having none', () => {
    const traced = traceOf(valuesOf({ ...PLACE, id: 'x'.repeat(256) }));
    expect(traced?.itemTag).toMatch(/^sha256-[\w-]{43}$/);
    expect(traced).not.toHaveProperty('id');
  });

  it.each([
    ['none', {}],
    ['others', { campaign: ['spring'] }],
    ['a place of another form', { run: ['cg'], item: ['Nw'], place: ['3'] }],
    ['two values', { run: ['cg', 'cg'], item: ['Nw'], place: ['1-2-3'] }],
    ['no texts', { run: 7, item: null, place: ['1-2-3'] }],
  ])('that are not ours lead nowhere: %s', (_, tags) => {
    expect(traceOf(tags)).toBeUndefined();
  });

  it('of an item that is no id name it by its tag alone', () => {
    expect(traceOf({ run: ['cg'], item: ['e30'], place: ['1-2-3'] })).toEqual({
      ...{ runId: 'r', chainId: 1, chunk: 2, index: 3, itemTag: 'e30' },
    });
  });
});
