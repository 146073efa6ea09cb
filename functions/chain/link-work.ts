import type { Clock } from '../contract/clock';
import type { RehearseMail, SendMail, UnsubscribeRecipient } from '../contract/email';
import type { Job } from '../contract/job';
import { settledItems } from '../contract/outcomes';
import { sendsOnly } from '../contract/provider';
import type { ProviderQuota } from '../contract/quota';
import { hoursOf } from '../contract/send-window';
import type { Source } from '../contract/source';
import { ItemHours } from '../effects/item-hours';
import { type ItemTerms, rehearsedProviders } from '../effects/item-terms';
import { isLastAtWork } from '../ledger/attempts';
import type { LinkClaim } from '../ledger/chains';
import type { Ledger } from '../ledger/ledger';
import type { ChainRecord, RunRecord } from '../ledger/records';
import { rootRunOf } from '../ledger/root-run';
import { readItemQuota } from '../run/job-quota';
import { Allowance } from './allowance';
import { Chain } from './chain';
import { ChunkLoop } from './chunk-loop';
import type { Lease } from './lease';
import type { Pace } from './pace';
import { Paces } from './paces';
import { isBackLate } from './part';
import { PartitionReader } from './partition-reader';
import { PostponedQueue } from './postponed-queue';
import { StopSignal } from './stop-signal';
import { Tolerance } from './tolerance';
import { Tuning } from './tuning';

export interface WorkDependencies {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly findJob: (name: string) => Job;
  readonly findSource: (kind: string, job: Job) => Source;
  readonly readQuota: () => Promise<ProviderQuota>;
  /** One attempt to send a mail; rejects with a `Refusal`. */
  readonly send: SendMail;
  /** What a dry run does with a mail instead. */
  readonly rehearse: RehearseMail;
  /** Makes unsubscribe links, once their keys are read. @default - there is no endpoint for them */
  readonly unsubscribeLinks?: () => Promise<(recipient: UnsubscribeRecipient) => string>;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
  /** Items to claim at a time, for each that is under way. @default - `CLAIM_FACTOR` */
  readonly claimFactor?: number;
}

/** What a link that has its chain works with. */
export interface LinkWork {
  readonly job: Job;
  readonly chain: Chain;
  readonly reader: PartitionReader;
  readonly loop: ChunkLoop;
  /** Of every provider of the job. */
  readonly paces: Paces;
  /** Of the items. */
  readonly pace: Pace;
  readonly allowance: Allowance;
  readonly stop: StopSignal;
  /** The run stops here: if no other chain is at work, the other runs are told. Never rejects. */
  retire(): Promise<void>;
  /** Cancels the timers; no item is started any more. */
  release(): void;
}

/**
 * Kept free at the end of an invocation: for the sends in flight, which time out earlier, and for settling and handing
 * over, which sit out an outage of two minutes.
 */
const RESERVE_MILLISECONDS = 180_000;

const ENDLESS: ProviderQuota = {
  perSecond: Number.POSITIVE_INFINITY,
  perDay: Number.POSITIVE_INFINITY,
  usedToday: 0,
};

/**
 * Puts together what a link works with: its part of the run's budget, its chain, and the loop over its chunks.
 *
 * @throws `Run.InvalidInput` where the function's job is not the run's
 * @throws Error where the job has no source of the run's kind
 */
export async function beginWork(
  run: RunRecord,
  { chain: taken, interruptedAt }: LinkClaim,
  lease: Lease,
  dependencies: WorkDependencies,
): Promise<LinkWork> {
  const { ledger, clock, findJob, findSource, remainingMilliseconds } = dependencies;
  const job = findJob(run.job);
  const source = findSource(run.source, job);
  const paces = new Paces({ job, run, ledger, backOff: taken.backOff, clock, random: dependencies.random });
  const [chains, unsubscribeLink] = await Promise.all([
    ledger.readChains(run.runId),
    dependencies.unsubscribeLinks?.(),
    paces.begin(),
  ]);
  const pace = paces.items;
  const stop = new StopSignal(paces);
  const tuning: Tuning = new Tuning({
    ...{ ledger, clock, run, chain: taken, paces },
    isBackLate: isBackLate(run, interruptedAt, clock.now()),
    onAwaited: () => stop.stop('awaited'),
    onRuns: () => allowance.glance(),
    onQuota: (quota) => allowance.observe(quota),
  });
  tuning.begin(chains);
  const allowance = allowanceOf(run, taken, job, { tuning, paces }, dependencies);
  const cancelDeadline = clock.after(workMilliseconds(run, remainingMilliseconds()), () => stop.stop('time-spent'));
  lease.onLost(() => stop.stop('lease-lost'));
  const chain = new Chain(taken, {
    ledger,
    clock,
    throttles: () => pace.throttles,
    // Of a dry run there is nothing to prove: nobody got anything.
    audit: !run.dryRun && job.audit === true,
    sendsOnly: !run.dryRun && sendsOnly(job),
  });
  const hours = new ItemHours(hoursOf(job, run), clock);
  const queue = new PostponedQueue({ chain, ledger, clock });
  const reader = new PartitionReader({ chain, run, job, source, clock, hours, queue });
  const parts = { run, chain, reader, paces, lease, allowance, stop, clock, hours, queue };
  const loop = loopOver(parts, job, { ...dependencies, unsubscribeLink });
  const release = () => {
    cancelDeadline();
    tuning.release();
    paces.stop();
  };
  const retire = async () => {
    if (isLastAtWork(taken.chainId, await ledger.readChains(run.runId))) await paces.retire();
  };
  return { job, chain, reader, loop, paces, pace, allowance, stop, release, retire: () => retire().catch(() => {}) };
}

function allowanceOf(
  run: RunRecord,
  taken: ChainRecord,
  job: Job,
  { tuning, paces }: { readonly tuning: Tuning; readonly paces: Paces },
  { readQuota }: WorkDependencies,
): Allowance {
  const shared = { run, settled: settledItems(taken), sharers: () => tuning.sharers };
  // What a provider lets runs do is not asked: nothing of it is taken.
  if (run.dryRun) return new Allowance({ ...shared, readQuota: async () => ENDLESS, onQuota: () => {} });
  return new Allowance({
    ...shared,
    readQuota: () => readItemQuota(job, readQuota),
    onQuota: (quota) => {
      tuning.follow(quota);
      paces.noteQuota(quota);
    },
  });
}

function loopOver(
  parts: Omit<ConstructorParameters<typeof ChunkLoop>[0], 'run' | 'tolerance' | 'terms'> & { readonly run: RunRecord },
  job: Job,
  { ledger, send, rehearse, unsubscribeLink, claimFactor }: WorkDependencies & Pick<ItemTerms, 'unsubscribeLink'>,
): ChunkLoop {
  const { run, chain, paces, lease, stop, clock } = parts;
  return new ChunkLoop({
    ...parts,
    tolerance: new Tolerance({ run, chain, ledger }),
    terms: {
      job,
      providers: run.dryRun ? rehearsedProviders(paces.providers) : paces.providers,
      rootRun: rootRunOf(run),
      lease,
      delivery: run.delivery,
      send,
      ...(run.dryRun && { rehearse }),
      ...(unsubscribeLink && { unsubscribeLink }),
      trace: { runId: run.runId, chainId: chain.record.chainId, expiresAt: run.expiresAt },
      clock,
      onQuotaExhausted: () => stop.stop('quota-exhausted'),
      onNotBefore: (until) => stop.park(until),
    },
    ...(claimFactor !== undefined && { claimFactor }),
  });
}

/** Milliseconds from when the link has its chain: however slow its start was, there is time to get something done. */
function workMilliseconds(run: RunRecord, remaining: number): number {
  const reserve = Math.min(RESERVE_MILLISECONDS, remaining / 3);
  return Math.max(0, Math.min(run.linkSeconds * 1000, remaining - reserve));
}
