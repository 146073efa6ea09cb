import { WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { FEEDBACK_DEFAULTS } from '../contract/mail-policy';
import { ERROR_CODES } from '../contract/names';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from '../contract/payloads';
import { sendsMail } from '../contract/provider';
import type { ProviderQuota } from '../contract/quota';
import { hoursOf } from '../contract/send-window';
import type { Source } from '../contract/source';
import type { RunRecord } from '../ledger/records';
import { guardSending, quotaValues, rateOfNewRun, takePart } from './budget';
import { guardConcurrency, linksOf } from './concurrent-links';
import { readJobQuota } from './job-quota';
import { plannedCanary } from './planned-canary';
import { guardQuota, guardRamp, readRamp } from './ramp';
import { expiryOf, mostChains, type RunSettings } from './run-settings';
import { chainsFor, chunkItemsOf, itemsPerPermit, leastConcurrency } from './sizing';
import { guardDuration, itemsWithin, LONGEST_RUN_SECONDS, workingSeconds } from './time-limits';
import { type ClaimsDependencies, claimantOf, claimWork } from './uniqueness';
import { storeChains, workersOf } from './workers';

export interface StartRunDependencies extends ClaimsDependencies {
  /** The source that an input asks for. */
  readonly sourceFor: (input: RunInput, job: Job) => Source;
  readonly readQuota: () => Promise<ProviderQuota>;
  readonly settings: RunSettings;
}

/** Plans a run, claims what it needs for itself alone, and stores it; or answers the one that this execution stored. */
export async function startRun(
  event: CreateWorkersEvent,
  input: RunInput,
  job: Job,
  dependencies: StartRunDependencies,
): Promise<CreateWorkersResult> {
  const { ledger } = dependencies;
  const { executionArn, executionName: runId } = event;
  const before = await ledger.readRun(runId);
  if (before) guardOwnRecord(before, executionArn);
  const planned = before ?? (await planRun(executionArn, runId, input, job, dependencies));
  await claimWork(planned, claimantOf(event, runId), dependencies);
  const run = before ?? (await ledger.createRun(planned));
  guardOwnRecord(run, executionArn);
  await Promise.all([storeChains(run, ledger), takePart(job, run, ledger)]);
  return workersOf(
    run,
    run.partitions.map((_, chainId) => chainId),
    run.canary !== undefined,
  );
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
  { ledger, clock, settings, sourceFor, readQuota }: StartRunDependencies,
): Promise<RunRecord> {
  const { sendShare } = settings;
  const source = sourceFor(input, job);
  const plan = await source.plan(input);
  const { quota, rateShare, providers } = await readJobQuota(job, readQuota, sendShare);
  guardSending(quota, input);
  const now = clock.now();
  const ramp = input.dryRun ? undefined : await readRamp(job, quota, { ledger, clock, ...settings });
  if (!input.allowPartial && !input.dryRun) guardQuota(plan, ramp, quota, sendShare);
  const rate = rateOfNewRun(input, quota, rateShare);
  const perPermit = itemsPerPermit(job, input);
  guardDuration(plan, rate * perPermit, workingSeconds(hoursOf(job, input), now));
  if (ramp) guardRamp(plan, ramp, itemsWithin(hoursOf(job, input), rate * perPermit));
  guardConcurrency(input.chains ?? 1, input, settings);
  const most = Math.min(mostChains(settings), linksOf(input, settings));
  const wanted = input.chains ?? Math.min(chainsFor(rate, job), most);
  // A chain without a place at a provider could only wait.
  const chains = Math.min(wanted, leastConcurrency(job));
  const partitions = await source.split(plan, chains);
  const canary = plannedCanary(job, input);
  return {
    runId,
    job: job.name,
    status: 'creating',
    ...(input.dryRun && { dryRun: true as const }),
    source: source.kind,
    plan,
    partitions,
    delivery: input.delivery ?? job.delivery,
    tolerateUnprocessed: job.tolerate.unprocessed,
    rate,
    ...quotaValues(quota, sendShare, input.dryRun),
    rateShare,
    providers,
    ...(input.weight !== undefined && { weight: input.weight }),
    ...(input.priority !== undefined && { priority: input.priority }),
    ...(perPermit > 1 && { itemsPerPermit: perPermit }),
    ...(sendsMail(job) && !input.dryRun && { feedback: { ...FEEDBACK_DEFAULTS, ...job.mail?.feedback } }),
    ...(canary && { canary }),
    chunkItems: chunkItemsOf(job, input, rate / Math.max(1, partitions.length), chains),
    linkSeconds: Math.min(input.linkSeconds ?? settings.linkSeconds, settings.linkSeconds),
    heartbeatSeconds: settings.heartbeatSeconds,
    chainTimeoutSeconds: LONGEST_RUN_SECONDS,
    generation: 0,
    executionArn,
    ...(input.scheduledFor !== undefined && { scheduledFor: input.scheduledFor }),
    ...(input.schedule !== undefined && { schedule: input.schedule }),
    createdAt: now,
    expiresAt: expiryOf(now, settings),
  };
}
