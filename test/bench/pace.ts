import { type PacedRunResult, pacedRun } from './paced-run';

/** One cell of the first table. */
export interface PaceCell {
  /** Mails per second that the account may send. */
  readonly limit: number;
  readonly chains: number;
  /** Part of the limit that the run may use. */
  readonly share: number;
  readonly items: number;
  readonly makespanSeconds: number;
  /** Makespan ÷ (items ÷ allowed rate). */
  readonly makespanOverIdeal: number;
  readonly attempts: number;
  readonly throttled: number;
  /** Throttled attempts ÷ attempts. */
  readonly throttledShare: number;
  /** CreateWorkers and ReconcileRun, not part of the makespan. */
  readonly fixedSeconds: number;
  readonly links: number;
  /** Items of a full chunk, as CreateWorkers derived it. */
  readonly chunkItems: number;
  /** Mean time from one chunk's claim to the next, and what the pace allows for it. */
  readonly chunkMilliseconds: number;
  readonly paceMilliseconds: number;
}

/** What every cell of the table is to keep. */
export const TARGETS = { makespanOverIdeal: 1.02, throttledShare: 0.001 } as const;

export interface CellShape {
  readonly limit: number;
  readonly chains: number;
  readonly share: number;
  /** Length of the run at exactly the allowed rate. */
  readonly idealSeconds: number;
  readonly linkSeconds: number;
}

export async function paceCell({ limit, chains, share, idealSeconds, linkSeconds }: CellShape): Promise<PaceCell> {
  const rate = limit * share;
  const items = Math.round(rate * idealSeconds);
  const result = await pacedRun({ seed: 1, maxSendRate: limit, items, chains, rate, linkSeconds });
  return cellOf({ limit, chains, share }, items, rate, result);
}

function cellOf(
  shape: Pick<PaceCell, 'limit' | 'chains' | 'share'>,
  items: number,
  rate: number,
  { makespanSeconds, fixedSeconds, attempts, throttled, report, reports, chunkItems }: PacedRunResult,
): PaceCell {
  const chunks = reports.reduce((sum, link) => sum + link.chunks, 0);
  return {
    ...shape,
    items,
    makespanSeconds,
    makespanOverIdeal: makespanSeconds / (items / rate),
    attempts,
    throttled,
    throttledShare: attempts === 0 ? 0 : throttled / attempts,
    fixedSeconds,
    links: report.links,
    chunkItems,
    chunkMilliseconds: (makespanSeconds * 1000 * report.chains) / chunks,
    paceMilliseconds: (items / rate) * 1000 * (report.chains / chunks),
  };
}

/** Why a cell misses a target; undefined for one that does not. */
export function explain(cell: PaceCell): string | undefined {
  const { limit, chains, share, makespanOverIdeal, throttledShare, chunkItems } = cell;
  const where = `limit ${limit}, ${chains} chains, share ${share}`;
  if (throttledShare > TARGETS.throttledShare) {
    return `${where}: ${cell.throttled} of ${cell.attempts} calls were throttled, though the budget was ${limit * share}/s.`;
  }
  if (makespanOverIdeal <= TARGETS.makespanOverIdeal) return undefined;
  return (
    `${where}: a chunk of ${chunkItems} took ${cell.chunkMilliseconds.toFixed(0)} ms from claim to claim where the pace allows ` +
    `${cell.paceMilliseconds.toFixed(0)} ms, so the chains sent ${(cell.items / cell.makespanSeconds).toFixed(0)} of ${limit * share} mails/s.`
  );
}
