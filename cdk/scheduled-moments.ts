import { Cron } from 'croner';

const FIELDS = ['minutes', 'hours', 'day of the month', 'month', 'day of the week', 'year'] as const;
/** Greatest value of each field: `5/20` goes on up to it. */
const GREATEST = [59, 23, 31, 12, 7, 2199] as const;
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;
const DAY_MILLISECONDS = 86_400_000;
const AT = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/;

/**
 * The moments at which a schedule of EventBridge Scheduler fires: by the clock of its zone. An hour that the zone leaves out
 * in spring is left out; one that it has twice in autumn counts once, the first time (Scheduler's user guide, "Daylight
 * saving time adjustments"). Those of `rate(…)` are counted from its creation, and so unknown: none.
 *
 * @param expression `cron(…)`, `at(…)` or `rate(…)`
 * @param zone of the IANA time zone database
 * @param after moments later than this one
 * @throws Error where EventBridge would refuse the expression
 */
export function* momentsOf(expression: string, zone: string, after: Date): Generator<Date, undefined> {
  const clock = wallClock(zone);
  for (const wall of wallTimes(expression, clock.wallAt(after.getTime()))) {
    const instant = clock.instantOf(wall);
    if (instant !== undefined && instant > after.getTime()) yield new Date(instant);
  }
}

/** The days, as their beginnings in UTC, in which the clocks of a zone are changed in a year. */
export function clockChanges(zone: string, year: number): Date[] {
  const { wallAt } = wallClock(zone);
  const offsetAt = (instant: number) => wallAt(instant) - instant;
  const days = Array.from({ length: 366 }, (_, day) => Date.UTC(year, 0, 1 + day));
  return days.filter((day) => offsetAt(day) !== offsetAt(day + DAY_MILLISECONDS)).map((day) => new Date(day));
}

/**
 * Refuses an expression that EventBridge Scheduler would refuse.
 *
 * @throws Error where it would
 */
export function requireExpression(expression: string): void {
  if (AT.test(expression) || RATE.test(expression)) return;
  cronOf(expression);
}

/**
 * Refuses what is no name of a time zone, as the IANA database spells it.
 *
 * @throws Error where it is none
 */
export function requireZone(zone: string): void {
  const known = canonicalZone(zone);
  if (known !== undefined && (known === zone || known.toLowerCase() !== zone.toLowerCase())) return;
  throw new Error(
    `Expected \`zone\` to be a time zone of the IANA database, such as ${known ?? 'Europe/Berlin'}, got ${JSON.stringify(zone)}.`,
  );
}

/** Undefined for what is no zone; an offset such as +01:00 is none, though the language takes it for one. */
function canonicalZone(zone: string): string | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What a clock on the wall shows when the schedule fires, later than `after`; as milliseconds, as if it were in UTC. */
function* wallTimes(expression: string, after: number): Generator<number, undefined> {
  const [, once] = AT.exec(expression) ?? [];
  if (once !== undefined) yield Date.parse(`${once}Z`);
  if (once !== undefined || RATE.test(expression)) return;
  const cron = cronOf(expression);
  for (let next = cron.nextRun(new Date(after)); next !== null; next = cron.nextRun(next)) yield next.getTime();
}

/** A clock of the zone, between instants and what it shows; both in milliseconds. */
function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const wallAt = (instant: number): number => {
    const parts = format.formatToParts(instant);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  };
  /** The first one at which the clock shows `wall`; undefined where it never does. */
  const instantOf = (wall: number): number | undefined =>
    [wall - DAY_MILLISECONDS, wall + DAY_MILLISECONDS]
      .map((near) => wall - (wallAt(near) - near))
      .filter((instant) => wallAt(instant) === wall)
      .sort((a, b) => a - b)[0];
  return { wallAt, instantOf };
}

/**
 * EventBridge counts the days of the week from 1, Sunday, and reads `5/20` as `5-59/20`; `?` stands for any.
 *
 * @throws Error where EventBridge would refuse it
 */
function cronOf(expression: string): Cron {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== FIELDS.length) {
    throw refused(expression, `cron(${FIELDS.join(', ')}), at(yyyy-mm-ddThh:mm:ss) or rate(value unit)`);
  }
  if ((fields[DAY_OF_MONTH] === '?') === (fields[DAY_OF_WEEK] === '?')) {
    throw refused(expression, 'a cron expression with `?` for the day of the month or for the day of the week');
  }
  const pattern = fields.map((field, index) => fieldOf(field, index, expression)).join(' ');
  try {
    return new Cron(`0 ${pattern}`, { mode: '7-part', timezone: 'UTC', alternativeWeekdays: true, paused: true });
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /, '');
    throw refused(expression, `a cron expression that EventBridge takes (${reason})`);
  }
}

function fieldOf(field: string, index: number, expression: string): string {
  if (field === '?') {
    if (index === DAY_OF_MONTH || index === DAY_OF_WEEK) return '*';
    throw refused(expression, 'a cron expression with `?` for a day only');
  }
  if (index === DAY_OF_WEEK && field === 'L') return String(GREATEST[DAY_OF_WEEK]);
  return field
    .split(',')
    .map((part) => part.replace(/^(\w+)\//, `$1-${GREATEST[index]}/`))
    .join(',');
}

function refused(expression: string, expected: string): Error {
  return new Error(`Expected the schedule to be ${expected}, got ${expression}.`);
}
