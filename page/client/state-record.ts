import type { ExplainedEvent } from './history-context';

/** What the history says of a state when it was entered last. Values are parsed JSON. */
export interface StateRecord {
  /** Absent where it was not entered. */
  readonly input?: unknown;
  /** Absent until it was exited. */
  readonly output?: unknown;
  /** Of what failed in it last, where it was not exited after that. */
  readonly error?: string;
  readonly cause?: unknown;
}

/** The events of a top-level state, those of its iterations included. */
export function eventsOf(rows: readonly ExplainedEvent[], name: string): readonly ExplainedEvent[] {
  return rows.filter(({ topState }) => topState === name);
}

/** @param rows the events of one top-level state, in their order */
export function stateRecord(rows: readonly ExplainedEvent[]): StateRecord {
  const entered = rows.findLastIndex(
    ({ event, iteration }) => iteration === undefined && /StateEntered$/.test(event.type),
  );
  if (entered < 0) return {};
  const since = rows.slice(entered);
  const input = since[0]?.details?.input ?? null;
  const exit = since.find(({ event, iteration }) => iteration === undefined && /StateExited$/.test(event.type));
  if (exit !== undefined) return { input, output: exit.details?.output ?? null };
  const failed = since.findLast(({ details, tone }) => tone === 'bad' && details?.error !== undefined);
  if (failed === undefined) return { input };
  const { error, cause } = failed.details ?? {};
  return { input, error: String(error), ...(cause !== undefined && { cause }) };
}
