import { element, setAttribute } from './dom.js';
import { counted, offset } from './format.js';

/** How a link can stand, with the colour of its bar (a custom property in run.css) and how high it stands in its lane. */
export const OUTCOMES = {
  returned: { label: 'returned', colour: '--link-returned', height: 0.62 },
  running: { label: 'running', colour: '--link-running', height: 0.62 },
  threw: { label: 'threw an error', colour: '--link-threw', height: 1 },
  'timed-out': { label: 'timed out', colour: '--link-timed-out', height: 1 },
  died: { label: 'died', colour: '--link-died', height: 1 },
};

const HEIGHT = 22;
/** Room above the bars for the flag of a new epoch. */
const FLAG = 4;
/** A link is found this many pixels beside its bar, so that a bar of one pixel can be pointed at. */
const REACH = 3;
/** The least distance in pixels between two labels of the axis. */
const LABEL_WIDTH = 64;
const STEPS_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 259_200, 604_800,
];

/** The colours of the current scheme, light or dark. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colours = {
    mark: style.getPropertyValue('--epoch-mark'),
    grid: style.getPropertyValue('--border'),
    focus: style.getPropertyValue('--accent'),
  };
  for (const [outcome, { colour }] of Object.entries(OUTCOMES)) colours[outcome] = style.getPropertyValue(colour);
  return colours;
}

export function axisTicks({ from, until, width }, begin) {
  const perPixel = (until - from) / width;
  const step =
    (STEPS_SECONDS.find((seconds) => (seconds * 1000) / perPixel >= LABEL_WIDTH) ?? STEPS_SECONDS.at(-1)) * 1000;
  const ticks = [];
  for (let at = Math.ceil((from - begin) / step) * step; begin + at <= until; at += step) {
    const x = (begin + at - from) / perPixel;
    // A label that would stick out on the right is left out.
    if (x <= width - 30) ticks.push({ x: Math.round(x), label: offset(at) });
  }
  return ticks;
}

/** The links of one chain as bars on a canvas: hundreds of links cost one element, and an update some microseconds. */
export function createTimeline(tip, tabStop) {
  const canvas = element('canvas', { class: 'timeline', role: 'img', tabIndex: tabStop ? 0 : -1, height: HEIGHT });
  const pen = canvas.getContext('2d');
  let chain;
  let axis;
  let last;
  let selected;

  const xOf = (time) => ((time - axis.from) / (axis.until - axis.from)) * axis.width;
  const spanOf = (link) => {
    const left = xOf(link.startedAt);
    const right = xOf(link.endedAt ?? axis.now);
    // One pixel stays free between neighbours while bars are wide enough for it.
    return { left, width: Math.max(1, right - left - (right - left > 4 ? 1 : 0)) };
  };

  const paint = ({ ticks, colours }) => {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(axis.width * scale), Math.round(HEIGHT * scale)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${axis.width}px`;
    }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, axis.width, HEIGHT);
    pen.fillStyle = colours.grid;
    for (const { x } of ticks) pen.fillRect(x, 0, 1, HEIGHT);
    let epoch = chain.links[0]?.epoch;
    for (const link of chain.links) {
      const { left, width } = spanOf(link);
      if (link.epoch !== epoch) {
        epoch = link.epoch;
        if (left >= 0) drawFlag(pen, left, colours.mark);
      }
      if (left + width < 0) continue;
      const outcome = link.outcome ?? 'running';
      const bar = (HEIGHT - FLAG) * OUTCOMES[outcome].height;
      pen.fillStyle = colours[outcome];
      pen.fillRect(left, HEIGHT - bar, width, bar);
      if (link === selected) {
        pen.strokeStyle = colours.focus;
        pen.lineWidth = 2;
        pen.strokeRect(left - 1, 1, width + 2, HEIGHT - 2);
      }
    }
  };

  const select = (link, speak) => {
    selected = link;
    paint(last);
    if (!link) return tip.hide();
    const frame = canvas.getBoundingClientRect();
    const { left, width } = spanOf(link);
    tip.show(chain.chainId, link, axis.now, { x: frame.left + left + width / 2, y: frame.top });
    if (speak) setAttribute(canvas, 'aria-description', `Link ${link.link}, epoch ${link.epoch}`);
  };

  canvas.addEventListener('pointermove', (event) => {
    const found = linkAt(event.offsetX);
    if (found !== selected) select(found, false);
  });
  canvas.addEventListener('pointerleave', () => select(undefined, false));
  canvas.addEventListener('focus', () => {
    if (canvas.matches(':focus-visible')) select(selected ?? chain.links.at(-1), true);
  });
  canvas.addEventListener('blur', () => select(undefined, false));

  function linkAt(x) {
    const at = chain.links.findLastIndex((link) => spanOf(link).left - REACH <= x);
    const link = chain.links[at];
    if (!link) return undefined;
    const { left, width } = spanOf(link);
    return x <= left + width + REACH ? link : undefined;
  }

  return {
    canvas,
    setChain(next) {
      // The same link comes as a new object in each view.
      if (selected && chain) selected = next.links[chain.links.indexOf(selected)];
      chain = next;
      setAttribute(
        canvas,
        'aria-label',
        `Chain ${chain.chainId}: ${counted(chain.links.length, 'link')}, epoch ${chain.epoch}. Arrow keys move between links and chains.`,
      );
    },
    draw(nextAxis, ticks, colours) {
      axis = nextAxis;
      last = { ticks, colours };
      paint(last);
    },
    /** Moves the selection by a key; `false` if the key is none of its own. */
    moveTo(key) {
      const at = chain.links.indexOf(selected);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: chain.links.length - 1 }[key];
      if (key === 'Escape') select(undefined, true);
      else if (to === undefined) return false;
      else if (chain.links[to]) select(chain.links[to], true);
      return true;
    },
  };
}

function drawFlag(pen, x, colour) {
  pen.fillStyle = colour;
  pen.fillRect(x - 2, 0, 2, HEIGHT);
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x + 7, 3);
  pen.lineTo(x, 6);
  pen.fill();
}
