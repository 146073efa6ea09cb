/** Why a state failed, as Retry and Catch match it and the history shows it. */
export interface Failure {
  /** Absent when `SendTaskFailure` named none. */
  readonly error?: string;
  readonly cause?: string;
  /** A missed heartbeat is both a `States.HeartbeatTimeout` and a `States.Timeout`, whatever name the history shows. */
  readonly missedHeartbeat?: boolean;
}

/** Thrown by the evaluation of a state; the interpreter turns it into Retry, Catch or the end of the execution. */
export class StateFailure extends Error {
  constructor(
    readonly failure: Failure,
    /** Field of the state whose expression failed; such failures are recorded as `EvaluationFailed`. */
    readonly location?: string,
  ) {
    super(failure.cause);
  }
}

export const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError';
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';
const RUNTIME = 'States.Runtime';
const TIMEOUT = 'States.Timeout';
const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout';

/** Whether a retrier or catcher with this `ErrorEquals` takes the failure. */
export function matches(errorEquals: readonly string[], failure: Failure): boolean {
  // AWS neither retries nor catches States.Runtime, even by name.
  if (failure.error === RUNTIME) return false;
  return errorEquals.some((name) => matchesName(name, failure));
}

function matchesName(name: string, { error, missedHeartbeat = false }: Failure): boolean {
  if (name === error) return true;
  if (name === 'States.ALL') return error !== DATA_LIMIT_EXCEEDED;
  if (name === 'States.TaskFailed') return error !== DATA_LIMIT_EXCEEDED && error !== TIMEOUT && !missedHeartbeat;
  return missedHeartbeat && (name === TIMEOUT || name === HEARTBEAT_TIMEOUT);
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

/** Milliseconds before the next attempt; `retried` is how often this retrier has been used before. */
export function retryDelay(retrier: Retrier, retried: number, random: () => number): number {
  const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** retried, retrier.maxDelaySeconds);
  return Math.round((retrier.fullJitter ? random() * seconds : seconds) * 1000);
}
