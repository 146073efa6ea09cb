import { Execution, type ExecutionSurroundings } from './execution';
import type { ExecutionRecord } from './execution-record';
import { type Frame, type MapProgress, newFrame, type Phase, stateOf } from './frame';
import { childMachine, type StateMachine, type Tag } from './machine';
import { MapRun, type MapRunRecord } from './map-run';

/** All state machines and executions as plain JSON. */
export interface Snapshot {
  readonly version: 1;
  readonly stateMachines: readonly MachineSnapshot[];
}

export interface MachineSnapshot {
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  /** @default - none */
  readonly tags?: readonly Tag[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Children are with their Map Runs. */
  readonly executions: readonly ExecutionSnapshot[];
}

export interface ExecutionSnapshot {
  readonly record: ExecutionRecord;
  readonly root: FrameSnapshot;
  /** Oldest first. @default - none */
  readonly mapRuns?: readonly MapRunSnapshot[];
}

interface MapRunSnapshot {
  readonly record: MapRunRecord;
  /** State that has started it. */
  readonly stateName: string;
  readonly children: readonly ExecutionSnapshot[];
}

interface FrameSnapshot extends Omit<Frame, Rebuilt | 'state' | 'phase' | 'map' | 'mapRun'> {
  readonly stateName: string;
  readonly phase: Phase;
  /** ARN of the Map Run that the frame waits for. */
  readonly mapRunArn?: string;
  readonly map?: Omit<MapProgress, 'iterations' | 'launching'> & { readonly iterations: readonly FrameSnapshot[] };
}

/** Parts of a frame that follow from where it stands. */
type Rebuilt = 'execution' | 'parent' | 'container' | 'turn' | 'cancelTimer';

/** A copy, with the executions of each state machine, oldest first: what happens afterwards does not change it. */
export function snapshotOf(
  machines: Iterable<readonly [StateMachine, readonly Execution[]]>,
  mapRunsOf: (execution: Execution) => readonly MapRun[],
): Snapshot {
  const executionSnapshot = (execution: Execution): ExecutionSnapshot => ({
    record: execution.record,
    root: frameSnapshot(execution.root),
    mapRuns: mapRunsOf(execution).map(({ record, stateName, children }) => ({
      record,
      stateName,
      children: children.map(executionSnapshot),
    })),
  });
  const stateMachines = [...machines].map(([{ name, roleArn, text, tags, createdAt }, executions]) => ({
    name,
    roleArn,
    definition: text,
    tags,
    createdAt,
    executions: executions.map(executionSnapshot),
  }));
  return JSON.parse(JSON.stringify({ version: 1, stateMachines })) as Snapshot;
}

function frameSnapshot(frame: Frame): FrameSnapshot {
  const { execution, parent, container, turn, cancelTimer, state, map, mapRun, ...rest } = frame;
  return { ...rest, stateName: state.name, map: map && mapSnapshot(map), mapRunArn: mapRun?.record.arn };
}

function mapSnapshot({ launching, iterations, ...rest }: MapProgress): FrameSnapshot['map'] {
  return { ...rest, iterations: [...iterations.values()].map(frameSnapshot) };
}

/** An execution and the Map Runs that it has started. */
interface Restored {
  readonly execution: Execution;
  readonly mapRuns: readonly MapRun[];
}

/** The execution as it was, with its Map Runs and their children. None of them moves before its frames are resumed. */
export function restoredExecution(
  machine: StateMachine,
  { record, root, mapRuns: saved = [] }: ExecutionSnapshot,
  surroundings: ExecutionSurroundings,
): Restored {
  const execution = new Execution(machine, { ...record, events: [...record.events] }, surroundings);
  execution.root = restoredFrame(root, { execution, container: machine.definition });
  const mapRuns = saved.map((run) => restoredMapRun(run, execution, surroundings));
  execution.root.mapRun = mapRuns.find((run) => run.record.arn === root.mapRunArn);
  return { execution, mapRuns };
}

function restoredMapRun(
  { record, stateName, children }: MapRunSnapshot,
  { machine, root }: Execution,
  surroundings: ExecutionSurroundings,
): MapRun {
  const run = new MapRun({ ...record }, root, stateName);
  const state = stateOf(machine.definition, stateName);
  if (state.type !== 'Map') return run;
  const itsMachine = childMachine(machine, record.label, state.processor);
  for (const child of children) run.children.push(restoredExecution(itsMachine, child, surroundings).execution);
  return run;
}

function restoredFrame(
  { stateName, map, mapRunArn: _, ...snapshot }: FrameSnapshot,
  place: Pick<Frame, 'execution' | 'parent' | 'container'>,
): Frame {
  const state = stateOf(place.container, stateName);
  const frame: Frame = { ...newFrame({ ...snapshot, ...place }), ...snapshot, state };
  if (map !== undefined && state.type === 'Map') {
    const iterations = map.iterations.map((iteration) =>
      restoredFrame(iteration, { execution: place.execution, parent: frame, container: state.processor }),
    );
    frame.map = { ...map, iterations: new Map(iterations.map((iteration) => [iteration.index, iteration])) };
  }
  return frame;
}
