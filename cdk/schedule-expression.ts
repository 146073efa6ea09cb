import { type CronField, partOf } from './cron-field';

/** What reads an expression: a rule of EventBridge, or a schedule of EventBridge Scheduler. */
export type ExpressionReader = 'rule' | 'scheduler';

/** What an expression says. */
export type ScheduleExpressionRead =
  /** Once: what a clock on the wall shows, in milliseconds, as if it were in UTC. */
  | { readonly kind: 'at'; readonly wall: number }
  | { readonly kind: 'rate' }
  /** The six fields with numbers for names, as croner reads them, days of the week from 1, Sunday. */
  | { readonly kind: 'cron'; readonly fields: readonly string[] };

/** EventBridge User Guide, "Cron expressions reference"; Scheduler's, "Schedule types", has the same. */
const FIELDS: readonly CronField[] = [
  { name: 'minutes', least: 0, greatest: 59 },
  { name: 'hours', least: 0, greatest: 23 },
  { name: 'days of the month', least: 1, greatest: 31 },
  {
    name: 'months',
    ...{ least: 1, greatest: 12 },
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  {
    name: 'days of the week',
    ...{ least: 1, greatest: 7 },
    names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  },
  { name: 'years', least: 1970, greatest: 2199 },
];
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

/** What of a day cannot be in a list with others. */
const ALONE: Readonly<Record<number, RegExp>> = { [DAY_OF_MONTH]: /L/i, [DAY_OF_WEEK]: /#/ };

const CRON = /^cron\((.*)\)$/s;
const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
/** From the first to the last year that a cron expression may name: a rate beyond never comes round. */
const LONGEST_RATE_MINUTES = 230 * 366 * 1440;

const CRON_FORM = 'cron(minutes hours day-of-month month day-of-week year)';
const FORMS: Readonly<Record<ExpressionReader, string>> = {
  rule: `${CRON_FORM} or rate(value unit)`,
  scheduler: `${CRON_FORM}, at(yyyy-mm-ddThh:mm:ss) or rate(value unit)`,
};

/**
 * Reads an expression.
 *
 * @param reader that it is for: a rule takes no `at(…)`, and a rate with the unit in its right number only
 * @param name of what it was given as, in the sentence that refuses it
 * @throws Error where EventBridge would refuse it
 */
export function readExpression(
  expression: string,
  reader: ExpressionReader = 'scheduler',
  name = 'the schedule',
): ScheduleExpressionRead {
  const refused = (expected: string, advice = '') =>
    new Error(`Expected ${name} to be ${expected}, got ${expression}${advice}.`);
  const [, fields] = CRON.exec(expression) ?? [];
  if (fields !== undefined) return { kind: 'cron', fields: cronFields(fields, expression, name) };
  if (expression.startsWith('at(')) {
    if (reader === 'rule') throw refused(FORMS.rule, ': a rule has no single moments, so write it into `schedules`');
    const [, once = ''] = AT.exec(expression) ?? [];
    const wall = Date.parse(`${once}Z`);
    // What no calendar has, such as February 31st, is another day by then.
    if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(once)) {
      throw refused('a moment that the calendar has, such as at(2026-12-31T09:00:00)');
    }
    return { kind: 'at', wall };
  }
  if (expression.startsWith('rate(')) {
    const [, value = '', unit = '', plural] = RATE.exec(expression) ?? [];
    if (unit === '') throw refused('a rate such as rate(5 minutes), of 1 or more minutes, hours or days');
    const minutes = Number(value) * (MINUTES[unit] ?? Number.NaN);
    if (minutes > LONGEST_RATE_MINUTES) throw refused('a rate of 230 years at most');
    const asRule = `rate(${value} ${unit}${value === '1' ? '' : 's'})`;
    if (reader === 'rule' && expression !== asRule) {
      throw refused(asRule, `: a rule takes ${plural ? 'the singular with 1' : 'the plural with more than 1'}`);
    }
    return { kind: 'rate' };
  }
  throw refused(FORMS[reader]);
}

function cronFields(inner: string, expression: string, name: string): readonly string[] {
  const given = inner.trim().split(/\s+/);
  const refused = (expected: string) => new Error(`Expected ${name} to be ${expected}, got ${expression}.`);
  if (given.length !== FIELDS.length) throw refused(`${CRON_FORM}, which are six fields`);
  const asked = given.findIndex((field, index) => field === '?' && index !== DAY_OF_MONTH && index !== DAY_OF_WEEK);
  if (asked >= 0) throw refused('a cron expression with `?` for a day only');
  if ((given[DAY_OF_MONTH] === '?') === (given[DAY_OF_WEEK] === '?')) {
    throw refused(
      'a cron expression with `?` for the day of the month or for the day of the week, and for one of them',
    );
  }
  return FIELDS.map((field, index) => {
    const text = given[index] ?? '';
    if (text === '?') return '*';
    const parts = text.split(',');
    const alone = parts.length > 1 ? ALONE[index]?.exec(text)?.[0] : undefined;
    if (alone !== undefined) {
      throw new Error(
        `Expected the ${field.name} of ${name} to be a single one where it has ${alone}, got ${text} in ${expression}: make a schedule of each.`,
      );
    }
    return parts.map((part) => partOf(field, part, `of ${name}`, `in ${expression}`)).join(',');
  });
}
