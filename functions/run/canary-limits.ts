/** So unlikely must a count be, were the share just at its limit, for the canary to be held against the run. */
const DOUBT = 0.05;

/**
 * Whether so many of `of` are more than a share of `limit` explains. A canary is small: of 100 mails one complaint is 1 %,
 * ten times what a job allows, and means nothing; two mean something. A limit of 0 explains none.
 *
 * @param limit share, 0 to 1
 */
export function isAboveLimit(count: number, of: number, limit: number): boolean {
  return count > limit * of && chanceOfAtLeast(count, limit * of) < DOUBT;
}

/**
 * How likely at least `count` events are where `mean` are expected, of many that are each unlikely: 1 less the sum of the
 * Poisson distribution below `count`.
 */
function chanceOfAtLeast(count: number, mean: number): number {
  if (mean === 0) return count > 0 ? 0 : 1;
  let below = 0;
  let logOfTerm = -mean;
  for (let events = 0; events < count; events += 1) {
    below += Math.exp(logOfTerm);
    logOfTerm += Math.log(mean) - Math.log(events + 1);
  }
  return Math.max(0, 1 - below);
}
