import { LEFTOVERS, type LeftoversPlan } from '../contract/source';
import type { RunRecord } from './records';

/**
 * The run that the items of a run come from in the end: itself, or, over leftovers, the one that first had them. Idempotency
 * keys name it, so that an item has the same key wherever it is taken up.
 */
export function rootRunOf({ runId, source, plan }: Pick<RunRecord, 'runId' | 'source' | 'plan'>): string {
  if (source !== LEFTOVERS) return runId;
  const { of, root } = plan as LeftoversPlan;
  return root ?? of;
}
