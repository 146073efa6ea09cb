import type { LinkEvent } from '../functions/contract/payloads';
import type { HistoryEvent, LinkOutcome } from './view';

/** One attempt of a chain, as the history of its execution has it. Times in milliseconds since the epoch. */
export interface AttemptSpan {
  readonly chainId: number;
  readonly epoch: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Of its last link. */
  readonly outcome?: LinkOutcome;
}

type Open = { -readonly [Field in keyof AttemptSpan]: AttemptSpan[Field] };

/** How the last link ended where the task failed with this code. Any other: it threw. */
const FAILURES: Readonly<Record<string, LinkOutcome>> = {
  'Chain.Crashed': 'died',
  // It has ended in good order, and waits for its hour.
  'Chain.Parked': 'returned',
};

/**
 * The attempts of chains, as an execution's history tells of them: each is a task that starts link 0 and is answered by
 * the last link. Chains of a distributed Map run in executions of their own, and are not in it.
 */
export class AttemptsInHistory {
  private readonly attempts: Open[] = [];
  /** Those under way, by the id of their newest event. */
  private readonly open = new Map<number, Open>();

  /** Takes in the next event. */
  apply(event: HistoryEvent): void {
    const { id, type, previousEventId } = event;
    if (type === 'TaskScheduled') {
      const attempt = attemptIn(event);
      if (attempt === undefined) return;
      this.attempts.push(attempt);
      this.open.set(id, attempt);
      return;
    }
    if (/^Execution(Failed|Aborted|TimedOut|Succeeded)$/.test(type)) this.endAll(event);
    const attempt = this.open.get(previousEventId);
    if (attempt === undefined) return;
    this.open.delete(previousEventId);
    const outcome = outcomeOf(event);
    if (outcome === undefined) this.open.set(id, attempt);
    else end(attempt, event, outcome);
  }

  /** In the order in which they started. */
  of(chainId: number): readonly AttemptSpan[] {
    return this.attempts.filter((attempt) => attempt.chainId === chainId);
  }

  /** With its execution a chain ends quietly, within a heartbeat interval. */
  private endAll(event: HistoryEvent): void {
    for (const attempt of this.open.values()) end(attempt, event, 'returned');
    this.open.clear();
  }
}

function end(attempt: Open, { timestamp }: HistoryEvent, outcome: LinkOutcome): void {
  attempt.endedAt = Date.parse(timestamp);
  attempt.outcome = outcome;
}

function attemptIn({ taskScheduledEventDetails, timestamp }: HistoryEvent): Open | undefined {
  const { parameters = 'null' } = (taskScheduledEventDetails ?? {}) as { readonly parameters?: string };
  const { chainId, epoch } = payloadOf(parameters);
  if (chainId === undefined || epoch === undefined) return undefined;
  return { chainId, epoch, startedAt: Date.parse(timestamp) };
}

/** Step Functions cuts what is too long, which then is no JSON any more. */
function payloadOf(parameters: string): Partial<LinkEvent> {
  try {
    return (JSON.parse(parameters) as { readonly Payload?: Partial<LinkEvent> } | null)?.Payload ?? {};
  } catch {
    return {};
  }
}

function outcomeOf({ type, taskFailedEventDetails }: HistoryEvent): LinkOutcome | undefined {
  if (type === 'TaskSucceeded') return 'returned';
  if (type === 'TaskTimedOut') return 'timed-out';
  if (type === 'TaskFailed' || type === 'TaskStartFailed' || type === 'TaskSubmitFailed') {
    const { error = '' } = (taskFailedEventDetails ?? {}) as { readonly error?: string };
    return FAILURES[error] ?? 'threw';
  }
  return undefined;
}
