import { settledItems, sumOfOutcomes } from '../../functions/contract/outcomes';
import type { ChainRecord, RunRecord } from '../../functions/ledger/records';
import type { CostView } from '../../page/view';
import { costOf } from './cost';

/**
 * About what a run has cost by now, in dollars at list prices: by the estimate that the plan makes, of what is settled.
 *
 * @param seconds that it was on
 */
export function costSoFar(
  run: Pick<RunRecord, 'dryRun' | 'feedback' | 'canary' | 'linkSeconds'>,
  chains: readonly ChainRecord[],
  seconds: number,
  memoryMegabytes: number,
): CostView {
  const outcomes = sumOfOutcomes(chains);
  const sendsMail = run.dryRun === undefined && run.feedback !== undefined;
  const cost = costOf({
    ...{ items: settledItems(outcomes), mails: sendsMail ? outcomes.done + outcomes.inDoubt : 0 },
    ...{ addressClaims: 0, warmUpPlaces: 0, seconds, passes: run.canary ? 2 : 1, chains: chains.length },
    ...{ linkSeconds: run.linkSeconds, memoryMegabytes },
  });
  return { dollars: cost.lambda + cost.ledger + cost.others, mailDollars: cost.ses };
}
