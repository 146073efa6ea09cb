import { counted } from '../contract/counted';
import { invalidInput } from '../contract/errors';
import type { IdRange, RunInput } from '../contract/payloads';
import type { Source } from '../contract/source';
import { advance, position, splitPositions } from './number-cursor';

/** One less than the largest safe integer: the position after the last id must be one, too. */
const LARGEST_ID = Number.MAX_SAFE_INTEGER - 1;

/** Ids `first` to `last` of the run's input, both inclusive. A cursor is the next id. */
export function idRange(): Source {
  return {
    kind: 'id-range',
    frozen: true,
    async plan(input) {
      const { first, last } = rangeOfIds(input.ids);
      return { start: first, end: last + 1, items: last + 1 - first };
    },
    async split(plan, chains) {
      return splitPositions(plan, chains);
    },
    async read(_plan, cursor, end, limit) {
      const first = position(cursor);
      const next = advance(cursor, end, limit);
      return { ids: Array.from({ length: next - first }, (_, index) => first + index), next };
    },
    compare: (a, b) => position(a) - position(b),
  };
}

/**
 * The range that an input gives.
 *
 * @throws `Run.InvalidInput` where that is anything but a first and a last id that a cursor can reach
 */
export function rangeOfIds(ids: RunInput['ids']): IdRange {
  const got: unknown = ids;
  if (typeof got !== 'object' || got === null || Array.isArray(got)) {
    const what = Array.isArray(got) ? `a list of ${counted(got.length, 'id')}` : (JSON.stringify(got) ?? 'nothing');
    throw invalidInput(
      `Expected \`ids\` to be a range like {"first": 1, "last": 60000}, got ${what}: give the first and the last id.`,
    );
  }
  const unknown = Object.keys(got).find((key) => key !== 'first' && key !== 'last');
  if (unknown !== undefined) {
    throw invalidInput(
      `Expected \`ids\` to have only \`first\` and \`last\`, got ${JSON.stringify(unknown)}: remove it.`,
    );
  }
  const { first, last } = got as Partial<Record<keyof IdRange, unknown>>;
  if (!isWhole(first) || first < 0 || first > LARGEST_ID) {
    throw invalidInput(
      `Expected \`ids.first\` to be a whole number from 0 to ${LARGEST_ID}, got ${shown(first)}: give the first id.`,
    );
  }
  if (!isWhole(last) || last > LARGEST_ID) {
    throw invalidInput(
      `Expected \`ids.last\` to be a whole number of at most ${LARGEST_ID}, got ${shown(last)}: give the last id.`,
    );
  }
  if (last < first - 1) {
    throw invalidInput(
      `Expected \`ids.last\` to be at least \`ids.first\` - 1, got first ${first} and last ${last}: ` +
        'give a range whose end does not precede its start.',
    );
  }
  return { first, last };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
}
