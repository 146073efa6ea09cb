import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Clock } from '../../functions/contract/clock';

/** Where expressions take time and chance from. */
export interface Surroundings {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const fromMillis = jsonata('$fromMillis($time, $picture, $zone)');

/**
 * Registers the functions that Step Functions adds to JSONata, and replaces those that would read the wall clock or
 * chance on their own. Where AWS answers "undefined" (a step of 0, an empty array), so do these.
 */
export function registerFunctions(expression: jsonata.Expression, { clock, random }: Surroundings): void {
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
  expression.registerFunction('partition', partition, '<a-n:a>');
  expression.registerFunction('range', range, '<nnn?:a>');
  expression.registerFunction('hash', hash, '<s-s?:s>');
  expression.registerFunction('uuid', () => uuid(random), '<:s>');
  expression.registerFunction('random', (...seed: unknown[]) => {
    if (seed.length > 0) throw new Error('The embedded Step Functions does not implement a seed for $random.');
    return random();
  });
  expression.registerFunction('millis', () => clock.now(), '<:n>');
  expression.registerFunction(
    'now',
    (picture?: string, zone?: string) => fromMillis.evaluate(undefined, { time: clock.now(), picture, zone }),
    '<s?s?:s>',
  );
}

function partition(values: readonly unknown[] | undefined, chunkSize: number): unknown[][] | undefined {
  const size = Math.trunc(chunkSize);
  if (values === undefined || values.length === 0 || !(size >= 1)) return undefined;
  const chunks: unknown[][] = [];
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size));
  return chunks;
}

function range(from: number, to: number, by?: number): number[] | number | undefined {
  const [start, end, step] = [Math.trunc(from), Math.trunc(to), Math.trunc(by ?? 0)];
  if (!(step > 0 ? start <= end : step < 0 && start >= end)) return undefined;
  const length = Math.floor((end - start) / step) + 1;
  // One element collapses to the bare number, as AWS answers it.
  return length === 1 ? start : Array.from({ length }, (_, index) => start + index * step);
}

function hash(text: string | undefined, algorithm?: string): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = HASHES[algorithm];
  if (name === undefined) throw new Error(`Expected one of ${Object.keys(HASHES).join(', ')}, got '${algorithm}'.`);
  return createHash(name).update(text).digest('hex');
}

/** A version 4 UUID (RFC 4122). */
export function uuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (letter) => {
    const digit = Math.floor(random() * 16);
    return (letter === 'x' ? digit : (digit & 3) | 8).toString(16);
  });
}
