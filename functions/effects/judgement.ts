import { errorName } from '../contract/aws-errors';
import { NotBefore, type Refusal, type RefusalKind } from '../contract/errors';
import { isSkip } from '../contract/job';
import { keptCode, keptMessage, keptReason } from '../contract/kept-text';
import type { ItemOutcome, Leftover } from '../contract/outcomes';
import type { EffectsSeen } from './item-effects';
import { Interrupted } from './paced-attempt';
import { isRefusal } from './timed-attempt';

/**
 * How an item came out: what the providers answered counts first, then what the job returned or threw.
 *
 * @param result what the job returned
 * @param thrown what it threw; undefined if it threw nothing
 * @see docs/writing-a-job.md, the table of outcomes
 */
export function outcomeOf(seen: EffectsSeen, result: unknown, thrown: unknown): ItemOutcome {
  const outcome = judged(seen, result, thrown);
  return seen.messageIds.length === 0 || outcome.outcome === 'carried'
    ? outcome
    : { ...outcome, messageIds: seen.messageIds };
}

function judged(seen: EffectsSeen, result: unknown, thrown: unknown): ItemOutcome {
  const { succeeded, repeatable, personal } = seen;
  const suppressed = [...seen.failures, thrown].find((error): error is Refusal => isOfKind(error, 'suppressed'));
  // Not to send to somebody is no failure.
  const failures = seen.failures.filter((error) => !isOfKind(error, 'suppressed'));
  const ambiguous = [...failures, thrown].find((error) => isOfKind(error, 'ambiguous'));
  if (ambiguous) return failed('in-doubt', ambiguous, seen);
  const failure = isOfKind(thrown, 'suppressed') ? failures[0] : (thrown ?? failures[0]);
  const quotaExhausted = failures.find((error) => isOfKind(error, 'quota-exhausted'));
  const isStopped = quotaExhausted !== undefined || failures.some((error) => error instanceof Interrupted);
  // The item got part of what it was to get. To do it again would repeat that part – now, where the provider does not
  // honour the key; and for certain once it has forgotten the key, so only the run itself goes on from here.
  if (failure && succeeded > 0 && !(isStopped && repeatable)) return failed('in-doubt', failure, seen);
  if (quotaExhausted instanceof NotBefore) return { outcome: 'carried', notBefore: quotaExhausted.until };
  if (quotaExhausted) return { outcome: 'carried', quotaExhausted: keptMessage(quotaExhausted, personal()) };
  if (isStopped) return { outcome: 'carried' };
  if (isSkip(result)) return { outcome: 'skipped', reason: keptReason(result.reason) };
  if (failure) return failed('unprocessed', failure, seen);
  // Somebody got a mail: that one was held back from another address does not make it none.
  return suppressed && succeeded === 0
    ? { outcome: 'skipped', reason: keptReason(suppressed.code) }
    : { outcome: 'done' };
}

function failed(outcome: Leftover, error: unknown, { personal }: EffectsSeen): ItemOutcome {
  const code = keptCode(isRefusal(error) ? error.code : errorName(error));
  return { outcome, code, message: keptMessage(error, personal()) };
}

function isOfKind(error: unknown, kind: RefusalKind): error is Refusal {
  return isRefusal(error) && error.kind === kind;
}
