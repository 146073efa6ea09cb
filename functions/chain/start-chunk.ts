import type { ItemOutcome } from '../contract/outcomes';
import type { ClaimedItem } from '../ledger/records';
import type { StartOptions } from './start-items';

/** As `StartOptions`; processes the items together, and answers in their order. */
export interface StartChunkOptions<Item extends ClaimedItem> extends Omit<StartOptions<Item>, 'process'> {
  /** Never rejects. */
  readonly process: (items: readonly Item[]) => Promise<readonly ItemOutcome[]>;
}

/** Starts claimed items together when the pace permits: one permit for all. Where they may not be started, all are carried. */
export async function startChunk<Item extends ClaimedItem>(
  items: readonly Item[],
  { pace, mayStart, process, onItem }: StartChunkOptions<Item>,
): Promise<void> {
  const permitted = await pace.permit();
  const goesOn = permitted && mayStart();
  if (permitted && !goesOn) pace.refund();
  const carried = items.map((): ItemOutcome => ({ outcome: 'carried' }));
  const outcomes = goesOn ? process(items) : Promise.resolve(carried);
  for (const [index, item] of items.entries()) {
    onItem(
      item,
      outcomes.then((all) => all[index] as ItemOutcome),
    );
  }
}
