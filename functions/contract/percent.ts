/** A share, 0 to 1, as a sentence says it: `0.336 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
