import { invalidInput } from '../contract/errors';
import type { ItemId, RunInput } from '../contract/payloads';
import type { Source, SourcePlan } from '../contract/source';
import { advance, position, splitPositions } from './number-cursor';

/**
 * Bytes of a list as JSON. The input of an execution has at most 262,144 bytes, and the run's record, which holds the list
 * beside its partitions, at most 409,600: what fits into the one leaves room for the rest of both.
 */
const LONGEST_LIST_BYTES = 250_000;
/** Characters. */
const LONGEST_ID = 256;

export interface ListOptions {
  /** Refuse ids that are strings: `"1"` is the id of no item where ids are numbers. @default - both are taken */
  readonly numbersOnly?: boolean;
  /** The job's own source, which finds the listed items where the job has no `load`. */
  readonly own?: Pick<Source, 'load'>;
}

/** The ids that the run's input lists, in that order. A cursor is an index; the plan carries the ids. */
export function list({ numbersOnly = false, own }: ListOptions = {}): Source {
  return {
    kind: 'list',
    frozen: true,
    async plan(input) {
      const ids = listedIds(input.ids, numbersOnly);
      return { start: 0, end: ids.length, items: ids.length, ids };
    },
    async split(plan, chains) {
      return splitPositions(plan, chains);
    },
    async read(plan, cursor, end, limit) {
      const next = advance(cursor, end, limit);
      return { ids: idsOf(plan).slice(position(cursor), next), next };
    },
    compare: (a, b) => position(a) - position(b),
    ...loadOf(own),
  };
}

/** The plan of a list says nothing of where the job's own source has its items. */
function loadOf(own: ListOptions['own']): Pick<Source, 'load'> {
  const load = own?.load?.bind(own);
  return load ? { load: (_plan, items) => load(undefined, items) } : {};
}

function idsOf(plan: SourcePlan): readonly ItemId[] {
  if (!Array.isArray(plan.ids)) throw new TypeError('Expected the plan of a list to carry its ids, got none.');
  return plan.ids;
}

/**
 * The ids that an input lists.
 *
 * @throws `Run.InvalidInput` where the list is missing, empty or too long, or an id in it is malformed or there twice
 */
export function listedIds(ids: RunInput['ids'], numbersOnly: boolean): readonly ItemId[] {
  if (!Array.isArray(ids) || ids.length === 0) {
    const got = Array.isArray(ids) ? 'an empty list' : (JSON.stringify(ids) ?? 'nothing');
    throw invalidInput(`Expected \`ids\` to be a list like [17, 42], got ${got}: list the ids to process.`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(ids));
  if (bytes > LONGEST_LIST_BYTES) {
    const fitting = Math.floor((ids.length * LONGEST_LIST_BYTES) / bytes);
    throw invalidInput(
      `Expected \`ids\` to take at most ${LONGEST_LIST_BYTES} bytes, got ${ids.length} ids of ${bytes} bytes together: ` +
        `list some ${fitting} ids a run, or give them in a range, a table or a file.`,
    );
  }
  // By spelling: 7 and "7" would be one and the same item in a report.
  const seen = new Set<string>();
  for (const [index, id] of ids.entries()) {
    if (!isItemId(id)) {
      throw invalidInput(
        `Expected \`ids[${index}]\` to be a whole number or a string of 1 to ${LONGEST_ID} characters, ` +
          `got ${shown(id)}: correct that id.`,
      );
    }
    if (numbersOnly && typeof id === 'string') {
      throw invalidInput(
        `Expected \`ids[${index}]\` to be a number, as the ids of this job are, got the string ${shown(id)}: ` +
          'list the ids without quotes.',
      );
    }
    if (seen.has(String(id))) {
      throw invalidInput(
        `Expected every id of \`ids\` once, got ${shown(id)} again at \`ids[${index}]\`: remove the duplicate.`,
      );
    }
    seen.add(String(id));
  }
  return [...ids];
}

function isItemId(id: unknown): id is ItemId {
  return typeof id === 'string' ? id.length >= 1 && id.length <= LONGEST_ID : Number.isSafeInteger(id);
}

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}
