import { Execution, type ExecutionSurroundings } from './execution';
import type { ExecutionRecord } from './execution-record';
import { type Frame, type MapProgress, newFrame, type Phase, stateOf } from './frame';
import type { StateMachine } from './machine';

/** All state machines and executions as plain JSON. */
export interface Snapshot {
  readonly version: 1;
  readonly stateMachines: readonly MachineSnapshot[];
}

export interface MachineSnapshot {
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly executions: readonly { readonly record: ExecutionRecord; readonly root: FrameSnapshot }[];
}

interface FrameSnapshot extends Omit<Frame, Rebuilt | 'state' | 'phase' | 'map'> {
  readonly stateName: string;
  readonly phase: Phase;
  readonly map?: Omit<MapProgress, 'iterations' | 'launching'> & { readonly iterations: readonly FrameSnapshot[] };
}

/** Parts of a frame that follow from where it stands. */
type Rebuilt = 'execution' | 'parent' | 'container' | 'turn' | 'cancelTimer';

/** A copy, with the executions of each state machine, oldest first: what happens afterwards does not change it. */
export function snapshotOf(machines: Iterable<readonly [StateMachine, readonly Execution[]]>): Snapshot {
  const stateMachines = [...machines].map(([{ name, roleArn, text, createdAt }, executions]) => ({
    name,
    roleArn,
    definition: text,
    createdAt,
    executions: executions.map(({ record, root }) => ({ record, root: frameSnapshot(root) })),
  }));
  return JSON.parse(JSON.stringify({ version: 1, stateMachines })) as Snapshot;
}

function frameSnapshot(frame: Frame): FrameSnapshot {
  const { execution, parent, container, turn, cancelTimer, state, map, ...rest } = frame;
  return { ...rest, stateName: state.name, map: map && mapSnapshot(map) };
}

function mapSnapshot({ launching, iterations, ...rest }: MapProgress): FrameSnapshot['map'] {
  return { ...rest, iterations: [...iterations.values()].map(frameSnapshot) };
}

/** The execution as it was. It does not move before its frames are resumed. */
export function restoredExecution(
  machine: StateMachine,
  { record, root }: MachineSnapshot['executions'][number],
  surroundings: ExecutionSurroundings,
): Execution {
  const execution = new Execution(machine, { ...record, events: [...record.events] }, surroundings);
  execution.root = restoredFrame(root, { execution, container: machine.definition });
  return execution;
}

function restoredFrame(
  { stateName, map, ...snapshot }: FrameSnapshot,
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
