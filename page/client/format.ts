import { nounFor } from '../../functions/contract/counted';

export { duration } from '../../functions/contract/duration';

/** Figures and times as a reader sees them. The page speaks English, so the figures do too, whatever the browser's language. */
const integers = new Intl.NumberFormat('en');
const decimals = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clockTime = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minuteTime = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const shortDayAndTime = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayAndTime = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

export function count(value: number): string {
  return integers.format(value);
}

/** `1 chain`, `2 chains`. */
export function counted(value: number, noun: string, plural?: string): string {
  return `${integers.format(value)} ${nounFor(value, noun, plural)}`;
}

export function rate(perSecond: number): string {
  return perSecond >= 100 ? integers.format(Math.round(perSecond)) : decimals.format(perSecond);
}

/** `$0.0042`, `$1.27`, `$1,240`: two figures at least, and no cents of what is over a thousand. */
export function dollars(value: number): string {
  if (value === 0) return '$0';
  const rounded = Number(value.toPrecision(2));
  if (rounded < 1) return `$${rounded.toFixed(Math.max(2, 1 - Math.floor(Math.log10(rounded))))}`;
  return `$${value >= 1000 ? integers.format(Math.round(value)) : value.toFixed(2)}`;
}

/** Whole percent, but 100 only when nothing is missing and 0 only when there is nothing. */
export function percent(part: number, whole: number): string {
  if (!(whole > 0)) return '0%';
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return '<1%';
  return `${share >= 100 ? 100 : Math.min(99, Math.round(share))}%`;
}

/** `once`, `3 times`. */
export function times(value: number): string {
  return value === 1 ? 'once' : `${integers.format(value)} times`;
}

/** `1:05`, `2:00:00`: a position on the time axis, in whole seconds; with `tenths`, `1:05.4`. */
export function offset(milliseconds: number, tenths = false): string {
  const total = Math.max(0, tenths ? Math.floor(milliseconds / 100) / 10 : Math.round(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = (total % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** Hour and minute, of a moment that is at a whole minute. */
export function hourAndMinute(iso: string): string {
  return minuteTime.format(new Date(iso));
}

export function timeOfDay(iso: string): string {
  return clockTime.format(new Date(iso));
}

/** `Mar 2, 06:00:00`: for lists, beside the whole of it. */
export function shortDateAndTime(iso: string): string {
  return shortDayAndTime.format(new Date(iso));
}

export function dateAndTime(iso: string): string {
  return dayAndTime.format(new Date(iso));
}

/** `FAILED` → `Failed`, `TIMED_OUT` → `Timed out`, `handed-off` → `Handed off`. */
export function words(constant: string): string {
  const spaced = constant.replace(/[_-]/g, ' ').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `inDoubt` → `In doubt`. */
export function wordsOfKey(key: string): string {
  const spaced = key.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
