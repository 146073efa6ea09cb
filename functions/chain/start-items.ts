import type { ItemOutcome } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import type { ClaimedItem } from '../ledger/records';
import type { Pace } from './pace';

export interface StartOptions {
  readonly pace: Pick<Pace, 'permit' | 'refund'>;
  /** Whether an item that was claimed with these may be started yet. */
  readonly mayStart: () => boolean;
  /** Processes one item; never rejects. */
  readonly process: (id: ItemId) => Promise<ItemOutcome>;
  /** Told of every item, with the outcome that it will have. */
  readonly onItem: (item: ClaimedItem, outcome: Promise<ItemOutcome>) => void;
}

/**
 * Starts claimed items in order, each when the pace permits and it may be started. Resolves when the last one was
 * started, or none will be any more: then the rest is carried.
 */
export async function startItems(
  items: readonly ClaimedItem[],
  { pace, mayStart, process, onItem }: StartOptions,
): Promise<void> {
  let goesOn = true;
  for (const item of items) {
    if (goesOn && (await pace.permit())) {
      goesOn = mayStart();
      if (!goesOn) pace.refund();
    } else goesOn = false;
    onItem(item, goesOn ? process(item.id) : Promise.resolve({ outcome: 'carried' }));
  }
}
