import type { SendWindow } from '../../functions/contract/send-window';
import type { PlannedHours } from '../../functions/contract/survey-event';
import { ZonedWindow } from '../../functions/contract/zoned-window';

/** Milliseconds since the epoch. */
export interface Ending {
  /** When the first item may be started. */
  readonly beginsAt: number;
  /** When the last one is done, at the rate that was planned with; Infinity where that is never. */
  readonly endsAt: number;
}

/** Of the items that were looked at. */
interface SeenHours {
  readonly items: number;
  /** Those that could not be started, by when their own windows open, in milliseconds since the epoch. */
  readonly closed: Readonly<Record<string, number>>;
}

/** Openings of items that are told one by one; the rest is told together. */
const MOST_OPENINGS = 8;

/** The window as the functions know it. */
export function windowOf({ areOwn, ...window }: PlannedHours): SendWindow {
  return { ...window, ...(areOwn && { zoneOf: () => undefined }) };
}

/**
 * When a run that is started now would end, with so many seconds of work. Where items have hours of their own, those that
 * open at one time are taken to go together, one such group after the other, within one opening of each.
 */
export function endingOf(hours: PlannedHours, { closed, items }: SeenHours, seconds: number, now: number): Ending {
  if (!hours.areOwn) {
    const window = new ZonedWindow(hours);
    const opening = window.openingIn(hours.zone, now);
    const beginsAt = opening && !opening.open ? opening.opensAt : now;
    return { beginsAt, endsAt: window.whenOpenFor(hours.zone, now, seconds * 1000) };
  }
  const groups = openingsOf(closed);
  const open = items - groups.reduce((sum, { count }) => sum + count, 0);
  let endsAt = now;
  for (const { at, count } of [{ at: now, count: open }, ...groups]) {
    if (count > 0) endsAt = Math.max(endsAt, at) + (1000 * seconds * count) / items;
  }
  return { beginsAt: open > 0 ? now : (groups[0]?.at ?? now), endsAt };
}

/** What the plan says of the hours of items. */
export function hoursRows(hours: PlannedHours, look: SeenHours, ending: Ending | undefined): [string, string][] {
  const { from, until, zone, days, areOwn } = hours;
  const where = areOwn ? `in each item's own time zone, or ${zone}` : `in ${zone}`;
  return [
    ['hours', `${from} to ${until} ${where}${days ? `, on ${days.join(', ')}` : ''}`],
    ...(areOwn ? openingRows(look) : []),
    ...(ending ? [['start, end', endingIn(ending, areOwn)] as [string, string]] : []),
  ];
}

function openingRows({ closed, items }: SeenHours): [string, string][] {
  const groups = openingsOf(closed);
  const waiting = groups.reduce((sum, { count }) => sum + count, 0);
  const told = groups.slice(0, MOST_OPENINGS).map(({ at, count }) => `${count} from ${moment(at)}`);
  const rest = groups.slice(MOST_OPENINGS).reduce((sum, { count }) => sum + count, 0);
  const texts = [`${items - waiting} of ${items} may be started now`, ...told, ...(rest > 0 ? [`${rest} later`] : [])];
  return texts.map((text): [string, string] => ['', text]);
}

function endingIn({ beginsAt, endsAt }: Ending, areOwn: boolean): string {
  const end = Number.isFinite(endsAt) ? `${areOwn ? 'about ' : ''}${moment(endsAt)}` : 'never';
  return `${moment(beginsAt)}, ${end}, if it is started now`;
}

function openingsOf(closed: SeenHours['closed']): readonly { readonly at: number; readonly count: number }[] {
  return Object.entries(closed)
    .map(([at, count]) => ({ at: Number(at), count }))
    .sort((a, b) => a.at - b.at);
}

function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
