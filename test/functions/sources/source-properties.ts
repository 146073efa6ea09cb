import * as fc from 'fast-check';
import type { ItemId, RunInput } from '../../../functions/contract/payloads';
import type { Source } from '../../../functions/contract/source';
import { verifySource } from '../../../testing/verify-source';

interface Sample {
  readonly ids: RunInput['ids'];
  /** The ids that the source is to cover, in order. */
  readonly expected: readonly ItemId[];
}

/** What every source with a known order must do, whatever it covers. */
export function describeSourceProperties(source: Source, samples: fc.Arbitrary<Sample>): void {
  const chains = fc.integer({ min: 1, max: 40 });
  const limits = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 400 });

  test('tiles what it covers, and reads every id once and in order, however it is split and read', async () => {
    await fc.assert(
      fc.asyncProperty(samples, chains, limits, async ({ ids, expected }, count, sizes) => {
        await verifySource(source, { input: { ids }, expected, chains: [count], limits: sizes });
      }),
    );
  });
}
