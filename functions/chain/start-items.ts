import type { ItemOutcome } from '../contract/outcomes';
import type { ItemId } from '../contract/payloads';
import type { ClaimedItem } from '../ledger/records';
import type { Pace } from './pace';

export interface StartOptions {
  readonly pace: Pick<Pace, 'permit' | 'refund'>;
  /** Whether these items may still be started. */
  readonly mayStart: () => boolean;
  /** Processes one item; never rejects. */
  readonly process: (id: ItemId) => Promise<ItemOutcome>;
  /** Called with every item, and the promise of its outcome. */
  readonly onItem: (item: ClaimedItem, outcome: Promise<ItemOutcome>) => void;
}

/**
 * Starts claimed items in order, each when the pace permits. Resolves when the last one was started, or when one may not
 * be: then that one and the rest are carried.
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
