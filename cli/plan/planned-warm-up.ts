import { counted } from '../../functions/contract/counted';
import { usableToday } from '../../functions/contract/quota';
import type { Outline } from '../../functions/contract/survey-event';
import { firstFreeDay, isOver, type Ramp, warmUpLimit } from '../../functions/contract/warm-up';
import { daysOf, needsOf } from '../../functions/run/ramp';
import { itemsWithin } from '../../functions/run/time-limits';
import { windowOf } from './planned-hours';

/** The warm-up of a run's domain, as far as the run meets it. */
export interface PlannedWarmUp {
  /** The day that it is, from 0. */
  readonly day: number;
  /** Mails that the domain may send on it, and those that it has sent. */
  readonly limit: number;
  readonly taken: number;
  /** Days from now on that have a limit, today included. */
  readonly daysLeft: number;
  /** The run's own days, from today on: mails on each. */
  readonly mailsByDay: readonly number[];
  /** Of the run's mails, those that take a place of their day. */
  readonly places: number;
  /** From when on the last of them are sent, in milliseconds since the epoch, and for how long. */
  readonly lastDay: { readonly from: number; readonly seconds: number };
  /** Seconds from now until the last mail is sent, were no hours of that day closed. */
  readonly seconds: number;
}

/** @param mails that the run sends */
export function plannedWarmUp(ramp: Ramp, mails: number, { rate, hours }: Outline): PlannedWarmUp {
  const { day, taken } = ramp.state;
  const most = itemsWithin(hours && windowOf(hours), rate);
  const { days } = daysOf(mails, ramp, Number.POSITIVE_INFINITY, most);
  const last = days.at(-1) ?? { from: ramp.now, mails: 0 };
  const lastDay = { from: last.from, seconds: last.mails === 0 ? 0 : last.mails / rate };
  const limited = days.filter((_, index) => !isOver(ramp, day + index));
  return {
    ...{ day, taken, limit: warmUpLimit(ramp.warmUp, day), daysLeft: firstFreeDay(ramp) - day },
    mailsByDay: days.map((one) => one.mails),
    places: limited.reduce((sum, one) => sum + one.mails, 0),
    lastDay,
    seconds: (last.from - ramp.now) / 1000 + lastDay.seconds,
  };
}

/** Mails that runs may still send within 24 hours; undefined where there is no such quota. */
export function mailsLeft({ quotaPerDay, quotaPerSecond, usedToday, sendShare }: Outline): number | undefined {
  if (quotaPerDay === null) return undefined;
  return usableToday({ perSecond: quotaPerSecond, perDay: quotaPerDay, usedToday }, sendShare);
}

/**
 * Why the quota of 24 hours does not do for a run's mails; undefined if it does.
 *
 * @param mailsByDay of a run whose domain is warmed up. @default - all of them at once
 */
export function quotaFault(
  outline: Outline,
  mails: number,
  mailsByDay: readonly number[] = [mails],
): string | undefined {
  const needs = needsOf(mailsByDay.map((ofDay) => ({ mails: ofDay })));
  for (const [index, need] of needs.entries()) {
    const left = mailsLeft(index === 0 ? outline : { ...outline, usedToday: 0 });
    if (left === undefined || need <= left) continue;
    const more = index === 0 ? `${left} more within 24 hours` : `${left} within 24 hours`;
    return `The run would send ${counted(need, 'mail')}, and runs may send ${more}: raise the quota, or start it with "allowPartial": true and redrive it each day.`;
  }
  return undefined;
}
