import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** What is kept cannot be read. Its message is one sentence with the file or directory. */
export class KeptDataError extends Error {}

/** `LLLLLLLL CCCCCCCC text\n`: bytes of the text and the running checksum, eight hexadecimal digits each. */
const DIGITS = 8;
const HEAD_BYTES = 2 * (DIGITS + 1);
const HEAD = /^([0-9a-f]{8}) ([0-9a-f]{8}) $/;
/** Where a record of which only the beginning was written may end inside its head. */
const TORN_HEAD = /^[0-9a-f]{0,8}$|^[0-9a-f]{8} [0-9a-f]{0,8}$/;
const NEWLINE = 0x0a;
const READ_BYTES = 1024 * 1024;
const WRITE_BYTES = 1024 * 1024;

/**
 * A file of text records to which records are only appended, one line each. Each record has its length, and a checksum
 * that runs over it and all before it: of a file that is cut short at any byte, the records before the cut are read; one
 * that was changed, lost or put in elsewhere is noticed.
 *
 * `append` returns once the operating system has the record: it survives the death of the process at any moment, SIGKILL
 * included. It does not wait for the disk, so that the last seconds may be gone after a power failure, and what such a
 * failure leaves half written may be refused when the file is opened. `rewrite` does wait for the disk.
 */
export class RecordFile {
  private checksum = 0;
  private length = 0;
  private broken?: Error;

  private constructor(
    readonly path: string,
    private fd: number,
  ) {}

  /**
   * Opens or creates the file and hands every record to `read`, in order. Cuts off a last record of which only the
   * beginning was written: its write was never answered.
   *
   * @throws KeptDataError where a record is not as it was written
   * @throws what `read` throws
   */
  static open(path: string, read: (text: string) => void): RecordFile {
    rmSync(replacementOf(path), { force: true });
    const file = new RecordFile(path, openSync(path, 'a+'));
    try {
      file.readAll(read);
    } catch (error) {
      closeSync(file.fd);
      throw error;
    }
    return file;
  }

  get bytes(): number {
    return this.length;
  }

  /**
   * Appends records, all of them or none.
   *
   * @throws Error of the file system where they cannot be written
   */
  append(texts: readonly string[]): void {
    if (this.broken !== undefined) throw this.broken;
    const { checksum, lines } = frame(texts, this.checksum);
    try {
      write(this.fd, lines);
    } catch (error) {
      this.undo(error as Error);
      throw error;
    }
    this.checksum = checksum;
    this.length += lines.length;
  }

  /**
   * Puts these records in the place of all that the file has. The file is the old one or the new one, whole, whenever the
   * process ends – after a power failure as well.
   *
   * @throws Error of the file system where the file cannot be written
   */
  rewrite(texts: Iterable<string>): void {
    if (this.broken !== undefined) throw this.broken;
    const replacement = replacementOf(this.path);
    rmSync(replacement, { force: true });
    const fd = openSync(replacement, 'a');
    let [checksum, length] = [0, 0];
    try {
      for (const batch of batches(texts)) {
        const framed = frame(batch, checksum);
        write(fd, framed.lines);
        checksum = framed.checksum;
        length += framed.lines.length;
      }
      fsyncSync(fd);
      renameSync(replacement, this.path);
    } catch (error) {
      closeSync(fd);
      rmSync(replacement, { force: true });
      throw error;
    }
    closeSync(this.fd);
    this.fd = fd;
    this.checksum = checksum;
    this.length = length;
    syncDirectory(dirname(this.path));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** A disk that is full has taken a part of the record: what follows must not stand behind it. */
  private undo(cause: Error): void {
    try {
      ftruncateSync(this.fd, this.length);
    } catch {
      this.broken = cause;
    }
  }

  private readAll(read: (text: string) => void): void {
    let rest = Buffer.alloc(0);
    let records = 0;
    const chunk = Buffer.allocUnsafe(READ_BYTES);
    const size = fstatSync(this.fd).size;
    for (let at = 0; at < size; ) {
      const count = readSync(this.fd, chunk, 0, READ_BYTES, at);
      if (count === 0) break;
      at += count;
      let from = 0;
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      for (let end = bytes.indexOf(NEWLINE, rest.length); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
        records++;
        read(this.take(bytes.subarray(from, end), records));
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length === 0) return;
    if (!isTorn(rest)) throw this.corrupt(records + 1);
    ftruncateSync(this.fd, this.length);
  }

  /** The text of a line, without its end. */
  private take(line: Buffer, record: number): string {
    const head = HEAD.exec(line.toString('latin1', 0, HEAD_BYTES));
    const text = line.subarray(HEAD_BYTES);
    const checksum = crc32('\n', crc32(text, this.checksum));
    if (head === null || Number.parseInt(head[1]!, 16) !== text.length || hex(checksum) !== head[2]) {
      throw this.corrupt(record);
    }
    this.checksum = checksum;
    this.length += line.length + 1;
    return text.toString();
  }

  private corrupt(record: number): KeptDataError {
    return new KeptDataError(
      `Expected record ${record} of ${this.path}, at byte ${this.length}, to be as it was written, got something else: restore the file from a copy, or keep the tables in another directory.`,
    );
  }
}

/** Is this the beginning of a record and not all of it? */
function isTorn(rest: Buffer): boolean {
  const start = rest.toString('latin1', 0, HEAD_BYTES);
  const head = HEAD.exec(start);
  if (head === null) return rest.length < HEAD_BYTES && TORN_HEAD.test(start);
  return rest.length - HEAD_BYTES <= Number.parseInt(head[1]!, 16);
}

function frame(texts: readonly string[], before: number): { readonly checksum: number; readonly lines: Buffer } {
  let checksum = before;
  let lines = '';
  for (const text of texts) {
    // The end of the line counts, so that a record without text does.
    checksum = crc32('\n', crc32(text, checksum));
    lines += `${hex(Buffer.byteLength(text))} ${hex(checksum)} ${text}\n`;
  }
  return { checksum, lines: Buffer.from(lines) };
}

function* batches(texts: Iterable<string>): Generator<readonly string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const text of texts) {
    batch.push(text);
    length += text.length;
    if (length < WRITE_BYTES) continue;
    yield batch;
    [batch, length] = [[], 0];
  }
  yield batch;
}

function write(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function hex(value: number): string {
  return value.toString(16).padStart(DIGITS, '0');
}

function replacementOf(path: string): string {
  return `${path}.new`;
}

/** Makes a rename last. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
