import type { Callbacks } from './callbacks';
import type { Clock } from './clock';
import { ERROR_CODES } from './constants';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from './contract';
import { invalidInput, WorkerChainsError } from './errors';
import { MOST_CHAINS, MOST_CHUNK_ITEMS, parseInput } from './input';
import type { Job, Source, SourcePlan } from './job';
import type { Ledger } from './ledger/ledger';
import { type ClaimKey, occurrenceKey, type RunRecord, reprocessingKey } from './ledger/records';

/** What a provider still lets us do. Quotas count recipients. */
export interface ProviderQuota {
  /** Items per second that the provider accepts. */
  readonly perSecond: number;
  /** Items left of the 24-hour quota; infinite if there is none. */
  readonly remaining: number;
  /** Share of the 24-hour quota that is used; absent if there is none. */
  readonly usedShare?: number;
}

export interface CreateRunDependencies {
  readonly ledger: Ledger;
  readonly callbacks: Pick<Callbacks, 'isRunning'>;
  readonly clock: Clock;
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
  /** Share of the provider's rate that a run takes, above 0 and at most 1. */
  readonly sendShare: number;
  /** How long the ledger remembers a run, in days. */
  readonly retentionDays: number;
}

/** Of an item, where its job says nothing else: a mail, with its time in the provider's and our own queues. */
const USUAL_ITEM_SECONDS = 0.25;
/** Items take twice as long in a slow minute, and part of a chunk is being claimed or settled meanwhile. */
const HEADROOM = 2;
const FEWEST_CHUNK_ITEMS = 25;
/** Items that a chain keeps under way with ease: half of its smallest chunk. */
const ITEMS_UNDER_WAY_IN_A_CHAIN = FEWEST_CHUNK_ITEMS / 2;
/** The state machine's own limit is 604,800 s; a chain gives up before it. */
const LONGEST_CHAIN_SECONDS = 600_000;
const SHORTEST_CHAIN_SECONDS = 3600;
/** A run may take this many times its estimate before its chains are given up. */
const CHAIN_TIMEOUT_FACTOR = 4;
/** Attempts of one execution are numbered below this; every execution that resumes a run starts above them. */
const EPOCHS_PER_GENERATION = 1_000_000;

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
  { executionArn, executionName: runId }: CreateWorkersEvent,
  input: RunInput,
  job: Job,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const { ledger } = dependencies;
  const before = await ledger.readRun(runId);
  const planned = before ?? (await planRun(executionArn, runId, input, job, dependencies));
  await claimWork(planned, input, dependencies);
  const run = before ?? (await ledger.createRun(planned));
  await ledger.createChains(run);
  await ledger.setRunStatus(runId, 'running');
  return answer(run);
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
  if (!input.allowPartial) guardQuota(plan, quota);
  const rate = rateFor(input, quota, settings);
  const chains = input.chains ?? chainsFor(rate, job);
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
    quotaPerSecond: quota.perSecond,
    chunkItems: input.chunkItems ?? chunkItemsFor(rate / Math.max(1, partitions.length), job),
    linkSeconds: Math.min(input.linkSeconds ?? settings.linkSeconds, settings.linkSeconds),
    heartbeatSeconds: settings.heartbeatSeconds,
    chainTimeoutSeconds: chainTimeoutSeconds(plan.items / rate),
    generation: 0,
    executionArn,
    ...(input.scheduledFor !== undefined && { scheduledFor: input.scheduledFor }),
    createdAt: now,
    expiresAt: Math.floor(now / 1000) + settings.retentionDays * 86_400,
  };
}

/**
 * The claims that make a run the only one: of its occurrence, of its job, of the items that it takes over. They are
 * looked at before any is taken, so that a refused run leaves no claim behind; the writes then decide a race.
 */
async function claimWork(run: RunRecord, input: RunInput, dependencies: CreateRunDependencies): Promise<void> {
  const { job, runId, expiresAt } = run;
  const claims = claimsOf(run, input);
  for (const { key, refusal } of claims) {
    const server = await dependencies.ledger.readClaim(key);
    if (server !== undefined && server !== runId) throw refusal(server);
  }
  await activate(job, runId, dependencies);
  for (const { key, refusal } of claims) {
    const server = await dependencies.ledger.claim(key, runId, expiresAt);
    if (server === runId) continue;
    await dependencies.ledger.deactivate(job, runId);
    throw refusal(server);
  }
}

function claimsOf({ job, scheduledFor }: RunRecord, input: RunInput) {
  const claims: { readonly key: ClaimKey; readonly refusal: (server: string) => WorkerChainsError }[] = [];
  if (scheduledFor !== undefined) {
    // One moment has many spellings; the occurrence is the moment.
    const moment = new Date(scheduledFor).toISOString();
    claims.push({
      key: occurrenceKey(job, moment),
      refusal: (server) =>
        new WorkerChainsError(
          ERROR_CODES.alreadyServed,
          `The occurrence ${job}@${moment} is served by run ${server}: a schedule that fires twice runs once.`,
        ),
    });
  }
  const of = input.unprocessedOf ?? input.inDoubtOf;
  if (of !== undefined) {
    const outcome = input.unprocessedOf === undefined ? 'in-doubt' : 'unprocessed';
    claims.push({
      key: reprocessingKey(of, outcome),
      refusal: (server) =>
        invalidInput(
          `Expected ${outcome} items of run ${of} that no run has taken up yet, but run ${server} has: start from what that run left over.`,
        ),
    });
  }
  return claims;
}

/** A job has one active run at a time; a run whose execution has ended does not count, though its work may be unfinished. */
async function activate(job: string, runId: string, { ledger, callbacks }: CreateRunDependencies): Promise<void> {
  const active = await ledger.activate(job, runId);
  if (active === runId) return;
  const holder = await ledger.readRun(active);
  if (!holder || !(await callbacks.isRunning(holder.executionArn))) {
    if ((await ledger.activate(job, runId, active)) === runId) return;
  }
  throw new WorkerChainsError(
    ERROR_CODES.overlapping,
    `Run ${active} of the job ${job} is still active: wait until it ends or stop its execution, then start again.`,
  );
}

async function resumeRun(
  { executionArn }: CreateWorkersEvent,
  input: RunInput,
  runId: string,
  dependencies: CreateRunDependencies,
): Promise<CreateWorkersResult> {
  const { ledger, callbacks, settings, readQuota } = dependencies;
  const run = await ledger.readRun(runId);
  if (run?.job !== input.job) {
    throw invalidInput(
      `Expected \`resume\` to be a run of the job ${input.job}, got "${runId}"${run ? `, a run of ${run.job}` : ', which the ledger does not know'}: take the run's id from its execution's name.`,
    );
  }
  if (run.executionArn === executionArn) return answer(run, await unfinishedChains(ledger, runId));
  // Every item is settled, though the execution may have failed after the proof: only the report is left to be given.
  if (run.status === 'reconciled') return answer(run, []);
  if (await callbacks.isRunning(run.executionArn)) {
    throw new WorkerChainsError(
      ERROR_CODES.overlapping,
      `Run ${runId} is still served by the execution ${run.executionArn}: stop that one before another takes over.`,
    );
  }
  const quota = await readQuota();
  guardSending(quota);
  // A run that was paused, at a rate of 0, starts again like a new one.
  const keepsRate = input.rate === undefined && run.rate > 0;
  const rate = keepsRate ? keptRate(run, quota, settings) : rateFor(input, quota, settings);
  await activate(run.job, runId, dependencies);
  if (run.status === 'creating') {
    await ledger.createChains(run);
    await ledger.setRunStatus(runId, 'running');
  }
  const adopted = await ledger.adoptRun(run, executionArn, {
    rate,
    quotaPerSecond: quota.perSecond,
    linkSeconds: Math.min(input.linkSeconds ?? run.linkSeconds, settings.linkSeconds),
  });
  if (!adopted) {
    // A ReconcileRun of the execution that was stopped may have come to its proof in the meantime.
    const now = await ledger.readRun(runId);
    if (now?.status === 'reconciled') {
      await ledger.deactivate(run.job, runId);
      return answer(now, []);
    }
    throw new WorkerChainsError(
      ERROR_CODES.overlapping,
      `Run ${runId} was taken up by another execution at the same time: follow that one.`,
    );
  }
  return answer(adopted, await unfinishedChains(ledger, runId));
}

async function unfinishedChains(ledger: Ledger, runId: string): Promise<readonly number[]> {
  const chains = await ledger.readChains(runId);
  return chains.filter(({ status }) => status !== 'finished').map(({ chainId }) => chainId);
}

function answer(run: RunRecord, chains = run.partitions.map((_, chainId) => chainId) as readonly number[]) {
  return {
    runId: run.runId,
    epochBase: run.generation * EPOCHS_PER_GENERATION,
    heartbeatSeconds: run.heartbeatSeconds,
    chainTimeoutSeconds: run.chainTimeoutSeconds,
    chains,
  };
}

function guardSending({ perSecond }: ProviderQuota): void {
  if (perSecond > 0) return;
  throw new WorkerChainsError(
    ERROR_CODES.quotaExceeded,
    "The account's sending rate is 0 per second: start the run when the provider lets the account send again.",
  );
}

function guardQuota(plan: SourcePlan, { remaining }: ProviderQuota): void {
  if (plan.items <= remaining) return;
  throw new WorkerChainsError(
    ERROR_CODES.quotaExceeded,
    `The run needs ${plan.items} of the 24-hour sending quota, of which ${remaining} are left: ` +
      `start it with at most ${remaining} items, when the quota allows it, or with "allowPartial": true.`,
  );
}

function rateFor(input: RunInput, { perSecond }: ProviderQuota, { sendShare }: CreateRunSettings): number {
  if (input.rate === undefined) return perSecond * sendShare;
  if (input.rate <= perSecond) return input.rate;
  throw invalidInput(
    `Expected \`rate\` to be at most the account's sending rate of ${perSecond} per second, got ${input.rate}: lower it, or ask the provider for more.`,
  );
}

/** An account that may send less than before leaves the run less: production keeps what the run left it. */
function keptRate(run: RunRecord, { perSecond }: ProviderQuota, { sendShare }: CreateRunSettings): number {
  const shareBefore = run.quotaPerSecond > 0 ? Math.min(1, run.rate / run.quotaPerSecond) : sendShare;
  return Math.min(run.rate, perSecond * Math.max(sendShare, shareBefore));
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

function chainTimeoutSeconds(estimatedSeconds: number): number {
  const generous = Math.ceil(CHAIN_TIMEOUT_FACTOR * estimatedSeconds);
  return Math.min(LONGEST_CHAIN_SECONDS, Math.max(SHORTEST_CHAIN_SECONDS, generous));
}
