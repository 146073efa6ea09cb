import type { OutcomeCounts } from '../functions/contract/outcomes';
import { settledItems } from '../functions/contract/outcomes';
import type { ThroughputSample } from './view';

/** More than a plot has pixels for; all of them are sent to a page that opens. */
const MOST_SAMPLES = 480;

/** What a look at a run found. */
export interface ThroughputLook extends OutcomeCounts {
  readonly throttles: number;
  /** Items per second that the run may do now. Undefined while it is not on. */
  readonly allowedPerSecond?: number | undefined;
}

/**
 * How far a run was at one look after another. The counts are sums since its beginning, so a look may be left out and
 * nothing is lost but detail: where there are too many, every other one goes, and later ones come half as often.
 */
export class Throughput {
  private readonly kept: ThroughputSample[] = [];
  private leastMilliseconds = 0;

  /** @param mostSamples at least 4 */
  constructor(private readonly mostSamples = MOST_SAMPLES) {}

  /** In the order of time. */
  get samples(): readonly ThroughputSample[] {
    return this.kept;
  }

  /**
   * When the run had done nothing yet, as far as that is known: what came before the first look is then a mean.
   *
   * @param at in milliseconds since the epoch
   */
  begin(at: number): void {
    if (this.kept.length === 0) {
      this.kept.push({ at, done: 0, skipped: 0, unprocessed: 0, inDoubt: 0, throttles: 0 });
    }
  }

  /** @param at in milliseconds since the epoch; a look that is not later than the one before is not kept */
  observe(at: number, look: ThroughputLook): void {
    const { done, skipped, unprocessed, inDoubt, throttles, allowedPerSecond } = look;
    const [before, last] = [this.kept.at(-2), this.kept.at(-1)];
    if (last !== undefined && at <= last.at) return;
    const sample: ThroughputSample = {
      at,
      done,
      skipped,
      unprocessed,
      inDoubt,
      throttles,
      ...(allowedPerSecond !== undefined && { allowedPerSecond }),
    };
    // While nothing happens two looks say it, the first and the last; so does the last one that is too near to another.
    const replaces =
      before !== undefined && last !== undefined && (isStill(before, last, sample) || this.isNear(before, last));
    if (replaces) this.kept[this.kept.length - 1] = sample;
    else this.kept.push(sample);
    if (this.kept.length > this.mostSamples) this.thin();
  }

  private isNear(before: ThroughputSample, last: ThroughputSample): boolean {
    return last.at - before.at < this.leastMilliseconds;
  }

  /** The first look and the last stay. */
  private thin(): void {
    const { kept } = this;
    const last = kept.length - 1;
    const span = (kept[last] as ThroughputSample).at - (kept[0] as ThroughputSample).at;
    this.leastMilliseconds = Math.max(2 * this.leastMilliseconds, (2 * span) / this.mostSamples);
    const left = kept.filter((_, index) => index % 2 === 0 || index === last);
    kept.splice(0, kept.length, ...left);
  }
}

function isStill(before: ThroughputSample, last: ThroughputSample, now: ThroughputSample): boolean {
  return [last, now].every(
    (sample) =>
      settledItems(sample) === settledItems(before) &&
      sample.throttles === before.throttles &&
      sample.allowedPerSecond === before.allowedPerSecond,
  );
}
