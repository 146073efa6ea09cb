import { settledItems } from '../../functions/contract/outcomes';
import type { RunView } from '../view';
import { percent, words } from './format';
import { VIEWS, type ViewName } from './route';

/** `63% running · Run · worker-chains`: what a person sees of a tab that is not in front, the figure first. */
export function titleOf(view: ViewName, run: RunView | undefined): string {
  const place = `${VIEWS[view]} · worker-chains`;
  if (!run?.execution) return place;
  const { status } = run.execution;
  const isPaused = status === 'RUNNING' && run.totals.rateLimit?.itemsPerSecond === 0;
  const standing = isPaused ? 'paused' : words(status).toLowerCase();
  const { totals } = run;
  return `${totals.planned > 0 ? `${percent(settledItems(totals), totals.planned)} ` : ''}${standing} · ${place}`;
}
