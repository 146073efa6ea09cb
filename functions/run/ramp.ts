import type { Clock } from '../contract/clock';
import { counted, nounFor } from '../contract/counted';
import { invalidInput } from '../contract/errors';
import type { Job } from '../contract/job';
import type { ProviderQuota } from '../contract/quota';
import { type Expected, expectedItems, toldItems } from '../contract/source';
import { beginningOfDay, isOver, mailsADay, type Ramp, warmUpLimit } from '../contract/warm-up';
import type { Ledger } from '../ledger/ledger';
import { guardDailyQuota } from './budget';
import { LONGEST_RUN_SECONDS } from './time-limits';

/** What a run may send in the warm-up of its domain, day by day, one mail for each of its items. */

/** Days that are looked ahead where nothing ends the run before. */
const MOST_DAYS = 1000;

export interface RampDependencies {
  readonly ledger: Pick<Ledger, 'warmUps'>;
  readonly clock: Clock;
  /** Share of SES's quota that runs may use, above 0 to 1. */
  readonly sendShare: number;
  /** Domain of the sender. @default - nobody knows it here */
  readonly sendingDomain?: string;
}

/** Where the domain of a job's mails is in its warm-up; undefined where it has none, or has it behind it. */
export async function readRamp(
  { warmUp }: Pick<Job, 'warmUp'>,
  quota: ProviderQuota,
  { ledger, clock, sendShare, sendingDomain: domain }: RampDependencies,
): Promise<Ramp | undefined> {
  if (!warmUp || domain === undefined) return undefined;
  const now = clock.now();
  const state = await ledger.warmUps.read(domain, now);
  const ramp = { domain, warmUp, state, now, mailsADay: mailsADay(quota, sendShare) };
  return isOver(ramp, state.day) ? undefined : ramp;
}

/** Mails that a run sends on a day of the warm-up, and from when on, in milliseconds since the epoch. */
export interface RampDay {
  readonly from: number;
  readonly mails: number;
}

/** How a run may use the days, from today on. */
export interface RampDays {
  readonly days: readonly RampDay[];
  /** Mails for which there is no day. */
  readonly left: number;
}

/**
 * Lets each day have as many of the mails as its limit allows and as there is time for; the first day without a limit has
 * the rest.
 *
 * @param seconds that there are, from when the ramp was read. @default - for ever
 * @param most mails that can be sent between two moments, at the run's rate. @default - any number
 */
export function daysOf(
  mails: number,
  ramp: Ramp,
  seconds = Number.POSITIVE_INFINITY,
  most: (from: number, until: number) => number = () => Number.POSITIVE_INFINITY,
): RampDays {
  const { warmUp, now } = ramp;
  const { beganAt = now, day: today, taken } = ramp.state;
  const end = now + 1000 * seconds;
  const days: RampDay[] = [];
  let left = mails;
  for (let day = today; left > 0 && days.length < MOST_DAYS; day += 1) {
    const from = Math.max(now, beginningOfDay(beganAt, day));
    if (from >= end) break;
    const isLast = isOver(ramp, day);
    const until = isLast ? end : Math.min(end, beginningOfDay(beganAt, day + 1));
    const places = isLast ? left : warmUpLimit(warmUp, day) - (day === today ? taken : 0);
    const sent = Math.max(0, Math.min(left, places, most(from, until)));
    days.push({ from, mails: sent });
    left -= sent;
    if (isLast) break;
  }
  return { days, left };
}

/**
 * In a warm-up each day has its part of the run: it counts against the quota of any 24 hours that begin on the day before,
 * too. Other runs of the domain are not looked at.
 *
 * @param ramp @default - the run is not limited by days
 * @throws `Run.QuotaExceeded` where the run's share of the 24-hour quota does not do for what it would send within 24 hours
 */
export function guardQuota(expected: Expected, ramp: Ramp | undefined, quota: ProviderQuota, share: number): void {
  if (!ramp) {
    guardDailyQuota(expected, quota, share);
    return;
  }
  const { days } = daysOf(expectedItems(expected) ?? 0, ramp, LONGEST_RUN_SECONDS);
  for (const [index, need] of needsOf(days).entries()) {
    const told: Expected = expected.items === undefined ? { estimate: need } : { items: need };
    guardDailyQuota(told, index === 0 ? quota : { ...quota, usedToday: 0 }, share);
  }
}

/** Mails that the run sends within 24 hours by the end of each day: those of the day before may have been its last. */
export function needsOf(days: readonly Pick<RampDay, 'mails'>[]): readonly number[] {
  return days.map(({ mails }, index) => mails + (days[index - 1]?.mails ?? 0));
}

/**
 * Why a run of so many mails does not come to an end within one execution; undefined if it does, or if nobody knows how many
 * they are.
 *
 * @param most as in `daysOf`
 */
export function rampFault(
  expected: Expected,
  ramp: Ramp,
  most?: (from: number, until: number) => number,
): string | undefined {
  const mails = expectedItems(expected) ?? 0;
  const { left } = daysOf(mails, ramp, LONGEST_RUN_SECONDS, most);
  if (left === 0) return undefined;
  const fit = mails - left;
  const { days, left: never } = daysOf(mails, ramp);
  const needed = never > 0 ? `more than ${MOST_DAYS}` : days.length;
  return (
    `Expected a run to end within the ${Math.round(LONGEST_RUN_SECONDS / 360) / 10} hours that an execution has, got ` +
    `${toldItems(expected)}, for which the warm-up of ${ramp.domain} takes ${needed} ${nounFor(days.length, 'day')}: ` +
    `start it with at most ${counted(fit, 'item')}, or let the job's \`warmUp\` begin with more.`
  );
}

/** @throws `Run.InvalidInput` where `rampFault` says why the run does not come to an end */
export function guardRamp(...given: Parameters<typeof rampFault>): void {
  const sentence = rampFault(...given);
  if (sentence !== undefined) throw invalidInput(sentence);
}
