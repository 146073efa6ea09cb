import type { Job } from '../contract/job';
import { type ItemRef, refOnly, type Source, type SourceItem, type SourcePlan } from '../contract/source';

/** An item with its data, undefined where there are none. */
type WithData = SourceItem & { readonly data: unknown };

/**
 * The data of items: what the job loads for their ids; else what the source has brought with them, or reads again where it
 * has not.
 *
 * @throws what the job's `load` or the source throws
 */
export async function dataOf(
  items: readonly SourceItem[],
  plan: SourcePlan,
  job: Pick<Job, 'load'>,
  source: Pick<Source, 'load'>,
): Promise<readonly WithData[]> {
  const readable = items.filter(({ fault }) => fault === undefined);
  if (job.load) {
    const ids = readable.map(({ id }) => id);
    const rows = ids.length > 0 ? await job.load(ids) : new Map<unknown, unknown>();
    return items.map((item) => ({ ...item, data: item.fault ? undefined : rows.get(item.id) }));
  }
  const unread = readable.filter(({ data }) => data === undefined);
  const found = unread.length > 0 ? await source.load?.(plan, unread.map(refOnly)) : undefined;
  const byRef = new Map((found ?? []).map((item) => [nameOf(item), item]));
  return items.map((item) => {
    if (item.fault || item.data !== undefined) return { ...item, data: item.data };
    const { data, fault } = byRef.get(nameOf(item)) ?? {};
    return { ...item, data, ...(fault && { fault }) };
  });
}

/** 7 and "7" are two items, and so is one id at two places. */
function nameOf({ id, place }: ItemRef): string {
  return JSON.stringify([id, place ?? null]);
}
