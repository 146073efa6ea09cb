import type { ThroughputSample } from '../view';
import type { Outcome } from './outcome-words';

/** What came out in one interval of the axis, which begins at `at`, in milliseconds since 1970-01-01T00:00:00Z. */
export interface Bin {
  readonly at: number;
  readonly perSecond: Readonly<Record<Outcome, number>>;
  /** Items per second that the run might do; absent where it was not on. */
  readonly allowedPerSecond?: number;
  /** Refusals for the sending rate in the interval, in part where a look at the run fell into it. */
  readonly throttles: number;
}

/** The least width of a bin in pixels: chunks settle at once, and thinner ones would show them as spikes. */
const LEAST_PIXELS = 7;
const STEPS_SECONDS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** The interval of a bin, in milliseconds, on an axis that is so many pixels wide. */
export function binMilliseconds(from: number, until: number, width: number): number {
  const least = ((until - from) / Math.max(1, width)) * LEAST_PIXELS;
  return (STEPS_SECONDS.find((seconds) => seconds * 1000 >= least) ?? Math.ceil(least / 86_400_000) * 86_400) * 1000;
}

/**
 * Items per second by outcome between `from` and `until`, as far as there are looks at the run. Between two looks the
 * items are taken to have come evenly, so that the bins of a whole run hold exactly its items.
 *
 * @param samples in the order of time
 * @param step width of a bin, in milliseconds; bins begin at multiples of it from the first sample
 */
export function binsOf(
  samples: readonly ThroughputSample[],
  from: number,
  until: number,
  step: number,
): readonly Bin[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return [];
  const walk = new Walk(samples);
  const bins: Bin[] = [];
  const firstEdge = first.at + Math.max(0, Math.floor((from - first.at) / step)) * step;
  for (let at = firstEdge; at < Math.min(until, last.at); at += step) {
    const end = Math.min(at + step, last.at);
    const [before, after] = [walk.at(at), walk.at(end)];
    const { allowedPerSecond } = walk.next;
    const seconds = (end - at) / 1000;
    const rate = (outcome: Outcome) => Math.max(0, after[outcome] - before[outcome]) / seconds;
    bins.push({
      at,
      perSecond: {
        done: rate('done'),
        skipped: rate('skipped'),
        unprocessed: rate('unprocessed'),
        inDoubt: rate('inDoubt'),
      },
      ...(allowedPerSecond !== undefined && { allowedPerSecond }),
      throttles: Math.max(0, after.throttles - before.throttles),
    });
  }
  return bins;
}

/** Of the longest time between two looks, in milliseconds, and when it began. Undefined where there are no two. */
export function longestGap(
  samples: readonly ThroughputSample[],
): { readonly at: number; readonly gap: number } | undefined {
  let longest: { readonly at: number; readonly gap: number } | undefined;
  for (const [index, { at }] of samples.entries()) {
    const before = samples[index - 1];
    if (before !== undefined && at - before.at > (longest?.gap ?? 0)) longest = { at: before.at, gap: at - before.at };
  }
  return longest;
}

/** Goes through samples once, forwards. */
class Walk {
  private index = 1;

  constructor(private readonly samples: readonly ThroughputSample[]) {}

  /** The sample at or after the moment that was asked for last. */
  get next(): ThroughputSample {
    return this.samples[this.index] as ThroughputSample;
  }

  /** The sums at a moment, not before that of the call before. */
  at(moment: number): Readonly<Record<Outcome | 'throttles', number>> {
    while (this.next.at < moment && this.index < this.samples.length - 1) this.index += 1;
    const [before, after] = [this.samples[this.index - 1] as ThroughputSample, this.next];
    const share = Math.min(1, Math.max(0, (moment - before.at) / (after.at - before.at)));
    const between = (key: Outcome | 'throttles') => before[key] + (after[key] - before[key]) * share;
    return {
      done: between('done'),
      skipped: between('skipped'),
      unprocessed: between('unprocessed'),
      inDoubt: between('inDoubt'),
      throttles: between('throttles'),
    };
  }
}
