import { invalidInput, WorkerChainsError } from '../contract/errors';
import type { Job } from '../contract/job';
import { ERROR_CODES } from '../contract/names';
import type { CreateWorkersEvent, CreateWorkersResult, RunInput } from '../contract/payloads';
import type { ProviderQuota } from '../contract/quota';
import { hoursOf } from '../contract/send-window';
import { activePlaceOf, type RunRecord } from '../ledger/records';
import { guardSending, quotaValues, rateOfNewRun, rateWithin, takePart } from './budget';
import { chainsToGo, guardConcurrency } from './concurrent-links';
import { readJobQuota } from './job-quota';
import { guardRamp, readRamp } from './ramp';
import { expiryOf, type RunSettings } from './run-settings';
import { itemsPerPermit } from './sizing';
import { guardDuration, itemsLeft, itemsWithin, workingSeconds } from './time-limits';
import { activate, type ClaimsDependencies, claimantOf, confirmClaims } from './uniqueness';
import { storeChains, workersOf } from './workers';

export interface ResumeRunDependencies extends ClaimsDependencies {
  readonly readQuota: () => Promise<ProviderQuota>;
  readonly settings: RunSettings;
}

/** A run that is taken over is kept for longer only if that is worth writing all of its records again. */
const WORTH_EXTENDING_SECONDS = 86_400;

/** Goes on with the run `runId` from the ledger, in an execution that need not be the one that started it. */
export async function resumeRun(
  event: CreateWorkersEvent,
  input: RunInput,
  runId: string,
  job: Job,
  dependencies: ResumeRunDependencies,
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
  if (run.status === 'reconciled') return nothingLeft(run, executionArn);
  await confirmClaims(run, dependencies);
  const values = run.executionArn === executionArn ? undefined : await resumedValues(run, input, job, dependencies);
  // The claim names the execution that resumes: until it was seen to have ended, nobody else takes the run up.
  await activate(run, claimantOf(event, runId), dependencies);
  const adopted = values ? await adopt(run, executionArn, values, dependencies) : run;
  if (adopted.status === 'reconciled') return nothingLeft(adopted, executionArn);
  await takePart(job, adopted, ledger);
  const chains = await ledger.readChains(runId);
  if (chains.some(({ expiresAt }) => adopted.expiresAt - expiresAt >= WORTH_EXTENDING_SECONDS)) {
    await ledger.extend(runId, adopted.expiresAt);
  }
  return workersOf(
    adopted,
    chains.filter(({ status }) => status !== 'finished').map(({ chainId }) => chainId),
    chains.some(({ takes }) => takes === 'canary'),
  );
}

/** What a resumed run gets anew: its rate within what the account may send now, and the time for which it is kept. */
async function resumedValues(
  run: RunRecord,
  input: RunInput,
  job: Job,
  { ledger, readQuota, settings, clock }: ResumeRunDependencies,
): Promise<Partial<RunRecord>> {
  const chains = await ledger.readChains(run.runId);
  guardConcurrency(chainsToGo(run, chains), run, settings);
  const { sendShare } = settings;
  const { quota, rateShare, providers } = await readJobQuota(job, readQuota, sendShare);
  const { dryRun } = run;
  // A run that was paused, at a rate of 0, starts again like a new one.
  const keepsRate = input.rate === undefined && run.rate > 0;
  guardSending(quota, { dryRun, rate: keepsRate ? run.rate : input.rate });
  const rate = keepsRate
    ? rateWithin({ ...run, sendShare, rateShare }, quota.perSecond)
    : rateOfNewRun({ dryRun, rate: input.rate }, quota, rateShare);
  // A run that was stopped while it was created has no chains yet.
  const left = run.status === 'creating' ? run.plan : itemsLeft(chains);
  const itemsPerSecond = rate * itemsPerPermit(job, run);
  const now = clock.now();
  guardDuration(left, itemsPerSecond, workingSeconds(hoursOf(job, run), now));
  const ramp = run.dryRun ? undefined : await readRamp(job, quota, { ledger, clock, ...settings });
  if (ramp) guardRamp(left, ramp, itemsWithin(hoursOf(job, run), itemsPerSecond));
  return {
    rate,
    ...quotaValues(quota, sendShare, dryRun),
    rateShare,
    providers,
    ...(input.weight !== undefined && { weight: input.weight }),
    ...(input.priority !== undefined && { priority: input.priority }),
    linkSeconds: Math.min(input.linkSeconds ?? run.linkSeconds, settings.linkSeconds),
    expiresAt: Math.max(run.expiresAt, expiryOf(now, settings)),
  };
}

/** Hands the run to the execution that holds the job's place. Answers it as it is then: adopted, or proven meanwhile. */
async function adopt(
  run: RunRecord,
  executionArn: string,
  values: Partial<RunRecord>,
  dependencies: ResumeRunDependencies,
): Promise<RunRecord> {
  const { ledger } = dependencies;
  if (run.status === 'creating') await storeChains(run, ledger);
  const adopted = await ledger.adoptRun(run, executionArn, values);
  if (adopted) return adopted;
  // A ReconcileRun of the execution that was stopped may have come to its proof in the meantime.
  const now = await ledger.readRun(run.runId);
  if (now?.status === 'reconciled') {
    await ledger.deactivate(run);
    return now;
  }
  // A CreateWorkers that outlived its stopped execution may have been first. Whoever holds the job's place goes on.
  const holder = await ledger.claims.read(activePlaceOf(run));
  if (now && holder?.executionArn === executionArn) return adopt(now, executionArn, values, dependencies);
  throw new WorkerChainsError(
    ERROR_CODES.overlapping,
    `Run ${run.runId} was taken up by another execution at the same time: follow that one.`,
  );
}

/** The answer for a run that is proven. An execution other than its own begins a new round all the same: it accepts what was counted. */
function nothingLeft(run: RunRecord, executionArn: string): CreateWorkersResult {
  const generation = run.executionArn === executionArn ? run.generation : run.generation + 1;
  return workersOf({ ...run, generation }, []);
}
