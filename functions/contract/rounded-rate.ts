/**
 * A rate as people read it: three decimals at most, and of one below 1 three significant ones. A rate is the product of
 * others, which leaves digits behind that nobody has set.
 */
export function roundedRate(perSecond: number): number {
  return Number(perSecond >= 1 ? perSecond.toFixed(3) : perSecond.toPrecision(3));
}
