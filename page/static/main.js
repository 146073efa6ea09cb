import { followRun } from './connection.js';
import { setAttribute, setHidden, setText } from './dom.js';
import { count, counted, percent, words } from './format.js';
import { createHistory } from './history.js';
import { createInbox } from './inbox.js';
import { createRun } from './run.js';

const LABELS = { live: 'Live', ended: 'Process ended', failing: 'No answer', connecting: 'Connecting' };
const ENDED =
  "The run's process has ended; what you see is its last state. Start it with --serve to keep it: npm start -- --serve.";

const views = {
  run: createRun(panel('run')),
  history: createHistory(panel('history')),
  inbox: createInbox(panel('inbox')),
};
let shown;
let lastRun;
let announced = '';

function panel(name) {
  return document.querySelector(`[data-panel="${name}"]`);
}

/** `#inbox/mail-1@example.com` → view `inbox` with the rest as its argument. */
function route() {
  const [name = '', ...rest] = location.hash.slice(1).split('/');
  return { name: Object.hasOwn(views, name) ? name : 'run', argument: decodeURIComponentSafely(rest.join('/')) };
}

function decodeURIComponentSafely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function showRoute() {
  const { name, argument } = route();
  const changed = shown !== name;
  shown = name;
  for (const key of Object.keys(views)) setHidden(panel(key), key !== name);
  for (const link of document.querySelectorAll('.tabs a')) {
    setAttribute(link, 'aria-current', link.dataset.view === name ? 'page' : undefined);
  }
  document.title = `${{ run: 'Run', history: 'History', inbox: 'Inbox' }[name]} · worker-chains`;
  views[name].show(argument);
  if (lastRun) views[name].update(lastRun);
  if (changed) window.scrollTo(0, 0);
}

function onRun(run) {
  performance.clearMeasures('update');
  const from = performance.now();
  lastRun = run;
  setText(document.querySelector('[data-count="inbox"]'), run.totals.mails > 0 ? count(run.totals.mails) : '');
  views[shown].update(run);
  announce(run);
  performance.measure('update', { start: from, end: performance.now() });
  return shown === 'run' ? undefined : views[shown].refresh?.(run);
}

/** Says a change of status, and each quarter of the way; a screen reader is not to hear every figure. */
function announce({ execution, totals }) {
  if (!execution) return;
  const handled = totals.done + totals.skipped + totals.unprocessed + totals.inDoubt;
  const quarter = totals.planned > 0 ? Math.floor((handled / totals.planned) * 4) * 25 : 0;
  const sentence =
    execution.status === 'RUNNING'
      ? `Run ${execution.name} is running, ${quarter}% of ${counted(totals.planned, 'item')}.`
      : `Run ${execution.name}: ${words(execution.status)} at ${percent(handled, totals.planned)}.`;
  if (sentence === announced) return;
  announced = sentence;
  setText(document.querySelector('#announcer'), sentence);
}

function onState(state, sentence) {
  const connection = document.querySelector('.connection');
  setAttribute(connection, 'data-state', state);
  setText(connection.querySelector('.label'), LABELS[state]);
  const banner = document.querySelector('.banner');
  setHidden(banner, state === 'live');
  setAttribute(banner, 'data-state', state);
  setText(banner, state === 'ended' ? ENDED : (sentence ?? ''));
}

window.addEventListener('hashchange', showRoute);
document.querySelector('.skip-link').addEventListener('click', (event) => {
  // The hash names the view; it must not change.
  event.preventDefault();
  document.querySelector('#main').focus();
});
showRoute();
followRun({ onRun, onState });
