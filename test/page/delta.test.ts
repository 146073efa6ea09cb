import fc from 'fast-check';
import { type Delta, deltaOf, withDelta } from '../../page/delta';
import { wideRun } from './fixture';

/** As it is once it has been sent. */
const sent = <Value>(value: Value): Value => (value === undefined ? value : JSON.parse(JSON.stringify(value)));

/** Values that are alike, so that one is often a change of the other. */
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 1, '', 'a', 'length'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', 'length', 'constructor', '__proto__'), tie('value')),
  ),
})).value;

describe('a delta', () => {
  it('makes of what was before what is after, sent or not, and leaves both as they are', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const kept = [sent(before), sent(after)];
        expect(sent(withDelta(before, deltaOf(before, after)))).toEqual(kept[1]);
        expect(withDelta(kept[0], sent(deltaOf(before, after)))).toEqual(kept[1]);
        expect([sent(before), sent(after)]).toEqual(kept);
      }),
      { numRuns: 2000 },
    );
  });

  it('is none where nothing has changed', () => {
    fc.assert(fc.property(value, (same) => expect(deltaOf(same, sent(same))).toBeUndefined()));
  });

  it.each<readonly [string, unknown, unknown, Delta]>([
    ['a figure', { a: { b: 1 }, c: 2 }, { a: { b: 3 }, c: 2 }, { a: { b: [3] } }],
    ['what is gone', { a: 1, b: 2 }, { b: 2 }, { a: 0 }],
    ['what is undefined now', { a: 1 }, { a: undefined }, { a: 0 }],
    ['an element more', [1], [1, 2], { 1: [2], length: [2] }],
    ['an element less', [1, 2], [1], { 1: 0, length: [1] }],
    ['an array for an object', { a: {} }, { a: [] }, { a: [[]] }],
  ])('tells %s', (_, before, after, delta) => {
    expect(deltaOf(before, after)).toEqual(delta);
    expect(withDelta(before, delta)).toEqual(JSON.parse(JSON.stringify(after)));
  });

  it('keeps what has not changed the same object', () => {
    const before = { chains: [{ done: 1 }, { done: 2 }] };
    const after = withDelta(before, { chains: { 0: { done: [5] } } }) as typeof before;
    expect(after.chains[1]).toBe(before.chains[1]);
  });

  it('says what it was not made from', () => {
    expect(() => withDelta(1, { a: [2] })).toThrow('Expected an object or array that has changed, got number.');
  });

  it('of a poll is a small part of a view of 40 chains with 50 links each', () => {
    const run = wideRun();
    const before = run.view();
    run.elapsedMilliseconds += 700;
    const after = run.view();
    const [whole, changed] = [after, deltaOf(before, after)].map((each) => JSON.stringify(each).length);
    expect(whole).toBeGreaterThan(100_000);
    expect(changed).toBeLessThan(10_000);
  });
});
