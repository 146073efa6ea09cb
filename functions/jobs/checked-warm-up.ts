import type { WarmUp } from '../contract/send-window';
import { demand } from './invalid-job';

/**
 * The `warmUp` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedWarmUp(given: WarmUp): WarmUp {
  demand(
    typeof given === 'object' && given !== null && !Array.isArray(given),
    '`warmUp` to be an object such as { firstDay: 200 }',
    given,
  );
  return Object.freeze({ ...given });
}
