import { Component, Fragment, type RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ExecutionView } from '../view';
import type { EventLog } from './event-log';
import { count, counted, offset, timeOfDay } from './format';
import type { ExplainedEvent } from './history-context';

/** Rows drawn at first, and added whenever the reader comes near the end. */
const ROWS_PER_STEP = 200;
const COLUMNS = [
  ['id', 'Id'],
  ['type', 'Type'],
  ['place', 'State'],
  ['after', 'After'],
  ['time', 'Time'],
] as const;

/** The execution's events as GetExecutionHistory returns them: every event is held, only those in reach are drawn. */
export function HistoryPanel({
  log,
  execution,
}: {
  readonly log: EventLog;
  readonly execution: ExecutionView | undefined;
}) {
  const [filter, setFilter] = useState('');
  const [newestFirst, setNewestFirst] = useState(false);
  const [errorsOnly, setErrorsOnly] = useState(false);
  const [place, setPlace] = useState('');
  const [reach, setReach] = useState(ROWS_PER_STEP);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const rows = log.arn === execution?.arn ? log.rows : [];
  const places = useMemo(() => placesOf(rows), [rows]);
  const wanted = useMemo(
    () => rows.filter((row) => (place === '' || row.place === place) && (!errorsOnly || isError(row))),
    [rows, place, errorsOnly],
  );
  const found = useMatches(wanted, filter.trim().toLowerCase());
  const drawn = (newestFirst ? found.toReversed() : found).slice(0, reach);
  const end = useNearEnd(() => setReach((now) => now + ROWS_PER_STEP));
  const show = (change: () => void) => {
    change();
    setReach(ROWS_PER_STEP);
  };
  const toggle = (id: number) =>
    setOpen((now) => (now.has(id) ? new Set([...now].filter((other) => other !== id)) : new Set([...now, id])));
  const startedAt = Date.parse(rows[0]?.event.timestamp ?? '');
  const all = counted(rows.length, 'event');
  return (
    <>
      <div class="toolbar">
        <h1>History</h1>
        <label class="visually-hidden" for="history-filter">
          Filter events
        </label>
        <input
          type="search"
          id="history-filter"
          placeholder="Filter: type, state, chain, error …"
          autocomplete="off"
          onInput={(event) => show(() => setFilter(event.currentTarget.value))}
        />
        <select
          aria-label="State, and chain in it"
          value={place}
          onChange={(event) => show(() => setPlace(event.currentTarget.value))}
        >
          <option value="">All states</option>
          {places.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <label class="check">
          <input type="checkbox" onChange={(event) => show(() => setErrorsOnly(event.currentTarget.checked))} />
          Errors only
        </label>
        <label class="check">
          <input type="checkbox" onChange={(event) => show(() => setNewestFirst(event.currentTarget.checked))} />
          Newest first
        </label>
        <p class="summary" role="status">
          {rows.length === 0 ? '' : found.length === rows.length ? all : `${count(found.length)} of ${all}`}
        </p>
      </div>
      <div class="card flush">
        <p class="empty" hidden={found.length > 0}>
          {emptySentence(rows, filter.trim())}
        </p>
        <table class="events" hidden={found.length === 0}>
          <caption class="visually-hidden">Events of the execution</caption>
          <thead>
            <tr>
              {COLUMNS.map(([className, label]) => (
                <th key={label} scope="col" class={className}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {drawn.map((row) => (
              <EventRow
                key={row.event.id}
                row={row}
                startedAt={startedAt}
                open={open.has(row.event.id)}
                onToggle={toggle}
              />
            ))}
          </tbody>
        </table>
        <div class="end" ref={end} />
      </div>
    </>
  );
}

/** A run's chains are the iterations of a Map: `RunChain #3`. In the order in which they first happened. */
function placesOf(rows: readonly ExplainedEvent[]): readonly string[] {
  return [...new Set(rows.map(({ place }) => place).filter((place) => place !== ''))];
}

function isError({ tone }: ExplainedEvent): boolean {
  return tone === 'bad' || tone === 'aborted';
}

function emptySentence(rows: readonly ExplainedEvent[], words: string): string {
  if (rows.length === 0) return 'No event yet.';
  return words === '' ? 'No such event.' : `No such event contains “${words}”.`;
}

/** The rows that contain the words, which are in lower case. */
function useMatches(rows: readonly ExplainedEvent[], words: string): readonly ExplainedEvent[] {
  const texts = useRef(new WeakMap<ExplainedEvent, string>());
  return useMemo(() => {
    if (words === '') return rows;
    return rows.filter((row) => {
      const known = texts.current.get(row);
      const text =
        known ?? `${row.event.id} ${row.event.type} ${row.place} ${JSON.stringify(row.details ?? '')}`.toLowerCase();
      if (known === undefined) texts.current.set(row, text);
      return text.includes(words);
    });
  }, [rows, words]);
}

/** An element to put at the end of a list: calls whenever the reader comes near it. */
function useNearEnd(onNear: () => void): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  // The first `onNear` is kept: it does the same each time.
  useLayoutEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onNear();
      },
      { rootMargin: '600px' },
    );
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return ref;
}

interface RowProps {
  readonly row: ExplainedEvent;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly startedAt: number;
  readonly open: boolean;
  readonly onToggle: (id: number) => void;
}

/** An event never changes: hundreds of rows are compared by what can, and drawn once. */
class EventRow extends Component<RowProps> {
  override shouldComponentUpdate(next: Readonly<RowProps>): boolean {
    return next.open !== this.props.open || next.row !== this.props.row;
  }

  override render({ row: { event, place, details, tone }, startedAt, open, onToggle }: RowProps) {
    return (
      <Fragment>
        <tr data-tone={tone}>
          <td class="id">{event.id}</td>
          <td class="type">
            {details ? (
              <button type="button" class="expand" aria-expanded={open} onClick={() => onToggle(event.id)}>
                {event.type}
              </button>
            ) : (
              <span class="plain">{event.type}</span>
            )}
          </td>
          <td class="place">{place}</td>
          <td class="after">{offset(Date.parse(event.timestamp) - startedAt, true)}</td>
          <td class="time">{timeOfDay(event.timestamp)}</td>
        </tr>
        {open && (
          <tr class="details">
            <td colSpan={COLUMNS.length}>
              <pre>{JSON.stringify(details, null, 2)}</pre>
            </td>
          </tr>
        )}
      </Fragment>
    );
  }
}
