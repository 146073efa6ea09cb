/**
 * Gives each event what the table shows beside it: the state and, inside a Map, the iteration it belongs to; its
 * details with the JSON in them parsed; and its tone. An event inherits its place from the event before it, as
 * `previousEventId` links them. `contexts` remembers the places and is passed again with the next events.
 */
export function explainEvents(events, contexts) {
  return events.map((event) => {
    const details = detailsOf(event);
    const context = contextOf(event, details, contexts.get(event.previousEventId));
    contexts.set(event.id, context);
    return { event, place: placeOf(context), details: details && readable(details), tone: toneOf(event.type) };
  });
}

function detailsOf(event) {
  const name = Object.keys(event).find((key) => key.endsWith('EventDetails'));
  const details = name && event[name];
  return details && Object.keys(details).length > 0 ? details : undefined;
}

function contextOf({ type }, details, before = {}) {
  if (type.startsWith('Execution')) return {};
  if (type.startsWith('MapIteration')) return { map: details?.name, state: details?.name, iteration: details?.index };
  // The Map state itself again: what follows its last iteration is no longer inside it.
  if (/^MapState(Succeeded|Failed|Aborted|Exited)$/.test(type)) {
    const map = details?.name ?? before.map ?? before.state;
    return { map, state: map };
  }
  if (type === 'MapStateEntered') return { map: details?.name, state: details?.name };
  if (type.endsWith('StateEntered') || type.endsWith('StateExited')) {
    return before.iteration === undefined ? { state: details?.name } : { ...before, state: details?.name };
  }
  return before;
}

function placeOf({ state, iteration }) {
  if (!state) return '';
  return iteration === undefined ? state : `${state} #${iteration}`;
}

/** Step Functions keeps inputs, outputs and causes as strings of JSON. */
function readable(details) {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, parsed(value)]));
}

function parsed(value) {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function toneOf(type) {
  if (/Failed|TimedOut/.test(type)) return 'bad';
  if (/Aborted/.test(type)) return 'aborted';
  if (/Succeeded/.test(type)) return 'good';
  return 'plain';
}
