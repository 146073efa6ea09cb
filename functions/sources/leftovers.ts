import { invalidInput } from '../contract/errors';
import type { Leftover } from '../contract/outcomes';
import type { RunInput } from '../contract/payloads';
import {
  type Cursor,
  type ItemRef,
  LEFTOVERS,
  type LeftoversPlan,
  type Partition,
  refOnly,
  type Source,
  type SourcePlan,
} from '../contract/source';
import type { Ledger } from '../ledger/ledger';
import { pagesOfItems } from '../ledger/pages-of-items';
import type { ChainRecord, RunRecord } from '../ledger/records';
import { rootRunOf } from '../ledger/root-run';

/**
 * The items that an earlier run left over: `unprocessedOf` or `inDoubtOf` in the run's input. A cursor is the ledger
 * position of the last item that was passed; '' comes before the first.
 */
export function leftovers(ledger: Ledger, own?: Pick<Source, 'kind' | 'load'>): Source {
  const load = own?.load?.bind(own);
  return {
    kind: LEFTOVERS,
    frozen: true,
    plan: (input) => planOf(input, ledger, own),
    split: (plan, chains) => splitOf(plan as LeftoversPlan, chains, ledger),
    read: (plan, cursor, end, limit) => readOf(plan as LeftoversPlan, cursor, end, limit, ledger),
    compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
    ...(load && { load: (plan, items) => load((plan as LeftoversPlan | undefined)?.origin, items) }),
  };
}

/** The run's items of this outcome, in the order of their positions. */
async function* itemsOf(runId: string, outcome: Leftover, ledger: Ledger) {
  for await (const items of pagesOfItems(ledger, runId)) {
    for (const item of items) if (item.outcome === outcome && !item.settled) yield item;
  }
}

async function planOf(input: RunInput, ledger: Ledger, own?: Pick<Source, 'kind' | 'load'>): Promise<LeftoversPlan> {
  const outcome = input.unprocessedOf === undefined ? 'in-doubt' : 'unprocessed';
  const of = input.unprocessedOf ?? input.inDoubtOf ?? '';
  const run = await settledRun(of, outcome === 'unprocessed' ? 'unprocessedOf' : 'inDoubtOf', input, ledger);
  let items = 0;
  let end = '';
  for await (const item of itemsOf(of, outcome, ledger)) {
    items += 1;
    end = item.position;
  }
  const origin = own?.load && originOf(run, own.kind);
  return { of, outcome, root: rootRunOf(run), start: '', end, items, ...(origin && { origin }) };
}

/** What the items of a run come from in the end, where that is a source of this kind: those of leftovers were left over twice. */
function originOf({ source, plan }: RunRecord, kind: string): SourcePlan | undefined {
  if (source === kind) return plan;
  return source === LEFTOVERS ? (plan as LeftoversPlan).origin : undefined;
}

/**
 * A run whose items have come out for good.
 *
 * @throws `Run.InvalidInput` where the run is not one of this job, was a dry one and this is not, or may still go on
 */
async function settledRun(runId: string, field: string, { job, dryRun }: RunInput, ledger: Ledger): Promise<RunRecord> {
  const run = await ledger.readRun(runId);
  if (run?.job !== job) {
    throw invalidInput(
      `Expected \`${field}\` to be a run of the job ${job}, got "${runId}"${run ? `, a run of ${run.job}` : ', which the ledger does not know'}: take the run's id from its execution's name.`,
    );
  }
  // The run that is to do these items may have done them since, and have left others over.
  if (run.dryRun && !dryRun) {
    throw invalidInput(
      `Expected \`${field}\` to be a run with effects, got "${runId}", a dry run, of which nothing was done: start a run over its items, or add "dryRun": true.`,
    );
  }
  // A run that may go on may leave more behind, in the middle of what another run had taken over. One that does not add
  // up though each of its chains has ended has nothing left to do: its items must not be lost for that.
  const chains = run.status === 'unreconciled' ? await ledger.readChains(runId) : [];
  if (!hasComeOut(run, chains)) {
    throw invalidInput(
      `Expected \`${field}\` to be a run that has come to its end, got "${runId}", which is ${run.status}: redrive its execution or resume it first.`,
    );
  }
  return run;
}

/** Whether all items of a run have come out for good, so that those it left over may be taken up. */
export function hasComeOut(
  { status, partitions }: Pick<RunRecord, 'status' | 'partitions'>,
  chains: readonly Pick<ChainRecord, 'status'>[],
): boolean {
  if (status === 'reconciled') return true;
  if (status !== 'unreconciled') return false;
  return chains.length === partitions.length && chains.every((chain) => chain.status === 'finished');
}

async function splitOf(
  { of, outcome, items, end }: LeftoversPlan,
  chains: number,
  ledger: Ledger,
): Promise<readonly Partition[]> {
  const partitions: (Partition & { readonly items: number })[] = [];
  const count = Math.min(chains, items);
  let start = '';
  let seen = 0;
  for await (const { position } of itemsOf(of, outcome, ledger)) {
    seen += 1;
    const before = partitions.reduce((sum, partition) => sum + partition.items, 0);
    // Sizes that differ by at most one, the larger ones first.
    const size = Math.ceil((items - before) / (count - partitions.length));
    if (seen - before < size) continue;
    partitions.push({ start, end: position, items: size });
    start = position;
  }
  // Some were settled since the plan was made: the rest of it has none.
  if (start !== end)
    partitions.push({ start, end, items: items - partitions.reduce((sum, one) => sum + one.items, 0) });
  return partitions;
}

async function readOf({ of, outcome }: LeftoversPlan, cursor: Cursor, end: Cursor, limit: number, ledger: Ledger) {
  const page = await ledger.listItems(of, { limit, ...(cursor === '' ? {} : { after: String(cursor) }) });
  const within = page.items.filter(({ position }) => position <= String(end));
  const items: ItemRef[] = within.filter((item) => item.outcome === outcome && !item.settled).map(refOnly);
  // The page may end with items that are passed over: its own position counts, not that of its last item.
  const ended = within.length < page.items.length || page.next === undefined || page.next >= String(end);
  return { items, next: ended ? end : page.next };
}
