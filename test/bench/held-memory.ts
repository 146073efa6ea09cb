import { setTimeout as sleep } from 'node:timers/promises';

const MEGABYTE = 1024 * 1024;
/** Tries, and the time between them: on a busy machine V8's other threads give buffers back that long after a collection. */
const TRIES = 8;
const TRY_MILLISECONDS = 50;

/**
 * Megabytes of heap and buffers that are still held after garbage collection; needs `node --expose-gc`. What is garbage is
 * counted until it was given back, which is done beside the collection: above `enough`, it is waited for.
 */
export async function heldMegabytes(enough: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && least > enough; attempt++) {
    if (attempt > 0) await sleep(TRY_MILLISECONDS);
    least = Math.min(least, collectedMegabytes());
  }
  return least;
}

/** Megabytes of heap and buffers right after garbage collection, with what is not given back yet. */
export function collectedMegabytes(): number {
  const collect = globalThis.gc;
  if (!collect) throw new Error('Expected node to run with --expose-gc, got none: start it with npm run bench.');
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MEGABYTE;
}
