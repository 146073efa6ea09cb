import { Component, type ComponentChildren } from 'preact';
import { settledItems } from '../../functions/contract/outcomes';
import type { ExecutionSummary, RunView } from '../view';
import type { Connection } from './connection';
import type { EventLog } from './event-log';
import { ExecutionsPanel } from './executions-panel';
import { count, counted, dateAndTime, percent, times, words } from './format';
import { HistoryPanel } from './history-panel';
import { InboxPanel } from './inbox-panel';
import type { MailList } from './mail-list';
import { recording } from './recorded';
import type { Route, ViewName } from './route';
import { VIEWS } from './route';
import { RunPanel } from './run-panel';

export interface PageState {
  readonly route: Route;
  /** The view that was shown last. Absent until there is one of the execution that the route asks for. */
  readonly run?: RunView | undefined;
  /** As the server listed them last: they stay while another execution is being fetched. */
  readonly executions: readonly ExecutionSummary[];
  readonly connection: Connection;
}

/** Where the document has it: in a file on disk it is part of it. */
const ICON = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';

const ENDED = 'The process that served this page has ended; what you see is its last state.';

function endedSentence(run: RunView | undefined): string {
  const isEmbedded = run === undefined || Object.keys(run.endpoints).length > 0;
  return `${ENDED} ${isEmbedded ? 'Start it with --serve to keep it: npm start -- --serve.' : 'The command worker-chains page opens it again.'}`;
}

interface Props {
  readonly state: PageState;
  readonly events: EventLog;
  readonly mails: MailList;
}

export function App({ state, events, mails }: Props) {
  const { route, run, executions, connection } = state;
  const arn = run?.execution?.arn ?? '';
  const banner =
    connection.state === 'ended'
      ? endedSentence(run)
      : connection.state === 'failing'
        ? connection.sentence
        : (run?.notice ?? '');
  const counts: Partial<Record<ViewName, number>> = {
    history: events.arn === arn ? events.rows.length : 0,
    inbox: run?.totals.mails ?? 0,
    // One is the usual number, and needs no telling.
    executions: executions.length > 1 ? executions.length : 0,
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page, and keeps the hash that names the view. */}
      <a class="skip-link" href="#main" onClick={skipToContent}>
        Skip to content
      </a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="#run">
            <img src={ICON} alt="" width="22" height="22" />
            worker-chains
          </a>
          <nav class="tabs" aria-label="Views">
            {(Object.keys(VIEWS) as ViewName[]).map((view) => (
              <a key={view} href={`#${view}`} aria-current={view === route.view ? 'page' : undefined}>
                {VIEWS[view]}
                <span class="count">{counts[view] ? count(counts[view]) : ''}</span>
              </a>
            ))}
          </nav>
          <span class="connection" data-state={connection.state}>
            <span class="dot" />
            <span class="label">{label(connection, run)}</span>
          </span>
        </div>
      </header>
      <div class="banner" role="alert" hidden={banner === ''} data-state={connection.state}>
        {banner}
      </div>
      <main id="main" tabIndex={-1}>
        <Panel name="run" shown={route.view === 'run'}>
          <RunPanel key={arn} run={run} route={route} events={events} failing={connection.state === 'failing'} />
        </Panel>
        <Panel name="history" shown={route.view === 'history'}>
          <HistoryPanel key={arn} log={events} execution={run?.execution ?? undefined} />
        </Panel>
        <Panel name="inbox" shown={route.view === 'inbox'}>
          {run && run.totals.mails === undefined ? (
            <div class="empty">
              <h1>No inbox here</h1>
              <p>The mails of this run went to their recipients; nobody keeps a copy of them.</p>
            </div>
          ) : (
            <InboxPanel
              mails={mails}
              argument={route.view === 'inbox' ? route.argument : ''}
              severalRuns={executions.length > 1}
            />
          )}
        </Panel>
        <Panel name="executions" shown={route.view === 'executions'}>
          <ExecutionsPanel
            executions={executions}
            now={run?.now}
            shownArn={arn}
            pinned={route.execution !== undefined}
          />
        </Panel>
      </main>
      <div class="visually-hidden" aria-live="polite" id="announcer">
        {run && announcement(run)}
      </div>
    </>
  );
}

interface PanelProps {
  readonly name: ViewName;
  readonly shown: boolean;
  readonly children: ComponentChildren;
}

/** A hidden view keeps its drawing, and what was typed and opened in it, until it is shown again: only one is updated. */
class Panel extends Component<PanelProps> {
  private kept: ComponentChildren;

  override render({ name, shown, children }: PanelProps) {
    if (shown) this.kept = children;
    return (
      <section data-panel={name} aria-label={VIEWS[name]} hidden={!shown}>
        {this.kept}
      </section>
    );
  }
}

/** The hash names the view; it must not change. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}

function label({ state }: Connection, run: RunView | undefined): string {
  if (state === 'live') return run?.execution && run.execution.status !== 'RUNNING' ? 'Connected' : 'Live';
  if (state === 'recorded') return recording ? `As of ${dateAndTime(recording.at)}` : '';
  return { ended: 'Process ended', failing: 'No answer', connecting: 'Connecting' }[state];
}

/** A change of status, and each quarter of the way; a screen reader is not to hear every figure. */
function announcement({ execution, totals }: RunView): string {
  if (!execution) return '';
  const { name, status, redriveCount } = execution;
  const handled = settledItems(totals);
  const quarter = totals.planned > 0 ? Math.floor((handled / totals.planned) * 4) * 25 : 0;
  const redriven = redriveCount > 0 ? `, redriven ${times(redriveCount)}` : '';
  return status === 'RUNNING'
    ? `Run ${name} is running${redriven}, ${quarter}% of ${counted(totals.planned, 'item')}.`
    : `Run ${name}: ${words(status)} at ${percent(handled, totals.planned)}${redriven}.`;
}
