import { callAt } from './call-at';
import { bindingsOf, type StatesExtra } from './context';
import { type ChoiceState, type Exit, type FailState, isDistributed, type WaitState } from './definition';
import { evaluateAs, isBoolean, isText, isWhole, unexpected } from './evaluation';
import { ExecutionEnded } from './execution';
import { type Failure, matches, retryDelay, StateFailure } from './failure';
import { type Frame, stateOf } from './frame';
import type { FrameDriver, InterpreterOptions } from './frame-driver';
import { type EventDetails, type StoredEvent, UNTRUNCATED } from './history';
import { payloadText } from './limits';
import { type MapRunHome, MapRunRunner } from './map-run-runner';
import { MapRunner } from './map-runner';
import { TaskRunner } from './task-runner';

/** Moves frames from state to state. */
export class Interpreter implements FrameDriver {
  readonly tasks = new TaskRunner(this);
  readonly maps = new MapRunner(this);

  readonly mapRuns: MapRunRunner;

  constructor(
    readonly options: InterpreterOptions,
    home: MapRunHome,
  ) {
    this.mapRuns = new MapRunRunner(this, home);
  }

  /** Goes on with the frame from its phase until it waits for something or ends. Anything it was doing is void. */
  drive(frame: Frame): void {
    const turn = ++frame.turn;
    const steps = async () => {
      while (frame.turn === turn && (await this.step(frame, turn)));
    };
    void steps().catch((error: unknown) => this.interrupted(frame, turn, error));
  }

  /** Runs what a timer or an answer has set off. */
  guard(frame: Frame, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.interrupted(frame, frame.turn, error);
    }
  }

  /** A step of the frame threw. A state's failure counts only if the frame has not been taken elsewhere since. */
  interrupted(frame: Frame, turn: number, error: unknown): void {
    if (error instanceof StateFailure) {
      if (frame.turn === turn) this.guard(frame, () => this.failEvaluation(frame, error));
    } else if (!(error instanceof ExecutionEnded) && frame.execution.running) {
      // Not a state's failure but this engine's: the execution must not go on as if nothing had happened.
      const { stack, message } = error as Error;
      frame.execution.fail({ error: 'States.Runtime', cause: `The embedded engine failed: ${stack ?? message}` });
    }
  }

  /** Takes one step; false when the frame waits or has ended. */
  private async step(frame: Frame, turn: number): Promise<boolean> {
    const { phase, state } = frame;
    switch (phase.kind) {
      case 'entering':
        this.enter(frame);
        return true;
      case 'starting':
        return this.start(frame, turn);
      case 'finishing':
        return state.type === 'Fail' ? false : this.leave(frame, turn, state, phase.result, { result: phase.result });
      case 'catching':
        return this.leaveThroughCatcher(frame, turn, phase.failure, phase.catcher);
      default:
        return false;
    }
  }

  private enter(frame: Frame): void {
    const { state } = frame;
    const input = payloadText(frame.input, state.name);
    frame.enteredAt = this.options.clock.now();
    frame.enteredEventId = this.emit(frame, `${state.type}StateEntered`, {
      stateEnteredEventDetails: { name: state.name, input, inputDetails: UNTRUNCATED },
    });
    frame.phase = { kind: 'starting' };
  }

  private start(frame: Frame, turn: number): Promise<boolean> {
    const { state } = frame;
    switch (state.type) {
      case 'Task':
        return this.tasks.start(frame, state, turn);
      case 'Map':
        return isDistributed(state) ? this.mapRuns.start(frame, state, turn) : this.maps.start(frame, state, turn);
      case 'Choice':
        return this.choose(frame, state, turn);
      case 'Wait':
        return this.wait(frame, state, turn);
      case 'Fail':
        return this.raise(frame, state);
      default:
        return this.leave(frame, turn, state, frame.input);
    }
  }

  private async choose(frame: Frame, state: ChoiceState, turn: number): Promise<boolean> {
    const bindings = bindingsOf(frame);
    for (const [index, rule] of state.rules.entries()) {
      const location = `Choices[${index}]/Condition`;
      if (await evaluateAs(rule.condition, bindings, location, 'a boolean', isBoolean)) {
        return this.leave(frame, turn, rule, frame.input);
      }
    }
    if (state.hasDefault) return this.leave(frame, turn, state, frame.input);
    throw new StateFailure({
      error: 'States.NoChoiceMatched',
      cause: `${executing(frame)}No choice matched, and there is no Default.`,
    });
  }

  private async wait(frame: Frame, state: WaitState, turn: number): Promise<boolean> {
    const bindings = bindingsOf(frame);
    let until: number;
    if (state.seconds !== undefined) {
      const seconds = await evaluateAs(state.seconds, bindings, 'Seconds', 'a whole number of seconds', isWhole);
      until = this.options.clock.now() + seconds * 1000;
    } else {
      const timestamp = await state.timestamp?.evaluate(bindings);
      until = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
      if (Number.isNaN(until)) throw unexpected('Timestamp', 'an RFC 3339 timestamp', timestamp);
    }
    if (frame.turn !== turn) return false;
    frame.phase = { kind: 'waiting', until };
    this.driveAt(frame, until);
    return false;
  }

  private async raise(frame: Frame, state: FailState): Promise<boolean> {
    const bindings = bindingsOf(frame);
    const error = state.error && (await evaluateAs(state.error, bindings, 'Error', 'a string', isText));
    const cause = state.cause && (await evaluateAs(state.cause, bindings, 'Cause', 'a string', isText));
    throw new StateFailure({ error, cause });
  }

  /**
   * Drives the frame on at `until`, in milliseconds since the epoch: a Wait state is over, or the pause before a retry.
   */
  driveAt(frame: Frame, until: number): void {
    frame.cancelTimer = callAt(this.options.clock, until, () =>
      this.guard(frame, () => {
        frame.cancelTimer = undefined;
        frame.phase =
          frame.phase.kind === 'waiting' ? { kind: 'finishing', result: frame.input } : { kind: 'starting' };
        this.drive(frame);
      }),
    );
  }

  private leaveThroughCatcher(frame: Frame, turn: number, failure: Failure, index: number): Promise<boolean> {
    const { state } = frame;
    const catcher = 'catchers' in state ? state.catchers[index] : undefined;
    if (catcher === undefined) throw new Error(`Expected the catcher ${index} in the state '${state.name}'.`);
    const errorOutput = { Error: failure.error ?? '', Cause: failure.cause ?? '' };
    return this.leave(frame, turn, catcher, errorOutput, { errorOutput });
  }

  /** Evaluates `Output` and `Assign`, then goes on to the next state or ends the frame. */
  private async leave(
    frame: Frame,
    turn: number,
    exit: Exit,
    byDefault: unknown,
    extra: StatesExtra = {},
  ): Promise<boolean> {
    const { state } = frame;
    const bindings = exit.output === undefined && exit.assign === undefined ? {} : bindingsOf(frame, extra);
    const output = exit.output === undefined ? byDefault : await exit.output.evaluate(bindings);
    const assigned = (await exit.assign?.evaluate(bindings)) as Record<string, unknown> | undefined;
    if (frame.turn !== turn) return false;

    const text = payloadText(output, state.name);
    const assignedTexts = Object.entries(assigned ?? {}).map(([key, value]) => [key, payloadText(value, state.name)]);
    this.emit(frame, `${state.type}StateExited` as StoredEvent['type'], {
      stateExitedEventDetails: {
        name: state.name,
        output: text,
        outputDetails: UNTRUNCATED,
        ...(assigned === undefined
          ? undefined
          : { assignedVariables: Object.fromEntries(assignedTexts), assignedVariablesDetails: UNTRUNCATED }),
      },
    });
    if (assigned !== undefined) frame.variables = { ...frame.variables, ...assigned };
    frame.map = undefined;
    frame.mapRun = undefined;

    if (exit.next === undefined) {
      frame.execution.stopWaiting(frame, 'succeeded');
      if (frame.parent === undefined) frame.execution.succeed(text);
      else this.maps.iterationSucceeded(frame.parent, frame, output);
      return false;
    }
    frame.state = stateOf(frame.container, exit.next);
    frame.input = output;
    frame.retried = [];
    frame.retryCount = 0;
    frame.phase = { kind: 'entering' };
    return true;
  }

  /** A field of the state could not be evaluated, or its output was too large. */
  private failEvaluation(frame: Frame, { failure, location }: StateFailure): void {
    if (location === undefined) {
      this.fail(frame, failure);
      return;
    }
    const { error } = failure;
    const cause = executing(frame) + failure.cause;
    this.emit(frame, 'EvaluationFailed', {
      evaluationFailedEventDetails: { error, cause, location, state: frame.state.name },
    });
    // Recorded at AWS: a Map that cannot start fails as one that has started does.
    if (frame.state.type === 'Map' && frame.phase.kind === 'starting') this.emit(frame, 'MapStateFailed');
    this.fail(frame, { error, cause });
  }

  /** Retry, else Catch, else the end of the frame. The event that tells the failure is already in the history. */
  fail(frame: Frame, failure: Failure): void {
    const { state, execution } = frame;
    execution.stopWaiting(frame, 'running');
    if ('retriers' in state && frame.phase.kind !== 'catching') {
      const index = state.retriers.findIndex(({ errorEquals }) => matches(errorEquals, failure));
      const retrier = state.retriers[index];
      const retried = frame.retried[index] ?? 0;
      if (retrier !== undefined && retried < retrier.maxAttempts) {
        frame.retried[index] = retried + 1;
        frame.retryCount += 1;
        frame.map = undefined;
        frame.mapRun = undefined;
        const until = this.options.clock.now() + retryDelay(retrier, retried, this.options.random);
        frame.phase = { kind: 'backing-off', until };
        this.driveAt(frame, until);
        return;
      }
      const catcher = state.catchers.findIndex(({ errorEquals }) => matches(errorEquals, failure));
      if (catcher >= 0) {
        frame.phase = { kind: 'catching', failure, catcher };
        this.drive(frame);
        return;
      }
    }
    frame.status = 'failed';
    if (frame.parent === undefined) execution.fail(failure);
    else this.maps.iterationFailed(frame.parent, frame, failure);
  }

  /** Runs a frame of a failed, stopped or timed-out execution again, from the state that did not end. */
  revive(frame: Frame, previousEventId: number): void {
    frame.status = 'running';
    frame.lastEventId = previousEventId;
    frame.retried = [];
    frame.retryCount = 0;
    const { kind } = frame.phase;
    if (kind === 'iterating') {
      this.maps.revive(frame);
      return;
    }
    if (kind === 'in-map-run') {
      this.mapRuns.revive(frame);
      return;
    }
    // An inline Map whose iterations have all succeeded only lacks its Output; whatever else had started, starts again.
    // A distributed one, too: "A new Map Run is started" where the Map failed for what its results were made into.
    const lacksOutput = kind === 'finishing' && frame.state.type === 'Map' && !isDistributed(frame.state);
    if (kind !== 'entering' && !lacksOutput) frame.phase = { kind: 'starting' };
    this.drive(frame);
  }

  /** Takes up a running frame that was restored from a snapshot. */
  resume(frame: Frame): void {
    const { phase } = frame;
    if (phase.kind === 'waiting' || phase.kind === 'backing-off') this.driveAt(frame, phase.until);
    else if (phase.kind === 'calling' || phase.kind === 'awaiting-callback') this.tasks.resume(frame, phase.attempt);
    else if (phase.kind === 'iterating') this.maps.resume(frame);
    else if (phase.kind === 'in-map-run') this.mapRuns.resume(frame);
    else this.drive(frame);
  }

  /** Appends an event to the frame's own chain of events. */
  emit(frame: Frame, type: StoredEvent['type'], details?: EventDetails): number {
    frame.lastEventId = frame.execution.append(type, frame.lastEventId, details);
    return frame.lastEventId;
  }
}

function executing(frame: Frame): string {
  return `An error occurred while executing the state '${frame.state.name}' (entered at the event id #${frame.enteredEventId}). `;
}
