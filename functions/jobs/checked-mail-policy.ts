import type { FeedbackLimits, MailPolicy } from '../contract/mail-policy';
import { demand, demandOnly, isPlain } from './invalid-job';

const FIELDS = ['feedback', 'sameAddress'];
const FEEDBACK_FIELDS = ['bounces', 'complaints', 'leastMails', 'action'];

/**
 * The `mail` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedMailPolicy(given: MailPolicy): MailPolicy {
  demand(isPlain(given), '`mail` to be an object such as { feedback: { bounces: 0.05 } }', given);
  demandOnly('mail', FIELDS, given);
  const { feedback, sameAddress } = given;
  demand(
    sameAddress === undefined || sameAddress === 'send' || sameAddress === 'skip',
    '`mail.sameAddress` to be one of send, skip',
    sameAddress,
  );
  return Object.freeze({
    ...(feedback !== undefined && { feedback: checkedLimits(feedback) }),
    ...(sameAddress !== undefined && { sameAddress }),
  });
}

function checkedLimits(given: FeedbackLimits): FeedbackLimits {
  demand(isPlain(given), '`mail.feedback` to be an object such as { bounces: 0.05 }', given);
  demandOnly('mail.feedback', FEEDBACK_FIELDS, given);
  const { bounces, complaints, leastMails, action } = given;
  demand(isShare(bounces), '`mail.feedback.bounces` to be a share above 0, at most 1', bounces);
  demand(isShare(complaints), '`mail.feedback.complaints` to be a share above 0, at most 1', complaints);
  demand(
    leastMails === undefined || (Number.isSafeInteger(leastMails) && leastMails >= 1),
    '`mail.feedback.leastMails` to be a whole number of at least 1',
    leastMails,
  );
  demand(
    action === undefined || action === 'stop' || action === 'pause',
    '`mail.feedback.action` to be one of stop, pause',
    action,
  );
  return Object.freeze({ ...given });
}

function isShare(share: number | undefined): boolean {
  return share === undefined || (typeof share === 'number' && share > 0 && share <= 1);
}
