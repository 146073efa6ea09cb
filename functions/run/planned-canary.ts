import type { Canary } from '../contract/canary';
import type { Job } from '../contract/job';
import type { RunInput } from '../contract/payloads';
import { sendsMail } from '../contract/provider';

/** How long what mailbox providers say of a canary's mails is waited for: most bounces come within minutes. */
const FEEDBACK_SECONDS = 600;

/**
 * The canary of a run; undefined where all items go at once. What somebody has listed, or was left over, needs none; nor does
 * a dry run.
 */
export function plannedCanary(
  job: Job,
  { ids, unprocessedOf, inDoubtOf, dryRun }: RunInput,
): Required<Canary> | undefined {
  const isOverFew = Array.isArray(ids) || unprocessedOf !== undefined || inDoubtOf !== undefined;
  if (!job.canary || isOverFew || dryRun) return undefined;
  const { share, feedbackSeconds = sendsMail(job) ? FEEDBACK_SECONDS : 0 } = job.canary;
  return { share, feedbackSeconds };
}
