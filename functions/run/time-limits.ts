import { invalidInput } from '../contract/errors';
import { settledItems, sumOfOutcomes } from '../contract/outcomes';
import { type Expected, expectedItems, told } from '../contract/source';
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

/** @throws `Run.InvalidInput` where so many items cannot come to an end, at `rate` items per second, within one execution. */
export function guardDuration(items: Expected, rate: number): void {
  const sentence = durationFault(items, rate);
  if (sentence !== undefined) throw invalidInput(sentence);
}

/**
 * Why so many items cannot come to an end, at `rate` items per second, within one execution; undefined if they can, or if
 * nobody knows how many they are.
 */
export function durationFault(expected: Expected, rate: number): string | undefined {
  const items = expectedItems(expected) ?? 0;
  if (secondsNeeded(items, rate) <= LONGEST_RUN_SECONDS) return undefined;
  const least = items / LONGEST_RUN_SECONDS;
  // Rounded up, so that what is proposed will do.
  const proposed = Number((Math.ceil(least * 1000) / 1000).toFixed(3));
  return (
    `Expected a run to end within the ${hours(LONGEST_RUN_SECONDS)} hours that an execution has, ` +
    `got ${told(expected)} items at ${rate} per second, which need ${hours(secondsNeeded(items, rate))} hours: ` +
    `give it a rate of at least ${proposed} per second, or fewer items.`
  );
}

function hours(seconds: number): string {
  const value = seconds / 3600;
  return value < 1000 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
