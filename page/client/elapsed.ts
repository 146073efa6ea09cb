import type { ExecutionSummary } from '../view';

type Span = Pick<ExecutionSummary, 'status' | 'startDate' | 'stopDate'>;

/**
 * When an execution ended or, while it runs, `now`: in milliseconds since 1970-01-01T00:00:00Z. One that was redriven
 * runs, whatever end of the attempt before is still told.
 */
export function endOf({ status, stopDate }: Span, now: string): number {
  return Date.parse(status === 'RUNNING' ? now : (stopDate ?? now));
}

/** Milliseconds. */
export function elapsedOf(execution: Span, now: string): number {
  return endOf(execution, now) - Date.parse(execution.startDate);
}
