import * as fc from 'fast-check';
import type { ItemId } from '../../../functions/contract/payloads';
import { itemsOf, LEFTOVERS, type Partition, type SourcePlan } from '../../../functions/contract/source';
import type { ItemRecord } from '../../../functions/ledger/records';
import { rootRunOf } from '../../../functions/ledger/root-run';
import { leftovers } from '../../../functions/sources/leftovers';
import { VirtualClock } from '../../support/virtual-clock';
import { ledgerOver, memoryTable, range, storeRun } from '../chain/fixture';

type Outcome = ItemRecord['outcome'];

/** A ledger that holds these outcomes of an earlier run, in this order; the id of an item is its index. */
async function sourceOver(outcomes: readonly Outcome[]) {
  const ledger = ledgerOver(memoryTable(), new VirtualClock());
  await storeRun(ledger, { runId: 'sunday' });
  for (const [id, outcome] of outcomes.entries()) {
    // Chunks of three, chains of ten chunks: ids of different chains and chunks follow each other.
    const place = { chainId: Math.floor(id / 30), chunk: Math.floor(id / 3) % 10, index: id % 3 };
    const why = { code: 'MessageRejected', message: 'no', link: 0, at: 0, expiresAt: 0 };
    await ledger.recordItem({ runId: 'sunday', id, outcome, ...place, ...why });
  }
  await ledger.setRunStatus('sunday', 'reconciled');
  return leftovers(ledger);
}

const INPUT = { job: 'greeting', unprocessedOf: 'sunday' };
type LeftoverSource = Awaited<ReturnType<typeof sourceOver>>;

async function walk(
  source: LeftoverSource,
  plan: SourcePlan,
  { start, end }: Partition,
  limit: number,
): Promise<ItemId[]> {
  const walked: ItemId[] = [];
  let cursor = start;
  while (source.compare(cursor, end) < 0) {
    const page = await source.read(plan, cursor, end, limit);
    const { next } = page;
    const ids = itemsOf(page).map(({ id }) => id);
    expect(ids.length).toBeLessThanOrEqual(limit);
    expect(source.compare(next, cursor)).toBeGreaterThan(0);
    walked.push(...ids);
    cursor = next;
  }
  expect(cursor).toBe(end);
  return walked;
}

describe('the items that a run left over', () => {
  it('are counted apart: unprocessed, or in doubt', async () => {
    const source = await sourceOver(['unprocessed', 'in-doubt', 'unprocessed', 'carried']);

    expect(await source.plan(INPUT)).toMatchObject({ of: 'sunday', outcome: 'unprocessed', start: '', items: 2 });
    expect(await source.plan({ job: 'greeting', inDoubtOf: 'sunday' })).toMatchObject({
      outcome: 'in-doubt',
      items: 1,
    });
  });

  it('come in the end from the run that first had them, however often they were left over', async () => {
    const ledger = ledgerOver(memoryTable(), new VirtualClock());
    const source = leftovers(ledger);
    const plans: unknown[] = [];
    for (const [of, runId] of [
      ['saturday', 'sunday'],
      ['sunday', 'monday'],
      ['monday', 'tuesday'],
    ] as const) {
      const before = plans.at(-1) as SourcePlan | undefined;
      await storeRun(ledger, { runId: of, partitions: [], ...(before && { source: LEFTOVERS, plan: before }) });
      await ledger.setRunStatus(of, 'reconciled');
      plans.push(await source.plan({ job: 'greeting', unprocessedOf: of }));
      expect(rootRunOf({ runId, source: LEFTOVERS, plan: plans.at(-1) as SourcePlan })).toBe('saturday');
    }
    expect(rootRunOf({ runId: 'saturday', source: 'id-range', plan: { start: 1, end: 2 } })).toBe('saturday');
    // Planned by a version that did not note it.
    expect(rootRunOf({ runId: 'b', source: LEFTOVERS, plan: { of: 'a', start: '', end: '' } })).toBe('a');
  });

  it('may be none', async () => {
    const source = await sourceOver(['in-doubt', 'carried']);
    const plan = await source.plan(INPUT);

    expect(plan).toMatchObject({ start: '', end: '', items: 0 });
    expect(await source.split(plan, 5)).toEqual([]);
  });

  it.each([
    [{ unprocessedOf: 'nosuch' }, 'unprocessedOf', '"nosuch", which the ledger does not know'],
    [{ inDoubtOf: 'nosuch' }, 'inDoubtOf', '"nosuch", which the ledger does not know'],
    [{ job: 'farewell', unprocessedOf: 'sunday' }, 'unprocessedOf', '"sunday", a run of greeting'],
  ])('are refused for %j', async (input, field, got) => {
    const source = await sourceOver([]);
    const job = 'job' in input ? input.job : 'greeting';

    await expect(source.plan({ ...input, job })).rejects.toMatchObject({
      code: 'Run.InvalidInput',
      message: `Expected \`${field}\` to be a run of the job ${job}, got ${got}: take the run's id from its execution's name.`,
    });
  });

  it.each(['running', 'unreconciled'] as const)(
    'are refused while their run is %s: it may leave more behind',
    async (status) => {
      const ledger = ledgerOver(memoryTable(), new VirtualClock());
      await storeRun(ledger, { runId: 'sunday' });
      await ledger.setRunStatus('sunday', status);

      await expect(leftovers(ledger).plan(INPUT)).rejects.toMatchObject({
        code: 'Run.InvalidInput',
        message: `Expected \`unprocessedOf\` to be a run that has come to its end, got "sunday", which is ${status}: redrive its execution or resume it first.`,
      });
    },
  );

  it('are split into partitions that tile them, sizes at most one apart, the larger first', async () => {
    const source = await sourceOver(range(0, 99).map((id) => (id % 2 === 0 ? 'unprocessed' : 'in-doubt')));
    const plan = await source.plan(INPUT);

    const partitions = await source.split(plan, 4);

    expect(partitions.map(({ items }) => items)).toEqual([13, 13, 12, 12]);
    expect(partitions.map(({ start }) => start)).toEqual(['', ...partitions.slice(0, -1).map(({ end }) => end)]);
    expect(partitions.at(-1)?.end).toBe(plan.end);
    expect(await source.split(plan, 400)).toHaveLength(50);
  });

  it('are read past a stretch that holds none of them', async () => {
    const source = await sourceOver([...range(1, 40).map((): Outcome => 'in-doubt'), 'unprocessed']);
    const plan = await source.plan(INPUT);

    expect(await walk(source, plan, plan, 5)).toEqual([40]);
  });

  it('are read past a stretch of items that came up again in their own run', async () => {
    const source = await sourceOver([...range(1, 40).map((): Outcome => 'carried'), 'unprocessed']);
    const plan = await source.plan(INPUT);

    expect(await walk(source, plan, plan, 5)).toEqual([40]);
  });

  it('are not read beyond the end of a partition', async () => {
    const source = await sourceOver(['unprocessed', 'carried', 'unprocessed', 'carried', 'unprocessed']);
    const plan = await source.plan(INPUT);
    const [first] = await source.split(plan, 3);

    expect(await walk(source, plan, first as Partition, 100)).toEqual([0]);
    expect(await walk(source, plan, first as Partition, 1)).toEqual([0]);
  });

  it('come up once each, however they are mixed, split and read', async () => {
    const outcome = fc.constantFrom<Outcome>('unprocessed', 'in-doubt', 'carried');
    const outcomes = fc.array(outcome, { maxLength: 70 });
    const chains = fc.integer({ min: 1, max: 8 });
    const limits = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(outcomes, chains, limits, async (given, count, limit) => {
        const source = await sourceOver(given);
        const plan = JSON.parse(JSON.stringify(await source.plan(INPUT))) as SourcePlan;
        const walked: ItemId[] = [];
        for (const partition of await source.split(plan, count)) {
          const slice = await walk(source, plan, partition, limit);
          expect(slice).toHaveLength(partition.items ?? 0);
          walked.push(...slice);
        }
        expect(walked).toEqual([...given.keys()].filter((id) => given[id] === 'unprocessed'));
      }),
      { numRuns: 60 },
    );
  });
});
