import * as z from 'zod/mini';
import { invalidInput } from '../contract/errors';
import { MOST_CHAINS } from '../contract/map-mode';
import type { RunInput } from '../contract/payloads';

/** DynamoDB reads at most 100 items in one bulk read. */
export const MOST_CHUNK_ITEMS = 100;

export const MOST_WEIGHT = 1000;
export const MOST_PRIORITY = 100;

/** Name of one of a job's schedules: part of an occurrence's key. */
export const SCHEDULE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

const runId = z.string().check(z.minLength(1), z.maxLength(80));

const schema = z.strictObject({
  job: z.string().check(z.minLength(1)),
  ids: z.optional(z.unknown()),
  unprocessedOf: z.optional(runId),
  inDoubtOf: z.optional(runId),
  resume: z.optional(runId),
  scheduledFor: z.optional(z.iso.datetime({ offset: true })),
  schedule: z.optional(z.string().check(z.regex(SCHEDULE_NAME))),
  chains: z.optional(z.int().check(z.gte(1))),
  rate: z.optional(z.number().check(z.positive(), z.lte(1_000_000))),
  weight: z.optional(z.number().check(z.positive(), z.lte(MOST_WEIGHT))),
  priority: z.optional(z.int().check(z.gte(-MOST_PRIORITY), z.lte(MOST_PRIORITY))),
  linkSeconds: z.optional(z.number().check(z.gte(1), z.lte(900))),
  chunkItems: z.optional(z.int().check(z.gte(1), z.lte(MOST_CHUNK_ITEMS))),
  allowPartial: z.optional(z.boolean()),
  delivery: z.optional(z.enum(['at-most-once', 'at-least-once'])),
  dryRun: z.optional(z.boolean()),
});

/** What each field is expected to be, in words; `chains` is bounded by the deployment. */
const EXPECTED: Record<Exclude<keyof RunInput, 'chains'>, string> = {
  job: 'the name of a job',
  ids: 'a range {first, last} or a list of ids',
  unprocessedOf: 'the id of an earlier run',
  inDoubtOf: 'the id of an earlier run',
  resume: 'the id of an earlier run',
  scheduledFor: 'a moment in ISO 8601, such as 2026-01-05T09:00:00Z',
  schedule: 'the name of a schedule, 1 to 64 letters, digits, - and _',
  rate: 'a number of items per second above 0',
  weight: `a number above 0, up to ${MOST_WEIGHT}`,
  priority: `an integer from -${MOST_PRIORITY} to ${MOST_PRIORITY}`,
  linkSeconds: 'a number of seconds from 1 to 900',
  chunkItems: `an integer from 1 to ${MOST_CHUNK_ITEMS}`,
  allowPartial: 'true or false',
  delivery: '"at-most-once" or "at-least-once"',
  dryRun: 'true or false',
};

const SELECTORS = ['ids', 'unprocessedOf', 'inDoubtOf', 'resume'] as const;
/** What a resumed run may be given anew; everything else it has from its first execution. */
const RESUMABLE: readonly string[] = ['job', 'resume', 'rate', 'weight', 'priority', 'linkSeconds'];

/**
 * Reads the execution's input.
 *
 * @param mostChains that a run may have
 * @throws `Run.InvalidInput` where something is wrong with it: one sentence about the first such thing.
 */
export function parseInput(input: unknown, mostChains = MOST_CHAINS.inline): RunInput {
  const parsed = schema
    .check(z.refine(({ chains = 1 }) => chains <= mostChains, { path: ['chains'] }))
    .safeParse(input);
  const expected = { ...EXPECTED, chains: `an integer from 1 to ${mostChains}` };
  if (!parsed.success) throw invalidInput(sentence(parsed.error.issues[0], input, expected));
  const given = parsed.data as RunInput;
  const selectors = SELECTORS.filter((name) => given[name] !== undefined);
  if (selectors.length > 1) {
    throw invalidInput(
      `Expected at most one of ${list(SELECTORS)} in the run's input, got ${list(selectors)}: choose what the run is to cover.`,
    );
  }
  if (given.dryRun && given.scheduledFor !== undefined) {
    throw invalidInput(
      'Expected no `scheduledFor` beside `dryRun`, got both: a dry run serves no occurrence; start it without `scheduledFor`.',
    );
  }
  if (given.schedule !== undefined && given.scheduledFor === undefined) {
    throw invalidInput(
      'Expected `scheduledFor` beside `schedule`, got the name of a schedule alone: add the moment, or leave out `schedule`.',
    );
  }
  if (given.resume !== undefined) {
    const stray = Object.keys(given).filter((name) => !RESUMABLE.includes(name));
    if (stray.length > 0) {
      throw invalidInput(
        `Expected only ${list(RESUMABLE)} beside \`resume\`, got ${list(stray)}: a resumed run keeps what it was started with.`,
      );
    }
  }
  return given;
}

function sentence(
  issue: z.core.$ZodIssue | undefined,
  input: unknown,
  expected: Readonly<Record<keyof RunInput, string>>,
): string {
  if (issue?.code === 'unrecognized_keys') {
    return `Expected the run's input to have only the fields ${list(Object.keys(schema.shape))}, got the unknown field ${list(issue.keys)}: remove it or check its spelling.`;
  }
  const field = issue?.path[0] as keyof RunInput | undefined;
  if (field === undefined || !isObject(input)) {
    return `Expected the run's input to be an object with a \`job\`, got ${show(input)}: start the execution with {"job": "weekly-digest", "ids": {"first": 1, "last": 1000}}, for instance.`;
  }
  return `Expected \`${field}\` to be ${expected[field]}, got ${show(input[field])}: correct it in the execution's input.`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
