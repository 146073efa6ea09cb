import { errorName } from '../contract/aws-errors';
import type { Clock } from '../contract/clock';
import { Refusal } from '../contract/errors';
import { keptCode, keptMessage } from '../contract/kept-text';
import { inDoubt } from '../contract/verdicts';

/** Seconds of a provider that says nothing else. */
export const USUAL_TIMEOUT_SECONDS = 10;
/** An attempt whose signal was aborted may say so long what became of it. */
const LAST_WORD_MILLISECONDS = 1000;

export interface TimeLimit {
  readonly timeoutSeconds: number;
  readonly clock: Clock;
}

/**
 * Makes one attempt of a call. Resolves with what it returns.
 *
 * @throws Refusal where it throws, or does not settle in time: what is no refusal is ambiguous, with the error's name as code
 */
export function timedAttempt<Result>(
  attempt: (signal: AbortSignal) => Promise<Result> | Result,
  { timeoutSeconds, clock }: TimeLimit,
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = controller;
  return new Promise((resolve, reject) => {
    let cancel = clock.after(timeoutSeconds * 1000, () => {
      const late = `The call was given up after ${timeoutSeconds} s.`;
      cancel = clock.after(LAST_WORD_MILLISECONDS, () => reject(inDoubt('TimeoutError', late)));
      controller.abort(new DOMException(late, 'TimeoutError'));
    });
    const end = async () => attempt(signal);
    end()
      .then(resolve, (error) => reject(refusalOf(error)))
      .finally(() => cancel());
  });
}

function refusalOf(error: unknown): Refusal {
  if (isRefusal(error)) return error;
  return new Refusal('ambiguous', keptCode(errorName(error)), keptMessage(error), { cause: error });
}

/** An attempt may throw anything, a revoked proxy too. */
export function isRefusal(error: unknown): error is Refusal {
  try {
    return error instanceof Refusal;
  } catch {
    return false;
  }
}
