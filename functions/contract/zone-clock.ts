/** What the clocks of time zones show. Times are milliseconds since the epoch, wall times the same as if the zone were UTC. */

const HOUR_MILLISECONDS = 3_600_000;
export const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** Clocks are at most so far behind and ahead of UTC, in hours; with one to spare. */
const FURTHEST_WEST = 13;
const FURTHEST_EAST = 15;

/** There are some six hundred zones; an item may write one in capitals. */
const MOST_FORMATS = 1000;
/** By zone, as it was asked for: to make one takes `Intl` thirty times as long as to ask one. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError where `Intl` does not know the zone */
function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    if (formats.size >= MOST_FORMATS) formats.clear();
    formats.set(zone, format);
  }
  return format;
}

/** The clock of one time zone. Every question makes a call or two of `Intl`, a few microseconds each. */
export class ZoneClock {
  private readonly format: Intl.DateTimeFormat;

  /** @throws RangeError where `Intl` does not know the zone */
  constructor(zone: string) {
    this.format = formatFor(zone);
  }

  /** What the clock shows, in whole seconds. */
  wallAt(time: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(time)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /**
   * The first moment at which the clock shows `wall` or later: of an hour that comes twice the first time, and where the
   * hour is left out the end of the gap.
   */
  firstAt(wall: number): number {
    const earliest = wall - FURTHEST_EAST * HOUR_MILLISECONDS;
    const latest = wall + FURTHEST_WEST * HOUR_MILLISECONDS;
    const before = this.offsetAt(earliest);
    const after = this.offsetAt(latest);
    if (before === after) return wall - before;
    const change = this.changeWithin(earliest, latest, before);
    return wall - before < change ? wall - before : Math.max(change, wall - after);
  }

  private offsetAt(time: number): number {
    return this.wallAt(time) - Math.floor(time / 1000) * 1000;
  }

  /** When the clock leaves the offset that it has at `from`: a zone changes its offset at most once in so short a time. */
  private changeWithin(from: number, until: number, offset: number): number {
    let same = Math.floor(from / 1000);
    let other = Math.ceil(until / 1000);
    while (other - same > 1) {
      const middle = Math.floor((same + other) / 2);
      if (this.offsetAt(middle * 1000) === offset) same = middle;
      else other = middle;
    }
    return other * 1000;
  }
}

/** Whether it is an IANA time zone that this runtime knows. `Intl` takes offsets such as `+01:00`, too: those are none. */
export function isTimeZone(zone: unknown): zone is string {
  if (typeof zone !== 'string' || !/^[A-Za-z]/.test(zone)) return false;
  try {
    formatFor(zone);
    return true;
  } catch {
    return false;
  }
}
