import { Duration } from 'aws-cdk-lib';
import { clockChanges, momentsOf } from './scheduled-moments';

const MINUTES_PER_DAY = 24 * 60;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;
const MINUTES_PER_UNIT: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: MINUTES_PER_DAY };
/** Stands for every year, so that each synthesis comes to the same. */
const SAMPLE_YEAR = 2026;
/** An expression of an alarm has 1,024 characters at most (MetricDataQuery): two hours of each of these years fit. */
const BRIDGED_YEARS = 10;
const HOUR_MILLISECONDS = 3_600_000;
const HOURS_PER_WEEK = 7 * 24;
/** EventBridge numbers the days of the week from 1, Sunday. */
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * The longest time between two occurrences of an EventBridge schedule, if it repeats every week or more often.
 * Undefined for one that depends on the day of the month, the month or the year.
 *
 * @param expression `rate(…)` or `cron(…)`
 */
export function longestPause(expression: string): Duration | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return withinAWeek(Number(rate[1]) * (MINUTES_PER_UNIT[rate[2] ?? ''] ?? Number.NaN));
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!cron) return undefined;
  const [, minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = cron;
  if (!/^[*?]$/.test(dayOfMonth) || month !== '*' || year !== '*') return undefined;
  const days = values(dayOfWeek, 1, 7);
  const hours = values(hour, 0, 23);
  const minutes = values(minute, 0, 59);
  if (!days || !hours || !minutes) return undefined;
  const moments = days.flatMap((day) => hours.flatMap((h) => minutes.map((m) => day * MINUTES_PER_DAY + h * 60 + m)));
  return withinAWeek(longestGap(moments));
}

/**
 * The same by the clock of a zone: a pause in which the clocks are put back is longer by an hour, and what would be in an
 * hour that is left out in spring is left out.
 *
 * @param zone of the IANA time zone database
 */
export function longestPauseIn(expression: string, zone: string): Duration | undefined {
  const pause = longestPause(expression);
  if (pause === undefined || expression.startsWith('rate(')) return pause;
  const minutes = clockChanges(zone, SAMPLE_YEAR).map((day) => longestAround(day, expression, zone));
  return Duration.minutes(Math.max(pause.toMinutes(), ...minutes));
}

/**
 * The hours that have to count as a start, for an alarm that looks back a week, hour by hour, and no further: where the
 * clocks are put back a weekly schedule pauses for longer, and where it falls into the hour that is left out in spring for
 * two weeks. Each is a week before the start that is late by this reckoning: so a start that is missed then is noticed in
 * the hour in which it would be without a change of clocks.
 *
 * @param zone of the IANA time zone database
 * @returns the beginnings of full hours in UTC, of ten years from the sample year on; none where no pause is that long
 */
export function bridgedHours(expression: string, zone: string): readonly Date[] {
  const pause = longestPauseIn(expression, zone);
  if (pause === undefined || expression.startsWith('rate(') || pause.toMinutes() < MINUTES_PER_WEEK) return [];
  const bridged: number[] = [];
  const end = Date.UTC(SAMPLE_YEAR + BRIDGED_YEARS, 0, 1);
  let last: number | undefined;
  for (const moment of momentsOf(expression, zone, new Date(Date.UTC(SAMPLE_YEAR, 0, 1)))) {
    if (moment.getTime() >= end) break;
    const hour = Math.floor(moment.getTime() / HOUR_MILLISECONDS);
    for (let start = hour - HOURS_PER_WEEK; start > (last ?? hour); start -= HOURS_PER_WEEK) bridged.push(start);
    last = hour;
  }
  return bridged.sort((a, b) => a - b).map((hour) => new Date(hour * HOUR_MILLISECONDS));
}

/** The longest pause, in minutes, of what repeats every week, in the week before a day and the one after it. */
function longestAround(day: Date, expression: string, zone: string): number {
  let longest = 0;
  let last: number | undefined;
  for (const moment of momentsOf(expression, zone, daysAfter(day, -8))) {
    longest = Math.max(longest, (moment.getTime() - (last ?? moment.getTime())) / 60_000);
    last = moment.getTime();
    if (moment > daysAfter(day, 9)) break;
  }
  return longest;
}

function daysAfter(day: Date, days: number): Date {
  return new Date(day.getTime() + days * MINUTES_PER_DAY * 60_000);
}

function withinAWeek(minutes: number): Duration | undefined {
  return minutes > 0 && minutes <= MINUTES_PER_WEEK ? Duration.minutes(minutes) : undefined;
}

/** The longest gap between neighbours among moments of a week that repeats. */
function longestGap(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  const first = sorted[0] ?? Number.NaN;
  return Math.max(...sorted.map((moment, index) => (sorted[index + 1] ?? first + MINUTES_PER_WEEK) - moment));
}

/** What a field of a cron expression stands for. Undefined for what is not repeated every week, such as `MON#1`. */
function values(field: string, least: number, most: number): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const bounds = /^[*?]$/.test(range) ? [least, most] : range.split('-').map((text) => toNumber(text));
    const [first = Number.NaN, last = step === undefined ? first : most] = bounds;
    const stride = Number(step ?? 1);
    if (bounds.length > 2 || !(first >= least && last <= most && first <= last && stride > 0)) return undefined;
    for (let value = first; value <= last; value += stride) found.add(value);
  }
  return [...found];
}

function toNumber(text: string): number {
  const weekday = WEEKDAYS.indexOf(text.toUpperCase());
  return weekday >= 0 ? weekday + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
