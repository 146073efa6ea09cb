import * as fc from 'fast-check';
import type { ItemId, RunInput } from '../../../functions/contract/payloads';
import type { Source } from '../../../functions/contract/source';
import { verifySource } from '../../../testing/verify-source';

interface Sample {
  readonly ids: RunInput['ids'];
  /** The ids that the source is to cover, in order. */
  readonly expected: readonly ItemId[];
}

/** What the sources of whole numbers must do, whatever they cover. */
export function describeSourceProperties(source: Source, samples: fc.Arbitrary<Sample>): void {
  const chains = fc.integer({ min: 1, max: 40 });
  const limits = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 400 });

  test('tiles what it covers, and reads every id once and in order, however it is split and read', async () => {
    await fc.assert(
      fc.asyncProperty(samples, chains, limits, async ({ ids, expected }, count, sizes) => {
        await verifySource(source, { input: { ids }, expected, chains: [count], limits: sizes });
        const partitions = await source.split(await source.plan({ job: 'any', ids }), count);
        const items = partitions.map((partition) => partition.items ?? Number.NaN);
        // As many partitions as can be, none empty, sizes at most one apart.
        expect(items).toHaveLength(Math.min(count, expected.length));
        if (items.length > 0) expect(Math.min(...items)).toBe(Math.floor(expected.length / items.length));
        if (items.length > 0) expect(Math.max(...items)).toBe(Math.ceil(expected.length / items.length));
      }),
    );
  });
}
