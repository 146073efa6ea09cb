import type { Clock } from '../contract/clock';
import { WorkerChainsError } from '../contract/errors';
import type { Job, Source } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import { settledItems, sumOfCounts, sumOfOutcomes } from '../contract/outcomes';
import type { ItemId, ReconcileRunEvent, RunReport, TopError } from '../contract/payloads';
import { countedFailures, isSameRound } from '../ledger/attempts';
import type { Ledger } from '../ledger/ledger';
import type { ChainRecord, RunRecord } from '../ledger/records';

const EXAMPLES_PER_ERROR = 3;
const MOST_TOP_ERRORS = 10;

export interface ReconcileDependencies {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly findJob: (name: string) => Job;
  readonly findSource: (kind: string, job: Job) => Source;
}

/**
 * Proves from the ledger that nobody was forgotten: the partitions tile the source without gap or overlap, every chain
 * is at its end, and done + skipped + unprocessed + in-doubt = planned, with one record for each item that is
 * unprocessed or in doubt. Throws `Run.Unreconciled` with what does not add up, and `Chain.TooManyFailures` where it
 * adds up to more failures than the job tolerates: once, then a redrive accepts them.
 */
export async function reconcileRun(
  { runId, epoch }: ReconcileRunEvent,
  dependencies: ReconcileDependencies,
): Promise<RunReport> {
  const { ledger, clock, findJob, findSource } = dependencies;
  const run = await ledger.readRun(runId);
  if (!run) throw new WorkerChainsError(ERROR_CODES.unreconciled, `Run ${runId} is not in the ledger.`);
  const source = findSource(run.source, findJob(run.job));
  const chains = await ledger.readChains(runId);
  const leftovers = await readLeftovers(ledger, runId);
  const faults = [...tilingFaults(run, chains, source), ...countFaults(run, chains, leftovers)];
  const finishedAt = run.finishedAt ?? clock.now();
  if (faults.length > 0) {
    await ledger.setRunStatus(runId, 'unreconciled');
    throw new WorkerChainsError(ERROR_CODES.unreconciled, `Run ${runId} does not add up: ${faults.join('; ')}.`);
  }
  await ledger.setRunStatus(runId, 'reconciled', { finishedAt });
  await ledger.deactivate(run.job, runId);
  guardTolerance(run, chains, epoch);
  return report(run, chains, leftovers, finishedAt);
}

/**
 * Everybody is accounted for; whether the run did what it was for is another question. What an earlier round counted, the
 * operator has seen, and accepted by the redrive. What only this round found in doubt nobody has seen yet.
 */
function guardTolerance(
  { runId, plan, tolerateUnprocessed }: RunRecord,
  chains: readonly ChainRecord[],
  epoch = Math.max(0, ...chains.map((chain) => chain.epoch)),
): void {
  const unseen = (chain: ChainRecord) => (isSameRound(chain.epoch, epoch) ? chain.unseenInDoubt : 0);
  const failures = chains.reduce((sum, chain) => sum + countedFailures(chain, epoch) + unseen(chain), 0);
  const allowed = Math.floor(tolerateUnprocessed * plan.items);
  if (failures <= allowed) return;
  throw new WorkerChainsError(
    ERROR_CODES.tooManyFailures,
    `Run ${runId} has come to its end, but ${failures} of ${plan.items} items are unprocessed or in doubt where the job ` +
      `tolerates ${allowed}: look at them, then redrive the execution to accept them.`,
  );
}

function tilingFaults(run: RunRecord, chains: readonly ChainRecord[], source: Source): string[] {
  const faults: string[] = [];
  let position = run.plan.start;
  for (const [index, chain] of chains.entries()) {
    if (chain.chainId !== index) faults.push(`chain ${index} is missing`);
    if (source.compare(position, chain.start) !== 0) {
      faults.push(`chain ${chain.chainId} starts at ${chain.start} where the one before it ends at ${position}`);
    }
    const settled = chain.status === 'finished' && chain.claim === null && chain.carry.length === 0;
    if (!settled || source.compare(chain.cursor, chain.end) !== 0) {
      faults.push(`chain ${chain.chainId} is ${chain.status} at ${chain.cursor} of ${chain.end}`);
    }
    position = chain.end;
  }
  if (source.compare(position, run.plan.end) !== 0) {
    faults.push(`the partitions end at ${position} and the source at ${run.plan.end}`);
  }
  return faults;
}

function countFaults(run: RunRecord, chains: readonly ChainRecord[], leftovers: Leftovers): string[] {
  const faults: string[] = [];
  const counts = sumOfOutcomes(chains);
  const sum = settledItems(counts);
  if (sum !== run.plan.items) faults.push(`${run.plan.items} items are planned and ${sum} are settled`);
  for (const chain of chains) {
    const settled = settledItems(chain);
    if (settled !== chain.items) faults.push(`chain ${chain.chainId} has ${chain.items} items and settled ${settled}`);
  }
  if (leftovers.unprocessed !== counts.unprocessed) {
    faults.push(`${counts.unprocessed} items are counted as unprocessed and ${leftovers.unprocessed} are listed`);
  }
  if (leftovers.inDoubt !== counts.inDoubt) {
    faults.push(`${counts.inDoubt} items are counted as in doubt and ${leftovers.inDoubt} are listed`);
  }
  return faults;
}

interface Leftovers {
  readonly unprocessed: number;
  readonly inDoubt: number;
  readonly topErrors: readonly TopError[];
}

/** Walks the records of items that are unprocessed or in doubt. An id that comes up twice is counted once. */
async function readLeftovers(ledger: Ledger, runId: string): Promise<Leftovers> {
  const byCode = new Map<string, { count: number; exampleIds: ItemId[] }>();
  const ids = { unprocessed: new Set<ItemId>(), 'in-doubt': new Set<ItemId>() };
  let after: string | undefined;
  do {
    const page = await ledger.listItems(runId, after === undefined ? {} : { after });
    for (const { id, code, outcome } of page.items) {
      ids[outcome].add(id);
      const entry = byCode.get(code) ?? { count: 0, exampleIds: [] };
      byCode.set(code, entry);
      entry.count += 1;
      if (entry.exampleIds.length < EXAMPLES_PER_ERROR) entry.exampleIds.push(id);
    }
    after = page.next;
  } while (after !== undefined);
  const topErrors = [...byCode]
    .map(([code, entry]) => ({ code, ...entry }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
    .slice(0, MOST_TOP_ERRORS);
  return { unprocessed: ids.unprocessed.size, inDoubt: ids['in-doubt'].size, topErrors };
}

function report(
  run: RunRecord,
  chains: readonly ChainRecord[],
  { topErrors }: Leftovers,
  finishedAt: number,
): RunReport {
  return {
    runId: run.runId,
    job: run.job,
    planned: run.plan.items,
    ...sumOfCounts(chains),
    chains: chains.length,
    links: chains.reduce((sum, chain) => sum + chain.links, 0),
    elapsedSeconds: Math.round((finishedAt - run.createdAt) / 100) / 10,
    topErrors,
  };
}
