import { type ChainRecord, NOBODY } from '../functions/ledger/records';
import type { AttemptSpan } from './attempts-in-history';
import type { LinkView } from './view';

/** From when to when a chain was seen with this link, in milliseconds since the epoch. */
interface Sighting {
  readonly link: number;
  readonly at: number;
  until: number;
  requestId?: string | undefined;
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
  observe(now: number, chains: readonly Pick<ChainRecord, 'chainId' | 'epoch' | 'link' | 'owner'>[]): void {
    for (const { chainId, epoch, link, owner } of chains) {
      if (epoch < 0) continue;
      const key = keyOf(chainId, epoch);
      const seen = this.sightings.get(key) ?? [];
      this.sightings.set(key, seen);
      const last = seen.at(-1);
      if (last?.link === link) {
        last.until = now;
        last.requestId ??= requestIdOf(owner);
      }
      if ((last?.link ?? -1) < link) seen.push({ link, at: now, until: now, requestId: requestIdOf(owner) });
    }
  }

  /** The bars of one attempt, in the order of their links. */
  of({ chainId, epoch, startedAt, endedAt, outcome }: AttemptSpan): readonly LinkView[] {
    const sightings = this.sightings.get(keyOf(chainId, epoch)) ?? [];
    const bars: Bar[] = [{ link: 0, at: startedAt }];
    for (const { link, at, until, requestId } of sightings) {
      const bar = bars.at(-1) as Bar;
      // A handoff that was noticed only after the end may have been at any time before.
      const isHandoff = bar.last !== undefined && (endedAt === undefined || at < endedAt);
      if (isHandoff)
        bars.push({ link: (bar.last as number) + 1, at: Math.max(startedAt, at), last: link, until, requestId });
      else Object.assign(bar, { last: link, until, requestId });
    }
    return bars.map(({ link, at, last, until = 0, requestId }, index) => {
      const next = bars[index + 1];
      const end = next?.at ?? endedAt;
      const ending = next === undefined ? outcome : 'returned';
      // Of the last one it is known only after the end that no other followed.
      const isWhole = last === link && (next !== undefined || endedAt === undefined || until >= endedAt);
      return {
        link,
        epoch,
        startedAt: at,
        ...(end !== undefined && { endedAt: end }),
        ...(ending !== undefined && { outcome: ending }),
        ...(!isWhole && { severalLinks: true as const }),
        ...(isWhole && requestId !== undefined && { requestId }),
      };
    });
  }
}

/** A bar of the lane: its first link and its last, as far as these are known. */
interface Bar {
  readonly link: number;
  readonly at: number;
  last?: number;
  /** When it was last seen. */
  until?: number;
  requestId?: string | undefined;
}

/** The invocation that holds a chain. Undefined where none does. */
function requestIdOf(owner: string): string | undefined {
  return owner === NOBODY ? undefined : owner.split('#', 1)[0];
}

function keyOf(chainId: number, epoch: number): string {
  return `${chainId}/${epoch}`;
}
