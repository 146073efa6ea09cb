import type { ItemOutcome } from '../contract/outcomes';
import type { ClaimedItem } from '../ledger/records';
import type { Pace } from './pace';

export interface StartOptions<Item extends ClaimedItem> {
  readonly pace: Pick<Pace, 'permit' | 'refund'>;
  /** Whether these items may still be started. */
  readonly mayStart: () => boolean;
  /** Whether this one may be started at this hour; one that may not is carried, and the others go on. */
  readonly isOpen: (item: Item) => boolean;
  /** Processes one item; never rejects. */
  readonly process: (item: Item) => Promise<ItemOutcome>;
  /** Called with every item, and the promise of its outcome. */
  readonly onItem: (item: Item, outcome: Promise<ItemOutcome>) => void;
}

/**
 * Starts claimed items in order, each when the pace permits. Resolves when the last one was started, or when no more may
 * be: then that one and the rest are carried.
 */
export async function startItems<Item extends ClaimedItem>(
  items: readonly Item[],
  { pace, mayStart, isOpen, process, onItem }: StartOptions<Item>,
): Promise<void> {
  let goesOn = true;
  /** Whether the item may be started now: asked again once there is a permit, which may take a while. */
  const starts = async (item: Item): Promise<boolean> => {
    if (!goesOn || !isOpen(item)) return false;
    const isPermitted = await pace.permit();
    goesOn = isPermitted && mayStart();
    const isStarted = goesOn && isOpen(item);
    if (isPermitted && !isStarted) pace.refund();
    return isStarted;
  };
  for (const item of items) {
    onItem(item, (await starts(item)) ? process(item) : Promise.resolve({ outcome: 'carried' }));
  }
}
