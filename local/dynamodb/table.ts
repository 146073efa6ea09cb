import { type KeyCondition, position } from './key-condition';
import { type Item, order, typeOf, type Value, validation } from './values';

export type KeyType = 'S' | 'N';

/** A table of the in-memory DynamoDB. Keys are strings unless said otherwise. */
export interface TableDefinition {
  readonly tableName: string;
  readonly hashKey: string;
  /** @default - 'S' */
  readonly hashKeyType?: KeyType;
  /** @default - items are named by their hash key alone */
  readonly rangeKey?: string;
  /** @default - 'S' */
  readonly rangeKeyType?: KeyType;
}

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

/** DynamoDB's limits on key lengths, in bytes. */
const MAXIMUM_HASH_BYTES = 2048;
const MAXIMUM_RANGE_BYTES = 1024;
/** Stands for the range key in a table that has none. */
const NO_RANGE = '';
const SCHEMA_MISMATCH = 'The provided key element does not match the schema';

export class Table {
  readonly keyNames: readonly string[];
  private collections = new Map<KeyValue, Collection>();

  constructor(readonly definition: TableDefinition) {
    this.keyNames =
      definition.rangeKey === undefined ? [definition.hashKey] : [definition.hashKey, definition.rangeKey];
  }

  get itemCount(): number {
    let count = 0;
    for (const collection of this.collections.values()) count += collection.ranges.length;
    return count;
  }

  keyType(name: string): KeyType {
    const { hashKey, hashKeyType, rangeKeyType } = this.definition;
    return (name === hashKey ? hashKeyType : rangeKeyType) ?? 'S';
  }

  get(key: Item): Stored | undefined {
    return this.collections.get(key[this.definition.hashKey] as KeyValue)?.items.get(this.rangeOf(key));
  }

  /** `bytes`: the item's size, which the caller has checked. */
  put(item: Item, bytes: number): void {
    const hash = item[this.definition.hashKey] as KeyValue;
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
    const hash = key[this.definition.hashKey] as KeyValue;
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
    const collection = this.collections.get(hash as KeyValue);
    if (collection === undefined) return;
    const { ranges, items } = collection;
    let from = condition === undefined ? 0 : firstWhere(ranges, (range) => position(range, condition) >= 0);
    let to = condition === undefined ? ranges.length : firstWhere(ranges, (range) => position(range, condition) > 0);
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

  keyOf(item: Item): Item {
    return Object.fromEntries(this.keyNames.map((name) => [name, item[name]!]));
  }

  /** Refuses a Key that is not exactly this table's. */
  checkKey(key: Item): void {
    if (Object.keys(key).length !== this.keyNames.length) throw validation(SCHEMA_MISMATCH);
    for (const name of this.keyNames) {
      const value = key[name];
      if (value === undefined || !this.hasKeyType(name, value)) throw validation(SCHEMA_MISMATCH);
      if (value === '') {
        throw validation(
          `One or more parameter values were invalid: The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
        );
      }
      this.checkKeyLength(name, value);
    }
  }

  /** Refuses an item without this table's key attributes. */
  checkItemKey(item: Item): void {
    for (const name of this.keyNames) {
      const value = item[name];
      if (value === undefined) {
        throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
      }
      if (!this.hasKeyType(name, value)) {
        throw validation(
          `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${this.keyType(name)} actual: ${typeOf(value)}`,
        );
      }
      if (value === '') {
        throw validation(
          `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
        );
      }
      this.checkKeyLength(name, value);
    }
  }

  hasKeyType(name: string, value: Value): boolean {
    return typeof value === (this.keyType(name) === 'S' ? 'string' : 'number');
  }

  snapshot(): TableSnapshot {
    return copyOf(this.collections);
  }

  restore(snapshot: TableSnapshot): void {
    this.collections = copyOf(snapshot);
  }

  private rangeOf(key: Item): KeyValue {
    const { rangeKey } = this.definition;
    return rangeKey === undefined ? NO_RANGE : (key[rangeKey] as KeyValue);
  }

  private checkKeyLength(name: string, value: Value): void {
    if (typeof value !== 'string') return;
    const bytes = Buffer.byteLength(value);
    if (name === this.definition.hashKey && bytes > MAXIMUM_HASH_BYTES) {
      throw validation(
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      );
    }
    if (name === this.definition.rangeKey && bytes > MAXIMUM_RANGE_BYTES) {
      throw validation(
        'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
      );
    }
  }
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
