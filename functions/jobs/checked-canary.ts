import type { Canary } from '../contract/canary';
import { demand, demandOnly, isPlain } from './invalid-job';

const FIELDS = ['share', 'feedbackSeconds'];
/** A day: what comes later is not waited for with a run that has begun. */
const LONGEST_FEEDBACK_SECONDS = 86_400;

/**
 * The `canary` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedCanary(given: Canary): Canary {
  demand(isPlain(given), '`canary` to be an object such as { share: 0.01 }', given);
  demandOnly('canary', FIELDS, given);
  const { share, feedbackSeconds } = given;
  demand(
    typeof share === 'number' && share > 0 && share <= 0.5,
    '`canary.share` to be above 0 and at most 0.5, the part of the items that goes first',
    share,
  );
  demand(
    feedbackSeconds === undefined ||
      (Number.isInteger(feedbackSeconds) && feedbackSeconds >= 0 && feedbackSeconds <= LONGEST_FEEDBACK_SECONDS),
    `\`canary.feedbackSeconds\` to be a whole number from 0 to ${LONGEST_FEEDBACK_SECONDS}`,
    feedbackSeconds,
  );
  return Object.freeze({ share, ...(feedbackSeconds !== undefined && { feedbackSeconds }) });
}
