import type { Container, State } from './definition';
import type { ExecutionRecord } from './execution-record';
import type { Failure } from './failure';
import type { EventDetails, StoredEvent } from './history';
import type { StateMachine } from './machine';

/** The execution, as its frames see it: where their history goes, and what they wait for. */
export interface FrameExecution {
  readonly machine: StateMachine;
  readonly record: ExecutionRecord;
  readonly input: unknown;
  readonly running: boolean;
  /** The frames that wait for a callback, by the serial number in their token. */
  readonly pending: Map<number, Frame>;
  append(type: StoredEvent['type'], previousEventId: number, details?: EventDetails): number;
  /** Ends whatever the frame waits for, voids its steps that are under way, and sets its status. */
  stopWaiting(frame: Frame, status: Frame['status']): void;
  succeed(text: string): void;
  fail(failure: Failure): void;
}

/**
 * A walk through the states of a container: the execution's own, or one Map iteration's. What a frame is about to do is
 * data (`phase`), so that an execution can be written down at any moment and taken up again. A step reads, awaits
 * expressions, and only then changes the frame and the history, in one go.
 */
export interface Frame {
  readonly execution: FrameExecution;
  /** The frame whose Map this iteration belongs to. */
  readonly parent?: Frame;
  readonly container: Container;
  /** Position and value of the iteration's item; -1 for the execution's own frame. */
  readonly index: number;
  readonly item: unknown;
  status: 'running' | 'succeeded' | 'failed' | 'aborted';
  state: State;
  input: unknown;
  /** Replaced, never changed: iterations share the variables around them. */
  variables: Readonly<Record<string, unknown>>;
  /** What the next event of this frame names as its previous event. */
  lastEventId: number;
  enteredEventId: number;
  /** When the state was entered, in milliseconds since the epoch. */
  enteredAt: number;
  /** How often each retrier of the state has been used. */
  retried: number[];
  /** `$states.context.State.RetryCount` */
  retryCount: number;
  phase: Phase;
  /** The iterations, while `state` is a Map that has started. */
  map?: MapProgress;
  /** The Map Run, while `state` is a distributed Map that has started. */
  mapRun?: AwaitedMapRun;
  /** Counts the steps: a continuation whose turn has passed (stopped, timed out, redriven) does nothing. */
  turn: number;
  cancelTimer?: () => void;
}

/** What a frame is about to do or waits for. `until` is in milliseconds since the epoch. */
export type Phase =
  | { readonly kind: 'entering' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'calling'; readonly attempt: TaskAttempt }
  | { readonly kind: 'awaiting-callback'; readonly attempt: TaskAttempt }
  | { readonly kind: 'backing-off'; readonly until: number }
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'iterating' }
  | { readonly kind: 'in-map-run' }
  | { readonly kind: 'finishing'; readonly result: unknown }
  | { readonly kind: 'catching'; readonly failure: Failure; readonly catcher: number };

/** One attempt of a Task. Times are milliseconds since the epoch. */
export interface TaskAttempt {
  /** Key of the pending callback. @default - the Task has no token */
  readonly serial?: number;
  readonly secret?: string;
  readonly deadline?: number;
  readonly heartbeatMilliseconds?: number;
  lastHeartbeat: number;
  /** An answer that came before Lambda had accepted the event. */
  answer?: CallbackAnswer;
}

/** `text` is the output as `SendTaskSuccess` sent it. */
export type CallbackAnswer = { readonly text: string } | { readonly failure: Failure };

/** A Map Run, as the frame sees it that waits for it. */
export interface AwaitedMapRun {
  readonly record: { readonly arn: string };
  /**
   * Ends it, and stops the children that still run.
   *
   * @param at milliseconds since the epoch
   */
  end(status: 'ABORTED', at: number): void;
}

export interface MapProgress {
  readonly items: readonly unknown[];
  readonly concurrency: number;
  /** First item whose iteration has not started. */
  next: number;
  live: number;
  succeeded: number;
  /** Iterations that started and have not succeeded, by index. */
  readonly iterations: Map<number, Frame>;
  readonly results: unknown[];
  /** The Map's turn in which iterations are being started, one after the other. */
  launching?: number;
}

/** A frame before its first state. */
export function newFrame(
  owner: Pick<Frame, 'execution' | 'parent' | 'container' | 'index' | 'item' | 'input' | 'variables' | 'lastEventId'>,
): Frame {
  const state = stateOf(owner.container, owner.container.startAt);
  return {
    ...owner,
    status: 'running',
    state,
    enteredEventId: 0,
    enteredAt: 0,
    retried: [],
    retryCount: 0,
    phase: { kind: 'entering' },
    turn: 0,
  };
}

/** @throws Error where there is no such state */
export function stateOf(container: Container, name: string): State {
  const state = container.states.get(name);
  if (state === undefined) throw new Error(`Expected the state '${name}' in the definition; it is not there.`);
  return state;
}

/** Calls `visit` for the frame and for every iteration below it that has not succeeded. */
export function visitFrames(frame: Frame, visit: (frame: Frame) => void): void {
  visit(frame);
  for (const iteration of frame.map?.iterations.values() ?? []) visitFrames(iteration, visit);
}
