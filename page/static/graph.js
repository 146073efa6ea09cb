import { element, setAttribute, setText, svg } from './dom.js';
import { duration } from './format.js';

const HEIGHT = 54;
const GAP = 30;
const END_RADIUS = 6;
const NARROWEST = 136;
const WIDEST = 196;
/** How far an edge that passes states by swings out beside them. */
const SWING = 26;
const GLYPHS = { succeeded: '✓', failed: '✕', caught: '!', aborted: '■', running: '●', waiting: '○', passed: '↷' };
const WORDS = {
  waiting: 'Not entered yet',
  passed: 'Not needed',
  unreached: 'Not reached',
  running: 'In progress',
  succeeded: 'Succeeded',
  failed: 'Failed',
  caught: 'Caught error',
  aborted: 'Aborted',
};

/**
 * The top-level states as the Step Functions console draws them: left to right where there is room, else top to bottom.
 * Nodes stand in the order of the state machine; an edge that passes some of them by goes around.
 */
export function createGraph(container) {
  const list = element('ol', { class: 'visually-hidden' });
  const stage = element('div', { class: 'graph-stage' });
  container.append(stage, list);
  let drawn;
  let run;
  /** From the observer: to read it from the element would lay out the whole page in the middle of an update. */
  let room = 0;

  const draw = () => {
    if (!run?.execution || room === 0) return;
    const key = `${room}|${run.states.map((state) => `${state.name}>${state.next}`)}`;
    if (drawn?.key !== key) {
      drawn = { key, ...build(run.states, room) };
      stage.replaceChildren(drawn.root);
      list.replaceChildren(...run.states.map(() => element('li')));
    }
    colour(drawn, list, run);
  };
  new ResizeObserver(([entry]) => {
    room = Math.floor(entry.contentRect.width);
    draw();
  }).observe(container);
  return {
    update(next) {
      run = next;
      draw();
    },
  };
}

function build(states, room) {
  const wanted = (room - 2 * (END_RADIUS * 2 + GAP) - (states.length - 1) * GAP - 4) / states.length;
  const horizontal = wanted >= NARROWEST;
  const width = horizontal ? Math.min(WIDEST, Math.floor(wanted)) : Math.min(230, room - 2 * SWING - 8);
  const start = END_RADIUS * 2 + GAP + 2;
  const swings = states.some((state, index) => state.next.some((name) => states[index + 1]?.name !== name));
  const boxes = states.map((_, index) =>
    horizontal
      ? { x: start + index * (width + GAP), y: 3, width }
      : { x: (room - width) / 2, y: start + index * (HEIGHT + GAP), width },
  );
  const last = boxes.at(-1);
  const size = horizontal
    ? { width: last.x + width + start, height: HEIGHT + 6 + (swings ? SWING + 4 : 0) }
    : { width: room, height: last.y + HEIGHT + start };
  const root = svg('svg', { ...size, viewBox: `0 0 ${size.width} ${size.height}`, 'aria-hidden': 'true' });
  root.append(arrowHead('arrow'), arrowHead('arrow-taken'));
  const middle = horizontal ? 3 + HEIGHT / 2 : room / 2;
  const dot = (at, className) =>
    svg('circle', { cx: horizontal ? at : middle, cy: horizontal ? middle : at, r: END_RADIUS, class: className });
  const end = (horizontal ? size.width : size.height) - END_RADIUS - 2;
  const edges = [];
  const line = (from, to) => (horizontal ? `M${from} ${middle}H${to}` : `M${middle} ${from}V${to}`);
  const edge = (from, to, path) => {
    const node = svg('path', { d: path, class: 'edge' });
    edges.push({ from, to, node });
    root.append(node);
  };
  edge(-1, 0, line(END_RADIUS * 2 + 2, start - 2));
  states.forEach((state, from) => {
    for (const name of state.next) {
      const to = states.findIndex((other) => other.name === name);
      if (to === from + 1) {
        const box = boxes[from];
        const leave = horizontal ? box.x + width : box.y + HEIGHT;
        edge(from, to, line(leave, leave + GAP - 2));
      } else if (to >= 0) edge(from, to, around(boxes[from], boxes[to], horizontal));
    }
    if (state.next.length === 0 && from === states.length - 1) {
      edge(from, states.length, line(end - END_RADIUS - GAP, end - END_RADIUS - 2));
    }
  });
  root.append(dot(END_RADIUS + 2, 'terminal'), dot(end, 'terminal end'));
  const nodes = states.map((state, index) => node(state, boxes[index]));
  root.append(...nodes.map(({ group }) => group));
  return { root, nodes, edges };
}

/** Under the row, or on the right of the column. */
function around(from, to, horizontal) {
  if (horizontal) {
    const [x1, x2] = [from.x + from.width * 0.5, to.x + to.width * 0.5];
    const [y, low] = [from.y + HEIGHT, from.y + HEIGHT + SWING];
    return `M${x1} ${y}V${low - 10}Q${x1} ${low} ${x1 + 10} ${low}H${x2 - 10}Q${x2} ${low} ${x2} ${low - 10}V${y + 2}`;
  }
  const [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2];
  const [x, far] = [from.x + from.width, from.x + from.width + SWING];
  return `M${x} ${y1}H${far - 10}Q${far} ${y1} ${far} ${y1 + 10}V${y2 - 10}Q${far} ${y2} ${far - 10} ${y2}H${x + 2}`;
}

function arrowHead(id) {
  const head = svg('marker', {
    id,
    viewBox: '0 0 8 8',
    refX: 6,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: 'auto',
  });
  head.append(svg('path', { d: 'M0 0.5L7 4L0 7.5z', class: id }));
  return head;
}

function node(state, { x, y, width }) {
  const glyph = svg('text', { x: 15, y: 22, class: 'glyph', 'text-anchor': 'middle' });
  const name = svg('text', { x: 28, y: 22, class: 'name' }, state.name);
  const line = svg('text', { x: 28, y: 41, class: 'line' });
  const title = svg('title');
  const group = svg('g', { class: 'state', transform: `translate(${x} ${y})` });
  group.append(title, svg('rect', { width, height: HEIGHT, rx: 7 }), glyph, name, line);
  return { group, glyph, line, title, width };
}

function colour({ nodes, edges }, list, run) {
  const { states, execution, now } = run;
  const entered = states.map((state) => state.enteredAt !== undefined);
  const over = execution.status !== 'RUNNING';
  states.forEach((state, index) => {
    const passed =
      state.status === 'waiting' && (entered.slice(index + 1).includes(true) || execution.status === 'SUCCEEDED');
    const shown = passed ? 'passed' : state.status;
    const word = shown === 'waiting' && over ? WORDS.unreached : WORDS[shown];
    const { group, glyph, line, title, width } = nodes[index];
    setAttribute(group, 'data-status', shown);
    setText(glyph, GLYPHS[shown]);
    const short = summary(state, word, now);
    setText(line, shortened(short, width));
    setText(title, [state.name, `${state.type} state`, word, state.detail, short].filter(Boolean).join('\n'));
    setText(list.children[index], `${state.name}: ${word}. ${short === word ? '' : short}`);
  });
  for (const { from, to, node } of edges) {
    const left = from < 0 || entered[from];
    const arrived = to === states.length ? execution.status === 'SUCCEEDED' : entered[to];
    const between = entered.slice(from + 1, to).includes(true);
    setAttribute(node, 'class', left && arrived && !between ? 'edge taken' : 'edge');
  }
}

/** SVG text does not wrap or clip; 6.4 pixels is an average letter at 12 pixels. The title has the whole of it. */
function shortened(text, width) {
  const letters = Math.floor((width - 36) / 6.4);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

function summary(state, word, now) {
  const { iterations, enteredAt, exitedAt } = state;
  if (!enteredAt) return word;
  if (iterations) {
    const failed = iterations.failed > 0 ? `, ${iterations.failed} failed` : '';
    return `${iterations.succeeded} of ${iterations.total} done${failed}`;
  }
  if (state.detail) return state.detail;
  return duration(Date.parse(exitedAt ?? now) - Date.parse(enteredAt));
}
