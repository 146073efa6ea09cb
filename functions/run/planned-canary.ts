import type { Canary } from '../contract/canary';
import type { Job } from '../contract/job';
import type { RunInput } from '../contract/payloads';
import { sendsMail } from '../contract/provider';

/** How long what mailbox providers say of a canary's mails is waited for: most bounces come within minutes. */
const FEEDBACK_SECONDS = 600;

/** The canary of a run; undefined where all items go at once. What somebody has listed, or was left over, needs none. */
export function plannedCanary(job: Job, { ids, unprocessedOf, inDoubtOf }: RunInput): Required<Canary> | undefined {
  if (!job.canary || Array.isArray(ids) || unprocessedOf !== undefined || inDoubtOf !== undefined) return undefined;
  const { share, feedbackSeconds = sendsMail(job) ? FEEDBACK_SECONDS : 0 } = job.canary;
  return { share, feedbackSeconds };
}
