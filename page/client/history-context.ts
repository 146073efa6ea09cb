import type { HistoryEvent } from '../view';

type Details = Readonly<Record<string, unknown>>;

/** Where in the state machine an event happened. */
export interface EventContext {
  readonly map?: string | undefined;
  readonly state?: string | undefined;
  /** Of a Map, from 0. */
  readonly iteration?: number | undefined;
}

/** An event with what the table shows beside it. */
export interface ExplainedEvent {
  readonly event: HistoryEvent;
  /** The state and, inside a Map, the iteration: `RunChain #3`. */
  readonly place: string;
  /** The state of the execution itself that it happened in: the Map, of what its iterations do. Absent outside of them. */
  readonly topState?: string;
  /** Of a Map, from 0. */
  readonly iteration?: number;
  /** With the JSON in them parsed. Absent when there are none. */
  readonly details?: Details;
  readonly tone: 'bad' | 'aborted' | 'good' | 'plain';
}

/**
 * Explains events. An event inherits its place from the event before it, as `previousEventId` links them.
 *
 * @param contexts remembers the places by event id; pass it again with the next events
 */
export function explainEvents(
  events: readonly HistoryEvent[],
  contexts: Map<number, EventContext>,
): readonly ExplainedEvent[] {
  return events.map((event) => {
    const details = detailsOf(event);
    const context = contextOf(event, details, contexts.get(event.previousEventId));
    contexts.set(event.id, context);
    return {
      event,
      place: placeOf(context),
      ...insideOf(context),
      ...(details && { details: readable(details) }),
      tone: toneOf(event.type),
    };
  });
}

function detailsOf(event: HistoryEvent): Details | undefined {
  const name = Object.keys(event).find((key) => key.endsWith('EventDetails'));
  const details = name === undefined ? undefined : (event[name] as Details | undefined);
  return details && Object.keys(details).length > 0 ? details : undefined;
}

function contextOf({ type }: HistoryEvent, details: Details | undefined, before: EventContext = {}): EventContext {
  const { name, index } = (details ?? {}) as { readonly name?: string; readonly index?: number };
  if (type.startsWith('Execution')) return {};
  if (type.startsWith('MapIteration')) return { map: name, state: name, iteration: index };
  // After a redrive nothing before it tells the state; its label does, which is the state's name in our definitions.
  const label = /\/([^/:]+):[^:]+$/.exec(String(details?.mapRunArn ?? ''))?.[1];
  if (label !== undefined) return { map: label, state: label };
  // The Map state itself again: what follows its last iteration is no longer inside it.
  if (/^MapState(Succeeded|Failed|Aborted|Exited)$/.test(type)) {
    const map = name ?? before.map ?? before.state;
    return { map, state: map };
  }
  if (type === 'MapStateEntered') return { map: name, state: name };
  if (type.endsWith('StateEntered') || type.endsWith('StateExited')) {
    return before.iteration === undefined ? { state: name } : { ...before, state: name };
  }
  return before;
}

function insideOf({ map, state, iteration }: EventContext): Pick<ExplainedEvent, 'topState' | 'iteration'> {
  const topState = map ?? state;
  return { ...(topState !== undefined && { topState }), ...(iteration !== undefined && { iteration }) };
}

function placeOf({ state, iteration }: EventContext): string {
  if (!state) return '';
  return iteration === undefined ? state : `${state} #${iteration}`;
}

/** Step Functions keeps inputs, outputs and causes as strings of JSON. */
function readable(details: Details): Details {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, parsed(value)]));
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toneOf(type: string): ExplainedEvent['tone'] {
  if (/Failed|TimedOut/.test(type)) return 'bad';
  if (/Aborted/.test(type)) return 'aborted';
  if (/Succeeded/.test(type)) return 'good';
  return 'plain';
}
