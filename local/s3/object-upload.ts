import { createHash } from 'node:crypto';
import { type ChecksumAlgorithm, startChecksum } from './checksums';
import type { ObjectRecord } from './object-file';
import { badDigest, incompleteBody, S3Error } from './s3-errors';

/** Digests of an object's bytes as a request states them. */
export interface StatedDigests {
  /** Base64 of the object's checksum, by the upload's algorithm. */
  checksum?: string;
  /** Content-MD5: base64. */
  md5?: string;
  /** x-amz-content-sha256: hexadecimal digits. */
  sha256?: string;
}

/** An object on its way into a bucket. */
export interface ObjectUpload {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the request says that `bytes` has. */
  readonly size: number;
  /** @default - CRC64NVME, as S3 has chosen for uploads without a checksum since 2024 */
  readonly algorithm?: ChecksumAlgorithm;
  /** Complete once `bytes` is read: a checksum may come after them. */
  readonly stated: StatedDigests;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Received {
  readonly bytes: AsyncIterable<Uint8Array>;
  /**
   * For the time when all of `bytes` is read.
   *
   * @throws S3Error where they are not what the request said
   */
  verified(): Pick<ObjectRecord, 'size' | 'md5' | 'checksum'>;
}

/** Reads an upload's bytes once: counts them, and computes what is kept of them and what they are held to. */
export function receive({ bytes, size, algorithm = 'CRC64NVME', stated }: ObjectUpload): Received {
  const [md5, checksum] = [startChecksum('MD5'), startChecksum(algorithm)];
  const sha256 = stated.sha256 === undefined ? undefined : createHash('sha256');
  let received = 0;
  async function* counted() {
    for await (const piece of bytes) {
      received += piece.length;
      md5.update(piece);
      checksum.update(piece);
      sha256?.update(piece);
      yield piece;
    }
  }
  return {
    bytes: counted(),
    verified() {
      if (received !== size) throw incompleteBody();
      const computed = { md5: md5.digest(), checksum: checksum.digest() };
      if (sha256 !== undefined && sha256.digest('hex') !== stated.sha256) {
        const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        throw new S3Error('XAmzContentSHA256Mismatch', message, 400);
      }
      if (stated.md5 !== undefined && stated.md5 !== computed.md5) throw badDigest('Content-MD5');
      if (stated.checksum !== undefined && stated.checksum !== computed.checksum) throw badDigest(algorithm);
      return {
        size,
        md5: Buffer.from(computed.md5, 'base64').toString('hex'),
        checksum: { algorithm, base64: computed.checksum },
      };
    },
  };
}
