import { element, setAttribute, setHidden, setText } from './dom.js';
import { count, counted, dateAndTime, duration, percent, rate, words } from './format.js';
import { createGraph } from './graph.js';
import { createLanes } from './lanes.js';
import { createReport } from './report.js';

const SEGMENTS = [
  ['done', 'Done', 'processed'],
  ['skipped', 'Skipped', 'left out by the job, with a reason'],
  ['unprocessed', 'Unprocessed', 'refused with an error code; a new run can take them up'],
  ['inDoubt', 'In doubt', 'may or may not have happened; never repeated on their own'],
];

export function createRun(panel) {
  const parts = layOut(panel);
  const graph = createGraph(parts.graph);
  const lanes = createLanes(parts.lanes);
  const report = createReport(parts.report);
  return {
    show() {},
    update(run) {
      setHidden(parts.empty, run.execution !== null);
      setHidden(parts.content, run.execution === null);
      if (!run.execution) return;
      updateHead(parts, run);
      updateFailure(parts.failure, run.execution);
      updateLeftovers(parts.leftovers, run);
      updateTotals(parts, run);
      graph.update(run);
      lanes.update(run);
      report.update(run);
    },
  };
}

function layOut(panel) {
  const parts = {
    name: element('h1'),
    status: element('span', { class: 'pill' }),
    meta: element('p', { class: 'meta' }),
    failure: element('div', { class: 'failure', hidden: true }),
    leftovers: element('div', { class: 'leftovers', role: 'note', hidden: true }),
    percent: element('span', { class: 'big' }),
    handled: element('span', { class: 'handled' }),
    bar: element('div', {
      class: 'bar',
      role: 'progressbar',
      'aria-label': 'Items',
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    }),
    figures: {},
    segments: {},
    graph: element('div', { class: 'graph' }),
    lanes: element('div', { class: 'lanes' }),
    report: element('div', { class: 'report' }),
    empty: element(
      'div',
      { class: 'empty' },
      element('h1', {}, 'Waiting for the execution'),
      element(
        'p',
        {},
        'The functions and the state machine are being prepared. The run appears here as soon as it starts.',
      ),
    ),
  };
  const figures = element('dl', { class: 'figures' });
  for (const [key, label] of [
    ['rate', 'Items per second'],
    ['eta', 'Time left'],
    ['throttles', 'Throttles'],
    ['mails', 'Mails delivered'],
  ]) {
    parts.figures[key] = element('dd');
    figures.append(element('div', {}, element('dt', {}, label), parts.figures[key]));
  }
  const legend = element('ul', { class: 'legend' });
  for (const [key, label, meaning] of SEGMENTS) {
    const share = element('span', { class: `share ${key}` });
    const value = element('b');
    parts.bar.append(share);
    legend.append(element('li', { title: meaning }, element('span', { class: `swatch ${key}` }), `${label} `, value));
    parts.segments[key] = { share, value };
  }
  parts.content = element(
    'div',
    { hidden: true },
    element('div', { class: 'head' }, element('div', { class: 'title' }, parts.name, parts.status), parts.meta),
    parts.failure,
    parts.leftovers,
    element(
      'div',
      { class: 'card totals' },
      element(
        'div',
        { class: 'progress' },
        element('p', { class: 'sum' }, parts.percent, parts.handled),
        parts.bar,
        legend,
      ),
      figures,
    ),
    card('States', parts.graph),
    parts.lanes,
    parts.report,
  );
  panel.append(parts.empty, parts.content);
  return parts;
}

function card(title, content) {
  return element('section', { class: 'card', 'aria-label': title }, element('h2', {}, title), content);
}

function updateHead(parts, { execution, now }) {
  setText(parts.name, execution.name);
  setText(parts.status, words(execution.status));
  setAttribute(parts.status, 'data-status', execution.status);
  const elapsed = elapsedOf(execution, execution.stopDate ?? now);
  const redriven = execution.redriveCount > 0 ? ` · redriven ${counted(execution.redriveCount, 'time')}` : '';
  const verb = execution.status === 'RUNNING' ? 'running for' : 'took';
  setText(parts.meta, `Started ${dateAndTime(execution.startDate)} · ${verb} ${duration(elapsed)}${redriven}`);
}

/** A run may have succeeded and yet leave items to somebody. */
function updateLeftovers(leftovers, { totals, leftoversCommand = '' }) {
  const { unprocessed, inDoubt } = totals;
  const key = `${unprocessed} ${inDoubt} ${leftoversCommand}`;
  if (leftovers.dataset.key === key) return;
  leftovers.dataset.key = key;
  setHidden(leftovers, unprocessed + inDoubt === 0);
  leftovers.replaceChildren(
    element('h2', {}, `${count(unprocessed)} unprocessed, ${count(inDoubt)} in doubt`),
    leftoversCommand && element('p', {}, 'List them: ', element('code', {}, leftoversCommand)),
  );
}

function updateFailure(failure, execution) {
  const key = `${execution.status}\n${execution.error ?? ''}\n${execution.cause ?? ''}`;
  if (failure.dataset.key === key) return;
  failure.dataset.key = key;
  const failed = execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED';
  setHidden(failure, !failed);
  if (!failed) return;
  const { sentence, whole } = readCause(execution);
  failure.replaceChildren(
    element('h2', {}, execution.error ?? words(execution.status)),
    element('p', {}, sentence),
    whole && element('details', {}, element('summary', {}, 'Whole cause'), element('pre', {}, whole)),
  );
}

/** A Lambda's failure comes as JSON with `errorMessage`; anything else is the sentence itself. */
function readCause({ status, cause }) {
  if (!cause)
    return {
      sentence:
        status === 'ABORTED'
          ? 'The execution was stopped; redrive it to resume every chain from the ledger.'
          : 'The execution gave no cause.',
    };
  try {
    const parsed = JSON.parse(cause);
    if (typeof parsed?.errorMessage === 'string') {
      return { sentence: parsed.errorMessage, whole: JSON.stringify(parsed, null, 2) };
    }
  } catch {
    // Not JSON: a sentence.
  }
  return { sentence: cause };
}

function updateTotals(parts, { totals, execution }) {
  const handled = SEGMENTS.reduce((sum, [key]) => sum + totals[key], 0);
  const share = percent(handled, totals.planned);
  setText(parts.percent, totals.planned > 0 ? share : '–');
  setText(
    parts.handled,
    totals.planned > 0 ? `${count(handled)} of ${counted(totals.planned, 'item')}` : 'The run is being planned',
  );
  for (const [key] of SEGMENTS) {
    const { share: segment, value } = parts.segments[key];
    segment.style.width = totals.planned > 0 ? `${(totals[key] / totals.planned) * 100}%` : '0';
    setText(value, count(totals[key]));
  }
  setAttribute(parts.bar, 'aria-valuenow', totals.planned > 0 ? Math.floor((handled / totals.planned) * 100) : 0);
  setAttribute(
    parts.bar,
    'aria-valuetext',
    `${share}: ${SEGMENTS.map(([key, label]) => `${label} ${count(totals[key])}`).join(', ')}`,
  );
  const running = execution.status === 'RUNNING';
  const average = averageRate(handled, execution);
  setText(parts.figures.rate, running ? rate(totals.itemsPerSecond) : average);
  setText(parts.figures.rate.previousElementSibling, running ? 'Items per second' : 'Items per second, average');
  setText(parts.figures.eta.previousElementSibling, running ? 'Time left' : 'Took');
  setText(parts.figures.eta, running ? timeLeft(totals) : duration(elapsedOf(execution, execution.stopDate)));
  setText(parts.figures.throttles, count(totals.throttles));
  setText(parts.figures.mails, count(totals.mails));
}

function timeLeft({ etaSeconds }) {
  return etaSeconds === undefined ? '–' : `about ${duration(etaSeconds * 1000)}`;
}

function elapsedOf({ startDate }, until) {
  return Date.parse(until) - Date.parse(startDate);
}

/** Over the whole execution. After a redrive its span holds the pause too, so there is no honest figure. */
function averageRate(handled, execution) {
  const seconds = elapsedOf(execution, execution.stopDate) / 1000;
  return execution.redriveCount === 0 && seconds > 0 ? rate(handled / seconds) : '–';
}
