import { DAY_MILLISECONDS } from './zone-clock';

/**
 * How many mails a new sending domain may send a day, until it may send as many as the account: mailbox providers trust a
 * domain that they do not know by and by. What every job and every run of a ledger sends from the domain counts.
 */
export interface WarmUp {
  /** Mails on day 0, a whole number of at least 1. Day 0 begins with the domain's first mail, each has 24 hours. */
  readonly firstDay: number;
  /** How many times as many as on the day before, above 1. @default - 2 */
  readonly growth?: number;
}

/** Where a domain is in its warm-up. */
export interface WarmUpState {
  /** Milliseconds since the epoch. Absent where the domain has sent nothing yet: then day 0 begins with its first mail. */
  readonly beganAt?: number;
  /** The day that it is, from 0. */
  readonly day: number;
  /** Mails of that day, those included of which it is not known whether they were sent. */
  readonly taken: number;
}

/** A domain that is warmed up, and by whom. */
export interface Ramp {
  /** In lower case and Punycode. */
  readonly domain: string;
  readonly warmUp: WarmUp;
  readonly state: WarmUpState;
  /** When that was read, in milliseconds since the epoch. */
  readonly now: number;
  /** Mails that runs may send within a day anyway. */
  readonly mailsADay: number;
}

const USUAL_GROWTH = 2;
/** Significant digits: 100 × 1.15 is 114.99999999999999 otherwise. */
const DIGITS = 12;

/** The day of a warm-up, from 0. A clock that is behind the one that saw it begin is on day 0, too. */
export function warmUpDay(beganAt: number, now: number): number {
  return Math.max(0, Math.floor((now - beganAt) / DAY_MILLISECONDS));
}

/** When a day of a warm-up begins, in milliseconds since the epoch. */
export function beginningOfDay(beganAt: number, day: number): number {
  return beganAt + day * DAY_MILLISECONDS;
}

/** Mails that a domain may send on a day of its warm-up, a whole number; never more than what a number counts exactly. */
export function warmUpLimit({ firstDay, growth = USUAL_GROWTH }: WarmUp, day: number): number {
  const exact = firstDay * growth ** day;
  if (exact >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  return Math.floor(Number(exact.toPrecision(DIGITS)));
}

/** What the account lets runs do, as far as it ends a warm-up. */
interface AccountQuota {
  /** Mails per second that the account may send. */
  readonly perSecond: number;
  /** Mails that it may send within 24 hours; infinite if there is no such quota. */
  readonly perDay: number;
}

/**
 * Mails that runs may send within a day anyway: a day of a warm-up that allows so many limits nothing, nor does any after it.
 *
 * @param sendShare share of the quota that runs may use, above 0 to 1
 */
export function mailsADay({ perSecond, perDay }: AccountQuota, sendShare: number): number {
  return Math.min(Math.floor(perDay * sendShare), (perSecond * DAY_MILLISECONDS) / 1000);
}

/** Whether a day of a warm-up limits nothing any more; no day after it does. */
export function isOver({ warmUp, mailsADay: anyway }: Pick<Ramp, 'warmUp' | 'mailsADay'>, day: number): boolean {
  return warmUpLimit(warmUp, day) >= anyway;
}

/** The first day of a warm-up that limits nothing. */
export function firstFreeDay(ramp: Pick<Ramp, 'warmUp' | 'mailsADay'>): number {
  const { warmUp, mailsADay: anyway } = ramp;
  const { firstDay, growth = USUAL_GROWTH } = warmUp;
  // A day less, because a limit is rounded down.
  let day = Math.max(0, Math.ceil(Math.log(anyway / firstDay) / Math.log(growth)) - 1);
  while (!isOver(ramp, day)) day += 1;
  return day;
}
