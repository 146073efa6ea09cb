import type { ItemOutcome } from '../contract/outcomes';
import type { ClaimedItem } from '../ledger/records';
import type { Pace } from './pace';

export interface StartOptions<Item extends ClaimedItem> {
  readonly pace: Pick<Pace, 'permit' | 'refund'>;
  /** Whether these items may still be started. */
  readonly mayStart: () => boolean;
  /** Processes one item; never rejects. */
  readonly process: (item: Item) => Promise<ItemOutcome>;
  /** Called with every item, and the promise of its outcome. */
  readonly onItem: (item: Item, outcome: Promise<ItemOutcome>) => void;
}

/**
 * Starts claimed items in order, each when the pace permits. Resolves when the last one was started, or when one may not
 * be: then that one and the rest are carried.
 */
export async function startItems<Item extends ClaimedItem>(
  items: readonly Item[],
  { pace, mayStart, process, onItem }: StartOptions<Item>,
): Promise<void> {
  let goesOn = true;
  for (const item of items) {
    if (goesOn && (await pace.permit())) {
      goesOn = mayStart();
      if (!goesOn) pace.refund();
    } else goesOn = false;
    onItem(item, goesOn ? process(item) : Promise.resolve({ outcome: 'carried' }));
  }
}
