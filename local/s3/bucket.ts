import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ByteRange } from './byte-range';
import { type ObjectRecord, readRecord, recordBytes } from './object-file';

/** A file that is still being written, or whose writer died. */
const PART = '.part';

/**
 * The objects of a bucket, each a file of the bucket's directory. A file is named by a hash of its key, so that any key
 * is one: of `a` and `a/b` neither needs a directory, and `../a` leads nowhere.
 */
export class Bucket {
  private readonly objects = new Map<string, ObjectRecord>();
  private sorted?: readonly ObjectRecord[];

  /** @throws KeptDataError where a file is not as it was written */
  constructor(private readonly directory: string) {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (name.endsWith(PART)) {
        rmSync(path, { force: true });
        continue;
      }
      const record = readRecord(path);
      this.objects.set(record.key, record);
    }
  }

  find(key: string): ObjectRecord | undefined {
    return this.objects.get(key);
  }

  /** In S3's order: by the bytes of their keys in UTF-8, which is not that of JavaScript's UTF-16. */
  inOrder(): readonly ObjectRecord[] {
    this.sorted ??= [...this.objects.values()]
      .map((record) => ({ record, bytes: Buffer.from(record.key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ record }) => record);
    return this.sorted;
  }

  /**
   * Puts an object in place once all of it has come: until then, and where `bytes` throws, what was there before stays.
   *
   * @param record called with all bytes written, for what is to be known of the object
   * @throws what `bytes` and `record` throw
   */
  async put(bytes: AsyncIterable<Uint8Array>, record: () => ObjectRecord): Promise<ObjectRecord> {
    const part = join(this.directory, `${randomUUID()}${PART}`);
    try {
      const file = await open(part, 'wx');
      let stored: ObjectRecord;
      try {
        for await (const piece of bytes) await file.writeFile(piece);
        stored = record();
        await file.writeFile(recordBytes(stored));
      } finally {
        await file.close();
      }
      // In one go with what `read` opens: nobody sees the record of one object and the bytes of another.
      renameSync(part, this.fileOf(stored.key));
      this.objects.set(stored.key, stored);
      this.sorted = undefined;
      return stored;
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  }

  /** The bytes of an object that `find` has just found; they stay as they are while it is replaced. */
  read({ key, size }: ObjectRecord, { first, last }: ByteRange = { first: 0, last: size - 1 }): Readable {
    if (last < first) return Readable.from([]);
    const fd = openSync(this.fileOf(key), 'r');
    return createReadStream('', { fd, start: first, end: last });
  }

  private fileOf(key: string): string {
    return join(this.directory, createHash('sha256').update(key).digest('hex'));
  }
}
