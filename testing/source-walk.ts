import type { Cursor, ItemId, Partition, SourceItem } from 'worker-chains';
import { counted } from '../functions/contract/counted';
import { shown } from './shown';
import type { SourceWatch, WatchedPage } from './source-watch';

/** More reads than any partition here needs: some dozen items, with stretches between them that hold none. */
const MOST_READS = 10_000;

/** One page of a walk, and where it was asked for. */
export interface Step extends WatchedPage {
  readonly cursor: Cursor;
  readonly limit: number;
}

/** A chain's way through its partition, read by read. */
export class SourceWalk {
  readonly steps: Step[] = [];
  #cursor: Cursor;

  constructor(
    private readonly watch: SourceWatch,
    readonly partition: Partition,
  ) {
    this.#cursor = partition.start;
  }

  get ended(): boolean {
    return this.watch.compare(this.#cursor, this.partition.end) === 0;
  }

  get items(): readonly SourceItem[] {
    return this.steps.flatMap(({ items }) => items);
  }

  async step(limit: number): Promise<Step> {
    if (this.steps.length === MOST_READS) {
      throw new Error(
        `Expected to come to ${shown(this.partition.end)}, the end of a partition, got no further than ` +
          `${shown(this.#cursor)} in ${MOST_READS} reads: answer \`end\` as \`next\` where nothing is left before it.`,
      );
    }
    const cursor = this.#cursor;
    const page = await this.watch.read(cursor, this.partition.end, limit);
    const step = { ...page, cursor, limit };
    this.steps.push(step);
    this.#cursor = page.next;
    return step;
  }

  /** A read whose answer is lost, with the link that made it: the next one is made at the same cursor. */
  async lose(limit: number): Promise<void> {
    await this.watch.read(this.#cursor, this.partition.end, limit);
  }

  /** Reads on to the end. */
  async finish(limit: number | (() => number)): Promise<this> {
    while (!this.ended) await this.step(typeof limit === 'number' ? limit : limit());
    return this;
  }
}

/** Reads everything: one partition after the other. */
export async function walkAll(
  watch: SourceWatch,
  chains: number,
  limit: number | (() => number),
): Promise<readonly SourceWalk[]> {
  const walks: SourceWalk[] = [];
  for (const partition of await watch.split(chains)) {
    walks.push(await new SourceWalk(watch, partition).finish(limit));
  }
  return walks;
}

export function itemsGiven(walks: readonly SourceWalk[]): readonly SourceItem[] {
  return walks.flatMap(({ items }) => items);
}

/** How often each id must have come. */
export interface Due {
  /** Exactly once. */
  readonly once: Iterable<ItemId>;
  /** At most once: deleted or inserted meanwhile. */
  readonly perhaps?: Iterable<ItemId>;
  /** What its author may have done wrong. */
  readonly advice: string;
}

/** @throws Error where an id is missing, came more than once, or is none of these */
export function demandComplete(given: readonly SourceItem[], { once, perhaps = [], advice }: Due): void {
  // 7 and "7" are two ids.
  const times = new Map<string, number>();
  for (const { id } of given) times.set(JSON.stringify(id), (times.get(JSON.stringify(id)) ?? 0) + 1);
  const due = new Set([...once].map((id) => JSON.stringify(id)));
  const known = new Set([...due, ...[...perhaps].map((id) => JSON.stringify(id))]);
  const faults = [
    told(
      [...due].filter((id) => !times.has(id)),
      'not at all',
    ),
    told(
      [...times.keys()].filter((id) => known.has(id) && times.get(id) !== 1),
      'more than once',
    ),
    told(
      [...times.keys()].filter((id) => !known.has(id)),
      'which is no item of this source',
    ),
  ].filter((fault) => fault !== '');
  if (faults.length === 0) return;
  throw new Error(`Expected every item exactly once, got ${faults.join('; ')}: ${advice}.`);
}

/** Some of the ids, each with what is wrong with it. */
function told(ids: readonly string[], wrong: string): string {
  const some = ids.slice(0, 5).map((id) => `${id} ${wrong}`);
  return `${some.join(', ')}${ids.length > 5 ? `, and ${counted(ids.length - 5, 'other')} likewise` : ''}`;
}
