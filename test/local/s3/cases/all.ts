import type { Case } from './case';
import { LISTINGS } from './listings';
import { KEY_CASES, OBJECTS } from './objects';
import { RANGE_ROWS, RANGES } from './ranges';
import { CHECKSUM_CASES, STRICT_UPLOADS, UPLOADS } from './uploads';

/** What S3 does: the embedded one has to, and moto's is asked whether it agrees. */
export const CASES: readonly Case[] = [
  ...OBJECTS,
  ...KEY_CASES,
  ...RANGE_ROWS,
  ...RANGES,
  ...LISTINGS,
  ...CHECKSUM_CASES,
  ...UPLOADS,
  ...STRICT_UPLOADS,
];
