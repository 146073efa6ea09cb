import { layOut, railsOf } from '../../page/client/graph-layout';
import type { StateView } from '../../page/view';

const state = (name: string, ...next: string[]): StateView => ({ name, type: 'Task', status: 'waiting', next });

/** Three waits lead back to a state before them, as the canary's and the parked chains' do. */
const STATES = [
  state('CreateWorkers', 'RunChains'),
  state('RunChains', 'Judge', 'FinishChains', 'AwaitOpening'),
  state('AwaitOpening', 'RunChains'),
  state('Judge', 'FinishChains', 'RunChains'),
  state('FinishChains', 'Reconcile', 'RunChains'),
  state('Reconcile'),
];

const spans = [...railsOf(STATES)].map(([key, rail]) => {
  const [from = 0, to = 0] = key.split(' ').map(Number);
  return { key, rail, first: Math.min(from, to), last: Math.max(from, to) };
});

it('gives every edge that passes states by a rail of its own where another passes the same', () => {
  expect(spans.map(({ key }) => key).sort()).toEqual(['1 3', '1 4', '2 1', '3 1', '4 1'].sort());
  for (const one of spans) {
    const meets = spans.filter((other) => other !== one && other.first < one.last && one.first < other.last);
    expect(meets.map(({ rail }) => rail)).not.toContain(one.rail);
  }
});

it('runs the shorter of two inside', () => {
  const railOf = (key: string) => spans.find((span) => span.key === key)?.rail ?? Number.NaN;
  expect(railOf('2 1')).toBeLessThan(railOf('3 1'));
  expect(railOf('3 1')).toBeLessThan(railOf('4 1'));
});

it.each([390, 760, 1600])('keeps every edge in the drawing, with %d pixels of room', (room) => {
  const { width, height, edges } = layOut(STATES, room);
  expect(width).toBeLessThanOrEqual(room);
  for (const { path } of edges) {
    const points = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
    expect(Math.max(...points)).toBeLessThanOrEqual(Math.max(width, height));
  }
  const paths = edges.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});

it('turns towards where an edge leads, up as well as down', () => {
  const { edges } = layOut(STATES, 390);
  for (const { from, to, path } of edges) {
    const corners = /Q[\d.]+ ([\d.]+) [\d.]+ ([\d.]+)V([\d.]+)/.exec(path)?.slice(1).map(Number);
    if (!corners) continue;
    const [leaves = 0, turned = 0, arrives = 0] = corners;
    expect(Math.sign(turned - leaves)).toBe(Math.sign(to - from));
    expect(Math.sign(arrives - turned)).toBe(Math.sign(to - from));
  }
  expect(edges.filter(({ from, to }) => to < from)).toHaveLength(3);
});

it('needs no room beside states of which none is passed by', () => {
  const straight = [state('One', 'Two'), state('Two')];
  expect(railsOf(straight).size).toBe(0);
  expect(layOut(straight, 300).boxes[0]?.width).toBeGreaterThan(200);
});
