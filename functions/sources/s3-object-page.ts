import { invalidInput } from '../contract/errors';
import type { Cursor, ItemRef, SourceItem, SourcePage } from '../contract/source';
import type { S3Reader } from './s3-object-bytes';
import { itemsOfRecords, type RecordShape, splittingRulesOf } from './s3-object-format';
import type { PlanOptions, S3ObjectPlan } from './s3-object-plan';
import { cursorOf, type Position, positionOf, type RecordPlace, recordPlaceOf } from './s3-object-position';
import { LONGEST_RECORD, type RawRecord, RecordSplitter } from './s3-object-splitter';
import { type GunzipStream, OpenStreams } from './s3-object-stream';

/** Bytes of records after which a page has enough, however few they are. */
const PAGE_BYTES = LONGEST_RECORD;
/** Bytes that are asked for at once: less saves no time. */
const LEAST_BYTES = 8192;
const MOST_BYTES = 4_194_304;
/** Bytes between two records that are rather read than asked for past: about what S3 gives in the time of one answer more. */
const WIDEST_GAP = 65_536;
/** Reads under way at a time, of items that lie apart. */
const MOST_READS = 8;

/** Answers the next bytes that records are cut from; undefined at the partition's end. */
type Feed = () => Promise<Buffer | undefined>;

/** Places that lie close together, in their order, to be read at once. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly places: readonly RecordPlace[];
}

/** Reads the records of planned objects: those that come next, and single ones at their places. */
export class ObjectPages {
  private readonly streams: OpenStreams;

  constructor(
    private readonly reader: S3Reader,
    private readonly options: PlanOptions,
  ) {
    this.streams = new OpenStreams(reader);
  }

  /** @throws `Run.SourceChanged` where the object is not the planned one any more */
  async read(plan: S3ObjectPlan, cursor: Cursor, end: Cursor, limit: number): Promise<SourcePage> {
    const from = positionOf(cursor);
    const to = positionOf(end).offset;
    if (from.offset >= to) return { items: [], next: end };
    const splitter = new RecordSplitter(from, splittingRulesOf(this.options.how));
    const records = plan.isGzip
      ? await this.fromStream(plan, from, splitter, limit)
      : await cutRecords(splitter, this.ranges(plan, from, to, limit), limit);
    const shape = this.shapeOf(plan);
    const { position } = splitter;
    return {
      items: itemsOfRecords(records, shape),
      next: position.offset >= to ? end : cursorOf(position),
    };
  }

  /**
   * Single items again, at their places.
   *
   * @throws `Run.InvalidInput` where an item has no place: nobody knows in which line an id is
   * @throws `Run.SourceChanged` where the object is not the planned one any more
   */
  async load(plan: S3ObjectPlan | undefined, refs: readonly ItemRef[]): Promise<readonly SourceItem[]> {
    const wanted = refs.map((ref) => ({ ref, place: placeIn(ref) })).sort((a, b) => a.place.offset - b.place.offset);
    if (!plan) return wanted.length === 0 ? [] : refuse(wanted[0]?.ref);
    const places = wanted.map(({ place }) => place);
    const records = await (plan.isGzip ? this.loadFromStream(plan, places) : this.loadRanges(plan, places));
    return itemsOfRecords(records, this.shapeOf(plan)).map((item, index) => ({ ...item, ...wanted[index]?.ref }));
  }

  private shapeOf({ columns }: S3ObjectPlan): RecordShape {
    return { ...this.options, ...(columns && { columns }) };
  }

  /** Ranges of as many bytes as so many records usually have, and larger ones where they have more. */
  private ranges(plan: S3ObjectPlan, from: Position, to: number, limit: number): Feed {
    const usual = (plan.size / Math.max(1, plan.items)) * limit;
    // Half as many again: a second request costs more than what is read and thrown away.
    let bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, Math.ceil(usual * 1.5)));
    let at = from.offset;
    return async () => {
      if (at >= to) return undefined;
      const piece = await this.reader.read(plan, at, Math.min(at + bytes, to));
      at += piece.length;
      bytes = Math.min(MOST_BYTES, bytes * 2);
      return piece;
    };
  }

  private fromStream(plan: S3ObjectPlan, from: Position, splitter: RecordSplitter, limit: number) {
    return this.withStream(plan, from.offset, async (stream) => {
      const records = await cutRecords(splitter, () => stream.next(), limit);
      stream.unread(splitter.rest);
      return records;
    });
  }

  private async loadRanges(plan: S3ObjectPlan, places: readonly RecordPlace[]): Promise<readonly RawRecord[]> {
    const stretches = stretchesOf(places);
    const records: RawRecord[] = [];
    for (let index = 0; index < stretches.length; index += MOST_READS) {
      const some = stretches.slice(index, index + MOST_READS).map(async ({ from, to, places }) => {
        const bytes = to > from ? await this.reader.read(plan, from, to) : undefined;
        return places.map((place) =>
          recordAt(place, bytes?.subarray(place.offset - from, place.offset - from + place.length)),
        );
      });
      records.push(...(await Promise.all(some)).flat());
    }
    return records;
  }

  private async loadFromStream(plan: S3ObjectPlan, places: readonly RecordPlace[]): Promise<readonly RawRecord[]> {
    const [first] = places;
    if (!first) return [];
    return this.withStream(plan, first.offset, async (stream) => {
      const records: RawRecord[] = [];
      for (const place of places) {
        const before = records.at(-1);
        // The same item again: the stream has passed it.
        if (before?.offset === place.offset) records.push(before);
        else
          records.push(recordAt(place, isTooLong(place) ? undefined : await stream.read(place.offset, place.length)));
      }
      return records;
    });
  }

  /** Uses a stream that stands at `position`, and keeps it open for the next read. */
  private async withStream<Result>(
    plan: S3ObjectPlan,
    position: number,
    use: (stream: GunzipStream) => Promise<Result>,
  ): Promise<Result> {
    // The stream may have what comes next already, while S3 has another object.
    await this.reader.confirm(plan);
    const stream = this.streams.take(plan, position);
    try {
      await stream.skipTo(position);
      const result = await use(stream);
      this.streams.giveBack(stream);
      return result;
    } catch (error) {
      stream.close();
      throw error;
    }
  }
}

async function cutRecords(splitter: RecordSplitter, feed: Feed, limit: number): Promise<readonly RawRecord[]> {
  const records: RawRecord[] = [];
  let bytes = 0;
  let hasEnded = false;
  while (records.length < limit && bytes < PAGE_BYTES) {
    const record = splitter.next();
    if (record) {
      records.push(record);
      bytes += record.bytes?.length ?? 0;
    } else if (hasEnded) {
      break;
    } else {
      const piece = await feed();
      hasEnded = piece === undefined;
      if (piece) splitter.push(piece);
      else splitter.end();
    }
  }
  return records;
}

function placeIn(ref: ItemRef): RecordPlace {
  return ref.place === undefined ? refuse(ref) : recordPlaceOf(ref.place);
}

function refuse(ref: ItemRef | undefined): never {
  throw invalidInput(
    `Expected items that a run over the object has read before, got ${JSON.stringify(ref?.id)} alone, and nobody knows in ` +
      'which line that is: start a run without `ids`, or give the job a `load` that finds items by their ids.',
  );
}

function stretchesOf(places: readonly RecordPlace[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const place of places) {
    const { offset, length } = place;
    const last = stretches.at(-1);
    const end = isTooLong(place) ? offset : offset + length;
    if (last && offset - last.to <= WIDEST_GAP && end - last.from <= MOST_BYTES) {
      stretches[stretches.length - 1] = { ...last, to: Math.max(last.to, end), places: [...last.places, place] };
    } else {
      stretches.push({ from: offset, to: end, places: [place] });
    }
  }
  return stretches;
}

function recordAt(place: RecordPlace, bytes: Buffer | undefined): RawRecord {
  return isTooLong(place) || !bytes ? place : { ...place, bytes };
}

/** Nothing of such a record is read. */
function isTooLong({ length }: RecordPlace): boolean {
  return length > LONGEST_RECORD;
}
