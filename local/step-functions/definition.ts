import type { Retrier } from './failure';
import type { Template } from './payload-template';

/** A state machine as the interpreter runs it: compiled once, shared by all executions. */
export interface Definition extends Container {
  /** Bound of one run of the execution. @default - none */
  readonly timeoutSeconds?: number;
}

/** The states of the machine, or of one Map's ItemProcessor. */
export interface Container {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export type State = TaskState | MapState | PassState | ChoiceState | WaitState | SucceedState | FailState;

/** What a state, a choice rule or a catcher does on its way out. */
export interface Exit {
  /** @default - the state's own output */
  readonly output?: Template;
  readonly assign?: Template;
  /** @default - the end of the container */
  readonly next?: string;
}

export interface Catcher extends Exit {
  readonly errorEquals: readonly string[];
}

interface Recoverable {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

export interface TaskState extends Exit, Recoverable {
  readonly type: 'Task';
  readonly name: string;
  /** `lambda:invoke.waitForTaskToken` rather than `lambda:invoke`. */
  readonly callback: boolean;
  /** Evaluates to `{FunctionName, InvocationType?, Payload?}`. */
  readonly arguments: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
}

export interface MapState extends Exit, Recoverable {
  readonly type: 'Map';
  readonly name: string;
  readonly items?: Template;
  readonly itemSelector?: Template;
  readonly maxConcurrency?: Template;
  readonly processor: Container;
  /** Name of its Map Runs, where its iterations are executions of their own. @default - an inline Map */
  readonly label?: string;
}

/** A Map whose iterations are executions of their own. */
export type DistributedMapState = MapState & { readonly label: string };

export function isDistributed(state: MapState): state is DistributedMapState {
  return state.label !== undefined;
}

interface PassState extends Exit {
  readonly type: 'Pass';
  readonly name: string;
}

export interface ChoiceRule extends Exit {
  readonly condition: Template;
}

export interface ChoiceState extends Exit {
  readonly type: 'Choice';
  readonly name: string;
  readonly rules: readonly ChoiceRule[];
  /** `next` of the state itself is its Default. */
  readonly hasDefault: boolean;
}

export interface WaitState extends Exit {
  readonly type: 'Wait';
  readonly name: string;
  /** Exactly one of the two. */
  readonly seconds?: Template;
  readonly timestamp?: Template;
}

interface SucceedState extends Exit {
  readonly type: 'Succeed';
  readonly name: string;
}

export interface FailState {
  readonly type: 'Fail';
  readonly name: string;
  readonly error?: Template;
  readonly cause?: Template;
}
