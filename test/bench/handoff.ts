import { pacedRun } from './paced-run';
import { mean, median } from './statistics';

/** What a handoff costs a chain, on virtual time. Milliseconds. */
export interface HandoffCost {
  readonly handoffs: number;
  /** From the decision to hand over until Lambda had accepted the successor's event: median. */
  readonly handoffMilliseconds: number;
  /** From a link's last send to its successor's first, less one interval of the pace: the sending time lost. */
  readonly meanLostMilliseconds: number;
  readonly longestLostMilliseconds: number;
  /** Of a link as long as the construct's default: mean lost ÷ 840 s. */
  readonly lostShareOfDefaultLink: number;
}

/** The construct's default: a timeout of 15 minutes less one. */
const DEFAULT_LINK_SECONDS = 840;

export async function handoffCost(shape: {
  readonly limit: number;
  readonly chains: number;
  readonly linkSeconds: number;
  readonly idealSeconds: number;
}): Promise<HandoffCost> {
  const { limit, chains, linkSeconds, idealSeconds } = shape;
  const rate = limit * 0.8;
  const items = Math.round(rate * idealSeconds);
  const run = await pacedRun({ seed: 1, maxSendRate: limit, items, chains, rate, linkSeconds });
  const intervalMilliseconds = (1000 * chains) / rate;
  const lost: number[] = [];
  for (const [key, sends] of run.sendsByLink) {
    const [chainId, link] = key.split('/').map(Number) as [number, number];
    const before = run.sendsByLink.get(`${chainId}/${link - 1}`)?.at(-1);
    const first = sends[0];
    if (before !== undefined && first !== undefined) lost.push(first - before - intervalMilliseconds);
  }
  const handoffs = run.reports.flatMap(({ handoffMilliseconds }) => handoffMilliseconds ?? []);
  return {
    handoffs: lost.length,
    handoffMilliseconds: median(handoffs),
    meanLostMilliseconds: mean(lost),
    longestLostMilliseconds: Math.max(...lost),
    lostShareOfDefaultLink: mean(lost) / 1000 / DEFAULT_LINK_SECONDS,
  };
}
