import { callAt } from './call-at';
import { bindingsOf } from './context';
import type { TaskState } from './definition';
import { evaluateAs, isPositive, isText, unexpected } from './evaluation';
import type { Failure } from './failure';
import type { CallbackAnswer, Frame, TaskAttempt } from './frame';
import type { FrameDriver, InvokeFunction } from './frame-driver';
import { UNTRUNCATED } from './history';
import { type InvocationResponse, invocationFailure, invocationResult } from './invocation';
import { payloadText, resultTooLarge } from './limits';
import { writeTaskToken } from './task-token';

/** What a callback is found by, and the text that says so to its sender. */
interface CallbackToken {
  readonly serial: number;
  readonly secret: string;
  readonly text: string;
}

interface TimeLimits {
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
}

/** Runs Task states: both integrations with Lambda, their timeouts and heartbeats. */
export class TaskRunner {
  constructor(private readonly interpreter: FrameDriver) {}

  /** @throws StateFailure `States.QueryEvaluationError` where a field has another type, or its expression fails */
  async start(frame: Frame, state: TaskState, turn: number): Promise<boolean> {
    const token = state.callback ? this.newToken(frame) : undefined;
    const bindings = bindingsOf(frame, { taskToken: token?.text });
    const input = (await state.arguments.evaluate(bindings)) as Record<string, unknown>;
    const { FunctionName, Payload = {} } = input;
    if (!isText(FunctionName)) throw unexpected('Arguments/FunctionName', 'a string', FunctionName);
    const timeoutSeconds =
      state.timeoutSeconds &&
      (await evaluateAs(state.timeoutSeconds, bindings, 'TimeoutSeconds', 'a positive integer', isPositive));
    const heartbeatSeconds =
      state.heartbeatSeconds &&
      (await evaluateAs(state.heartbeatSeconds, bindings, 'HeartbeatSeconds', 'a positive integer', isPositive));
    if (heartbeatSeconds !== undefined && timeoutSeconds !== undefined && heartbeatSeconds >= timeoutSeconds) {
      throw unexpected('HeartbeatSeconds', `smaller than TimeoutSeconds (${timeoutSeconds})`, heartbeatSeconds);
    }
    const parameters = payloadText(input, state.name);
    if (frame.turn !== turn) return false;

    const limits: TimeLimits = { timeoutSeconds, heartbeatSeconds };
    this.emitStart(frame, state, parameters, limits);
    const attempt = this.begin(frame, token, limits);
    void this.call(frame, state, attempt, {
      FunctionName,
      InvocationType: state.callback ? 'Event' : 'RequestResponse',
      Payload: JSON.stringify(Payload),
    });
    return false;
  }

  private newToken({ execution }: Frame): CallbackToken {
    const serial = ++execution.record.lastSerial;
    const secret = this.interpreter.options.randomToken();
    return { serial, secret, text: writeTaskToken({ executionArn: execution.record.arn, serial, secret }) };
  }

  private emitStart(frame: Frame, state: TaskState, parameters: string, limits: TimeLimits): void {
    const resource = resourceOf(state);
    this.interpreter.emit(frame, 'TaskScheduled', {
      taskScheduledEventDetails: {
        ...resource,
        region: this.interpreter.options.region,
        parameters,
        timeoutInSeconds: limits.timeoutSeconds,
        heartbeatInSeconds: limits.heartbeatSeconds,
      },
    });
    this.interpreter.emit(frame, 'TaskStarted', { taskStartedEventDetails: resource });
  }

  /** Notes the attempt in the frame, and sets its timer. */
  private begin(frame: Frame, token: CallbackToken | undefined, limits: TimeLimits): TaskAttempt {
    const { timeoutSeconds, heartbeatSeconds } = limits;
    const now = this.interpreter.options.clock.now();
    const attempt: TaskAttempt = {
      serial: token?.serial,
      secret: token?.secret,
      deadline: timeoutSeconds && now + timeoutSeconds * 1000,
      heartbeatMilliseconds: heartbeatSeconds && heartbeatSeconds * 1000,
      lastHeartbeat: now,
    };
    frame.phase = { kind: 'calling', attempt };
    if (token !== undefined) frame.execution.pending.set(token.serial, frame);
    this.setTimer(frame, attempt);
    return attempt;
  }

  private async call(
    frame: Frame,
    state: TaskState,
    attempt: TaskAttempt,
    input: Parameters<InvokeFunction>[0],
  ): Promise<void> {
    let response: InvocationResponse | undefined;
    let failure: Failure | undefined;
    try {
      response = await this.interpreter.options.invokeFunction(input);
      failure = state.callback ? undefined : invocationFailure(response);
    } catch (error) {
      failure = invocationFailure(error as Error);
    }
    // Timed out, stopped or superseded in the meantime: the frame does not wait for this answer any more.
    if (frame.phase.kind !== 'calling' || frame.phase.attempt !== attempt || frame.status !== 'running') return;
    this.interpreter.guard(frame, () => {
      if (failure !== undefined && attempt.answer === undefined) return this.settle(frame, { failure });
      if (!state.callback) return this.settle(frame, { text: JSON.stringify(invocationResult(response)) });
      this.submitted(frame, state, attempt, response);
    });
  }

  /** Lambda has taken the event: from here on the task waits for its token. */
  private submitted(frame: Frame, state: TaskState, attempt: TaskAttempt, response?: InvocationResponse): void {
    this.interpreter.emit(frame, 'TaskSubmitted', {
      taskSubmittedEventDetails: {
        ...resourceOf(state),
        output: JSON.stringify(invocationResult(response)),
        outputDetails: UNTRUNCATED,
      },
    });
    frame.phase = { kind: 'awaiting-callback', attempt };
    if (attempt.answer !== undefined) this.settle(frame, attempt.answer);
  }

  /** Takes what `SendTaskSuccess` or `SendTaskFailure` sent. */
  takeCallback(frame: Frame, attempt: TaskAttempt, answer: CallbackAnswer): void {
    if (frame.phase.kind === 'calling') {
      // The function was faster than Lambda's answer to the invocation: kept until TaskSubmitted is in the history.
      attempt.answer = answer;
      if (attempt.serial !== undefined) frame.execution.pending.delete(attempt.serial);
      frame.cancelTimer?.();
      return;
    }
    this.interpreter.guard(frame, () => this.settle(frame, answer));
  }

  private settle(frame: Frame, answer: CallbackAnswer): void {
    const { state } = frame;
    if (state.type !== 'Task') return;
    const failure = 'text' in answer ? resultTooLarge(answer.text, state.name) : answer.failure;
    if (failure !== undefined) {
      const { error, cause } = failure;
      this.interpreter.emit(frame, 'TaskFailed', { taskFailedEventDetails: { ...resourceOf(state), error, cause } });
      this.interpreter.fail(frame, failure);
    } else if ('text' in answer) {
      frame.execution.stopWaiting(frame, 'running');
      this.interpreter.emit(frame, 'TaskSucceeded', {
        taskSucceededEventDetails: { ...resourceOf(state), output: answer.text, outputDetails: UNTRUNCATED },
      });
      frame.phase = { kind: 'finishing', result: JSON.parse(answer.text) };
      this.interpreter.drive(frame);
    }
  }

  /**
   * Heartbeats only move `lastHeartbeat`: a timer that fires too early is set again, instead of one timer for each
   * heartbeat.
   */
  private setTimer(frame: Frame, attempt: TaskAttempt): void {
    const due = dueTime(attempt);
    if (due === Number.POSITIVE_INFINITY) return;
    const { clock } = this.interpreter.options;
    frame.cancelTimer = callAt(clock, due, () => {
      if (clock.now() < dueTime(attempt)) return this.setTimer(frame, attempt);
      this.interpreter.guard(frame, () => this.timeOut(frame, attempt));
    });
  }

  private timeOut(frame: Frame, attempt: TaskAttempt): void {
    const { state } = frame;
    if (state.type !== 'Task') return;
    const { clock, heartbeatTimeoutError } = this.interpreter.options;
    const missedHeartbeat = attempt.deadline === undefined || clock.now() < attempt.deadline;
    const error = missedHeartbeat ? heartbeatTimeoutError : 'States.Timeout';
    this.interpreter.emit(frame, 'TaskTimedOut', { taskTimedOutEventDetails: { ...resourceOf(state), error } });
    this.interpreter.fail(frame, { error, missedHeartbeat });
  }

  /** After a restart the token and the clocks go on; an invocation that was under way has lost its caller. */
  resume(frame: Frame, attempt: TaskAttempt): void {
    if (attempt.serial !== undefined && attempt.answer === undefined) {
      frame.execution.pending.set(attempt.serial, frame);
    }
    if (frame.phase.kind === 'awaiting-callback') {
      this.setTimer(frame, attempt);
      return;
    }
    const failure = invocationFailure(new Error('The embedded engine stopped during the invocation.'));
    this.interpreter.guard(frame, () => this.settle(frame, attempt.answer ?? { failure }));
  }
}

/** When the attempt times out unless a heartbeat comes, in milliseconds since the epoch. */
function dueTime({ deadline = Number.POSITIVE_INFINITY, heartbeatMilliseconds, lastHeartbeat }: TaskAttempt): number {
  return heartbeatMilliseconds === undefined ? deadline : Math.min(deadline, lastHeartbeat + heartbeatMilliseconds);
}

const INVOKE = { resourceType: 'lambda', resource: 'invoke' } as const;
const INVOKE_AND_WAIT = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' } as const;

function resourceOf(state: TaskState) {
  return state.callback ? INVOKE_AND_WAIT : INVOKE;
}
