import { Cron } from 'croner';
import { readExpression } from './schedule-expression';

const DAY_MILLISECONDS = 86_400_000;

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
  const read = readExpression(expression);
  if (read.kind === 'at') yield read.wall;
  if (read.kind !== 'cron') return;
  const cron = new Cron(`0 ${read.fields.join(' ')}`, {
    ...{ mode: '7-part', timezone: 'UTC', alternativeWeekdays: true, paused: true },
  });
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
