import type { Position, RecordPlace } from './s3-object-position';

/**
 * Bytes of a record, its line break included, beyond which it is not looked at: what a link must hold at once, and how far
 * a quote that nobody closes is followed.
 */
export const LONGEST_RECORD = 4_194_304;

/** What separates the values of a record, as bytes; nothing where a line is a record. */
export interface QuoteRules {
  readonly quote: number;
  readonly delimiter: number;
}

/** A record as it stands in the object; without its bytes where it is longer than `LONGEST_RECORD`. */
export interface RawRecord extends RecordPlace {
  readonly bytes?: Buffer;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xefbbbf;
const BYTE_ORDER_MARK_BYTES = 3;

/**
 * Cuts bytes that come in any pieces into records. A record ends with its line, unless the line break is within quotes by
 * the rules of RFC 4180. One that breaks these rules ends with its first line, so that a bad line costs no other: a quote
 * that is not closed, or that is closed and followed by something else, makes nothing of what comes after its line.
 *
 * Where a record ends follows from the bytes at its start and the `LONGEST_RECORD` after them alone, however they come in.
 */
export class RecordSplitter {
  private pending: Buffer = Buffer.alloc(0);
  /** Of the next record within `pending`. */
  private at = 0;
  private hasEnded = false;
  /** The first quote at or after `at`, if it is known to be there: a search for each line would take a square of the time. */
  private quoteAt = -1;
  /** The end of the line that begins at `at`, where it was found. */
  private lineEnd = -1;
  /** A record that is too long, whose end has not come yet. */
  private tooLong: RecordPlace | undefined;
  private current: Position;

  constructor(
    start: Position,
    private readonly rules?: QuoteRules,
    private readonly longest = LONGEST_RECORD,
  ) {
    this.current = start;
  }

  /** Of the next record, or of the end. Empty lines before it may not have been passed yet. */
  get position(): Position {
    return this.current;
  }

  /** What was pushed and belongs to no record yet. */
  get rest(): Buffer {
    return this.pending.subarray(this.at);
  }

  push(bytes: Buffer): void {
    const rest = this.rest;
    this.pending = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    this.at = 0;
    this.lineEnd = -1;
    this.quoteAt = -1;
  }

  /** No more bytes come. */
  end(): void {
    this.hasEnded = true;
  }

  /** The next record that is no empty line; undefined where more bytes must come, or all have been given. */
  next(): RawRecord | undefined {
    if (this.current.offset === 0 && !this.tooLong && !this.passByteOrderMark()) return undefined;
    for (;;) {
      if (this.tooLong) return this.endOfTooLong(this.tooLong);
      if (this.at >= this.pending.length) return undefined;
      const end = this.recordEnd();
      if (end === undefined) {
        if (this.pending.length - this.at <= this.longest) return undefined;
        this.tooLong = { ...this.current, length: 0 };
        continue;
      }
      const record = this.take(end);
      if (!isEmptyLine(record.bytes)) return record;
    }
  }

  /** False where more bytes must come before that is known. */
  private passByteOrderMark(): boolean {
    const { pending, at } = this;
    if (pending.length - at < BYTE_ORDER_MARK_BYTES) return this.hasEnded;
    if (pending.readUIntBE(at, BYTE_ORDER_MARK_BYTES) !== BYTE_ORDER_MARK) return true;
    this.at += BYTE_ORDER_MARK_BYTES;
    this.current = { ...this.current, offset: BYTE_ORDER_MARK_BYTES };
    return true;
  }

  private take(end: number): RawRecord & { readonly bytes: Buffer } {
    const { pending, at } = this;
    const { offset, line } = this.current;
    const lines = end === this.lineEnd ? 1 : lineFeeds(pending, at, end);
    this.current = { offset: offset + end - at, line: line + lines };
    this.at = end;
    return { offset, line, length: end - at, bytes: pending.subarray(at, end) };
  }

  private endOfTooLong(before: RecordPlace): RawRecord | undefined {
    const lineFeed = this.pending.indexOf(LINE_FEED, this.at);
    const end = lineFeed < 0 ? this.pending.length : lineFeed + 1;
    const record = { ...before, length: before.length + end - this.at };
    this.at = end;
    if (lineFeed < 0 && !this.hasEnded) {
      this.tooLong = record;
      return undefined;
    }
    this.tooLong = undefined;
    this.current = { offset: record.offset + record.length, line: record.line + (lineFeed < 0 ? 0 : 1) };
    return record;
  }

  /** Where the record at `at` ends; undefined where more bytes must come, or the record is too long. */
  private recordEnd(): number | undefined {
    const { pending, at, hasEnded } = this;
    const most = at + this.longest;
    const lineFeed = pending.indexOf(LINE_FEED, at);
    if (lineFeed < 0) return hasEnded && pending.length <= most ? pending.length : undefined;
    if (lineFeed >= most) return undefined;
    this.lineEnd = lineFeed + 1;
    return this.firstQuote() > lineFeed ? lineFeed + 1 : this.quotedEnd(lineFeed + 1, Math.min(pending.length, most));
  }

  private firstQuote(): number {
    if (!this.rules) return Number.POSITIVE_INFINITY;
    if (this.quoteAt < this.at) {
      const found = this.pending.indexOf(this.rules.quote, this.at);
      this.quoteAt = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.quoteAt;
  }

  /** `lineEnd`: where the record ends if it breaks the rules. `border`: where what may be looked at ends. */
  private quotedEnd(lineEnd: number, border: number): number | undefined {
    const { pending, hasEnded, rules } = this;
    const { quote, delimiter } = rules as QuoteRules;
    const isAll = hasEnded || pending.length - this.at > this.longest;
    /** What follows from the border: the object's end, which may end a record; or that no rule is kept until there. */
    const atBorder = (mayEnd: boolean) => {
      if (!isAll) return undefined;
      return mayEnd && hasEnded && border === pending.length ? border : lineEnd;
    };
    let index = this.at;
    for (;;) {
      if (pending[index] === quote && index < border) {
        const after = this.afterQuoted(index, border);
        if (after === undefined) return atBorder(false);
        if (after >= border) return atBorder(true);
        index = after;
        const byte = pending[index];
        if (byte === LINE_FEED) return index + 1;
        if (byte === CARRIAGE_RETURN) {
          if (index + 1 >= border) return atBorder(false);
          return pending[index + 1] === LINE_FEED ? index + 2 : lineEnd;
        }
        if (byte !== delimiter) return lineEnd;
      } else {
        for (; index < border; index++) {
          const byte = pending[index];
          if (byte === LINE_FEED) return index + 1;
          if (byte === quote) return lineEnd;
          if (byte === delimiter) break;
        }
        if (index >= border) return atBorder(true);
      }
      index += 1;
    }
  }

  /** The position after the closing quote of the value whose quote opens at `opened`; undefined where there is none before `border`. */
  private afterQuoted(opened: number, border: number): number | undefined {
    const { quote } = this.rules as QuoteRules;
    let index = opened + 1;
    for (;;) {
      const closed = this.pending.indexOf(quote, index);
      if (closed < 0 || closed >= border) return undefined;
      if (closed + 1 >= border || this.pending[closed + 1] !== quote) return closed + 1;
      index = closed + 2;
    }
  }
}

function isEmptyLine(bytes: Buffer): boolean {
  return bytes[0] === LINE_FEED || (bytes.length === 2 && bytes[0] === CARRIAGE_RETURN && bytes[1] === LINE_FEED);
}

function lineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
