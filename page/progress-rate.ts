/** A look weighs 1/e of the newest when it is so old: a rate that a person watches. */
const RATE_SECONDS = 15;
/** The same for what is to be foretold from it. */
const FORECAST_SECONDS = 60;
/** A foretold end stays as it was said until another differs by this part of the time that is left, … */
const SHIFT = 0.05;
/** … and by so much at least. */
const LEAST_SHIFT_MILLISECONDS = 1000;

/**
 * Items per second of something that is counted now and then: the mean of the past, in which what is older weighs less,
 * evenly. So no look falls out of a window at once, and looks may come at any intervals; in the beginning it is the plain
 * mean since the first item.
 */
export class ProgressRate {
  private before?: { readonly at: number; readonly count: number };
  private items = 0;
  private seconds = 0;

  constructor(private readonly memorySeconds = RATE_SECONDS) {}

  /** @param at in milliseconds since the epoch; a look that is not later than the one before is not counted */
  observe(at: number, count: number): void {
    const { before } = this;
    if (before !== undefined && at <= before.at) return;
    this.before = { at, count };
    // Time in which everything is only being prepared would count for a slow start.
    if (before === undefined || before.count === 0) return;
    const elapsed = (at - before.at) / 1000;
    const decay = Math.exp(-elapsed / this.memorySeconds);
    // The mean weight over the interval: as if the items had come evenly in it.
    const weight = (this.memorySeconds * (1 - decay)) / elapsed;
    this.items = this.items * decay + Math.max(0, count - before.count) * weight;
    this.seconds = this.seconds * decay + elapsed * weight;
  }

  /** Undefined before there are two looks to compare. */
  get perSecond(): number | undefined {
    return this.seconds > 0 ? this.items / this.seconds : undefined;
  }
}

/** Says when something will be through, and stays with that while it is about right: a clock time that does not flicker. */
export class ExpectedEnd {
  private readonly rate = new ProgressRate(FORECAST_SECONDS);
  private said?: number;

  /** Takes in how many items are settled, and answers when the others will be, in milliseconds since the epoch; undefined while that cannot be told. */
  observe(at: number, settled: number, left: number): number | undefined {
    this.rate.observe(at, settled);
    const { perSecond = 0 } = this.rate;
    if (!(left > 0 && perSecond > 0)) return this.forget();
    const estimate = at + (left / perSecond) * 1000;
    const shift = Math.max(LEAST_SHIFT_MILLISECONDS, SHIFT * (estimate - at));
    if (this.said === undefined || this.said <= at || Math.abs(estimate - this.said) > shift) this.said = estimate;
    return this.said;
  }

  private forget(): undefined {
    delete this.said;
    return undefined;
  }
}
