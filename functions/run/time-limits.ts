import { nounFor } from '../contract/counted';
import { invalidInput } from '../contract/errors';
import { settledItems, sumOfOutcomes } from '../contract/outcomes';
import { roundedRate } from '../contract/rounded-rate';
import type { SendWindow } from '../contract/send-window';
import { type Expected, expectedItems, toldItems } from '../contract/source';
import { ZonedWindow } from '../contract/zoned-window';
import { extentOfAll } from '../ledger/extent';
import type { ChainRecord } from '../ledger/records';

/**
 * Seconds that one attempt of a chain may take, and so a run. Just below the 604,800 s that the state machine gives an
 * execution, so that the chain's Task says what took too long. It does not follow the rate: Step Functions reads the
 * timeout when the Task starts, while the rate may be lowered at any moment after that. A chain that is dead is found by
 * its heartbeat, one that does not advance by its cursor and its link budget.
 */
export const LONGEST_RUN_SECONDS = 600_000;

/** Seconds that so many items take at `rate` items per second; none if there are none, for ever in a pause. */
export function secondsNeeded(items: number, rate: number): number {
  return items === 0 ? 0 : items / rate;
}

/** Items of a run that have no outcome yet, as far as anybody knows: those that its sources gave, at least. */
export function itemsLeft(chains: readonly ChainRecord[]): Expected {
  const { items, isEstimate } = extentOfAll(chains);
  const left = items - settledItems(sumOfOutcomes(chains));
  return isEstimate ? { estimate: left } : { items: left };
}

/**
 * Seconds of an execution that begins now, in milliseconds since the epoch, in which items may be started. Where each has
 * hours of his own nobody knows beforehand when all of them are closed: then all the seconds.
 *
 * @param window the job's. @default - items may be started at any time
 */
export function workingSeconds(window: SendWindow | undefined, now: number): number {
  if (!window || window.zoneOf) return LONGEST_RUN_SECONDS;
  return new ZonedWindow(window).openWithin(window.zone, now, now + 1000 * LONGEST_RUN_SECONDS) / 1000;
}

/**
 * How many items can be started between two moments, in milliseconds since the epoch, at `rate` items per second while the
 * window is open.
 *
 * @param window the job's. @default - items may be started at any time
 */
export function itemsWithin(window: SendWindow | undefined, rate: number): (from: number, until: number) => number {
  const hours = window && !window.zoneOf ? new ZonedWindow(window) : undefined;
  return (from, until) => {
    const open = hours && window ? hours.openWithin(window.zone, from, until) : until - from;
    return Math.floor((rate * open) / 1000);
  };
}

/**
 * @param available as `workingSeconds` tells
 * @throws `Run.InvalidInput` where so many items cannot come to an end, at `rate` items per second, within one execution.
 */
export function guardDuration(items: Expected, rate: number, available: number): void {
  const sentence = durationFault(items, rate, available);
  if (sentence !== undefined) throw invalidInput(sentence);
}

/**
 * Why so many items cannot come to an end, at `rate` items per second, within one execution; undefined if they can, or if
 * nobody knows how many they are.
 *
 * @param available seconds of the execution in which items may be started. @default - all of them
 */
export function durationFault(expected: Expected, rate: number, available = LONGEST_RUN_SECONDS): string | undefined {
  const items = expectedItems(expected) ?? 0;
  if (secondsNeeded(items, rate) <= available) return undefined;
  if (available === 0) {
    return (
      `Expected the job's send window to open within the ${hours(LONGEST_RUN_SECONDS)} hours that an execution has, ` +
      'got one that does not: start the run when it opens.'
    );
  }
  const least = items / available;
  // Rounded up, so that what is proposed will do.
  const proposed = Number((Math.ceil(least * 1000) / 1000).toFixed(3));
  return (
    `Expected a run to end within the ${within(available)}, ` +
    `got ${toldItems(expected)} at ${roundedRate(rate)} per second, which ${nounFor(items, 'needs', 'need')} ${hours(secondsNeeded(items, rate))} hours: ` +
    `give it a rate of at least ${proposed} per second, or fewer items.`
  );
}

function within(available: number): string {
  const whole = `${hours(LONGEST_RUN_SECONDS)} hours that an execution has`;
  return available < LONGEST_RUN_SECONDS
    ? `${hours(available)} hours that its send window is open of the ${whole}`
    : whole;
}

function hours(seconds: number): string {
  const value = seconds / 3600;
  return value < 1000 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
