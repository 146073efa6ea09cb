import type { RunView } from '../view';

/** A live figure needs no more: at 700 ms a bar's growth looks steady, and the engine spends under 1 % of a core on answers. */
export const LIVE_MILLISECONDS = 700;
/** After the run's end only a redrive or another execution can change something. */
export const SETTLED_MILLISECONDS = 2000;
/** Nobody looks, and each answer costs calls of AWS: enough for the percent in the title. */
const HIDDEN_MILLISECONDS = 60_000;

/** How long the page waits before it asks again. */
export function pauseAfter({ execution, freshMilliseconds }: RunView, isHidden: boolean): number {
  if (isHidden) return freshMilliseconds === undefined ? SETTLED_MILLISECONDS : HIDDEN_MILLISECONDS;
  const usual = execution && execution.status !== 'RUNNING' ? SETTLED_MILLISECONDS : LIVE_MILLISECONDS;
  return Math.max(usual, freshMilliseconds ?? 0);
}
