import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { errorName, isTransient } from '../contract/aws-errors';
import { systemClock } from '../contract/clock';
import { invalidInput, sourceChanged } from '../contract/errors';
import { type RetryOptions, retry } from '../contract/retry';

/** One version of an object, as it was when the run was planned. */
export interface PinnedObject {
  readonly bucket: string;
  readonly key: string;
  /** As S3 gives it, with its quotes. */
  readonly etag: string;
  /** Where the bucket keeps versions. */
  readonly versionId?: string;
  /** Bytes. */
  readonly size: number;
}

/** What S3 says of an object before it is read. */
export interface FoundObject extends PinnedObject {
  readonly contentEncoding?: string;
}

export interface S3ReaderOptions {
  readonly client: () => Pick<S3Client, 'send'>;
  /** For tests. @default - the clock and the dice of this process */
  readonly retry?: Partial<RetryOptions>;
}

/** An answer that broke off: what is missing is asked for again. */
class BrokenBody extends Error {
  override readonly name = 'BrokenBody';
}

/**
 * Reads bytes of objects, pinned to the version that the run was planned with. Every answer is read to its end at once:
 * a connection that is kept open between two chunks would be closed by its peer, or frozen with the function.
 */
export class S3Reader {
  constructor(private readonly options: S3ReaderOptions) {}

  /** @throws `Run.InvalidInput` where the object is not there, or may not be read */
  async find(bucket: string, key: string): Promise<FoundObject> {
    const name = nameOf({ bucket, key });
    const answer = await this.patiently(() => this.head({ bucket, key })).catch((error: unknown) => {
      const got = whatIsMissing(error);
      throw got === undefined
        ? error
        : invalidInput(
            `Expected ${name} to be an object that the functions may read, got ${got}: put it there, and start a new run.`,
          );
    });
    const { ETag: etag, ContentLength: size, VersionId, ContentEncoding: contentEncoding } = answer;
    if (etag === undefined || size === undefined) {
      throw new Error(`Expected S3 to tell the ETag and the length of ${name}, got ${etag} and ${size}.`);
    }
    // Of an object that is older than its bucket's versions, or was put while they were suspended: it can be replaced.
    const versionId = VersionId === 'null' ? undefined : VersionId;
    return { bucket, key, etag, size, ...(versionId && { versionId }), ...(contentEncoding && { contentEncoding }) };
  }

  /**
   * The bytes `[from, to)`.
   *
   * @throws `Run.SourceChanged` where the object is not the one that was pinned any more
   */
  async read(object: PinnedObject, from: number, to: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let at = from;
    await this.pinned(object, async () => {
      const { Body } = await this.options
        .client()
        .send(new GetObjectCommand({ ...selectorOf(object), Range: `bytes=${at}-${to - 1}` }));
      try {
        for await (const part of Body as Readable) {
          parts.push(part);
          at += part.length;
        }
      } catch (cause) {
        throw new BrokenBody(`Expected ${to - at} more bytes of ${nameOf(object)}, got ${errorName(cause)}.`, {
          cause,
        });
      }
      if (at < to) throw new BrokenBody(`Expected ${to - at} more bytes of ${nameOf(object)}, got none.`);
    });
    if (at !== to) throw new Error(`Expected ${to - from} bytes of ${nameOf(object)}, got ${at - from}.`);
    return parts.length === 1 ? Buffer.from(parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  /** @throws `Run.SourceChanged` where the object is not the one that was pinned any more */
  async confirm(object: PinnedObject): Promise<void> {
    await this.pinned(object, () => this.head(object));
  }

  private async pinned(object: PinnedObject, ask: () => Promise<unknown>): Promise<void> {
    try {
      await this.patiently(ask);
    } catch (error) {
      const got = statusOf(error) === 412 ? await this.whatIsThere(object) : whatIsMissing(error);
      if (got === undefined) throw error;
      throw sourceChanged(
        `Expected ${nameOf(object)} to be the object with the ETag ${object.etag} that the run was planned with, got ${got}: ` +
          'put that one back and redrive the execution, or start a new run over what is there.',
      );
    }
  }

  /** Of an object that took the place of a pinned one. */
  private async whatIsThere({ bucket, key }: PinnedObject): Promise<string> {
    try {
      const { ETag } = await this.head({ bucket, key });
      return `one with the ETag ${ETag}`;
    } catch {
      return 'another one';
    }
  }

  private head(object: Pick<PinnedObject, 'bucket' | 'key'> & Partial<PinnedObject>) {
    return this.options.client().send(new HeadObjectCommand(selectorOf(object)));
  }

  private patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const shouldRetry = (error: unknown) => error instanceof BrokenBody || isTransient(error);
    return retry(ask, { clock: systemClock, random: Math.random, shouldRetry, ...this.options.retry });
  }
}

/** The object in a sentence. */
export function nameOf({ bucket, key }: Pick<PinnedObject, 'bucket' | 'key'>): string {
  return `s3://${bucket}/${key}`;
}

function selectorOf({ bucket, key, etag, versionId }: Pick<PinnedObject, 'bucket' | 'key'> & Partial<PinnedObject>) {
  return {
    Bucket: bucket,
    Key: key,
    ...(etag !== undefined && { IfMatch: etag }),
    ...(versionId !== undefined && { VersionId: versionId }),
  };
}

/** Why nothing can be read; undefined where the error says something else. */
function whatIsMissing(error: unknown): string | undefined {
  const status = statusOf(error);
  // A delete marker answers 405 to whoever asks for it by its version.
  if (status === 404 || status === 405) return 'nothing there';
  if (status !== 403) return undefined;
  // The answer to HeadObject has no body, and so no code.
  const code = /^(403|Unknown|UnknownError)$/.test(errorName(error)) ? 'AccessDenied' : errorName(error);
  return (
    `${code} (which S3 says of an object that is not there, too, to whoever may not list the bucket; ` +
    'reading needs s3:GetObject, of a version s3:GetObjectVersion, and kms:Decrypt where a key of yours encrypts it)'
  );
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}
