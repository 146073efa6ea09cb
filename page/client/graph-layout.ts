import type { StateView } from '../view';

export const NODE_HEIGHT = 54;
export const END_RADIUS = 6;
const GAP = 30;
const NARROWEST = 136;
const WIDEST = 196;
/** How far an edge that passes states by swings out beside them, and how much farther each that it would run into. */
const SWING = 18;
const RAIL = 9;
/** Radius of its corners, in pixels. */
const CORNER = 10;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Between two states by their position; -1 is the start, and the number of states the end. */
interface Edge {
  readonly from: number;
  readonly to: number;
  /** As SVG draws it. */
  readonly path: string;
}

/** Where everything in the drawing of the states stands, in pixels. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
  /** The start and the end. */
  readonly dots: readonly (readonly [x: number, y: number])[];
}

/**
 * States in the order of the state machine, left to right where there is room, else top to bottom. An edge that passes
 * some of them by goes around.
 *
 * @param room pixels that the drawing may be wide
 */
export function layOut(states: readonly StateView[], room: number): GraphLayout {
  const rails = railsOf(states);
  const swing = (from: number, to: number) => SWING + RAIL * (rails.get(`${from} ${to}`) ?? 0);
  const widest = rails.size === 0 ? 0 : SWING + RAIL * Math.max(...rails.values());
  const wanted = (room - 2 * (END_RADIUS * 2 + GAP) - (states.length - 1) * GAP - 4) / states.length;
  const horizontal = wanted >= NARROWEST;
  const width = horizontal ? Math.min(WIDEST, Math.floor(wanted)) : Math.min(230, room - 2 * widest - 8);
  const start = END_RADIUS * 2 + GAP + 2;
  const boxes = states.map((_, index) =>
    horizontal
      ? { x: start + index * (width + GAP), y: 3, width }
      : { x: (room - width) / 2, y: start + index * (NODE_HEIGHT + GAP), width },
  );
  const last = boxes.at(-1) ?? { x: start, y: start, width };
  const size = horizontal
    ? { width: last.x + width + start, height: NODE_HEIGHT + 6 + (widest > 0 ? widest + 4 : 0) }
    : { width: room, height: last.y + NODE_HEIGHT + start };
  const middle = horizontal ? 3 + NODE_HEIGHT / 2 : room / 2;
  const end = (horizontal ? size.width : size.height) - END_RADIUS - 2;
  const line = (from: number, to: number) => (horizontal ? `M${from} ${middle}H${to}` : `M${middle} ${from}V${to}`);
  const dot = (at: number) => (horizontal ? ([at, middle] as const) : ([middle, at] as const));

  const edges: Edge[] = [{ from: -1, to: 0, path: line(END_RADIUS * 2 + 2, start - 2) }];
  states.forEach((state, from) => {
    const box = boxes[from] ?? last;
    for (const name of state.next) {
      const to = states.findIndex((other) => other.name === name);
      const target = boxes[to];
      if (to === from + 1) {
        const leave = horizontal ? box.x + width : box.y + NODE_HEIGHT;
        edges.push({ from, to, path: line(leave, leave + GAP - 2) });
      } else if (target) edges.push({ from, to, path: around(box, target, { swing: swing(from, to), horizontal }) });
    }
    if (state.next.length === 0 && from === states.length - 1) {
      edges.push({ from, to: states.length, path: line(end - END_RADIUS - GAP, end - END_RADIUS - 2) });
    }
  });
  return { ...size, boxes, edges, dots: [dot(END_RADIUS + 2), dot(end)] };
}

/**
 * On which rail each edge runs that passes states by, 0 for the innermost, by `from to`: two that pass the same gap between
 * states never share one, and the shorter of them runs inside.
 */
export function railsOf(states: readonly Pick<StateView, 'name' | 'next'>[]): ReadonlyMap<string, number> {
  const passing = states.flatMap(({ next }, from) =>
    next
      .map((name) => states.findIndex((other) => other.name === name))
      .filter((to) => to >= 0 && to !== from + 1)
      .map((to) => ({ from, to, first: Math.min(from, to), last: Math.max(from, to) })),
  );
  const rails = new Map<string, number>();
  const taken: { readonly first: number; readonly last: number }[][] = [];
  for (const edge of passing.sort((a, b) => a.last - a.first - (b.last - b.first))) {
    let rail = 0;
    while (taken[rail]?.some(({ first, last }) => edge.first < last && first < edge.last)) rail += 1;
    taken[rail] = [...(taken[rail] ?? []), edge];
    rails.set(`${edge.from} ${edge.to}`, rail);
  }
  return rails;
}

/** Under the row, or on the right of the column. */
function around(
  from: Box,
  to: Box,
  { swing, horizontal }: { readonly swing: number; readonly horizontal: boolean },
): string {
  if (horizontal) {
    const [x1, x2] = [from.x + from.width * 0.5, to.x + to.width * 0.5];
    const [y, low] = [from.y + NODE_HEIGHT, from.y + NODE_HEIGHT + swing];
    const turn = x2 > x1 ? CORNER : -CORNER;
    return `M${x1} ${y}V${low - CORNER}Q${x1} ${low} ${x1 + turn} ${low}H${x2 - turn}Q${x2} ${low} ${x2} ${low - CORNER}V${y + 2}`;
  }
  const [y1, y2] = [from.y + NODE_HEIGHT / 2, to.y + NODE_HEIGHT / 2];
  const [x, far] = [from.x + from.width, from.x + from.width + swing];
  const turn = y2 > y1 ? CORNER : -CORNER;
  return `M${x} ${y1}H${far - CORNER}Q${far} ${y1} ${far} ${y1 + turn}V${y2 - turn}Q${far} ${y2} ${far - CORNER} ${y2}H${x + 2}`;
}
