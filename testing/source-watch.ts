import type { Cursor, ItemId, Partition, RunInput, Source, SourceItem, SourcePlan } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import { itemsOf } from '../functions/contract/source';
import { shown } from './shown';

/** What a source answered to one read. */
export interface WatchedPage {
  readonly items: readonly SourceItem[];
  readonly next: Cursor;
}

/**
 * One plan of a source, watched: each answer is held to what every run relies on before it is handed on, and what the
 * ledger would keep is handed on as JSON brings it back.
 */
export class SourceWatch {
  readonly #cursors = new Map<string, Cursor>();

  private constructor(
    readonly source: Source,
    readonly plan: SourcePlan,
  ) {}

  /** @throws Error where the answer is no plan; and what the source throws */
  static async open(source: Source, input: Omit<RunInput, 'job'> = {}): Promise<SourceWatch> {
    const plan = throughLedger(await source.plan({ job: 'any', ...input }), '`plan` to answer `{ start, end }`');
    const watch = new SourceWatch(source, plan);
    watch.note(plan.start, '`plan` to start');
    watch.note(plan.end, '`plan` to end');
    if (watch.compare(plan.start, plan.end) > 0) {
      throw new Error(
        `Expected \`plan\` not to end before its start, got ${shown(plan.start)} to ${shown(plan.end)}: ` +
          'let it start and end at the same position where it covers nothing, and `compare` order by positions.',
      );
    }
    return watch;
  }

  /** Every position that the source has named, in the order of their first appearance. */
  get cursors(): readonly Cursor[] {
    return [...this.#cursors.values()];
  }

  /** @throws Error where the answer is no number */
  compare(a: Cursor, b: Cursor): number {
    const order = this.source.compare(a, b);
    if (typeof order === 'number' && !Number.isNaN(order)) return order;
    throw new Error(
      `Expected \`compare\` to answer a number for ${shown(a)} and ${shown(b)}, got ${shown(order)}: ` +
        'answer a negative one, 0 or a positive one.',
    );
  }

  /** @throws Error where the partitions do not tile the plan, or are more than `chains` */
  async split(chains: number): Promise<readonly Partition[]> {
    const partitions = throughLedger(
      await this.source.split(this.plan, chains),
      '`split` to answer a list of partitions',
    );
    const { start, end } = this.plan;
    if (!Array.isArray(partitions) || partitions.length > chains) {
      const got = Array.isArray(partitions) ? `${partitions.length}` : shown(partitions);
      throw new Error(
        `Expected \`split\` to answer at most ${counted(chains, 'partition')}, got ${got}: answer fewer.`,
      );
    }
    let position = start;
    for (const [index, partition] of partitions.entries()) {
      const which = `partition ${index + 1} of ${partitions.length}`;
      this.note(partition?.start, `${which} to start`);
      this.note(partition.end, `${which} to end`);
      this.demandAdjacent(position, partition.start, which);
      if (this.compare(partition.end, partition.start) <= 0) {
        throw new Error(
          `Expected ${which} to end after its start ${shown(partition.start)}, got ${shown(partition.end)}: ` +
            'leave out what is empty, and let `compare` order by positions.',
        );
      }
      position = partition.end;
    }
    if (this.compare(position, end) !== 0) {
      throw new Error(
        `Expected the partitions to go on to the plan's end ${shown(end)}, got an end at ${shown(position)}: ` +
          'let the last one end where the plan does, and none go beyond.',
      );
    }
    return partitions;
  }

  /** @throws Error where the page does not advance, goes beyond `end`, or has more than `limit` items */
  async read(cursor: Cursor, end: Cursor, limit: number): Promise<WatchedPage> {
    const page = await this.source.read(this.plan, cursor, end, limit);
    const at = `\`read\` at ${shown(cursor)}`;
    const items = page && itemsOf({ ids: [], ...page } as typeof page);
    if (!Array.isArray(items) || (page.ids === undefined && page.items === undefined)) {
      throw new Error(
        `Expected ${at} to answer \`{ ids, next }\` or \`{ items, next }\`, got ${shown(page)}: give both.`,
      );
    }
    for (const item of items) demandItem(item, at);
    const next = this.note(page.next, `${at} to go on`);
    if (items.length > limit) {
      throw new Error(
        `Expected ${at} to give at most ${counted(limit, 'item')}, got ${items.length}: keep to its limit.`,
      );
    }
    if (this.compare(next, cursor) <= 0) {
      throw new Error(
        `Expected ${at} to advance, got ${shown(next)} as \`next\`: answer a position that \`compare\` puts after the cursor, ` +
          'or `end` where nothing is left.',
      );
    }
    if (this.compare(next, end) > 0) {
      throw new Error(
        `Expected ${at} to stay before the end of its partition ${shown(end)}, got ${shown(next)} as \`next\`: ` +
          'neither give items from `end` on nor answer a position that `compare` puts after it.',
      );
    }
    return { items, next };
  }

  private demandAdjacent(position: Cursor, start: Cursor, which: string): void {
    const order = this.compare(start, position);
    if (order === 0) return;
    const fault = order < 0 ? 'they overlap, and items would come twice' : 'they leave a gap, and items would be lost';
    throw new Error(
      `Expected ${which} to start at ${shown(position)}, where the one before it or the plan's start is, ` +
        `got ${shown(start)}: ${fault}; let each start where the one before ends.`,
    );
  }

  private note(cursor: unknown, what: string): Cursor {
    if (!isCursor(cursor)) {
      throw new Error(
        `Expected ${what} at a number or a text that survives JSON, got ${shown(cursor)}: write the position as one of these.`,
      );
    }
    this.#cursors.set(JSON.stringify(cursor), cursor);
    return cursor;
  }
}

/** -0 comes back from JSON as 0, half a surrogate pair from UTF-8 as U+FFFD. */
function isCursor(value: unknown): value is Cursor {
  return typeof value === 'number'
    ? Number.isFinite(value) && !Object.is(value, -0)
    : typeof value === 'string' && Buffer.from(value).toString() === value;
}

function isItemId(value: unknown): value is ItemId {
  return typeof value === 'string'
    ? value.length >= 1 && value.length <= 256 && isCursor(value)
    : Number.isSafeInteger(value);
}

function demandItem(item: SourceItem, at: string): void {
  if (!isItemId(item?.id)) {
    throw new Error(
      `Expected ${at} to give ids that are whole numbers or texts of 1 to 256 characters, got ${shown(item?.id)}: ` +
        'turn it into one of these.',
    );
  }
  if (item.place !== undefined && !isCursor(item.place)) {
    throw new Error(
      `Expected \`place\` of item ${shown(item.id)} to be a number or a text that survives JSON, got ${shown(item.place)}: ` +
        'write the position as one of these.',
    );
  }
}

/** As it comes back from the ledger. */
function throughLedger<Value>(value: Value, what: string): Value {
  try {
    const stored = JSON.stringify(value) ?? '';
    if (stored.startsWith('{') || stored.startsWith('[')) return JSON.parse(stored) as Value;
  } catch (error) {
    throw new Error(
      `Expected ${what} that survives JSON, got ${(error as Error).message}: keep numbers and texts in it.`,
    );
  }
  throw new Error(`Expected ${what}, got ${shown(value)}: return it.`);
}
