import type { ChainRecord } from '../functions/ledger/records';
import type { AttemptSpan } from './attempts-in-history';
import type { LinkView } from './view';

/** A chain was first seen with this link; `at` in milliseconds since the epoch. */
interface Sighting {
  readonly link: number;
  readonly at: number;
}

/**
 * The links of a run where nobody observes the invocations of its function: a chain's attempts are in the history, and
 * its present link is in the ledger, so a handoff is known where somebody looked before and after it. What nobody saw is
 * one bar for several links, and says so.
 */
export class SeenLinks {
  /** By chain and epoch. */
  private readonly sightings = new Map<string, Sighting[]>();

  /** @param now in milliseconds since the epoch */
  observe(now: number, chains: readonly Pick<ChainRecord, 'chainId' | 'epoch' | 'link'>[]): void {
    for (const { chainId, epoch, link } of chains) {
      if (epoch < 0) continue;
      const key = keyOf(chainId, epoch);
      const seen = this.sightings.get(key) ?? [];
      this.sightings.set(key, seen);
      if ((seen.at(-1)?.link ?? -1) < link) seen.push({ link, at: now });
    }
  }

  /** The bars of one attempt, in the order of their links. */
  of({ chainId, epoch, startedAt, endedAt, outcome }: AttemptSpan): readonly LinkView[] {
    const [first, ...handoffs] = this.sightings.get(keyOf(chainId, epoch)) ?? [];
    const bars = [{ link: 0, at: startedAt, last: first?.link }];
    for (const { link, at } of handoffs) {
      const next = (bars.at(-1)?.last ?? -1) + 1;
      bars.push({ link: next, at: Math.max(startedAt, Math.min(at, endedAt ?? at)), last: link });
    }
    return bars.map(({ link, at, last }, index) => {
      const next = bars[index + 1];
      const end = next?.at ?? endedAt;
      const ending = next === undefined ? outcome : 'returned';
      // A last look before the end may have missed a handoff after it.
      const isWhole = last === link && (next !== undefined || endedAt === undefined);
      return {
        link,
        epoch,
        startedAt: at,
        ...(end !== undefined && { endedAt: end }),
        ...(ending !== undefined && { outcome: ending }),
        ...(!isWhole && { severalLinks: true as const }),
      };
    });
  }
}

function keyOf(chainId: number, epoch: number): string {
  return `${chainId}/${epoch}`;
}
