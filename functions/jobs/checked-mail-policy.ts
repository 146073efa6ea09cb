import type { MailPolicy } from '../contract/mail-policy';
import { demand } from './invalid-job';

/**
 * The `mail` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedMailPolicy(given: MailPolicy): MailPolicy {
  demand(
    typeof given === 'object' && given !== null && !Array.isArray(given),
    '`mail` to be an object such as { feedback: { bounces: 0.05 } }',
    given,
  );
  return Object.freeze({ ...given });
}
