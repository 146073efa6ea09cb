import type { Clock } from '../contract/clock';
import { counted, nounFor } from '../contract/counted';
import { WorkerChainsError } from '../contract/errors';
import { ERROR_CODES } from '../contract/names';
import type { Ledger } from '../ledger/ledger';
import { type PostponedItem, positionOf } from '../ledger/postponed';
import type { Chain } from './chain';

export interface PostponedQueueOptions {
  readonly chain: Pick<Chain, 'record' | 'position'>;
  readonly ledger: Pick<Ledger, 'postponed'>;
  readonly clock: Clock;
}

/** Postponed items whose time has come, and the position in the queue after them. */
export interface DueItems {
  readonly items: readonly PostponedItem[];
  readonly upTo: string;
}

/** A chain's postponed items, as one link sees them. */
export class PostponedQueue {
  /** When the next item is due, in milliseconds since the epoch, or before that. */
  private nextDue = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: PostponedQueueOptions) {}

  get isEmpty(): boolean {
    return (this.options.chain.position.postponed ?? 0) === 0;
  }

  /** When the first item is due, as of the last look, in milliseconds since the epoch; undefined where none waits. */
  get dueFrom(): number | undefined {
    return this.isEmpty ? undefined : this.nextDue;
  }

  /** An item was postponed until then. */
  note(due: number): void {
    this.nextDue = Math.min(this.nextDue, due);
  }

  /**
   * The items that are due, at most `limit`, those that were due first in front. Undefined where none is; the ledger is not
   * asked before one can be.
   *
   * @throws `Chain.Runaway` where items are counted that are not there
   */
  async due(limit: number): Promise<DueItems | undefined> {
    const { chain, ledger, clock } = this.options;
    const now = clock.now();
    if (this.isEmpty || this.nextDue > now) return undefined;
    const { runId, chainId } = chain.record;
    const { postponed = 0, postponedAt } = chain.position;
    const { items } = await ledger.postponed.read(runId, chainId, limit, postponedAt);
    const first = items.findIndex(({ due }) => due > now);
    const due = items.slice(0, first < 0 ? undefined : first);
    const last = due.at(-1);
    if (items.length === 0) {
      throw new WorkerChainsError(
        ERROR_CODES.runaway,
        `Chain ${chainId} of run ${runId} has postponed ${counted(postponed, 'item')} that ${nounFor(postponed, 'is', 'are')} not in the ledger any more: ` +
          'it was left alone for longer than they are kept; start a run over these items.',
      );
    }
    this.nextDue = items[first]?.due ?? now;
    return last && { items: due, upTo: positionOf(last) };
  }
}
