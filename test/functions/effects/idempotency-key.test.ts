import * as fc from 'fast-check';
import type { ItemId } from '../../../functions/contract/payloads';
import { idempotencyKeyOf, type KeyedEffect } from '../../../functions/effects/idempotency-key';

const key = (change: Partial<KeyedEffect> = {}) =>
  idempotencyKeyOf({ rootRun: 'monday', id: 7, provider: 'crm', call: 1, ...change });

describe('an idempotency key', () => {
  it.each([
    [{}, 'monday/7/crm'],
    [{ call: 2 }, 'monday/7/crm#2'],
    [{ id: -7 }, 'monday/-7/crm'],
    [{ id: '7' }, 'monday/"7"/crm'],
    [{ id: '"7"' }, 'monday/"\\"7\\""/crm'],
    [{ id: '01JD3Z8Q4T0M0000000000ABCD' }, 'monday/01JD3Z8Q4T0M0000000000ABCD/crm'],
    [{ id: 'a b/c#2' }, 'monday/a b/c#2/crm'],
  ])('of %j is what one can read', (change, expected) => {
    expect(key(change)).toBe(expected);
  });

  it.each([['zoë'], ['a\nb'], ['x'.repeat(250)]])('is hashed where a header could not carry it: %.20j', (id) => {
    expect(key({ id })).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(key({ id })).toBe(key({ id }));
    expect(key({ id })).not.toBe(key({ id, call: 2 }));
  });

  it('has at most 255 characters', () => {
    const longest = 'x'.repeat(255 - 'monday//crm'.length);

    expect(key({ id: longest })).toHaveLength(255);
    expect(key({ id: `${longest}x` })).toHaveLength(43);
  });

  it('is never that of another effect', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
    const id: fc.Arbitrary<ItemId> = fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.stringMatching(/^[0-9"/#a-]{1,6}$/),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
    );
    const effect = fc.record({ rootRun: name, id, provider: name, call: fc.integer({ min: 1, max: 12 }) });
    const told = (one: KeyedEffect) => JSON.stringify([one.rootRun, one.id, one.provider, one.call]);
    await fc.assert(
      fc.property(effect, effect, (a, b) => {
        expect(idempotencyKeyOf(a) === idempotencyKeyOf(b)).toBe(told(a) === told(b));
        expect(idempotencyKeyOf(a)).toMatch(/^[\x20-\x7e]{1,255}$/);
      }),
      { numRuns: 2000 },
    );
  });
});
