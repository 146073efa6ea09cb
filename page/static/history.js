import { getJson } from './connection.js';
import { element, setAttribute, setHidden, setText } from './dom.js';
import { count, counted, offset, timeOfDay } from './format.js';
import { explainEvents } from './history-context.js';

/** As many as the server gives at once. */
const EVENTS_PER_REQUEST = 1000;
/** Rows drawn at first, and added whenever the reader comes near the end. */
const ROWS_PER_STEP = 200;

/** The execution's events as GetExecutionHistory returns them: every event is held, only those in reach are drawn. */
export function createHistory(panel) {
  const parts = layOut(panel);
  let held = empty();
  let view = { filter: '', newestFirst: false };
  let body = parts.table.tBodies[0];
  const open = new Set();

  parts.filter.addEventListener('input', () => {
    view = { ...view, filter: parts.filter.value.trim().toLowerCase() };
    redraw();
  });
  parts.order.addEventListener('change', () => {
    view = { ...view, newestFirst: parts.order.checked };
    redraw();
  });
  new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) drawMore();
    },
    { rootMargin: '600px' },
  ).observe(parts.end);

  function redraw() {
    held.drawn = 0;
    held.matches = held.rows.filter(matches);
    const fresh = element('tbody');
    body.replaceWith(fresh);
    body = fresh;
    drawMore();
  }

  function drawMore() {
    const { matches: all, drawn } = held;
    const ordered = view.newestFirst ? all.slice().reverse() : all;
    const step = ordered.slice(drawn, drawn + ROWS_PER_STEP);
    body.append(...step.map((row) => eventRow(row, held.startedAt, open)));
    held.drawn += step.length;
    summarise();
  }

  function add(events) {
    const rows = explainEvents(events, held.contexts);
    held.rows.push(...rows);
    held.lastId = events.at(-1).id;
    held.startedAt ??= Date.parse(events[0].timestamp);
    const found = rows.filter(matches);
    const wasFull = held.drawn === held.matches.length;
    held.matches.push(...found);
    if (view.newestFirst) {
      body.prepend(...found.toReversed().map((row) => eventRow(row, held.startedAt, open)));
      held.drawn += found.length;
    } else if (wasFull) drawMore();
    summarise();
  }

  function matches(row) {
    if (view.filter === '') return true;
    row.words ??= `${row.event.id} ${row.event.type} ${row.place} ${JSON.stringify(row.details ?? '')}`.toLowerCase();
    return row.words.includes(view.filter);
  }

  function summarise() {
    const all = held.rows.length;
    const text =
      view.filter === '' ? counted(all, 'event') : `${count(held.matches.length)} of ${counted(all, 'event')}`;
    setText(parts.summary, all > 0 ? text : '');
    setText(document.querySelector('[data-count="history"]'), all > 0 ? count(all) : '');
    setHidden(parts.table, held.matches.length === 0);
    setHidden(parts.empty, held.matches.length > 0);
    setText(parts.empty, all === 0 ? 'No event yet.' : `No event contains “${parts.filter.value.trim()}”.`);
  }

  return {
    show() {
      summarise();
    },
    update({ execution }) {
      if (!execution || execution.arn === held.arn) return;
      held = { ...empty(), arn: execution.arn };
      open.clear();
      redraw();
    },
    /** Fetches what is new, in steps until there is no more. */
    async refresh() {
      const mine = held;
      for (;;) {
        const { events } = await getJson(`/api/history?after=${mine.lastId}&limit=${EVENTS_PER_REQUEST}`);
        // Another execution began meanwhile: these events are not its own.
        if (mine !== held || events.length === 0) return;
        add(events);
        if (events.length < EVENTS_PER_REQUEST) return;
      }
    },
  };
}

function empty() {
  return { arn: undefined, rows: [], contexts: new Map(), matches: [], drawn: 0, lastId: 0, startedAt: undefined };
}

function layOut(panel) {
  const parts = {
    filter: element('input', {
      type: 'search',
      id: 'history-filter',
      placeholder: 'Filter: type, state, chain, error …',
      autocomplete: 'off',
    }),
    order: element('input', { type: 'checkbox' }),
    summary: element('p', { class: 'summary', role: 'status' }),
    empty: element('p', { class: 'empty' }),
    end: element('div', { class: 'end' }),
  };
  const heads = [
    ['Id', 'id'],
    ['Type', 'type'],
    ['State', 'place'],
    ['After', 'after'],
    ['Time', 'time'],
  ].map(([label, className]) => element('th', { scope: 'col', class: className }, label));
  parts.table = element(
    'table',
    { class: 'events' },
    element('caption', { class: 'visually-hidden' }, 'Events of the execution'),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody'),
  );
  panel.append(
    element(
      'div',
      { class: 'toolbar' },
      element('h1', {}, 'History'),
      element('label', { class: 'visually-hidden', for: 'history-filter' }, 'Filter events'),
      parts.filter,
      element('label', { class: 'check' }, parts.order, 'Newest first'),
      parts.summary,
    ),
    element('div', { class: 'card flush' }, parts.empty, parts.table, parts.end),
  );
  return parts;
}

function eventRow({ event, place, details, tone }, startedAt, open) {
  const button = element('button', { type: 'button', class: 'expand', 'aria-expanded': 'false' }, event.type);
  const row = element(
    'tr',
    { 'data-tone': tone },
    element('td', { class: 'id' }, String(event.id)),
    element('td', { class: 'type' }, details ? button : element('span', { class: 'plain' }, event.type)),
    element('td', { class: 'place' }, place),
    element('td', { class: 'after' }, offset(Date.parse(event.timestamp) - startedAt, true)),
    element('td', { class: 'time' }, timeOfDay(event.timestamp)),
  );
  const toggle = (shown) => {
    setAttribute(button, 'aria-expanded', String(shown));
    if (!shown) return row.nextElementSibling?.remove();
    const text = JSON.stringify(details, null, 2);
    row.after(element('tr', { class: 'details' }, element('td', { colSpan: 5 }, element('pre', {}, text))));
  };
  button.addEventListener('click', () => {
    const shown = !open.has(event.id);
    if (shown) open.add(event.id);
    else open.delete(event.id);
    toggle(shown);
  });
  if (open.has(event.id) && details) queueMicrotask(() => toggle(true));
  return row;
}
