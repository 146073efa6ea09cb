import { difference, NO_COUNTS, type OutcomeCounts, outcomesOf } from '../functions/contract/outcomes';
import { type ChainRecord, NOBODY } from '../functions/ledger/records';
import type { AttemptSpan } from './attempts-in-history';
import type { LinkView } from './view';

/** From when to when a chain was seen with this link, in milliseconds since the epoch. */
interface Sighting {
  readonly link: number;
  readonly at: number;
  until: number;
  requestId?: string | undefined;
  /** What the chain had settled in all at `at`, and at `until`. */
  readonly before: OutcomeCounts;
  after: OutcomeCounts;
}

/** What is looked at of a chain. */
type SeenChain = Pick<ChainRecord, 'chainId' | 'epoch' | 'link' | 'owner'> & OutcomeCounts;

/**
 * The links of a run where nobody observes the invocations of its function: a chain's attempts are in the history, and
 * its present link is in the ledger, so a handoff is known where somebody looked before and after it. What nobody saw is
 * one bar for several links, and says so. What a bar has settled is what the chain had more at its end than at its
 * beginning, right to what is settled between two looks.
 */
export class SeenLinks {
  /** By chain and epoch. */
  private readonly sightings = new Map<string, Sighting[]>();

  /** @param now in milliseconds since the epoch */
  observe(now: number, chains: readonly SeenChain[]): void {
    for (const chain of chains) {
      const { chainId, epoch, link, owner } = chain;
      if (epoch < 0) continue;
      const counts = outcomesOf(chain);
      const key = keyOf(chainId, epoch);
      const seen = this.sightings.get(key) ?? [];
      this.sightings.set(key, seen);
      const last = seen.at(-1);
      if (last?.link === link) {
        last.until = now;
        last.after = counts;
        last.requestId ??= requestIdOf(owner);
      }
      if ((last?.link ?? -1) < link) {
        seen.push({ link, at: now, until: now, requestId: requestIdOf(owner), before: counts, after: counts });
      }
    }
  }

  /**
   * The bars of one attempt, in the order of their links.
   *
   * @param earlier the attempt of the chain before it, if there is one
   */
  of({ chainId, epoch, startedAt, endedAt, outcome }: AttemptSpan, earlier?: AttemptSpan): readonly LinkView[] {
    const sightings = this.sightings.get(keyOf(chainId, epoch)) ?? [];
    const bars: Bar[] = [{ link: 0, at: startedAt, before: earlier ? this.atEndOf(earlier) : NO_COUNTS }];
    for (const { link, at, until, requestId, before, after } of sightings) {
      const bar = bars.at(-1) as Bar;
      // A handoff that was noticed only after the end may have been at any time before.
      const isHandoff = bar.last !== undefined && (endedAt === undefined || at < endedAt);
      if (isHandoff)
        bars.push({
          ...{ link: (bar.last as number) + 1, at: Math.max(startedAt, at), last: link },
          ...{ until, requestId, before, after },
        });
      else Object.assign(bar, { last: link, until, requestId, after });
    }
    return bars.map(({ link, at, last, until = 0, requestId, before, after }, index) => {
      const next = bars[index + 1];
      const end = next?.at ?? endedAt;
      const ending = next === undefined ? outcome : 'returned';
      // Of the last one it is known only after the end that no other followed.
      const isSeenToItsEnd = next !== undefined || (endedAt !== undefined && until >= endedAt);
      const settled = isSeenToItsEnd ? between(before, next?.before ?? after) : undefined;
      const isWhole = last === link && (next !== undefined || endedAt === undefined || until >= endedAt);
      return {
        link,
        epoch,
        startedAt: at,
        ...(end !== undefined && { endedAt: end }),
        ...(ending !== undefined && { outcome: ending }),
        ...(!isWhole && { severalLinks: true as const }),
        ...(isWhole && requestId !== undefined && { requestId }),
        ...(settled && { settled }),
      };
    });
  }

  /** What the chain had settled when an attempt ended; undefined where nobody looked after that. */
  private atEndOf({ chainId, epoch, endedAt }: AttemptSpan): OutcomeCounts | undefined {
    const last = this.sightings.get(keyOf(chainId, epoch))?.at(-1);
    return last !== undefined && endedAt !== undefined && last.until >= endedAt ? last.after : undefined;
  }
}

/** Undefined where it is not known, or where later evidence has taken items out of what was in doubt. */
function between(before: OutcomeCounts | undefined, after: OutcomeCounts | undefined): OutcomeCounts | undefined {
  if (before === undefined || after === undefined) return undefined;
  const settled = difference(after, before);
  return Object.values(settled).every((count) => count >= 0) ? settled : undefined;
}

/** A bar of the lane: its first link and its last, as far as these are known. */
interface Bar {
  readonly link: number;
  readonly at: number;
  last?: number;
  /** When it was last seen. */
  until?: number;
  requestId?: string | undefined;
  /** What the chain had settled in all when it began; and when it was last seen. */
  readonly before: OutcomeCounts | undefined;
  after?: OutcomeCounts;
}

/** The invocation that holds a chain. Undefined where none does. */
function requestIdOf(owner: string): string | undefined {
  return owner === NOBODY ? undefined : owner.split('#', 1)[0];
}

function keyOf(chainId: number, epoch: number): string {
  return `${chainId}/${epoch}`;
}
