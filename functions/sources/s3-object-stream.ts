import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { invalidInput } from '../contract/errors';
import { nameOf, type PinnedObject, type S3Reader } from './s3-object-bytes';

/** Bytes of an object that are asked for at a time, where it is read from one end to the other. */
const PIECE_BYTES = 4_194_304;
/** Bytes of a compressed object that are asked for at a time: a stream that waits for the next chunk holds so many. */
const COMPRESSED_PIECE_BYTES = 1_048_576;
/** Bytes that come out of a decompression at a time. */
const GUNZIPPED_BYTES = 262_144;

/** The pieces of an object, one after the other; the next one is asked for while one is worked on. */
export async function* piecesOf(object: PinnedObject, reader: S3Reader, bytes = PIECE_BYTES): AsyncGenerator<Buffer> {
  const ask = (from: number) => {
    if (from >= object.size) return undefined;
    const piece = reader.read(object, from, Math.min(from + bytes, object.size));
    // Unasked for, its failure has no effect.
    piece.catch(() => {});
    return piece;
  };
  let ahead = ask(0);
  for (let from = bytes; ahead; from += bytes) {
    const piece: Buffer = await ahead;
    ahead = ask(from);
    yield piece;
  }
}

/**
 * What a gzip object decompresses to, from its start. Nothing of it is open on the network between two pieces, so it may
 * wait for as long as its link lives.
 */
export class GunzipStream {
  private readonly gunzip: Gunzip = createGunzip({ chunkSize: GUNZIPPED_BYTES });
  private readonly pieces: AsyncIterator<Buffer>;
  private rest: Buffer | undefined;
  /** Of the next byte that `next` gives. */
  position = 0;

  constructor(
    readonly object: PinnedObject,
    reader: S3Reader,
  ) {
    // A failure destroys the stream with it, and so reaches whoever reads.
    pipeline(Readable.from(piecesOf(object, reader, COMPRESSED_PIECE_BYTES)), this.gunzip, () => {});
    this.pieces = this.gunzip[Symbol.asyncIterator]();
  }

  /**
   * The next bytes, undefined at the end.
   *
   * @throws `Run.InvalidInput` where the object is no whole gzip file
   */
  async next(): Promise<Buffer | undefined> {
    const bytes = this.rest ?? (await this.decompressed());
    this.rest = undefined;
    this.position += bytes?.length ?? 0;
    return bytes;
  }

  /** Takes back the last of the bytes that `next` gave. */
  unread(bytes: Buffer): void {
    this.position -= bytes.length;
    if (bytes.length > 0) this.rest = this.rest ? Buffer.concat([bytes, this.rest]) : bytes;
  }

  /** Passes what comes before `position`. */
  async skipTo(position: number): Promise<void> {
    while (this.position < position) {
      const bytes = await this.next();
      if (!bytes) return;
      if (this.position > position) this.unread(bytes.subarray(bytes.length - (this.position - position)));
    }
  }

  /** The bytes of a record that begins at `position` or after it; fewer at the end. */
  async read(from: number, length: number): Promise<Buffer> {
    await this.skipTo(from);
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const bytes = await this.next();
      if (!bytes) break;
      parts.push(bytes.subarray(0, missing));
      if (bytes.length > missing) this.unread(bytes.subarray(missing));
      missing -= Math.min(missing, bytes.length);
    }
    return Buffer.concat(parts);
  }

  close(): void {
    this.gunzip.destroy();
  }

  private async decompressed(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.pieces.next();
      return done ? undefined : value;
    } catch (error) {
      const { code = '', message } = error as { readonly code?: string; readonly message: string };
      if (!/^Z_/.test(code)) throw error;
      throw invalidInput(
        `Expected ${nameOf(this.object)} to be a whole gzip file, got one that breaks off or is damaged (${message}): ` +
          'put it there again, and start a new run.',
      );
    }
  }
}

/** Streams that may be wanted again: a chain's reads, and its carried items. */
const MOST_OPEN = 2;

/**
 * The streams that stand where the last read ended, for the next one: to decompress an object from its start for each
 * chunk would take a square of the time. A link that begins elsewhere decompresses once up to its cursor.
 */
export class OpenStreams {
  private readonly idle: GunzipStream[] = [];

  constructor(private readonly reader: S3Reader) {}

  /** A stream at `position` or before it, for the caller alone until it is given back. */
  take(object: PinnedObject, position: number): GunzipStream {
    return this.nearest(object, position) ?? new GunzipStream(object, this.reader);
  }

  giveBack(stream: GunzipStream): void {
    this.idle.push(stream);
    if (this.idle.length > MOST_OPEN) this.idle.shift()?.close();
  }

  private nearest(object: PinnedObject, position: number): GunzipStream | undefined {
    const before = this.idle.filter((stream) => isSame(stream.object, object) && stream.position <= position);
    const [nearest] = before.sort((a, b) => b.position - a.position);
    if (nearest) this.idle.splice(this.idle.indexOf(nearest), 1);
    return nearest;
  }
}

export function isSame(a: PinnedObject, b: PinnedObject): boolean {
  return a.bucket === b.bucket && a.key === b.key && a.etag === b.etag && a.versionId === b.versionId;
}
