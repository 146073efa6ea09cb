import type { LinkAnswer, LinkEvent } from '../functions/contract/payloads';
import type { LinkView } from './view';

/**
 * A link's invocation, as Lambda tells of it when it starts and again when it has ended. Times in milliseconds since
 * the epoch.
 */
export interface LinkInvocation {
  readonly requestId: string;
  readonly functionName: string;
  /** A `LinkEvent`. */
  readonly event: unknown;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: LinkView['outcome'];
  /** What it answered, where it returned: JSON text. */
  readonly answer?: string;
}

/** Runs whose links are remembered: those of the latest. */
const MOST_RUNS = 100;

type Lanes = Map<number, Map<string, LinkView>>;

/** The links of all runs, as Lambda starts and ends them. */
export class Links {
  private readonly runs = new Map<string, Lanes>();

  observe({ functionName, event, requestId, startedAt, endedAt, outcome, answer }: LinkInvocation): void {
    const { runId, chainId, epoch, link } = event as LinkEvent;
    const lanes = this.lanesOf(keyOf(functionName, runId));
    const lane = lanes.get(chainId) ?? new Map<string, LinkView>();
    lanes.set(chainId, lane);
    lane.set(`${requestId}@${startedAt}`, {
      link,
      epoch,
      startedAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(outcome !== undefined && { outcome }),
      requestId,
      ...saidBy(answer),
    });
  }

  /** In the order in which they started. */
  of(chainFunction: string, runId: string, chainId: number): readonly LinkView[] {
    const lane = this.runs.get(keyOf(chainFunction, runId))?.get(chainId);
    return [...(lane?.values() ?? [])].sort((a, b) => a.startedAt - b.startedAt);
  }

  private lanesOf(key: string): Lanes {
    const known = this.runs.get(key);
    if (known !== undefined) return known;
    const lanes: Lanes = new Map();
    this.runs.set(key, lanes);
    const [oldest] = this.runs.keys();
    if (this.runs.size > MOST_RUNS && oldest !== undefined) this.runs.delete(oldest);
    return lanes;
  }
}

/** A link of an earlier version answers less. */
function saidBy(answer: string | undefined): Pick<LinkView, 'settled' | 'end'> {
  const { end, settled } = JSON.parse(answer ?? '{}') as Partial<LinkAnswer>;
  return { ...(end !== undefined && { end }), ...(settled !== undefined && { settled }) };
}

function keyOf(chainFunction: string, runId: string): string {
  return `${chainFunction}/${runId}`;
}
