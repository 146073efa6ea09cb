import { errorName } from '../contract/aws-errors';
import { Refusal, type RefusalKind } from '../contract/errors';
import { isSkip } from '../contract/job';
import { keptCode, keptMessage, keptReason } from '../contract/kept-text';
import type { ItemOutcome, Leftover } from '../contract/outcomes';
import type { EffectsSeen } from './item-effects';
import { Interrupted } from './paced-attempt';

/**
 * How an item came out: what the providers answered counts first, then what the job returned or threw.
 *
 * @param result what the job returned
 * @param thrown what it threw; undefined if it threw nothing
 */
export function outcomeOf(seen: EffectsSeen, result: unknown, thrown: unknown): ItemOutcome {
  const { failures, succeeded, personal } = seen;
  const ambiguous = failures.find((error) => isOfKind(error, 'ambiguous'));
  if (ambiguous) return failed('in-doubt', ambiguous, seen);
  const failure = thrown ?? failures[0];
  // The item got part of what it was to get. To do it again would repeat that part.
  if (failure && succeeded > 0) return failed('in-doubt', failure, seen);
  const quotaExhausted = failures.find((error) => isOfKind(error, 'quota-exhausted'));
  if (quotaExhausted) return { outcome: 'carried', quotaExhausted: keptMessage(quotaExhausted, personal()) };
  if (failures.some((error) => error instanceof Interrupted)) return { outcome: 'carried' };
  if (isSkip(result)) return { outcome: 'skipped', reason: keptReason(result.reason) };
  return failure ? failed('unprocessed', failure, seen) : { outcome: 'done' };
}

function failed(outcome: Leftover, error: unknown, { personal }: EffectsSeen): ItemOutcome {
  const code = keptCode(isRefusal(error) ? error.code : errorName(error));
  return { outcome, code, message: keptMessage(error, personal()) };
}

function isOfKind(error: unknown, kind: RefusalKind): boolean {
  return error instanceof Refusal && error.kind === kind;
}

function isRefusal(error: unknown): error is Refusal {
  try {
    return error instanceof Refusal;
  } catch {
    // A job may throw anything, a revoked proxy too.
    return false;
  }
}
