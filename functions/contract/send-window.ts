export type Weekday = 'MON' | 'TUE' | 'WED' | 'THU' | 'FRI' | 'SAT' | 'SUN';

/** The time of day in which items are processed. Outside of it their chains are parked. */
export interface SendWindow<Data = unknown> {
  /** `HH:MM`, the first minute. */
  readonly from: string;
  /** `HH:MM`, the first minute after it; before `from` where the window goes over midnight. */
  readonly until: string;
  /** IANA time zone of the whole job, `Europe/Berlin`. */
  readonly zone: string;
  /** That of an item, by its data; `zone` is for whoever has none. @default - `zone`, for every item */
  zoneOf?(data: Data): string | undefined;
  /** On which days it opens. @default - on every day */
  readonly days?: readonly Weekday[];
}

/** How many mails a new sending domain may send a day, until it may send as many as the account. */
export interface WarmUp {
  /** Mails on the first day, a whole number of at least 1. */
  readonly firstDay: number;
  /** By how much each day may have more than the one before, above 1. @default - 2 */
  readonly growth?: number;
}
