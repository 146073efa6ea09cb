import { useEffect, useState } from 'preact/hooks';
import type { ExecutionView, StateView } from '../view';
import { sentenceOf } from './connection';
import type { EventLog } from './event-log';
import { count, counted, offset, timeOfDay } from './format';
import { eventsOf, type StateRecord, stateRecord } from './state-record';

/** Events of the state that are listed here; the history has all of them. */
const MOST_EVENTS = 40;
/** Characters of an input or output that are shown; Step Functions allows 262,144. */
const MOST_CHARACTERS = 20_000;

interface Props {
  readonly state: StateView;
  readonly execution: ExecutionView;
  readonly log: EventLog;
  /** Changes with each view: then there may be new events. */
  readonly now: string;
  readonly onClose: () => void;
}

/** What went into a state, what came out of it, and what happened in it, from the history of the execution. */
export function StateDetails({ state, execution, log, now, onClose }: Props) {
  const failure = useEvents(log, execution.arn, now);
  const rows = log.arn === execution.arn ? eventsOf(log.rows, state.name) : [];
  const begin = Date.parse(execution.startDate);
  return (
    <section class="state-details" aria-label={`State ${state.name}`} id="state-details">
      <div class="card-head">
        <h3>
          {state.name} <span class="muted">{`${state.type} state`}</span>
        </h3>
        <button type="button" class="small-button" onClick={onClose}>
          Close
        </button>
      </div>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <Payloads record={stateRecord(rows)} isOver={execution.status !== 'RUNNING'} />
      <h4>
        {rows.length > MOST_EVENTS
          ? `Last ${MOST_EVENTS} of ${count(rows.length)} events`
          : counted(rows.length, 'event')}
      </h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <ol class="state-events" tabIndex={0} aria-label="Events">
        {rows.slice(-MOST_EVENTS).map(({ event, place, tone }) => (
          <li key={event.id} data-tone={tone}>
            <span class="after">{offset(Date.parse(event.timestamp) - begin, true)}</span>
            <span class="type">{event.type}</span>
            <span class="muted">{place === state.name ? '' : place}</span>
            <span class="muted">{timeOfDay(event.timestamp)}</span>
          </li>
        ))}
      </ol>
      <a href="#history">Whole history</a>
    </section>
  );
}

/** Has the events of the execution fetched, and those that come. Answers why that failed. */
function useEvents(log: EventLog, arn: string, now: string): string | undefined {
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    log.load(arn).then(
      () => setFailure(undefined),
      (error: unknown) => setFailure(`The events could not be fetched: ${sentenceOf(error)}`),
    );
  }, [log, arn, now]);
  return failure;
}

function Payloads({ record, isOver }: { readonly record: StateRecord; readonly isOver: boolean }) {
  const { input, output, error, cause } = record;
  return (
    <div class="payloads">
      <div>
        <h4>Input</h4>
        {input === undefined ? (
          <p class="muted">{isOver ? 'It was not entered.' : 'Not entered yet.'}</p>
        ) : (
          <Json value={input} />
        )}
      </div>
      <div>
        {error === undefined ? (
          <>
            <h4>Output</h4>
            {output === undefined ? (
              <p class="muted">{isOver ? 'None: it was not left.' : 'None yet.'}</p>
            ) : (
              <Json value={output} />
            )}
          </>
        ) : (
          <>
            <h4>Error</h4>
            <p>
              <code>{error}</code>
            </p>
            {cause !== undefined && <Json value={cause} />}
          </>
        )}
      </div>
    </div>
  );
}

function Json({ value }: { readonly value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const isLong = text.length > MOST_CHARACTERS;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <pre class="payload" tabIndex={0}>
        {isLong ? text.slice(0, MOST_CHARACTERS) : text}
      </pre>
      {isLong && <p class="muted">{`The first ${count(MOST_CHARACTERS)} of ${count(text.length)} characters.`}</p>}
    </>
  );
}
