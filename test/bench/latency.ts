import type { Random } from '../simulation/random';

/** Bounds of a uniform latency, milliseconds, request and answer together. */
export type Range = readonly [from: number, to: number];

/**
 * What a call takes inside one region, seen from a function: orders of magnitude for a warm connection, not measured on
 * AWS. Half of it passes before the service decides, half after.
 */
export const LATENCY = {
  ses: [30, 80],
  dynamoDb: [3, 8],
  /** Of a range of an object, whole. */
  s3: [20, 80],
  stepFunctions: [15, 40],
  /** Lambda's Invoke API, until an asynchronous event is accepted. */
  lambda: [15, 40],
  /** From the acceptance of an asynchronous event until its function is called. */
  eventDelivery: [20, 60],
  /** What a new execution environment adds before the handler runs. */
  coldStart: [300, 600],
} as const satisfies Record<string, Range>;

export function draw(random: Random, [from, to]: Range): number {
  return from + random.next() * (to - from);
}
