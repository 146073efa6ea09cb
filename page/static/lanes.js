import { element, setAttribute, setHidden, setText } from './dom.js';
import { count, counted, duration, percent, rate, words } from './format.js';
import { axisTicks, createTimeline, OUTCOMES, readColours } from './timeline.js';

const SPANS = [
  ['Whole run', Number.POSITIVE_INFINITY],
  ['Last 5 min', 300_000],
  ['Last minute', 60_000],
];

/** One lane per chain: what it owns, how far it is, and its links over time. All lanes share one time axis. */
export function createLanes(container) {
  const state = { lanes: [], run: undefined, span: SPANS[0][1], width: 0, colours: readColours() };
  const parts = layOut(container, (span) => {
    state.span = span;
    draw(state, parts);
  });
  const tip = createTip(container);
  // The width comes from the observer: to read it from the element would lay out the whole page in an update's midst.
  new ResizeObserver(([entry]) => {
    state.width = Math.floor(entry.contentRect.width);
    draw(state, parts);
  }).observe(parts.axis);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    state.colours = readColours();
    draw(state, parts);
  });
  parts.body.addEventListener('keydown', (event) => moveFocus(event, state.lanes));
  return {
    update(run) {
      state.run = run;
      if (state.lanes.length > run.chains.length) {
        for (const lane of state.lanes.splice(run.chains.length)) lane.row.remove();
      }
      while (state.lanes.length < run.chains.length) {
        const lane = createLane(tip, state.lanes.length === 0);
        state.lanes.push(lane);
        parts.body.append(lane.row);
      }
      setHidden(parts.table, run.chains.length === 0);
      setHidden(parts.empty, run.chains.length > 0);
      setText(
        parts.heading,
        run.chains.length > 0
          ? `${counted(run.chains.length, 'chain')}, ${counted(linksClaimed(run), 'link')}`
          : 'Chains',
      );
      run.chains.forEach((chain, index) => {
        fillLane(state.lanes[index], chain, run.execution.status);
      });
      draw(state, parts);
    },
  };
}

function linksClaimed(run) {
  return run.chains.reduce((links, chain) => links + chain.linksClaimed, 0);
}

function layOut(container, onSpan) {
  const parts = {
    heading: element('h2', {}, 'Chains'),
    empty: element(
      'p',
      { class: 'muted' },
      'CreateWorkers splits the items among the chains; they appear here when it is done.',
    ),
    axis: element('div', { class: 'axis', 'aria-hidden': 'true' }),
    body: element('div', { role: 'rowgroup' }),
  };
  const spans = element(
    'fieldset',
    { class: 'segmented' },
    element('legend', { class: 'visually-hidden' }, 'Time axis'),
  );
  for (const [label, span] of SPANS) {
    const radio = element('input', {
      type: 'radio',
      name: 'span',
      checked: span === SPANS[0][1],
      onchange: () => onSpan(span),
    });
    spans.append(element('label', {}, radio, element('span', {}, label)));
  }
  const columnHeader = (className, label) => element('span', { class: className, role: 'columnheader' }, label);
  parts.table = element(
    'div',
    { class: 'lane-table', role: 'table', 'aria-label': 'Chains' },
    element(
      'div',
      { role: 'rowgroup' },
      element(
        'div',
        { class: 'lane lane-head', role: 'row' },
        columnHeader('chain', 'Chain'),
        columnHeader('partition', 'Items'),
        columnHeader('fill', 'Progress'),
        columnHeader('speed', 'Rate'),
        columnHeader('throttled', 'Throttles'),
        element('span', { class: 'track', role: 'columnheader', 'aria-label': 'Links over time' }, parts.axis),
      ),
    ),
    parts.body,
  );
  const key = element('ul', { class: 'legend' });
  for (const [outcome, { label }] of Object.entries(OUTCOMES)) {
    key.append(element('li', {}, element('span', { class: `swatch link-${outcome}` }), label));
  }
  key.append(element('li', {}, element('span', { class: 'swatch epoch-mark' }), 'a new epoch begins'));
  container.append(
    element(
      'section',
      { class: 'card', 'aria-label': 'Chains' },
      element('div', { class: 'card-head' }, parts.heading, spans),
      parts.empty,
      parts.table,
      key,
    ),
  );
  return parts;
}

function createLane(tip, first) {
  const lane = {
    id: element('b'),
    status: element('span', { class: 'lane-status' }),
    partition: element('span', { class: 'partition', role: 'cell' }),
    done: element('span', { class: 'done' }),
    rest: element('span', { class: 'rest' }),
    percent: element('span', { class: 'lane-percent' }),
    speed: element('span', { class: 'speed', role: 'cell' }),
    throttled: element('span', { class: 'throttled', role: 'cell' }),
  };
  lane.timeline = createTimeline(tip, first);
  lane.row = element(
    'div',
    { class: 'lane', role: 'row' },
    element('span', { class: 'chain', role: 'rowheader' }, lane.id, lane.status),
    lane.partition,
    element(
      'span',
      { class: 'fill', role: 'cell' },
      element('span', { class: 'mini-bar' }, lane.done, lane.rest),
      lane.percent,
    ),
    lane.speed,
    lane.throttled,
    element('span', { class: 'track', role: 'cell' }, lane.timeline.canvas),
  );
  return lane;
}

function fillLane(lane, chain, executionStatus) {
  // The ledger of a stopped run still says running or handed off: nobody was left to write anything else.
  const status = executionStatus !== 'RUNNING' && chain.status !== 'finished' ? 'unfinished' : chain.status;
  const handled = chain.done + chain.skipped + chain.unprocessed + chain.inDoubt;
  setText(lane.id, String(chain.chainId));
  setText(lane.status, words(status));
  setAttribute(lane.row, 'data-status', status);
  setText(lane.partition, range(chain));
  setAttribute(lane.partition, 'title', `${range(chain)}, ${counted(chain.items, 'item')}`);
  lane.done.style.width = `${share(chain.done + chain.skipped, chain.items)}%`;
  lane.rest.style.width = `${share(chain.unprocessed + chain.inDoubt, chain.items)}%`;
  setText(lane.percent, percent(handled, chain.items));
  setAttribute(
    lane.percent.parentElement,
    'title',
    `Done ${count(chain.done)}, skipped ${count(chain.skipped)}, unprocessed ${count(chain.unprocessed)}, in doubt ${count(chain.inDoubt)} of ${count(chain.items)}`,
  );
  setText(lane.speed, chain.itemsPerSecond > 0 ? `${rate(chain.itemsPerSecond)}/s` : '–');
  setText(lane.throttled, chain.throttles > 0 ? count(chain.throttles) : '–');
  lane.timeline.setChain(chain);
}

function share(part, whole) {
  return whole > 0 ? (part / whole) * 100 : 0;
}

/** Half-open, as the ledger keeps it; for numbers the last item itself, which is what a reader looks for. */
function range({ start, end }) {
  return typeof start === 'number' && typeof end === 'number' ? `${start} – ${end - 1}` : `${start} … ${end}`;
}

function draw(state, parts) {
  const { run, lanes, span, width, colours } = state;
  if (!run?.execution || width === 0 || lanes.length === 0) return;
  const until = Date.parse(run.execution.stopDate ?? run.now);
  const begin = Date.parse(run.execution.startDate);
  const from = Math.max(begin, until - span);
  const axis = { from, until: Math.max(until, from + 1000), now: until, width };
  const ticks = axisTicks(axis, begin);
  for (const lane of lanes) lane.timeline.draw(axis, ticks, colours);
  drawAxis(parts.axis, ticks);
}

function drawAxis(axis, ticks) {
  while (axis.children.length > ticks.length) axis.lastElementChild.remove();
  while (axis.children.length < ticks.length) axis.append(element('span', { class: 'axis-label' }));
  ticks.forEach(({ x, label }, index) => {
    const node = axis.children[index];
    node.style.transform = `translateX(${x}px)`;
    setText(node, label);
  });
}

/** One tab stop for all lanes; arrow keys move on: up and down between chains, left and right between links. */
function moveFocus(event, lanes) {
  const at = lanes.findIndex((lane) => lane.timeline.canvas === event.target);
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (next !== undefined && lanes[next]) {
    lanes[at].timeline.canvas.tabIndex = -1;
    lanes[next].timeline.canvas.tabIndex = 0;
    lanes[next].timeline.canvas.focus();
  } else if (next === undefined && !lanes[at].timeline.moveTo(event.key)) return;
  event.preventDefault();
}

/** Says which link the pointer or the keyboard is on. */
function createTip(container) {
  const tip = element('div', { class: 'tip', role: 'status', hidden: true });
  container.append(tip);
  return {
    show(chainId, link, now, anchor) {
      const lasted = duration((link.endedAt ?? now) - link.startedAt);
      const outcome = OUTCOMES[link.outcome ?? 'running'].label;
      setText(tip, `Chain ${chainId}, link ${link.link}, epoch ${link.epoch}: ${outcome}, ${lasted}`);
      setHidden(tip, false);
      const frame = container.getBoundingClientRect();
      const left = Math.min(
        Math.max(anchor.x - frame.left - tip.offsetWidth / 2, 4),
        frame.width - tip.offsetWidth - 4,
      );
      tip.style.transform = `translate(${left}px, ${anchor.y - frame.top - tip.offsetHeight - 6}px)`;
    },
    hide() {
      setHidden(tip, true);
    },
  };
}
