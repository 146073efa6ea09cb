/**
 * How the state machine runs its chains: as iterations of one execution, or each as an execution of its own (a Step
 * Functions Distributed Map).
 */
export type MapMode = 'inline' | 'distributed';

/**
 * Most chains of a run. An inline Map runs 40 iterations at a time. A distributed one would run thousands; there the
 * ledger sets the limit: every two seconds each chain reads all chains of its run, so n chains read n² / 2 records a
 * second, of one partition key, to which DynamoDB at first gives 3,000 read units a second. 100 chains with records of
 * 1.2 KB (mails, 25 in a chunk) take 1,500, and records of 3 KB (100 ULIDs in a chunk) 3,750, until DynamoDB has split.
 */
export const MOST_CHAINS: Readonly<Record<MapMode, number>> = { inline: 40, distributed: 100 };
