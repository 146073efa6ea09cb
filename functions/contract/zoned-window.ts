import { minutesOf, type SendWindow, WEEKDAYS } from './send-window';
import { DAY_MILLISECONDS, isTimeZone, ZoneClock } from './zone-clock';

/** When items may be started: now, and until when; or not now, but from when on. Milliseconds since the epoch. */
export type Opening =
  | { readonly open: true; readonly closesAt: number }
  | { readonly open: false; readonly opensAt: number };

type Hours = Pick<SendWindow, 'from' | 'until' | 'days'>;

const MINUTE_MILLISECONDS = 60_000;
/** A window that goes over midnight opened the day before; where a zone skipped that day, two days before. */
const DAYS_BACK = 2;
/** Within so many days every window opens: a day of the week comes after 7, and after as many again where clocks leave its hours out. */
const DAYS_AHEAD = 16;
/** Zones that are remembered: there are some 600 names, and whatever else a row may hold. */
const MOST_ZONES = 1000;

/** A zone, and what was last found of it: it holds from `since` until the window opens or closes. */
interface KnownZone {
  readonly clock: ZoneClock;
  since: number;
  opening?: Opening;
}

/**
 * A window as the clocks of time zones show it. It opens when the clock first shows `from`, or the end of an hour that is
 * left out, and closes when the clock first shows `until` after that: in autumn, a window in the hour that comes twice opens
 * once, the first time. One that lies wholly in an hour that is left out does not open on that day.
 */
export class ZonedWindow {
  private readonly zones = new Map<string, KnownZone | undefined>();
  private readonly from: number;
  private readonly until: number;

  /** @param hours checked before, by `defineJob` */
  constructor(private readonly hours: Hours) {
    this.from = minutesOf(hours.from) ?? 0;
    const until = minutesOf(hours.until) ?? 0;
    this.until = until > this.from ? until : until + 24 * 60;
  }

  /** Whether the window is open in a zone; undefined where nobody knows the zone. */
  openingIn(zone: string, now: number): Opening | undefined {
    const known = this.zone(zone);
    if (!known) return undefined;
    const { since, opening } = known;
    const isKnown = opening && now >= since && now < (opening.open ? opening.closesAt : opening.opensAt);
    if (isKnown) return opening;
    known.since = now;
    known.opening = this.find(known.clock, now);
    return known.opening;
  }

  /** Milliseconds between two moments in which the window is open, in a zone that is known. */
  openWithin(zone: string, from: number, until: number): number {
    let sum = 0;
    for (const { opensAt, closesAt } of this.stretches(zone, from)) {
      if (opensAt >= until) break;
      sum += Math.min(until, closesAt) - opensAt;
    }
    return sum;
  }

  /** When the window has been open for so many milliseconds since a moment, in a zone that is known; never, where that is for ever. */
  whenOpenFor(zone: string, from: number, milliseconds: number): number {
    let left = milliseconds;
    if (left === Number.POSITIVE_INFINITY) return left;
    for (const { opensAt, closesAt } of this.stretches(zone, from)) {
      if (opensAt + left <= closesAt) return opensAt + left;
      left -= closesAt - opensAt;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** From when to when it is open, from a moment on, without end. */
  private *stretches(zone: string, from: number): Generator<{ readonly opensAt: number; readonly closesAt: number }> {
    const { clock } = this.zone(zone) as KnownZone;
    for (let now = from; ; ) {
      const opening = this.find(clock, now);
      if (opening.open) {
        yield { opensAt: now, closesAt: opening.closesAt };
        now = opening.closesAt;
      } else now = opening.opensAt;
    }
  }

  private zone(zone: string): KnownZone | undefined {
    if (this.zones.has(zone)) return this.zones.get(zone);
    if (this.zones.size >= MOST_ZONES) this.zones.clear();
    const known = isTimeZone(zone) ? { clock: new ZoneClock(zone), since: 0 } : undefined;
    this.zones.set(zone, known);
    return known;
  }

  private find(clock: ZoneClock, now: number): Opening {
    const today = Math.floor(clock.wallAt(now) / DAY_MILLISECONDS);
    for (let day = today - DAYS_BACK; day <= today + DAYS_AHEAD; day++) {
      if (!this.opensOn(day)) continue;
      const closesAt = clock.firstAt(wallTime(day, this.until));
      if (closesAt <= now) continue;
      const opensAt = clock.firstAt(wallTime(day, this.from));
      if (opensAt >= closesAt) continue;
      return now >= opensAt ? { open: true, closesAt } : { open: false, opensAt };
    }
    throw new Error(`Expected the window ${this.hours.from}–${this.hours.until} to open within ${DAYS_AHEAD} days.`);
  }

  private opensOn(day: number): boolean {
    const { days } = this.hours;
    return days === undefined || days.includes(WEEKDAYS[new Date(day * DAY_MILLISECONDS).getUTCDay()] ?? 'SUN');
  }
}

/** @param day since the epoch */
function wallTime(day: number, minutes: number): number {
  return day * DAY_MILLISECONDS + minutes * MINUTE_MILLISECONDS;
}
