import { roundedRate } from '../contract/rounded-rate';
import { itemsOfPermits } from './permits';
import type { RunRecord } from './records';

/**
 * Items per second with which a run that was paused may go on: what a new one would be given of the rate that its provider
 * accepted when it was planned or resumed.
 */
export function usualRate(
  run: Pick<RunRecord, 'quotaPerSecond' | 'sendShare' | 'rateShare' | 'itemsPerPermit'>,
): number {
  const { quotaPerSecond, sendShare, rateShare = sendShare } = run;
  // The account may have been paused then; any rate that is not 0 goes on.
  return roundedRate(itemsOfPermits(quotaPerSecond * rateShare, run)) || 1;
}
