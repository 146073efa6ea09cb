import * as z from 'zod/mini';

/** What a value becomes when something was missing and was written as text all the same. */
const SPOILT = /^(?:undefined|null|NaN|\[object \w+\])$/;
/** Characters; in a link each may take three. */
const LONGEST_TOKEN = 256;

/** The second argument of each says what is expected, for the sentence about a row that holds something else. */
const text = z
  .string('text')
  .check(z.refine((value) => value.trim() !== '' && !SPOILT.test(value.trim()), 'text that says something'));
const count = z.int('a whole number from 0').check(z.minimum(0, 'a whole number from 0'));

const RECIPIENT = z.object(
  {
    id: z.int('a whole number'),
    email: text.check(
      z.refine(
        (value) => !SPOILT.test(value.slice(0, value.indexOf('@'))),
        'an address that was complete when it was written',
      ),
    ),
    /** May be empty: then nobody is greeted by name. */
    name: z.string('text'),
    /** BCP 47, for instance `pt-BR`. */
    locale: z.string('text'),
    unsubscribed: z.optional(z.boolean('true or false, or to be left out')),
    /** Names the recipient in unsubscribe links: not guessable, unlike the id. */
    unsubscribeToken: text.check(z.maxLength(LONGEST_TOKEN, `text of at most ${LONGEST_TOKEN} characters`)),
    /** What happened in the recipient's week. */
    week: z.object(
      {
        /** Monday of the week, `YYYY-MM-DD`. */
        startsOn: z.iso.date('a date like 2026-11-16'),
        visits: count,
        newFollowers: count,
        messages: count,
        highlights: z.array(z.object({ title: text, views: count }, 'a map'), 'a list'),
      },
      'a map',
    ),
  },
  'a map',
);

/** A row of the recipients table, as it should be; its key is the number `id`. */
export type Recipient = z.infer<typeof RECIPIENT>;

/** Stands for a row that cannot be read, or for an id that can have none. */
export class UnreadableRow {
  constructor(readonly because: string) {}
}

/** A row that no mail can be made of: its item is unprocessed, under this name. */
export class InvalidRecipient extends Error {
  override readonly name = 'Recipient.Invalid';
}

/** Whoever has unsubscribed is told apart first, however little is left of the row. */
export function hasUnsubscribed(row: unknown): boolean {
  return typeof row === 'object' && row !== null && (row as Partial<Recipient>).unsubscribed === true;
}

/**
 * The recipient of a row.
 *
 * @throws InvalidRecipient where a column is missing or wrong: the message names the column and not what is in it
 */
export function readRecipient(row: unknown): Recipient {
  if (row instanceof UnreadableRow) throw new InvalidRecipient(row.because);
  const result = RECIPIENT.safeParse(row);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
  const column = path.length === 0 ? 'the row' : `column \`${path.join('.')}\``;
  throw new InvalidRecipient(
    `Expected ${column} of a recipient to be ${message}, got ${kindOf(path.reduce(member, row))}: correct the row.`,
  );
}

function member(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.trim() === '' ? 'empty text' : `other text of ${value.length} characters`;
  return typeof value === 'object' ? 'a map or a set' : `the ${typeof value} ${String(value)}`;
}
