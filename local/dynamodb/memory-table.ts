import { crc32 } from 'node:zlib';
import { type KeyCondition, position } from './key-condition';
import { KeySchema, type TableDefinition } from './key-schema';
import { numberText, WideNumber } from './numbers';
import { type Item, order, type Value } from './values';

export type { TableDefinition } from './key-schema';

/** A key value as it is ordered: binary ones as text of one character a byte, which has the same order. */
type KeyValue = string | number | WideNumber;
/** A key value as it is looked up: equal ones are the same. */
type Identity = string | number;

export interface Stored {
  readonly item: Item;
  /** By DynamoDB's documented rules. */
  readonly bytes: number;
}

/** The items with one hash key, in the order of their range keys. */
interface Collection {
  readonly ranges: KeyValue[];
  readonly items: Map<Identity, Stored>;
}

/** Contents of a table at one moment: cheap to take, since stored items are never changed, only replaced. */
export type TableSnapshot = ReadonlyMap<Identity, Collection>;

/** Where a hash key stands in a Scan. */
interface ScanPlace {
  readonly hash: Identity;
  /** 0 to `PLACES` - 1. */
  readonly place: number;
}

const PLACES = 2 ** 32;

export interface Scan {
  readonly after?: Item;
  /** Which of the `segments`, from 0. */
  readonly segment: number;
  readonly segments: number;
}

/** Stands for the range key in a table that has none. */
const NO_RANGE = '';

export class Table extends KeySchema {
  private collections = new Map<Identity, Collection>();
  /** Hash keys in the order of a Scan; undefined once they have changed. */
  private scanned?: readonly ScanPlace[];

  /** `createdMs`: milliseconds since the epoch; 0 where it is not used. */
  constructor(
    definition: TableDefinition,
    readonly createdMs = 0,
  ) {
    super(definition);
  }

  get itemCount(): number {
    let count = 0;
    for (const collection of this.collections.values()) count += collection.ranges.length;
    return count;
  }

  get(key: Item): Stored | undefined {
    return this.collections.get(this.hashOf(key))?.items.get(identity(this.rangeOf(key)));
  }

  /** `bytes`: the item's size, which the caller has checked. */
  put(item: Item, bytes: number): void {
    const hash = this.hashOf(item);
    const range = this.rangeOf(item);
    let collection = this.collections.get(hash);
    if (collection === undefined) {
      collection = { ranges: [], items: new Map() };
      this.collections.set(hash, collection);
      this.scanned = undefined;
    }
    const id = identity(range);
    if (!collection.items.has(id)) {
      const at = firstWhere(collection.ranges, (other) => order(other, range)! > 0);
      if (at === collection.ranges.length) collection.ranges.push(range);
      else collection.ranges.splice(at, 0, range);
    }
    collection.items.set(id, { item, bytes });
  }

  delete(key: Item): void {
    const hash = this.hashOf(key);
    const range = this.rangeOf(key);
    const collection = this.collections.get(hash);
    if (collection === undefined || !collection.items.delete(identity(range))) return;
    if (collection.items.size === 0) {
      this.collections.delete(hash);
      this.scanned = undefined;
      return;
    }
    const at = firstWhere(collection.ranges, (other) => order(other, range)! >= 0);
    collection.ranges.splice(at, 1);
  }

  /** Stored items with hash key `hash` whose range key meets `condition`, beyond `after`, in the order asked for. */
  *walk(
    hash: Value,
    condition: KeyCondition | undefined,
    options: { readonly forward: boolean; readonly after?: Item },
  ): Generator<Stored> {
    const collection = this.collections.get(identity(kept(hash)));
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
    if (options.forward) for (let index = from; index < to; index++) yield items.get(identity(ranges[index]!))!;
    else for (let index = to - 1; index >= from; index--) yield items.get(identity(ranges[index]!))!;
  }

  /**
   * Stored items beyond `after`, in an order that is none of their keys', as on AWS; of several `segments` those of one.
   * An item that is there all the time is met exactly once, whatever is written meanwhile.
   */
  *scan({ after, segment, segments }: Scan): Generator<Stored> {
    this.scanned ??= [...this.collections.keys()].map(placeOf).sort(comparePlaces);
    const places = this.scanned;
    const start = after === undefined ? undefined : placeOf(this.hashOf(after));
    const from =
      start === undefined
        ? firstWhere(places, ({ place }) => segmentAt(place, segments) >= segment)
        : firstWhere(places, (place) => comparePlaces(place, start) >= 0);
    for (let index = from; index < places.length; index++) {
      const { hash, place } = places[index]!;
      if (segmentAt(place, segments) !== segment) return;
      const { ranges, items } = this.collections.get(hash)!;
      const resumed = start !== undefined && comparePlaces(places[index]!, start) === 0;
      const first = resumed ? firstWhere(ranges, (range) => order(range, this.rangeOf(after!))! > 0) : 0;
      for (let at = first; at < ranges.length; at++) yield items.get(identity(ranges[at]!))!;
    }
  }

  /** In which of the `segments` of a Scan the item with this key is, or would be. */
  segmentOf(key: Item, segments: number): number {
    return segmentAt(placeOf(this.hashOf(key)).place, segments);
  }

  /** All stored items, in no order that means anything. */
  *all(): Generator<Item> {
    for (const { items } of this.collections.values()) for (const { item } of items.values()) yield item;
  }

  snapshot(): TableSnapshot {
    return copyOf(this.collections);
  }

  restore(snapshot: TableSnapshot): void {
    this.collections = copyOf(snapshot);
    this.scanned = undefined;
  }

  private rangeOf(key: Item): KeyValue {
    const { rangeKey } = this.definition;
    return rangeKey === undefined ? NO_RANGE : kept(key[rangeKey]!);
  }

  private hashOf(key: Item): Identity {
    return identity(kept(key[this.definition.hashKey]!));
  }
}

function kept(value: Value): KeyValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : (value as KeyValue);
}

function placeOf(hash: Identity): ScanPlace {
  return { hash, place: crc32(String(hash)) };
}

/** Places are in order of their segments. */
function segmentAt(place: number, segments: number): number {
  return Math.floor((place / PLACES) * segments);
}

function comparePlaces(a: ScanPlace, b: ScanPlace): number {
  if (a.place !== b.place) return a.place - b.place;
  if (a.hash === b.hash) return 0;
  return String(a.hash) < String(b.hash) ? -1 : 1;
}

/** Of two equal key values, however they came, the same. */
function identity(value: KeyValue): Identity {
  return value instanceof WideNumber ? numberText(value) : value;
}

function copyOf(collections: TableSnapshot): Map<Identity, Collection> {
  const copies = new Map<Identity, Collection>();
  for (const [hash, { ranges, items }] of collections) {
    copies.set(hash, { ranges: [...ranges], items: new Map(items) });
  }
  return copies;
}

/** Index of the first element that satisfies a test which, once true, stays true; the length if none does. */
function firstWhere<Element>(sorted: readonly Element[], test: (value: Element) => boolean): number {
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
