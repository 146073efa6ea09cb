/**
 * How the state machine runs its chains: as iterations of one execution, or each as an execution of its own (a Step
 * Functions Distributed Map).
 */
export type MapMode = 'inline' | 'distributed';

/**
 * Most chains of a run. An inline Map runs 40 iterations at a time. A distributed one would run thousands; there the
 * ledger sets the limit: every two seconds each chain reads all chains of its run, so n chains read n² / 2 records a
 * second under one partition key, which gives 3,000 read units a second (4 KB each). With chunks of 25 a record has 1.3 KB
 * (numbers) to 2 KB (ULIDs): 100 chains take 1,700 to 2,500 units.
 *
 * @see docs/decisions/0024-more-than-40-chains.md
 */
export const MOST_CHAINS: Readonly<Record<MapMode, number>> = { inline: 40, distributed: 100 };
