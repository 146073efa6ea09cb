import type { SendWindow } from '../contract/send-window';
import { demand } from './invalid-job';

/**
 * The `sendWindow` of a job, as it stays.
 *
 * @throws InvalidJob where it cannot work: one sentence about the first such thing
 */
export function checkedSendWindow<Data>(given: SendWindow<Data>): SendWindow<Data> {
  demand(
    typeof given === 'object' && given !== null && !Array.isArray(given),
    "`sendWindow` to be an object such as { from: '09:00', until: '18:00', zone: 'Europe/Berlin' }",
    given,
  );
  return Object.freeze({ ...given });
}
