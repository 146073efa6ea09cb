import { roundedRate } from '../contract/rounded-rate';
import type { RunRecord } from './records';

/**
 * Items per second with which a run that was paused may go on: what a new one would be given of the rate that its provider
 * accepted when it was planned or resumed.
 */
export function usualRate({
  quotaPerSecond,
  sendShare,
  rateShare = sendShare,
  itemsPerPermit = 1,
}: Pick<RunRecord, 'quotaPerSecond' | 'sendShare' | 'rateShare' | 'itemsPerPermit'>): number {
  // The account may have been paused then; any rate that is not 0 goes on.
  return roundedRate(quotaPerSecond * rateShare * itemsPerPermit) || 1;
}
