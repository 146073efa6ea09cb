import type { Clock } from '../../functions/contract/clock';
import type { Failure } from './failure';
import type { Frame } from './frame';
import type { EventDetails, StoredEvent } from './history';
import type { InvocationResponse } from './invocation';

/** Lambda's Invoke. Rejects with an API error that has `name` and `statusCode`. */
export type InvokeFunction = (input: {
  readonly FunctionName: string;
  readonly InvocationType: 'RequestResponse' | 'Event';
  readonly Payload: string;
}) => Promise<InvocationResponse>;

export interface InterpreterOptions {
  readonly clock: Clock;
  readonly invokeFunction: InvokeFunction;
  readonly region: string;
  /** Uniform in [0, 1): jitter. */
  readonly random: () => number;
  readonly randomToken: () => string;
  readonly heartbeatTimeoutError: string;
}

/** What moves frames from state to state: the interpreter, as the runners of Task and Map states use it. */
export interface FrameDriver {
  readonly options: InterpreterOptions;
  /** Goes on with the frame from its phase until it waits for something or ends. Anything it was doing is void. */
  drive(frame: Frame): void;
  /** Runs what a timer or an answer has set off: where it throws, the frame fails. */
  guard(frame: Frame, action: () => void): void;
  /** A step of the frame threw. */
  interrupted(frame: Frame, turn: number, error: unknown): void;
  /** Retry, else Catch, else the end of the frame. */
  fail(frame: Frame, failure: Failure): void;
  /** Appends an event to the frame's own chain of events, and answers its id. */
  emit(frame: Frame, type: StoredEvent['type'], details?: EventDetails): number;
  /** Runs a frame of a failed, stopped or timed-out execution again, from the state that did not end. */
  revive(frame: Frame, previousEventId: number): void;
  /** Takes up a running frame that was restored from a snapshot. */
  resume(frame: Frame): void;
}
