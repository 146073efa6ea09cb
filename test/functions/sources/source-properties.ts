import * as fc from 'fast-check';
import type { ItemId, RunInput } from '../../../functions/contract/payloads';
import type { Partition, Source, SourcePlan } from '../../../functions/contract/source';

interface Sample {
  readonly ids: RunInput['ids'];
  /** The ids that the source is to cover, in order. */
  readonly expected: readonly ItemId[];
}

/** What every source with a known order must do, whatever it covers. */
export function describeSourceProperties(source: Source, samples: fc.Arbitrary<Sample>): void {
  const chains = fc.integer({ min: 1, max: 40 });

  async function walk(plan: SourcePlan, partition: Partition, limits: Iterator<number>): Promise<ItemId[]> {
    const walked: ItemId[] = [];
    let cursor = partition.start;
    while (source.compare(cursor, partition.end) < 0) {
      const limit = limits.next().value ?? 1;
      const { ids, next } = await source.read(plan, cursor, partition.end, limit);
      expect(ids.length).toBeLessThanOrEqual(limit);
      expect(source.compare(next, cursor)).toBeGreaterThan(0);
      walked.push(...ids);
      cursor = next;
    }
    expect(source.compare(cursor, partition.end)).toBe(0);
    return walked;
  }

  test('splits into partitions that tile the plan, none empty, their sizes at most one apart', async () => {
    await fc.assert(
      fc.asyncProperty(samples, chains, async ({ ids, expected }, count) => {
        const plan = await source.plan({ job: 'any', ids });
        const partitions = await source.split(plan, count);
        const sizes = partitions.map(({ items }) => items);

        expect(plan.items).toBe(expected.length);
        expect(partitions).toHaveLength(Math.min(count, expected.length));
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(expected.length);
        expect(Math.min(...sizes, Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(1);
        if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        let end = plan.start;
        for (const partition of partitions) {
          expect(partition.start).toEqual(end);
          end = partition.end;
        }
        expect(end).toEqual(plan.end);
      }),
    );
  });

  test('reads every id once and in order, in reads of any size, from the plan as the ledger keeps it', async () => {
    const limits = fc.infiniteStream(fc.integer({ min: 1, max: 100 }));
    await fc.assert(
      fc.asyncProperty(samples, chains, limits, async ({ ids, expected }, count, sizes) => {
        const plan = JSON.parse(JSON.stringify(await source.plan({ job: 'any', ids }))) as SourcePlan;
        const walked: ItemId[] = [];
        for (const partition of await source.split(plan, count)) {
          const slice = await walk(plan, partition, sizes);
          expect(slice).toHaveLength(partition.items);
          walked.push(...slice);
        }
        expect(walked).toEqual(expected);
      }),
    );
  });

  test('reads nothing, and stays, at the end', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async ({ ids }) => {
        const plan = await source.plan({ job: 'any', ids });
        expect(await source.read(plan, plan.end, plan.end, 25)).toEqual({ ids: [], next: plan.end });
      }),
    );
  });
}
