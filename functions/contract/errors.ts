import { isTransient } from './aws-errors';
import { ERROR_CODES, type ErrorCode } from './names';

/**
 * A failure of a run or a chain, told by its literal code. The code is the error's `name`, because Lambda reports the
 * name as `errorType` and Step Functions matches that in Retry and Catch.
 */
export class WorkerChainsError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
    // Step Functions shows the stack with the cause. What is said on purpose needs none: the sentence stands alone.
    this.stack = `${code}: ${message}`;
  }
}

/**
 * A later deployment wrote what this code reads. Whoever meets it touches nothing and fails in a way that the state machine
 * tries again, by when the later deployment may be there: `Chain.Crashed` of a link, `Run.Unavailable` of a state that is
 * asked once. Neither needs a definition that knows of versions.
 */
export class LaterVersion extends Error {
  override readonly name = 'LaterVersion';

  constructor(what: string, version: number, known: number) {
    super(
      `Expected ${what} to be of version ${known} or before, got version ${version}, of a later deployment: ` +
        'deploy that again, then redrive the execution if it has failed.',
    );
  }
}

/**
 * The error to throw where the execution's input is refused: its name is `Run.InvalidInput`.
 *
 * @param sentence what was expected, what came, and what to do
 */
export function invalidInput(sentence: string): Error {
  return new WorkerChainsError(ERROR_CODES.invalidInput, sentence);
}

/**
 * The error for a source to throw where what it reads has been replaced while a run is on: its name is
 * `Run.SourceChanged`, and the whole execution ends with it at once.
 *
 * @param sentence what was expected, what came, and what to do
 */
export function sourceChanged(sentence: string): Error {
  return new WorkerChainsError(ERROR_CODES.sourceChanged, sentence);
}

/**
 * What a state that is asked once, and not a chain, fails with: its own code, or `Run.Unavailable` where a service did not
 * answer for as long as it was asked, which the state machine tries again. Anything else is a defect and stays as it is.
 */
export function runFailure(error: unknown): unknown {
  if (error instanceof LaterVersion) {
    return new WorkerChainsError(ERROR_CODES.unavailable, error.message, { cause: error });
  }
  if (error instanceof WorkerChainsError || !isTransient(error)) return error;
  const { name, message } = error as Error;
  return new WorkerChainsError(
    ERROR_CODES.unavailable,
    `A service that the run needs did not answer (${name}: ${message}): the state machine asks again for some minutes, then redrive the execution.`,
    { cause: error },
  );
}

/**
 * What a provider (the mail service, say) answered to one attempt, as far as the chain must know it:
 * - `throttled`: refused for its rate, definitely not done; may be tried again after a pause
 * - `quota-exhausted`: refused for the day, definitely not done; the chain ends with `Chain.QuotaExhausted`
 * - `rejected`: refused for what was asked, definitely not done; the item is unprocessed with `code`
 * - `suppressed`: not sent, on purpose: whoever it is for must not or does not want to get it; the item is skipped, with
 *   `code` as the reason
 * - `ambiguous`: no answer, or one that leaves open whether it happened; the item is in doubt, never tried again – unless
 *   the provider honours the idempotency key, or the run is to deliver at least once
 */
export type RefusalKind = 'throttled' | 'quota-exhausted' | 'rejected' | 'suppressed' | 'ambiguous';

/** What belongs to a refusal beside its code and message. */
export interface RefusalOptions extends ErrorOptions {
  /** Of one that is `throttled`: seconds for which its provider wants no more calls, above 0. @default - it does not say */
  readonly retryAfterSeconds?: number;
}

/** Thrown by an effect, `send` or `call`, that did not succeed. An attempt throws one by `throttled`, `rejected` or `inDoubt`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Seconds for which the provider wants no more calls, where it said so. */
  readonly retryAfterSeconds?: number;

  constructor(
    readonly kind: RefusalKind,
    /** The provider's own error code, for instance `MessageRejected`. */
    readonly code: string,
    message: string,
    options: RefusalOptions = {},
  ) {
    super(message, options);
    const { retryAfterSeconds } = options;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Refused until a certain time, definitely not done, and nothing was asked of a provider: the item is carried, and its chain
 * is parked until then.
 */
export class NotBefore extends Refusal {
  constructor(
    /** Milliseconds since the epoch. */
    readonly until: number,
    code: string,
    message: string,
  ) {
    super('quota-exhausted', code, message);
  }
}
