import { useEffect, useState } from 'preact/hooks';
import { leftoverItems } from '../../functions/contract/outcomes';
import type { LeftoversView, RunView } from '../view';
import { getJson } from './connection';

/** While items go on being left over, the list of them is asked for so often: it may be long. */
const LEAST_MILLISECONDS = 5000;

/** What the run has left over. Undefined until that is known, and while there is nothing. */
export function useLeftovers(run: RunView): LeftoversView | undefined {
  const [leftovers, setLeftovers] = useState<LeftoversView>();
  const arn = run.execution?.arn;
  const items = leftoverItems(run.totals);
  // Anew where there are more of them, or the run has ended; not for every one of a run that is on.
  const round = run.execution?.status === 'RUNNING' ? Math.floor(Date.parse(run.now) / LEAST_MILLISECONDS) : -1;
  useEffect(() => {
    if (arn === undefined || items === 0) return;
    // Without an answer the figures stand alone; the run itself says what is wrong.
    getJson<LeftoversView>(`/api/leftovers?${new URLSearchParams({ execution: arn })}`).then(setLeftovers, () => {});
  }, [arn, items > 0, round, round < 0 ? items : 0]);
  return items > 0 ? leftovers : undefined;
}
