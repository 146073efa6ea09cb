import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { KeptDataError } from '../dynamodb/record-file';
import type { ChecksumAlgorithm } from './checksums';

/** What is known of an object beside its bytes. */
export interface ObjectRecord {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** MD5 of the bytes in hexadecimal digits: the ETag without its quotes. */
  readonly md5: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly lastModified: number;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly base64: string };
  /** Headers that came with the object and go with it: its content type, `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * An object is one file, so that one rename puts both in place: its bytes, its record in JSON, and at the end
 * `LLLLLLLL CCCCCCCC`, the JSON's length in bytes and its CRC-32 in hexadecimal digits.
 */
const FOOT = /^([0-9a-f]{8}) ([0-9a-f]{8})$/;
const FOOT_BYTES = 17;

/** What follows the bytes of an object in its file. */
export function recordBytes(record: ObjectRecord): Buffer {
  const json = Buffer.from(JSON.stringify(record));
  return Buffer.concat([json, Buffer.from(`${hex(json.length)} ${hex(crc32(json))}`)]);
}

/** @throws KeptDataError where the file is not as it was written */
export function readRecord(path: string): ObjectRecord {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const [, length = '', checksum] = FOOT.exec(readAt(fd, size - FOOT_BYTES, FOOT_BYTES).toString('latin1')) ?? [];
    const start = size - FOOT_BYTES - Number.parseInt(length, 16);
    const json = start >= 0 ? readAt(fd, start, size - FOOT_BYTES - start) : Buffer.alloc(0);
    if (json.length > 0 && hex(crc32(json)) === checksum) {
      const record = JSON.parse(json.toString('utf8')) as ObjectRecord;
      if (record.size === start) return record;
    }
  } finally {
    closeSync(fd);
  }
  throw new KeptDataError(
    `Expected ${path} to be an object as it was written, got other bytes: remove the file, or the directory.`,
  );
}

function readAt(fd: number, position: number, length: number): Buffer {
  if (position < 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, position + filled);
    if (read === 0) return Buffer.alloc(0);
    filled += read;
  }
  return bytes;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
