import type { Clock } from '../contract/clock';
import type { Job } from '../contract/job';
import type { RunInput } from '../contract/payloads';
import { sendsMail } from '../contract/provider';
import type { ProviderQuota } from '../contract/quota';
import { itemsOf, type Source } from '../contract/source';
import type { ItemsRequest, Outline, OutlineRequest, SurveyEvent, SurveyedItems } from '../contract/survey-event';
import { ItemHours } from '../effects/item-hours';
import { rateOfNewRun } from '../run/budget';
import { parseInput } from '../run/input';
import { readJobQuota } from '../run/job-quota';
import { plannedCanary } from '../run/planned-canary';
import { type RampDependencies, readRamp } from '../run/ramp';
import { chainsFor, chunkItemsOf, itemsPerPermit, leastConcurrency } from '../run/sizing';
import { dataOf } from '../sources/item-data';
import { Findings } from './findings';
import { type LookTerms, lookAt } from './look-at';

export interface SurveyDependencies extends LookTerms, Pick<RampDependencies, 'ledger' | 'sendingDomain'> {
  readonly clock: Clock;
  readonly findJob: (name: string) => Job;
  readonly sourceFor: (input: RunInput, job: Job) => Source;
  readonly readQuota: () => Promise<ProviderQuota>;
  /** Share of SES's rate and quota that runs may use, above 0 to 1. */
  readonly sendShare: number;
  /** Longest that a link works before it hands over. */
  readonly linkSeconds: number;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
}

/** Items that are read at a time, as a link does. */
const PAGE_ITEMS = 100;
/** A survey that has no more time than this answers what it has. */
const RESERVE_MILLISECONDS = 30_000;

/**
 * Answers what a run would cover, or how some of its items would come out. Reads what a link reads; has no effect.
 *
 * @throws `Run.InvalidInput` where a run with this input would be refused for it
 */
export async function survey(
  { survey: request }: SurveyEvent,
  deps: SurveyDependencies,
): Promise<Outline | SurveyedItems> {
  const input = parseInput(request.input);
  const job = deps.findJob(input.job);
  const source = deps.sourceFor(input, job);
  return request.step === 'outline'
    ? outline(request, input, job, source, deps)
    : surveyItems(request, job, source, deps);
}

async function outline(
  { parts }: OutlineRequest,
  input: RunInput,
  job: Job,
  source: Source,
  deps: SurveyDependencies,
): Promise<Outline> {
  const { readQuota, sendShare, linkSeconds } = deps;
  const plan = await source.plan(input);
  const { quota, rateShare } = await readJobQuota(job, readQuota, sendShare);
  const { rate, refused } = rateOrRefusal(input, quota, rateShare);
  const perPermit = itemsPerPermit(job, input);
  const canary = plannedCanary(job, input);
  const ramp = await readRamp(job, quota, deps);
  const chains = Math.min(input.chains ?? chainsFor(rate, job), leastConcurrency(job));
  return {
    job: job.name,
    input,
    plan,
    parts: await source.split(plan, parts),
    rate: rate * perPermit,
    ...(refused !== undefined && { refused }),
    chains,
    chunkItems: chunkItemsOf(job, input, rate / Math.max(1, chains), chains),
    linkSeconds: Math.min(input.linkSeconds ?? linkSeconds, linkSeconds),
    tolerated: job.tolerate.unprocessed,
    sendsMail: sendsMail(job),
    ...(job.mail?.sameAddress !== undefined && { sameAddress: job.mail.sameAddress }),
    sendShare,
    quotaPerSecond: quota.perSecond * perPermit,
    quotaPerDay: Number.isFinite(quota.perDay) ? quota.perDay : null,
    usedToday: quota.usedToday,
    ...(canary && { canary }),
    ...hoursOf(job),
    ...(ramp && { ramp }),
  };
}

function hoursOf({ sendWindow }: Job): Pick<Outline, 'hours'> {
  if (!sendWindow) return {};
  const { zoneOf, ...hours } = sendWindow;
  return { hours: { ...hours, areOwn: zoneOf !== undefined } };
}

function rateOrRefusal(input: RunInput, quota: ProviderQuota, share: number): { rate: number; refused?: string } {
  try {
    return { rate: rateOfNewRun(input, quota, share) };
  } catch (error) {
    return { rate: quota.perSecond * share, refused: (error as Error).message };
  }
}

async function surveyItems(
  { plan, cursor: first, end, limit, samples }: ItemsRequest,
  job: Job,
  source: Source,
  deps: SurveyDependencies,
): Promise<SurveyedItems> {
  const findings = new Findings(samples);
  const hours = new ItemHours(job.sendWindow, deps.clock);
  let cursor = first;
  while (source.compare(cursor, end) < 0 && findings.items < limit) {
    if (findings.items > 0 && deps.remainingMilliseconds() < RESERVE_MILLISECONDS) break;
    const page = await source.read(plan, cursor, end, Math.min(PAGE_ITEMS, limit - findings.items));
    const loaded = (await dataOf(itemsOf(page), plan, job, source)).map((item) => hours.withZone(item));
    for (const item of loaded) findings.noteOpening(hours.itemOpensAt(item));
    await lookAt(loaded, job, findings, deps);
    cursor = page.next;
  }
  return findings.answer(source.compare(cursor, end) < 0 ? cursor : undefined);
}
