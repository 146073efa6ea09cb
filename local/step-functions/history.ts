import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';

/** The details object of an event under AWS's own key, for instance `{taskFailedEventDetails: {…}}`. */
export type EventDetails = Omit<HistoryEvent, 'timestamp' | 'type' | 'id' | 'previousEventId'>;

/** An event as it is kept: JSON, and without a Date for each of up to 25,000 events. */
export interface StoredEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: HistoryEventType;
  readonly details?: EventDetails;
}

/** What AWS says of a payload in the history: this engine never shortens one. */
export const UNTRUNCATED = { truncated: false } as const;

/** The event in the shape of the JavaScript SDK. */
export function historyEvent(event: StoredEvent, includeExecutionData = true): HistoryEvent {
  const details = includeExecutionData ? event.details : withoutData(event.details);
  return {
    timestamp: new Date(event.at),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...details,
  };
}

/** Payloads are left out of the details; everything else stays, `parameters` of TaskScheduled included, as on AWS. */
function withoutData(details: EventDetails | undefined): EventDetails | undefined {
  if (details === undefined) return undefined;
  const [[key, value] = ['', {}]] = Object.entries(details);
  const { input, inputDetails, output, outputDetails, ...rest } = value as Record<string, unknown>;
  return { [key]: rest };
}
