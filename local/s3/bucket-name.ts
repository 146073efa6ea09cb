import { createHash } from 'node:crypto';

const MAX_CHARACTERS = 63;
/** Three to 63 of these characters, no two points in a row, no IP address. */
const BUCKET_NAME = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function isBucketName(name: string): boolean {
  return BUCKET_NAME.test(name);
}

/** A bucket's name made of another one: in lower case, and where it is too long, cut and told apart by its hash. */
export function bucketNameFor(name: string): string {
  const lower = name.toLowerCase();
  if (lower.length <= MAX_CHARACTERS) return lower;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${lower.slice(0, MAX_CHARACTERS - hash.length - 1)}-${hash}`;
}
