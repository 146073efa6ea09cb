import type { ItemOutcome } from '../contract/outcomes';
import type { ClaimedItem } from '../ledger/records';
import type { StartOptions } from './start-items';

/** As `StartOptions`; processes the items together, and answers in their order. */
export interface StartChunkOptions<Item extends ClaimedItem> extends Omit<StartOptions<Item>, 'process'> {
  /** Never rejects. */
  readonly process: (items: readonly Item[]) => Promise<readonly ItemOutcome[]>;
}

/**
 * Starts claimed items together when the pace permits: one permit for all. Where they may not be started, all are carried;
 * where some may not at this hour, these are.
 */
export async function startChunk<Item extends ClaimedItem>(
  items: readonly Item[],
  { pace, mayStart, isOpen, process, onItem }: StartChunkOptions<Item>,
): Promise<void> {
  const permitted = await pace.permit();
  const started = permitted && mayStart() ? items.filter(isOpen) : [];
  if (permitted && started.length === 0) pace.refund();
  const outcomes = started.length > 0 ? process(started) : Promise.resolve([]);
  for (const item of items) {
    const index = started.indexOf(item);
    onItem(
      item,
      outcomes.then((all) => all[index] ?? { outcome: 'carried' }),
    );
  }
}
