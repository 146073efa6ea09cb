import type { Canary } from '../contract/canary';
import { demand } from './invalid-job';

/**
 * The `canary` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedCanary(given: Canary): Canary {
  demand(
    typeof given === 'object' && given !== null && !Array.isArray(given),
    '`canary` to be an object such as { share: 0.01 }',
    given,
  );
  return Object.freeze({ ...given });
}
