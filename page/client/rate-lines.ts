/** Lines of a plot, at most, beside the one at 0. */
const MOST_LINES = 4;

/** Where lines are drawn, in items per second from 0: at 1, 2 or 5 times a power of ten. */
export function linesOf(top: number): readonly number[] {
  const decade = 10 ** Math.floor(Math.log10(top / MOST_LINES));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((each) => top / each <= MOST_LINES) ?? 10 * decade;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
}
