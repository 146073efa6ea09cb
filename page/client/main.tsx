import { render } from 'preact';
import type { RunView } from '../view';
import { App, type PageState } from './app';
import { followRun } from './connection';
import { EventLog } from './event-log';
import { MailList } from './mail-list';
import { readRoute } from './route';
import { titleOf } from './title';

const root = document.querySelector('#page') as HTMLElement;
const events = new EventLog(draw);
const mails = new MailList(draw);
let state: PageState = { route: readRoute(location), executions: [], connection: { state: 'connecting' } };

function draw(): void {
  const title = titleOf(state.route.view, state.run);
  // Written only when it differs: a tab that is written anew twice a second is marked as changed.
  if (document.title !== title) document.title = title;
  render(<App state={state} events={events} mails={mails} />, root);
}

function change(part: Partial<PageState>): void {
  state = { ...state, ...part };
  draw();
}

/** Draws the run, then fetches what else the shown view needs. */
async function onRun(run: RunView): Promise<void> {
  performance.clearMeasures('update');
  const start = performance.now();
  change({ run, executions: run.executions });
  performance.measure('update', { start, end: performance.now() });
  if (state.route.view === 'history' && run.execution) await events.load(run.execution.arn);
  if (state.route.view === 'inbox' && run.totals.mails !== undefined) {
    await mails.load(run.execution?.arn, run.totals.mails);
  }
}

function onRoute(): void {
  const before = state.route;
  const route = readRoute(location);
  const sameRun = route.execution === before.execution || route.execution === state.run?.execution?.arn;
  change({ route, ...(!sameRun && { run: undefined }) });
  if (route.view !== before.view) window.scrollTo(0, 0);
  // The link that led here is hidden now, and would take the focus with it.
  if (route.execution !== before.execution)
    document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true });
}

onRoute();
const askNow = followRun({
  execution: () => state.route.execution,
  onRun,
  onConnection: (connection) => {
    // A live connection is drawn with the run that it brought.
    if (connection.state === 'live' || connection.state === 'recorded') state = { ...state, connection };
    else change({ connection });
  },
});
// Told of every change of the address, its hash included.
window.addEventListener('popstate', () => {
  onRoute();
  askNow();
});
