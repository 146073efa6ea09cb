import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { objectSource, type S3ObjectOptions } from '../../../functions/sources/s3-object';
import type { S3ReaderOptions } from '../../../functions/sources/s3-object-bytes';

/** What an object holds: bytes that are there, or that are made for each range. */
export interface Content {
  readonly size: number;
  range(from: number, to: number): Buffer;
}

export interface StoredObject {
  readonly content: Content;
  readonly etag: string;
  readonly versionId?: string;
  readonly contentEncoding?: string;
}

/** One object at a time, as S3 answers for it: ranges, `IfMatch`, versions. */
export class ObjectStore {
  /** Keeps nothing of what it answered, as a mock of the SDK's client would. */
  readonly client = { send: async (command: unknown) => this.answer(command) } as unknown as Pick<S3Client, 'send'>;
  /** What is there now; a version that was replaced stays in `versions`. */
  current: StoredObject | undefined;
  readonly versions = new Map<string, StoredObject>();
  /** Ranges that were asked for, `[from, to)`. */
  readonly ranges: (readonly [number, number])[] = [];
  /** What the next calls are answered with instead, one after the other. */
  readonly failures: Error[] = [];
  /** Bodies break off after so many bytes, one answer each. */
  readonly breaks: number[] = [];
  /** Nothing is found with 404, or with 403 as S3 says it to whoever may not list the bucket. */
  mayList = true;

  put(content: string | Buffer, options: Partial<StoredObject> = {}): StoredObject {
    const bytes = Buffer.from(content);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const range = (from: number, to: number) => bytes.subarray(from, to);
    return this.putContent({ content: { size: bytes.length, range }, etag, ...options });
  }

  putContent(object: StoredObject): StoredObject {
    this.current = object;
    if (object.versionId !== undefined) this.versions.set(object.versionId, object);
    return object;
  }

  /** A source over the object. Pauses between two tries take no time. */
  source(options: Partial<S3ObjectOptions> = {}, dependencies: Partial<S3ReaderOptions> = {}) {
    const retry = {
      clock: { now: () => 0, after: (_: number, callback: () => void) => cancelOf(setImmediate(callback)) },
    };
    const { bucket = 'exports', key = 'users.csv', format = 'csv', id = 'id', ...others } = options;
    return objectSource({ bucket, key, format, id, ...others }, { client: () => this.client, retry, ...dependencies });
  }

  private answer(command: unknown) {
    if (command instanceof HeadObjectCommand) return this.head(command.input);
    if (command instanceof GetObjectCommand) return this.get(command.input);
    throw new Error(`Expected HeadObject or GetObject, got ${(command as object).constructor.name}.`);
  }

  private head(input: HeadObjectCommandInput) {
    const { content, etag, versionId, contentEncoding } = this.find(input);
    return { ETag: etag, ContentLength: content.size, VersionId: versionId, ContentEncoding: contentEncoding };
  }

  private get(input: GetObjectCommandInput) {
    const { content } = this.find(input);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(input.Range ?? '') ?? [];
    const [from, to] = [Number(first), Math.min(Number(last) + 1, content.size)];
    if (!(from < to)) throw answer('InvalidRange', 416);
    this.ranges.push([from, to]);
    return { Body: Readable.from(this.body(content.range(from, to))) };
  }

  private find({ IfMatch, VersionId }: HeadObjectCommandInput | GetObjectCommandInput): StoredObject {
    const failure = this.failures.shift();
    if (failure) throw failure;
    const found = VersionId === undefined ? this.current : this.versions.get(VersionId);
    if (!found) throw this.mayList ? answer('NoSuchKey', 404) : answer('AccessDenied', 403);
    if (IfMatch !== undefined && IfMatch !== found.etag) throw answer('PreconditionFailed', 412);
    return found;
  }

  private *body(bytes: Buffer): Generator<Buffer> {
    const most = this.breaks.shift();
    for (let at = 0; at < bytes.length; at += 60_000) {
      if (most !== undefined && at + 60_000 > most) {
        if (most > at) yield bytes.subarray(at, most);
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      }
      yield bytes.subarray(at, at + 60_000);
    }
  }
}

export function answer(name: string, httpStatusCode: number): Error {
  return new S3ServiceException({
    name,
    message: name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
}

function cancelOf(immediate: NodeJS.Immediate): () => void {
  return () => clearImmediate(immediate);
}
