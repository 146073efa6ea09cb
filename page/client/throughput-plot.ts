import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { ChainView } from '../view';
import { OUTCOMES, type Outcome } from './outcome-words';
import { linesOf } from './rate-lines';
import type { Bin } from './throughput-bins';
import type { Axis, Colours } from './timeline';

export const PLOT_HEIGHT = 132;
/** Room at the top for the marks of throttles. */
const TOP = 12;
const TICK_HEIGHT = 5;
/** A budget further above than this times what came out would make everything else flat: its line is not drawn then. */
const BUDGET_IN_SIGHT = 2.5;
/** The highest point stays below the top by this part. */
const HEADROOM = 1.12;

export interface Drawn {
  readonly axis: Axis;
  readonly bins: readonly Bin[];
  /** Width of a bin, in milliseconds. */
  readonly step: number;
  readonly chains: readonly ChainView[];
  readonly colours: Colours;
}

/** Items per second up to which the plot goes. */
export function topOf(bins: readonly Bin[]): number {
  const highest = Math.max(0, ...bins.map(sumOf));
  const budgets = bins.map(({ allowedPerSecond = 0 }) => allowedPerSecond);
  const budget = Math.max(0, ...budgets.filter((allowed) => allowed <= highest * BUDGET_IN_SIGHT));
  return Math.max(highest, budget, 1) * HEADROOM;
}

export function sumOf({ perSecond }: Bin): number {
  return OUTCOMES.reduce((sum, outcome) => sum + perSecond[outcome], 0);
}

/** Items per second by outcome, each on top of the one before, over the time axis of the lanes. */
export class ThroughputPlot {
  private drawn: Drawn;
  private readonly plot: uPlot;

  /** @param onPoint told of the bin that the pointer is on: its position, -1 for none */
  constructor(element: HTMLElement, drawn: Drawn, onPoint: (index: number) => void) {
    this.drawn = drawn;
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    const area = (colour: Outcome): uPlot.Series => ({
      ...(stepped && { paths: stepped }),
      points: { show: false },
      fill: () => this.drawn.colours[colour],
      width: 0,
    });
    this.plot = new uPlot(
      {
        width: drawn.axis.width,
        height: PLOT_HEIGHT,
        padding: [TOP, 0, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: () => [this.drawn.axis.from, this.drawn.axis.until] },
          y: { range: () => [0, topOf(this.drawn.bins)] },
        },
        axes: [
          { show: false },
          {
            size: 0,
            splits: () => [...linesOf(topOf(this.drawn.bins))],
            values: () => [],
            grid: { stroke: () => this.drawn.colours.grid, width: 1 },
            ticks: { show: false },
          },
        ],
        // The highest first: the ones below are painted over it.
        series: [
          {},
          ...OUTCOMES.toReversed().map(area),
          {
            ...(stepped && { paths: stepped }),
            points: { show: false },
            stroke: () => this.drawn.colours.mark,
            width: 1.5,
            dash: [5, 4],
          },
        ],
        hooks: {
          draw: [(plot) => this.drawMarks(plot)],
          setCursor: [(plot) => onPoint(this.indexAt(plot.cursor.left ?? -1))],
        },
      },
      dataOf(drawn),
      element,
    );
  }

  update(drawn: Drawn): void {
    const isResized = drawn.axis.width !== this.drawn.axis.width;
    this.drawn = drawn;
    if (isResized) this.plot.setSize({ width: drawn.axis.width, height: PLOT_HEIGHT });
    this.plot.setData(dataOf(drawn));
  }

  destroy(): void {
    this.plot.destroy();
  }

  /** Position of the bin at so many pixels from the left; -1 for none. */
  private indexAt(left: number): number {
    if (left < 0) return -1;
    const { axis, bins, step } = this.drawn;
    const at = axis.from + (left / Math.max(1, axis.width)) * (axis.until - axis.from);
    return bins.findIndex((bin) => bin.at <= at && at < bin.at + step);
  }

  /** Where links handed over, at the bottom, and where calls were refused for the rate, at the top. */
  private drawMarks(plot: uPlot): void {
    const { ctx: pen, bbox } = plot;
    const { axis, bins, chains, colours, step } = this.drawn;
    const scale = window.devicePixelRatio || 1;
    const xOf = (at: number) => plot.valToPos(at, 'x', true);
    pen.save();
    pen.fillStyle = colours.handoff;
    for (const { links } of chains) {
      for (const { link, startedAt } of links) {
        if (link > 0 && startedAt >= axis.from && startedAt <= axis.until) {
          pen.fillRect(xOf(startedAt), bbox.top + bbox.height - TICK_HEIGHT * scale, scale, TICK_HEIGHT * scale);
        }
      }
    }
    pen.fillStyle = colours.throttle;
    for (const { at, throttles } of bins) {
      const x = xOf(at + step / 2);
      if (throttles < 0.5 || x < bbox.left || x > bbox.left + bbox.width) continue;
      pen.beginPath();
      pen.moveTo(x - 4 * scale, bbox.top - 9 * scale);
      pen.lineTo(x + 4 * scale, bbox.top - 9 * scale);
      pen.lineTo(x, bbox.top - 2 * scale);
      pen.fill();
    }
    this.drawLabels(plot, scale);
    pen.restore();
  }

  /** In the plot itself, with a rim that keeps them apart from it: left of it is no room on a phone. */
  private drawLabels({ ctx: pen, bbox, valToPos }: uPlot, scale: number): void {
    const { bins, colours } = this.drawn;
    pen.font = `${11 * scale}px system-ui, sans-serif`;
    pen.textAlign = 'left';
    pen.textBaseline = 'bottom';
    pen.lineJoin = 'round';
    pen.lineWidth = 3 * scale;
    pen.strokeStyle = colours.surface;
    pen.fillStyle = colours.label;
    for (const perSecond of linesOf(topOf(bins)).slice(1)) {
      const place = [bbox.left + 3 * scale, valToPos(perSecond, 'y', true) - scale] as const;
      const label = `${perSecond.toLocaleString('en')}/s`;
      pen.strokeText(label, ...place);
      pen.fillText(label, ...place);
    }
  }
}

/** Sums from the bottom up, the highest first, and one point more for the end of the last bin. */
function dataOf({ bins, step }: Drawn): uPlot.AlignedData {
  const last = bins.at(-1);
  const points = last === undefined ? [] : [...bins, { ...last, at: last.at + step }];
  const top = topOf(bins);
  const sums = OUTCOMES.map((_, index) =>
    points.map(({ perSecond }) => OUTCOMES.slice(0, index + 1).reduce((sum, outcome) => sum + perSecond[outcome], 0)),
  ).toReversed();
  const budget = points.map(({ allowedPerSecond = Number.POSITIVE_INFINITY }) =>
    allowedPerSecond <= top ? allowedPerSecond : null,
  );
  return [points.map(({ at }) => at), ...sums, budget];
}
