import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Checksums that S3 takes with an object, by the names of its API. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum of bytes that come piece by piece. */
export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** In base64, as headers carry it. Ends the checksum. */
  digest(): string;
}

export function startChecksum(algorithm: ChecksumAlgorithm | 'MD5'): RunningChecksum {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32((bytes, value) => crc32(bytes, value));
    case 'CRC32C':
      return new Crc32(crc32c);
    case 'CRC64NVME':
      return new Crc64Nvme();
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
    }
  }
}

class Crc32 implements RunningChecksum {
  private value = 0;

  constructor(private readonly next: (bytes: Uint8Array, value: number) => number) {}

  update(bytes: Uint8Array): void {
    this.value = this.next(bytes, this.value);
  }

  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.value >>> 0);
    return bytes.toString('base64');
  }
}

/** Castagnoli's polynomial (RFC 3720), bits reversed. */
const CASTAGNOLI = 0x82f63b78;
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CASTAGNOLI : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array, before: number): number {
  let value = ~before;
  for (const byte of bytes) value = CRC32C_TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return ~value >>> 0;
}

/** The polynomial of the NVM Express specification, bits reversed. */
const NVME = 0x9a6c9329ac4bc9b5n;
const CRC64_TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = BigInt(index);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ NVME : value >> 1n;
  return value;
});
/** In two halves: arithmetic on 64 bits at a time would allocate for each byte. */
const CRC64_HIGH = Uint32Array.from(CRC64_TABLE, (value) => Number(value >> 32n));
const CRC64_LOW = Uint32Array.from(CRC64_TABLE, (value) => Number(value & 0xffffffffn));

class Crc64Nvme implements RunningChecksum {
  private high = -1;
  private low = -1;

  update(bytes: Uint8Array): void {
    let { high, low } = this;
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ CRC64_LOW[index]!;
      high = (high >>> 8) ^ CRC64_HIGH[index]!;
    }
    this.high = high;
    this.low = low;
  }

  digest(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(~this.high >>> 0);
    bytes.writeUInt32BE(~this.low >>> 0, 4);
    return bytes.toString('base64');
  }
}
