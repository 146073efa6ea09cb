export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** Sunday first, as JavaScript counts the days of the week. */
export const WEEKDAYS: readonly Weekday[] = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The time of day in which items are started. Outside of it their chains are parked, and no function runs. */
export interface SendWindow<Data = unknown> {
  /** `HH:MM`, the first minute, `00:00` to `23:59`. */
  readonly from: string;
  /** `HH:MM`, the first minute after it, `00:00` to `24:00`; before `from` where the window goes over midnight. */
  readonly until: string;
  /** IANA time zone of the whole job, `Europe/Berlin`. */
  readonly zone: string;
  /**
   * That of an item, by its data. `zone` is for whoever has none, or one that nobody knows; an item for which it throws
   * comes out unprocessed. @default - `zone`, for every item
   */
  zoneOf?(data: Data): string | undefined;
  /** On which days it opens. @default - on every day */
  readonly days?: readonly Weekday[];
}

/** Minutes after midnight of `HH:MM`, `00:00` to `24:00`; undefined for any other text. */
export function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  const sum = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && sum <= 24 * 60 ? sum : undefined;
}
