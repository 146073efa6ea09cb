import type { LinkOutcome, LinkView } from '../../page/view';

export const STARTED_AT = Date.parse('2026-03-02T06:00:00.000Z');
export const CREATE_WORKERS_MILLISECONDS = 900;
const HANDOFF_MILLISECONDS = 140;
const RETRY_MILLISECONDS = 2400;

export interface SimulatedRunOptions {
  readonly chains: number;
  readonly itemsPerChain: number;
  readonly linksPerChain: number;
  readonly linkMilliseconds: number;
  /** The run ends with `Chain.QuotaExhausted` in FinishChains: its last chain never gets through. */
  readonly fails: boolean;
  /** Every how many links of a chain one is interrupted, besides the fixed interruptions of chains 2, 4 and 6. @default - none */
  readonly interruptEvery?: number;
}

export interface SimulatedChain {
  readonly chainId: number;
  readonly links: readonly (Required<Omit<LinkView, 'severalLinks' | 'end' | 'settled'>> & {
    readonly items: number;
  })[];
  readonly endsAt: number;
}

export function simulatedChain(chainId: number, options: SimulatedRunOptions): SimulatedChain {
  const { chains, itemsPerChain, linksPerChain, linkMilliseconds, fails, interruptEvery } = options;
  const fixed: Readonly<Record<string, LinkOutcome>> = {
    '2/3': 'died',
    '4/5': 'timed-out',
    '6/2': 'threw',
    '6/6': 'died',
  };
  let at = STARTED_AT + CREATE_WORKERS_MILLISECONDS + 60 + ((chainId * 37) % 200);
  let epoch = 0;
  let linkInEpoch = 0;
  let left = itemsPerChain;
  const links: (Required<Omit<LinkView, 'severalLinks' | 'end' | 'settled'>> & { items: number })[] = [];
  for (let number = 0; number < linksPerChain; number++) {
    const isLast = number === linksPerChain - 1;
    const hopeless = fails && isLast && chainId === chains - 1;
    const regular =
      interruptEvery !== undefined && number % interruptEvery === interruptEvery - 1 ? 'died' : 'returned';
    const outcome = hopeless ? 'threw' : isLast ? 'returned' : (fixed[`${chainId}/${number}`] ?? regular);
    const share = outcome === 'returned' ? 1 : 0.6;
    const duration = Math.round(linkMilliseconds * share * (0.92 + ((chainId * 7 + number * 13) % 16) / 100));
    const items = isLast && !hopeless ? left : Math.min(left, Math.round((itemsPerChain / linksPerChain) * share));
    const requestId = `request-${chainId}-${number}`;
    links.push({ link: linkInEpoch, epoch, startedAt: at, endedAt: at + duration, outcome, items, requestId });
    left -= items;
    at += duration + (outcome === 'returned' ? HANDOFF_MILLISECONDS : RETRY_MILLISECONDS);
    linkInEpoch = outcome === 'returned' ? linkInEpoch + 1 : 0;
    if (outcome !== 'returned') epoch++;
  }
  return { chainId, links, endsAt: links.at(-1)?.endedAt ?? at };
}
