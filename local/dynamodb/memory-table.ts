import { type KeyCondition, position } from './key-condition';
import { KeySchema } from './key-schema';
import { type Item, order, type Value } from './values';

export type { TableDefinition } from './key-schema';

type KeyValue = string | number;

export interface Stored {
  readonly item: Item;
  /** By DynamoDB's documented rules. */
  readonly bytes: number;
}

/** The items with one hash key, in the order of their range keys. */
interface Collection {
  readonly ranges: KeyValue[];
  readonly items: Map<KeyValue, Stored>;
}

/** Contents of a table at one moment: cheap to take, since stored items are never changed, only replaced. */
export type TableSnapshot = ReadonlyMap<KeyValue, Collection>;

/** Stands for the range key in a table that has none. */
const NO_RANGE = '';

export class Table extends KeySchema {
  private collections = new Map<KeyValue, Collection>();

  get itemCount(): number {
    let count = 0;
    for (const collection of this.collections.values()) count += collection.ranges.length;
    return count;
  }

  get(key: Item): Stored | undefined {
    return this.collections.get(this.hashOf(key))?.items.get(this.rangeOf(key));
  }

  /** `bytes`: the item's size, which the caller has checked. */
  put(item: Item, bytes: number): void {
    const hash = this.hashOf(item);
    const range = this.rangeOf(item);
    let collection = this.collections.get(hash);
    if (collection === undefined) {
      collection = { ranges: [], items: new Map() };
      this.collections.set(hash, collection);
    }
    if (!collection.items.has(range)) {
      const at = firstWhere(collection.ranges, (other) => order(other, range)! > 0);
      if (at === collection.ranges.length) collection.ranges.push(range);
      else collection.ranges.splice(at, 0, range);
    }
    collection.items.set(range, { item, bytes });
  }

  delete(key: Item): void {
    const hash = this.hashOf(key);
    const range = this.rangeOf(key);
    const collection = this.collections.get(hash);
    if (collection === undefined || !collection.items.delete(range)) return;
    if (collection.items.size === 0) this.collections.delete(hash);
    else
      collection.ranges.splice(
        firstWhere(collection.ranges, (other) => order(other, range)! >= 0),
        1,
      );
  }

  /** Stored items with hash key `hash` whose range key meets `condition`, beyond `after`, in the order asked for. */
  *walk(
    hash: Value,
    condition: KeyCondition | undefined,
    options: { readonly forward: boolean; readonly after?: Item },
  ): Generator<Stored> {
    const collection = this.collections.get(kept(hash));
    if (collection === undefined) return;
    const { ranges, items } = collection;
    let [from, to] = [0, ranges.length];
    if (condition !== undefined) {
      const selected = { operator: condition.operator, operands: condition.operands.map(kept) };
      from = firstWhere(ranges, (range) => position(range, selected) >= 0);
      to = firstWhere(ranges, (range) => position(range, selected) > 0);
    }
    if (options.after !== undefined) {
      const after = this.rangeOf(options.after);
      if (options.forward)
        from = Math.max(
          from,
          firstWhere(ranges, (range) => order(range, after)! > 0),
        );
      else
        to = Math.min(
          to,
          firstWhere(ranges, (range) => order(range, after)! >= 0),
        );
    }
    if (options.forward) for (let index = from; index < to; index++) yield items.get(ranges[index]!)!;
    else for (let index = to - 1; index >= from; index--) yield items.get(ranges[index]!)!;
  }

  snapshot(): TableSnapshot {
    return copyOf(this.collections);
  }

  restore(snapshot: TableSnapshot): void {
    this.collections = copyOf(snapshot);
  }

  private rangeOf(key: Item): KeyValue {
    const { rangeKey } = this.definition;
    return rangeKey === undefined ? NO_RANGE : kept(key[rangeKey]!);
  }

  private hashOf(key: Item): KeyValue {
    return kept(key[this.definition.hashKey]!);
  }
}

/** How a key value is kept: binary ones as text of one character a byte, which has the same order. */
function kept(value: Value): KeyValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : (value as KeyValue);
}

function copyOf(collections: TableSnapshot): Map<KeyValue, Collection> {
  const copies = new Map<KeyValue, Collection>();
  for (const [hash, { ranges, items }] of collections) {
    copies.set(hash, { ranges: [...ranges], items: new Map(items) });
  }
  return copies;
}

/** Index of the first element that satisfies a test which, once true, stays true; the length if none does. */
function firstWhere(sorted: readonly KeyValue[], test: (value: KeyValue) => boolean): number {
  let [low, high] = [0, sorted.length];
  // Runs write their items in order: mostly the answer is the end.
  if (high > 0 && !test(sorted[high - 1]!)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
