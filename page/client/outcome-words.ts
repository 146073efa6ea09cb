import type { OutcomeCounts } from '../../functions/contract/outcomes';
import { count } from './format';

/** How an item can come out, in the order in which they are shown. */
export const OUTCOMES = ['done', 'skipped', 'unprocessed', 'inDoubt'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  done: 'Done',
  skipped: 'Skipped',
  unprocessed: 'Unprocessed',
  inDoubt: 'In doubt',
};

/** `28 done, 1 skipped`: as many of each. */
export function outcomeWords(counts: OutcomeCounts, outcomes: readonly Outcome[] = OUTCOMES): string {
  return outcomes.map((outcome) => `${count(counts[outcome])} ${OUTCOME_LABELS[outcome].toLowerCase()}`).join(', ');
}
