import { minutesOf, type SendWindow, WEEKDAYS } from '../contract/send-window';
import { isTimeZone } from '../contract/zone-clock';
import { demand, isPlain } from './invalid-job';

const FIELDS = ['from', 'until', 'zone', 'zoneOf', 'days'];
const DAY_MINUTES = 24 * 60;

/**
 * The `sendWindow` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedSendWindow<Data>(given: SendWindow<Data>): SendWindow<Data> {
  demand(
    isPlain(given),
    "`sendWindow` to be an object such as { from: '09:00', until: '18:00', zone: 'Europe/Berlin' }",
    given,
  );
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field));
  demand(unknown === undefined, `\`sendWindow\` to have no fields but ${FIELDS.join(', ')}`, unknown);
  const { from, until, zone, zoneOf, days } = given;
  const first = minutesIn(from);
  demand(
    first !== undefined && first < DAY_MINUTES,
    '`sendWindow.from` to be a time of day, HH:MM, from 00:00 to 23:59',
    from,
  );
  const last = minutesIn(until);
  demand(last !== undefined, '`sendWindow.until` to be a time of day, HH:MM, from 00:00 to 24:00', until);
  demand(
    first !== last,
    '`sendWindow.until` to be another time than `from`: leave the window out to send at any',
    until,
  );
  demand(isTimeZone(zone), '`sendWindow.zone` to be an IANA time zone such as Europe/Berlin', zone);
  demand(
    zoneOf === undefined || typeof zoneOf === 'function',
    "`sendWindow.zoneOf` to be a function of an item's data, or to be left out",
    zoneOf,
  );
  demand(
    days === undefined || areDays(days),
    `\`sendWindow.days\` to list some of ${WEEKDAYS.join(', ')}, once each`,
    days,
  );
  return Object.freeze({ ...given, ...(days && { days: Object.freeze([...days]) }) });
}

function minutesIn(time: unknown): number | undefined {
  return typeof time === 'string' ? minutesOf(time) : undefined;
}

function areDays(days: unknown): boolean {
  if (!Array.isArray(days) || days.length === 0 || new Set(days).size < days.length) return false;
  return days.every((day) => WEEKDAYS.some((known) => known === day));
}
