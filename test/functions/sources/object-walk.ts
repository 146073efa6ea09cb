import {
  type Cursor,
  itemsOf,
  type Partition,
  type Source,
  type SourceItem,
  type SourcePlan,
} from '../../../functions/contract/source';

/** Plans as the ledger keeps it. */
export async function planOf(source: Source): Promise<SourcePlan> {
  return JSON.parse(JSON.stringify(await source.plan({ job: 'import' }))) as SourcePlan;
}

/** All that a partition gives, in reads of `limit` items. */
export async function walk(source: Source, plan: SourcePlan, { start, end }: Partition = plan, limit = 25) {
  const items: SourceItem[] = [];
  let cursor: Cursor = start;
  while (source.compare(cursor, end) < 0) {
    const page = await source.read(plan, cursor, end, limit);
    if (source.compare(page.next, cursor) <= 0 || source.compare(page.next, end) > 0) {
      throw new Error(`Expected the cursor to advance from ${cursor} towards ${end}, got ${page.next}.`);
    }
    const given = itemsOf(page);
    if (given.length > limit) throw new Error(`Expected at most ${limit} items, got ${given.length}.`);
    items.push(...given);
    cursor = page.next;
  }
  return items;
}

/** Plans, and reads everything in one partition. */
export async function allOf(source: Source, limit?: number): Promise<readonly SourceItem[]> {
  const plan = await planOf(source);
  return walk(source, plan, plan, limit);
}
