import { invalidInput, WorkerChainsError } from '../contract/errors';
import type { Job, Source } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from '../contract/payloads';
import type { ProviderQuota } from '../contract/quota';
import { EPOCHS_PER_GENERATION } from '../ledger/attempts';
import { activeRunKey, type RunRecord } from '../ledger/records';
import { guardDailyQuota, guardSending, quotaValues, rateOfNewRun, rateWithin } from './budget';
import { chainsToGo, guardConcurrency } from './concurrency';
import { MOST_CHAINS, MOST_CHUNK_ITEMS, parseInput } from './input';
import { guardDuration, itemsLeft, LONGEST_RUN_SECONDS } from './time-limits';
import { activate, type Claimant, type ClaimsDependencies, claimWork, confirmClaims } from './uniqueness';

export interface CreateRunDependencies extends ClaimsDependencies {
  readonly findJob: (name: string) => Job;
  /** The source that an input asks for. */
  readonly sourceFor: (input: RunInput, job: Job) => Source;
  readonly readQuota: () => Promise<ProviderQuota>;
  readonly settings: CreateRunSettings;
}

export interface CreateRunSettings {
  readonly heartbeatSeconds: number;
  /** Longest that a link may work before it hands over. */
  readonly linkSeconds: number;
  /** Share of the provider's rate and of its 24-hour quota that a run may take, above 0 and at most 1. */
  readonly sendShare: number;
  /** How long the ledger remembers a run, in days. */
  readonly retentionDays: number;
  /**
   * Links that may run at a time: the reserved concurrency of the chain function. A chain needs one of them for good; its
   * successor waits in Lambda's queue until a place is free. @default - no such limit
   */
  readonly concurrentLinks?: number;
}

/** Of an item, where its job says nothing else: a mail, with its time in the provider's and our own queues. */
const USUAL_ITEM_SECONDS = 0.25;
/** Items take twice as long in a slow minute, and part of a chunk is being claimed or settled meanwhile. */
const HEADROOM = 2;
const FEWEST_CHUNK_ITEMS = 25;
/** Items that a chain keeps under way in a slow minute: its smallest chunk. For mails that is 50 a second. */
const ITEMS_UNDER_WAY_IN_A_CHAIN = FEWEST_CHUNK_ITEMS;
/** A run that is taken over is kept for longer only if that is worth writing all of its records again. */
const WORTH_EXTENDING_SECONDS = 86_400;

/**
 * Creates the run of an execution, or takes up the one it resumes. Nothing is written before everything is validated,
 * and every write is idempotent by execution: asking again gives the same answer.
 */
export async function createRun(
  event: CreateWorkersEvent,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const input = parseInput(event.input);
  const job = dependencies.findJob(input.job);
  return input.resume === undefined
    ? startRun(event, input, job, dependencies)
    : resumeRun(event, input, input.resume, dependencies);
}

async function startRun(
  event: CreateWorkersEvent,
  input: RunInput,
  job: Job,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const { ledger } = dependencies;
  const { executionArn, executionName: runId } = event;
  const before = await ledger.readRun(runId);
  if (before) guardOwnRecord(before, executionArn);
  const planned = before ?? (await planRun(executionArn, runId, input, job, dependencies));
  await claimWork(planned, claimantOf(event, runId), dependencies);
  const run = before ?? (await ledger.createRun(planned));
  guardOwnRecord(run, executionArn);
  await ledger.createChains(run);
  await ledger.setRunStatus(runId, 'running');
  return answer(run);
}

function claimantOf({ executionArn, redriveCount = 0 }: CreateWorkersEvent, runId: string): Claimant {
  return { runId, executionArn, redriveCount };
}

/** A run belongs to the execution that created it or took it over, whatever others of the same name there are. */
function guardOwnRecord(run: RunRecord, executionArn: string): void {
  if (run.executionArn === executionArn) return;
  throw new WorkerChainsError(
    ERROR_CODES.overlapping,
    `Run ${run.runId} of the job ${run.job} belongs to the execution ${run.executionArn}: follow that one, or start an execution with a name that no run has yet.`,
  );
}

async function planRun(
  executionArn: string,
  runId: string,
  input: RunInput,
  job: Job,
  { clock, settings, sourceFor, readQuota }: CreateRunDependencies,
): Promise<RunRecord> {
  const source = sourceFor(input, job);
  const plan = await source.plan(input);
  const quota = await readQuota();
  guardSending(quota);
  if (!input.allowPartial) guardDailyQuota(plan, quota, settings.sendShare);
  const rate = rateOfNewRun(input, quota, settings.sendShare);
  guardDuration(plan.items, rate);
  guardConcurrency(input.chains ?? 1, settings);
  const chains = input.chains ?? Math.min(chainsFor(rate, job), settings.concurrentLinks ?? MOST_CHAINS);
  const partitions = await source.split(plan, chains);
  const now = clock.now();
  return {
    runId,
    job: job.name,
    status: 'creating',
    source: source.kind,
    plan,
    partitions,
    delivery: input.delivery ?? job.delivery,
    tolerateUnprocessed: job.tolerate.unprocessed,
    rate,
    ...quotaValues(quota, settings.sendShare),
    chunkItems: input.chunkItems ?? chunkItemsFor(rate / Math.max(1, partitions.length), job),
    linkSeconds: Math.min(input.linkSeconds ?? settings.linkSeconds, settings.linkSeconds),
    heartbeatSeconds: settings.heartbeatSeconds,
    chainTimeoutSeconds: LONGEST_RUN_SECONDS,
    generation: 0,
    executionArn,
    ...(input.scheduledFor !== undefined && { scheduledFor: input.scheduledFor }),
    createdAt: now,
    expiresAt: expiryOf(now, settings),
  };
}

async function resumeRun(
  event: CreateWorkersEvent,
  input: RunInput,
  runId: string,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const { ledger } = dependencies;
  const { executionArn } = event;
  const run = await ledger.readRun(runId);
  if (run?.job !== input.job) {
    throw invalidInput(
      `Expected \`resume\` to be a run of the job ${input.job}, got "${runId}"${run ? `, a run of ${run.job}` : ', which the ledger does not know'}: take the run's id from its execution's name.`,
    );
  }
  // Every item is settled, though the execution may have failed after the proof: only the report is left to be given.
  if (run.status === 'reconciled') return answerProven(run, executionArn);
  await confirmClaims(run, dependencies);
  const values = run.executionArn === executionArn ? undefined : await resumedValues(run, input, dependencies);
  // The claim names the execution that resumes: until it was seen to have ended, nobody else takes the run up.
  await activate(run.job, claimantOf(event, runId), dependencies);
  const adopted = values ? await adopt(run, executionArn, values, dependencies) : run;
  if (adopted.status === 'reconciled') return answerProven(adopted, executionArn);
  const chains = await ledger.readChains(runId);
  if (chains.some(({ expiresAt }) => adopted.expiresAt - expiresAt >= WORTH_EXTENDING_SECONDS)) {
    await ledger.extend(runId, adopted.expiresAt);
  }
  return answer(
    adopted,
    chains.filter(({ status }) => status !== 'finished').map(({ chainId }) => chainId),
  );
}

/** What a resumed run gets anew: its rate within what the account may send now, and the time for which it is kept. */
async function resumedValues(
  run: RunRecord,
  input: RunInput,
  { ledger, readQuota, settings, clock }: CreateRunDependencies,
): Promise<Partial<RunRecord>> {
  const chains = await ledger.readChains(run.runId);
  guardConcurrency(chainsToGo(run, chains), settings);
  const quota = await readQuota();
  guardSending(quota);
  // A run that was paused, at a rate of 0, starts again like a new one.
  const keepsRate = input.rate === undefined && run.rate > 0;
  const { sendShare } = settings;
  const rate = keepsRate ? rateWithin({ ...run, sendShare }, quota.perSecond) : rateOfNewRun(input, quota, sendShare);
  // A run that was stopped while it was created has no chains yet.
  guardDuration(run.status === 'creating' ? run.plan.items : itemsLeft(chains), rate);
  return {
    rate,
    ...quotaValues(quota, sendShare),
    linkSeconds: Math.min(input.linkSeconds ?? run.linkSeconds, settings.linkSeconds),
    expiresAt: Math.max(run.expiresAt, expiryOf(clock.now(), settings)),
  };
}

async function adopt(
  run: RunRecord,
  executionArn: string,
  values: Partial<RunRecord>,
  dependencies: CreateRunDependencies,
): Promise<RunRecord> {
  const { ledger } = dependencies;
  if (run.status === 'creating') {
    await ledger.createChains(run);
    await ledger.setRunStatus(run.runId, 'running');
  }
  const adopted = await ledger.adoptRun(run, executionArn, values);
  if (adopted) return adopted;
  // A ReconcileRun of the execution that was stopped may have come to its proof in the meantime.
  const now = await ledger.readRun(run.runId);
  if (now?.status === 'reconciled') {
    await ledger.deactivate(run.job, run.runId);
    return now;
  }
  // A CreateWorkers that outlived its stopped execution may have been first. Whoever holds the job's place goes on.
  const holder = await ledger.claims.read(activeRunKey(run.job));
  if (now && holder?.executionArn === executionArn) return adopt(now, executionArn, values, dependencies);
  throw new WorkerChainsError(
    ERROR_CODES.overlapping,
    `Run ${run.runId} was taken up by another execution at the same time: follow that one.`,
  );
}

/** Nothing is left to do. Another execution than the run's own begins a new round all the same: it accepts what was counted. */
function answerProven(run: RunRecord, executionArn: string): CreateWorkersResult {
  const generation = run.executionArn === executionArn ? run.generation : run.generation + 1;
  return answer({ ...run, generation }, []);
}

function answer(run: RunRecord, chains = run.partitions.map((_, chainId) => chainId) as readonly number[]) {
  return {
    runId: run.runId,
    epochBase: run.generation * EPOCHS_PER_GENERATION,
    heartbeatSeconds: run.heartbeatSeconds,
    // Runs of an earlier version were planned with less, for the rate that they had then.
    chainTimeoutSeconds: LONGEST_RUN_SECONDS,
    chains,
  };
}

/** Until when a run is kept, in seconds since the epoch. */
function expiryOf(now: number, { retentionDays }: CreateRunSettings): number {
  return Math.floor(now / 1000) + retentionDays * 86_400;
}

/** Items to have under way at a time: rate × latency (Little's law), with headroom. */
function itemsUnderWay(itemsPerSecond: number, { itemSeconds = USUAL_ITEM_SECONDS }: Job): number {
  return itemsPerSecond * itemSeconds * HEADROOM;
}

function chainsFor(itemsPerSecond: number, job: Job): number {
  return Math.min(MOST_CHAINS, Math.ceil(itemsUnderWay(itemsPerSecond, job) / ITEMS_UNDER_WAY_IN_A_CHAIN));
}

/** Small chunks leave little in doubt when a link dies; a fast chain, or one with slow items, needs larger ones. */
function chunkItemsFor(itemsPerSecondOfAChain: number, job: Job): number {
  const wanted = Math.ceil(itemsUnderWay(itemsPerSecondOfAChain, job));
  return Math.min(MOST_CHUNK_ITEMS, Math.max(FEWEST_CHUNK_ITEMS, wanted));
}
