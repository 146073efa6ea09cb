import { settledItems } from '../../functions/contract/outcomes';
import type { ChainView, LinkOutcome, LinkView } from '../view';
import { offset } from './format';

type Standing = LinkOutcome | 'running';

/** How a link can stand, with the colour of its bar (a custom property in run.css) and which share of its lane is filled. */
export const STANDINGS: Readonly<
  Record<Standing, { readonly label: string; readonly colour: string; readonly height: number }>
> = {
  returned: { label: 'returned', colour: '--link-returned', height: 0.62 },
  running: { label: 'running', colour: '--link-running', height: 0.62 },
  threw: { label: 'threw an error', colour: '--link-threw', height: 1 },
  'timed-out': { label: 'timed out', colour: '--link-timed-out', height: 1 },
  died: { label: 'died', colour: '--link-died', height: 1 },
};

/** Of a link that settled nothing, as a share of its colour: it is seen all the same. */
const PALEST = 0.4;
const HEIGHT = 22;
/** Room above the bars for the flag of a new epoch. */
const FLAG = 4;
/** A link is found this many pixels beside its bar, so that a bar of one pixel can be pointed at. */
const REACH = 3;
/** The least distance in pixels between two labels of the axis. */
const LABEL_WIDTH = 64;
/** A label on the axis that begins nearer to the right end than this many pixels would stick out. */
const LABEL_ROOM = 30;
const STEPS_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 259_200, 604_800,
];
const LONGEST_STEP_SECONDS = 604_800;

/** The time axis that all lanes share. Times in milliseconds since 1970-01-01T00:00:00Z, the width in pixels. */
export interface Axis {
  readonly from: number;
  readonly until: number;
  /** Where a link that runs ends for now. */
  readonly now: number;
  readonly width: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** Other colours of the lanes and of the plot above them, each with its custom property. */
const COLOURS = {
  mark: '--epoch-mark',
  grid: '--border',
  focus: '--accent',
  surface: '--surface',
  label: '--text',
  handoff: '--handoff',
  throttle: '--throttle',
  done: '--fill-done',
  skipped: '--fill-skipped',
  unprocessed: '--fill-unprocessed',
  inDoubt: '--fill-in-doubt',
} as const;

export type Colours = Readonly<Record<Standing | keyof typeof COLOURS, string>>;

/** The colours of the current scheme, light or dark. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const names = [
    ...Object.entries(STANDINGS).map(([standing, { colour }]) => [standing, colour] as const),
    ...Object.entries(COLOURS),
  ];
  return Object.fromEntries(names.map(([name, property]) => [name, style.getPropertyValue(property)])) as Colours;
}

/**
 * The last `spanMilliseconds` of a run that began at `begin`, or the whole of it if it is shorter; a second at least.
 */
export function axisOf(begin: number, now: number, spanMilliseconds: number, width: number): Axis {
  const from = Math.max(begin, now - spanMilliseconds);
  const until = Math.max(now, from + 1000);
  return { from, until, now, width, ticks: width > 0 ? ticksOf(from, until, width, begin) : [] };
}

function ticksOf(from: number, until: number, width: number, begin: number): Axis['ticks'] {
  const perPixel = (until - from) / width;
  const step =
    (STEPS_SECONDS.find((seconds) => (seconds * 1000) / perPixel >= LABEL_WIDTH) ?? LONGEST_STEP_SECONDS) * 1000;
  const ticks: { x: number; label: string }[] = [];
  for (let at = Math.ceil((from - begin) / step) * step; begin + at <= until; at += step) {
    const x = (begin + at - from) / perPixel;
    if (x <= width - LABEL_ROOM) ticks.push({ x: Math.round(x), label: offset(at) });
  }
  return ticks;
}

/** Draws a chain's links as bars: hundreds of them cost one element, and an update some microseconds. */
export function paint(
  canvas: HTMLCanvasElement,
  { links }: ChainView,
  axis: Axis,
  colours: Colours,
  selected: LinkView | undefined,
): void {
  const pen = canvas.getContext('2d');
  if (!pen || axis.width === 0) return;
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
  for (const { x } of axis.ticks) pen.fillRect(x, 0, 1, HEIGHT);
  const most = Math.max(0, ...links.map(paceOf));
  let epoch = links[0]?.epoch;
  for (const link of links) {
    const { left, width: barWidth } = spanOf(link, axis);
    if (link.epoch !== epoch) {
      epoch = link.epoch;
      if (left >= 0) drawFlag(pen, left, colours.mark);
    }
    if (left + barWidth < 0) continue;
    const standing = link.outcome ?? 'running';
    const bar = (HEIGHT - FLAG) * STANDINGS[standing].height;
    pen.fillStyle = colours[standing];
    pen.globalAlpha = shadeOf(link, most);
    pen.fillRect(left, HEIGHT - bar, barWidth, bar);
    pen.globalAlpha = 1;
    if (link === selected) {
      pen.strokeStyle = colours.focus;
      pen.lineWidth = 2;
      pen.strokeRect(left - 1, 1, barWidth + 2, HEIGHT - 2);
    }
  }
}

/** Items per second that a link settled; 0 where it has not said. */
function paceOf({ settled, startedAt, endedAt = startedAt }: LinkView): number {
  return settled && endedAt > startedAt ? (settledItems(settled) * 1000) / (endedAt - startedAt) : 0;
}

/** A link is drawn the paler, the slower it was beside the quickest of its chain; one that has said nothing is not. */
function shadeOf(link: LinkView, most: number): number {
  return link.settled && most > 0 ? PALEST + (1 - PALEST) * (paceOf(link) / most) : 1;
}

/** Index of the link at `x` pixels from the left, -1 for none. */
export function linkAt({ links }: ChainView, axis: Axis, x: number): number {
  const index = links.findLastIndex((link) => spanOf(link, axis).left - REACH <= x);
  const link = links[index];
  if (!link) return -1;
  const { left, width } = spanOf(link, axis);
  return x <= left + width + REACH ? index : -1;
}

/** Pixels from the left to the middle of a link's bar. */
export function middleOf(link: LinkView, axis: Axis): number {
  const { left, width } = spanOf(link, axis);
  return left + width / 2;
}

function spanOf(link: LinkView, { from, until, now, width }: Axis): { readonly left: number; readonly width: number } {
  const xOf = (time: number) => ((time - from) / (until - from)) * width;
  const left = xOf(link.startedAt);
  const right = xOf(link.endedAt ?? now);
  // One pixel stays free between neighbours while bars are wide enough for it.
  return { left, width: Math.max(1, right - left - (right - left > 4 ? 1 : 0)) };
}

function drawFlag(pen: CanvasRenderingContext2D, x: number, colour: string): void {
  pen.fillStyle = colour;
  pen.fillRect(x - 2, 0, 2, HEIGHT);
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x + 7, 3);
  pen.lineTo(x, 6);
  pen.fill();
}
