import { invalidInput } from '../contract/errors';
import type { Partition, SourcePlan } from '../contract/source';
import { nameOf, type PinnedObject, type S3Reader } from './s3-object-bytes';
import { type CsvFormat, csvValues } from './s3-object-csv';
import { type RecordFormat, splittingRulesOf } from './s3-object-format';
import { MalformedRecord } from './s3-object-malformed';
import { cursorOf, type Position } from './s3-object-position';
import { type RawRecord, RecordSplitter } from './s3-object-splitter';
import { GunzipStream, isSame, piecesOf } from './s3-object-stream';

/** What a run over an object remembers: which one, how its records are written, how many there are. */
export interface S3ObjectPlan extends SourcePlan, PinnedObject {
  readonly items: number;
  readonly isGzip: boolean;
  /** Of CSV: the names that the option gives, or those of the header row. */
  readonly columns?: readonly string[];
}

export interface PlanOptions {
  readonly how: RecordFormat;
  readonly id: string;
  /** Of CSV without a header row. */
  readonly columns?: readonly string[];
}

/** Positions of records that are remembered to split at. Partitions differ by two such steps at most: 40 of them by 0.2 %. */
const MOST_MARKS = 65_536;
/** Bytes of a header row: it is part of the plan, which every link reads every two seconds. */
const LONGEST_HEADER = 16_384;

/** What one pass over an object finds: where its items are, and where each `step`th of them begins. */
interface Scan {
  readonly object: PinnedObject;
  readonly items: number;
  readonly start: Position;
  readonly end: Position;
  readonly columns?: readonly string[];
  readonly marks: readonly Position[];
  readonly step: number;
}

/** Plans and splits objects. Both need the same pass over the object: the last one is remembered. */
export class ObjectPlanner {
  private last: Scan | undefined;

  constructor(
    private readonly reader: S3Reader,
    private readonly options: PlanOptions,
    private readonly mostMarks = MOST_MARKS,
  ) {}

  /** @throws `Run.InvalidInput` where the object cannot be read, or its header is not what the options say */
  async plan(bucket: string, key: string): Promise<S3ObjectPlan> {
    const { contentEncoding, ...object } = await this.reader.find(bucket, key);
    const isGzip = await this.isGzip(object, contentEncoding);
    const { items, start, end, columns } = await this.scan(object, isGzip);
    return {
      ...object,
      isGzip,
      items,
      start: cursorOf(start),
      end: cursorOf(end),
      ...(columns && { columns }),
    };
  }

  /** Borders are the beginnings of records. A compressed object can be read from its start only: it is one partition. */
  async split({ start, end, ...plan }: S3ObjectPlan, chains: number): Promise<readonly Partition[]> {
    const { items, isGzip } = plan;
    const count = isGzip ? 1 : Math.min(chains, items);
    if (count <= 1) return items === 0 ? [] : [{ start, end, items }];
    const { marks, step } = this.last && isSame(this.last.object, plan) ? this.last : await this.scan(plan, isGzip);
    const borders = Array.from({ length: count }, (_, part) => Math.round(Math.ceil((part * items) / count) / step));
    const distinct = [...new Set(borders)].filter((mark) => mark < marks.length);
    return distinct.map((mark, index) => {
      const next = distinct[index + 1];
      return {
        start: index === 0 ? start : cursorOf(marks[mark] as Position),
        end: next === undefined ? end : cursorOf(marks[next] as Position),
        items: (next === undefined ? items : next * step) - mark * step,
      };
    });
  }

  /** By its first bytes, with which no text in UTF-8 begins. One that only calls itself so is taken by its word. */
  private async isGzip(object: PinnedObject, contentEncoding = ''): Promise<boolean> {
    const saysSo = object.key.endsWith('.gz') || /\bgzip\b/.test(contentEncoding);
    if (object.size < 2) return saysSo && object.size > 0;
    const first = (await this.reader.read(object, 0, 2)).readUInt16BE();
    if (UTF_16.includes(first)) {
      throw invalidInput(
        `Expected ${nameOf(object)} to be text in UTF-8, got a byte order mark of UTF-16: convert it, and start a new run.`,
      );
    }
    return first === GZIP || saysSo;
  }

  private async scan(object: PinnedObject, isGzip: boolean): Promise<Scan> {
    const { how } = this.options;
    const splitter = new RecordSplitter({ offset: 0, line: 1 }, splittingRulesOf(how));
    let columns = this.options.columns;
    let start: Position | undefined;
    let items = 0;
    let marks: Position[] = [];
    let step = 1;
    for await (const bytes of endingWithNothing(bytesOf(object, isGzip, this.reader))) {
      if (bytes) splitter.push(bytes);
      else splitter.end();
      for (let record = splitter.next(); record; record = splitter.next()) {
        if (how.format === 'csv' && !columns) {
          columns = this.header(record, how, object);
          continue;
        }
        start ??= { offset: record.offset, line: record.line };
        if (items % step === 0) marks.push({ offset: record.offset, line: record.line });
        items += 1;
        if (marks.length > this.mostMarks) {
          marks = marks.filter((_, index) => index % 2 === 0);
          step *= 2;
        }
      }
    }
    const end = splitter.position;
    this.last = { object, items, start: start ?? end, end, marks, step, ...(columns && { columns }) };
    return this.last;
  }

  private header({ bytes, length }: RawRecord, how: CsvFormat, object: PinnedObject) {
    const expected = (what: string, todo: string) =>
      invalidInput(`Expected the first line of ${nameOf(object)} to ${what}: ${todo}.`);
    if (!bytes || length > LONGEST_HEADER) {
      throw expected(
        `be a header of at most ${LONGEST_HEADER} bytes, got ${length}`,
        'put a header with the names of the columns there, or give them as `columns`',
      );
    }
    let columns: readonly string[];
    try {
      columns = csvValues(bytes, how);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      throw expected(`have ${error.message}`, 'correct it, and start a new run');
    }
    const twice = columns.find((column, index) => columns.indexOf(column) !== index);
    if (twice !== undefined) {
      throw expected(
        `name each column once, got ${JSON.stringify(twice)} twice`,
        'rename one of them, and start a new run',
      );
    }
    const { id } = this.options;
    if (columns.includes(id)) return columns;
    // Without a header the first line is somebody's data: it is not shown.
    const like = columns.find((column) => column.trim().toLowerCase() === id.trim().toLowerCase());
    throw expected(
      `name the column ${JSON.stringify(id)}, got ${columns.length} columns, ` +
        (like === undefined ? 'none of that name' : `of them ${JSON.stringify(like)}`),
      'give the name as it is there as `id`, the right `delimiter`, or `columns` where there is no header',
    );
  }
}

/** The first two bytes, as one number. */
const GZIP = 0x1f8b;
const UTF_16 = [0xfffe, 0xfeff];

async function* bytesOf(object: PinnedObject, isGzip: boolean, reader: S3Reader): AsyncGenerator<Buffer> {
  if (!isGzip) return yield* piecesOf(object, reader);
  const stream = new GunzipStream(object, reader);
  try {
    for (let bytes = await stream.next(); bytes; bytes = await stream.next()) yield bytes;
  } finally {
    stream.close();
  }
}

async function* endingWithNothing<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value | undefined> {
  yield* values;
  yield undefined;
}
