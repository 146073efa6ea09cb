import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../../functions/contract/clock';
import { claimDirectory } from '../dynamodb/directory-claim';
import { Bucket } from './bucket';
import { isBucketName } from './bucket-name';
import { type ByteRange, byteRange } from './byte-range';
import type { ObjectRecord } from './object-file';
import { type Listing, type ListingRequest, listObjects } from './object-listing';
import { type ObjectUpload, receive } from './object-upload';
import { noSuchBucket, noSuchKey, preconditionFailed, S3Error } from './s3-errors';

export interface S3Options {
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Directory that keeps the objects. One that was answered survives the death of this process, however it ends; not that
   * of the machine, which may take the last seconds.
   * @default - a temporary directory, removed with the service
   */
  readonly keep?: string;
}

export interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

export interface ObjectQuestion extends ObjectAddress {
  /** An ETag, in quotes or not, or `*`. */
  readonly IfMatch?: string;
  /** As the header says it: `bytes=0-99`. */
  readonly Range?: string;
}

export interface ObjectAnswer {
  readonly record: ObjectRecord;
  /** Undefined where the answer is about the whole object. */
  readonly range?: ByteRange;
}

const MAX_KEY_BYTES = 1024;

/**
 * S3 as functions read exports from it: whole objects or byte ranges of them, listings, and putting an object in one
 * piece. An ETag names the bytes: the condition that it still holds is how a reader notices that an object was replaced.
 * Nothing here has versions, parts, access rules or deletion; the endpoint refuses them by name.
 */
export class S3 {
  private readonly buckets = new Map<string, Bucket>();
  private readonly release?: () => void;
  private directory?: string;

  /** @throws KeptDataError where what is kept cannot be read, or another process has it */
  constructor(private readonly options: S3Options) {
    const { keep } = options;
    if (keep === undefined) return;
    this.directory = join(keep, 'objects');
    mkdirSync(this.directory, { recursive: true });
    this.release = claimDirectory(keep, 'objects');
    try {
      for (const name of readdirSync(this.directory)) {
        this.buckets.set(name, new Bucket(join(this.directory, name)));
      }
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /**
   * Creating a bucket again changes nothing, as in us-east-1.
   *
   * @throws S3Error `InvalidBucketName` where S3 takes no such name
   */
  createBucket(name: string): void {
    if (!isBucketName(name)) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    if (this.buckets.has(name)) return;
    this.directory ??= this.temporaryDirectory();
    const directory = join(this.directory, name);
    mkdirSync(directory, { recursive: true });
    this.buckets.set(name, new Bucket(directory));
  }

  /**
   * Reads the upload and puts the object in place.
   *
   * @throws S3Error where it is refused, or its bytes are not what the request said
   */
  async putObject({ Bucket: name, Key }: ObjectAddress, upload: ObjectUpload): Promise<ObjectRecord> {
    const bucket = this.find(name);
    const bytes = Buffer.byteLength(Key);
    if (bytes > MAX_KEY_BYTES) {
      throw new S3Error('KeyTooLongError', 'Your key is too long', 400, {
        Size: String(bytes),
        MaxSizeAllowed: String(MAX_KEY_BYTES),
      });
    }
    const received = receive(upload);
    return bucket.put(received.bytes, () => ({
      key: Key,
      ...received.verified(),
      // Headers and listings say whole seconds.
      lastModified: Math.floor(this.options.clock.now() / 1000) * 1000,
      headers: upload.headers,
    }));
  }

  /** @throws S3Error `NoSuchKey`, `PreconditionFailed` or `InvalidRange` where there is not what was asked for */
  headObject({ Bucket: name, Key, IfMatch, Range }: ObjectQuestion): ObjectAnswer {
    const record = this.find(name).find(Key);
    if (record === undefined) throw noSuchKey(Key);
    if (IfMatch !== undefined && !matches(IfMatch, record)) throw preconditionFailed('If-Match');
    return { record, range: Range === undefined ? undefined : byteRange(Range, record.size) };
  }

  /**
   * The same with the bytes, read from the disk as they are asked for.
   *
   * @throws what `headObject` throws
   */
  getObject(question: ObjectQuestion): ObjectAnswer & { readonly body: Readable } {
    const answer = this.headObject(question);
    return { ...answer, body: this.find(question.Bucket).read(answer.record, answer.range) };
  }

  /** @throws S3Error `NoSuchBucket` or `InvalidArgument` where it is refused */
  listObjectsV2(name: string, request: ListingRequest): Listing {
    return listObjects(this.find(name).inOrder(), request);
  }

  close(): void {
    this.release?.();
    if (this.options.keep !== undefined) return;
    process.off('exit', this.removeDirectory);
    this.removeDirectory();
  }

  private temporaryDirectory(): string {
    // A process that ends without closing the service is not to leave its objects behind.
    process.once('exit', this.removeDirectory);
    return mkdtempSync(join(tmpdir(), 'worker-chains-objects-'));
  }

  private readonly removeDirectory = () => {
    if (this.directory !== undefined) rmSync(this.directory, { recursive: true, force: true });
  };

  private find(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }
}

function matches(condition: string, { md5 }: ObjectRecord): boolean {
  return condition.split(',').some((each) => {
    const tag = each.trim();
    return tag === '*' || tag.replace(/^"(.*)"$/, '$1') === md5;
  });
}
