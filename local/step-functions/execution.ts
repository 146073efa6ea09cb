import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn';
import type { Clock } from '../../functions/contract/clock';
import { callAt } from './call-at';
import type { ExecutionRecord } from './execution-record';
import type { Failure } from './failure';
import { type Frame, type FrameExecution, newFrame, visitFrames } from './frame';
import { type EventDetails, historyEvent, type StoredEvent, UNTRUNCATED } from './history';
import { HISTORY_EVENTS, OPEN_MILLISECONDS, REDRIVABLE_MILLISECONDS } from './limits';
import type { StateMachine } from './machine';

/** What an execution needs around it. */
export interface ExecutionSurroundings {
  readonly clock: Clock;
  readonly onHistoryEvent?: (executionArn: string, event: HistoryEvent) => void;
}

/**
 * "The API will return idempotent responses for the last 10 client tokens […] for up to 15 minutes" (RedriveExecution).
 */
const CLIENT_TOKENS = 10;
const CLIENT_TOKEN_MILLISECONDS = 15 * 60 * 1000;

/** Thrown through the interpreter when the execution has ended while one of its frames was taking a step. */
export class ExecutionEnded extends Error {}

/** One execution: its history and how it ends. The interpreter moves its frames. */
export class Execution implements FrameExecution {
  readonly input: unknown;
  /** The frames that wait for a callback, by the serial number in their token. */
  readonly pending = new Map<number, Frame>();
  root: Frame;
  /** Called when the execution has ended, again after each redrive: a Map Run waits for its children. */
  onEnd?: () => void;
  private cancelDeadline?: () => void;

  constructor(
    readonly machine: StateMachine,
    readonly record: ExecutionRecord,
    private readonly surroundings: ExecutionSurroundings,
  ) {
    this.input = JSON.parse(record.inputText);
    this.root = newFrame({
      execution: this,
      container: machine.definition,
      index: -1,
      item: undefined,
      input: this.input,
      variables: {},
      lastEventId: 0,
    });
  }

  get running(): boolean {
    return this.record.status === 'RUNNING';
  }

  /**
   * Appends an event and returns its id. The event that would be the 25,000th is the execution's failure instead.
   *
   * @throws ExecutionEnded where the execution does not run any more, or this event ends it
   */
  append(type: StoredEvent['type'], previousEventId: number, details?: EventDetails): number {
    if (!this.running) throw new ExecutionEnded();
    if (this.record.events.length >= HISTORY_EVENTS - 1) {
      this.fail({
        error: 'States.Runtime',
        cause: `The execution reached the maximum number of history events (${HISTORY_EVENTS}).`,
      });
      throw new ExecutionEnded();
    }
    return this.write(type, previousEventId, details);
  }

  private write(type: StoredEvent['type'], previousEventId: number, details?: EventDetails): number {
    const { events, arn } = this.record;
    const event: StoredEvent = {
      id: events.length + 1,
      previousEventId,
      at: this.surroundings.clock.now(),
      type,
      details,
    };
    events.push(event);
    this.surroundings.onHistoryEvent?.(arn, historyEvent(event));
    return event.id;
  }

  start(): void {
    this.append('ExecutionStarted', 0, {
      executionStartedEventDetails: {
        input: this.record.inputText,
        inputDetails: UNTRUNCATED,
        roleArn: this.machine.roleArn,
      },
    });
    this.startDeadline();
  }

  /** Opens the execution again; `frames` are revived by the interpreter. Returns the event's id. */
  redrive(clientToken: string | undefined): number {
    const { record } = this;
    record.status = 'RUNNING';
    record.redriveCount += 1;
    record.redrivenAt = this.surroundings.clock.now();
    if (clientToken !== undefined) {
      record.redrives = [...(record.redrives ?? []), { clientToken, at: record.redrivenAt }].slice(-CLIENT_TOKENS);
    }
    record.stoppedAt = undefined;
    record.error = undefined;
    record.cause = undefined;
    const id = this.append('ExecutionRedriven', record.events.length, {
      executionRedrivenEventDetails: { redriveCount: record.redriveCount },
    });
    this.startDeadline();
    return id;
  }

  /** When this very request has redriven the execution already, in milliseconds since the epoch; else undefined. */
  redrivenBy(clientToken: string | undefined): number | undefined {
    const oldest = this.surroundings.clock.now() - CLIENT_TOKEN_MILLISECONDS;
    return this.record.redrives?.find((redrive) => redrive.clientToken === clientToken && redrive.at > oldest)?.at;
  }

  private startDeadline(): void {
    const { timeoutSeconds } = this.machine.definition;
    if (timeoutSeconds === undefined) return;
    this.record.deadline = this.surroundings.clock.now() + timeoutSeconds * 1000;
    this.setDeadlineTimer();
  }

  /** Sets the timer of the execution's own timeout. */
  setDeadlineTimer(): void {
    if (this.record.deadline === undefined) return;
    this.cancelDeadline = callAt(this.surroundings.clock, this.record.deadline, () => this.timeOut());
  }

  succeed(text: string): void {
    this.append('ExecutionSucceeded', this.root.lastEventId, {
      executionSucceededEventDetails: { output: text, outputDetails: UNTRUNCATED },
    });
    this.record.output = text;
    this.close('SUCCEEDED');
  }

  fail({ error, cause }: Failure): void {
    this.record.error = error;
    this.record.cause = cause;
    this.write('ExecutionFailed', this.root.lastEventId, { executionFailedEventDetails: { error, cause } });
    this.close('FAILED');
  }

  abort(error: string | undefined, cause: string | undefined): void {
    this.record.error = error;
    this.record.cause = cause;
    this.write('ExecutionAborted', 0, { executionAbortedEventDetails: { error, cause } });
    this.close('ABORTED');
  }

  /** AWS names `States.Timeout` in the event only: DescribeExecution shows neither error nor cause. */
  private timeOut(): void {
    if (!this.running) return;
    this.write('ExecutionTimedOut', 0, { executionTimedOutEventDetails: { error: 'States.Timeout' } });
    this.close('TIMED_OUT');
  }

  /** Ends every frame that still runs, and with them their tokens. */
  private close(status: ExecutionStatus): void {
    this.record.status = status;
    this.record.stoppedAt = this.surroundings.clock.now();
    this.cancelDeadline?.();
    visitFrames(this.root, (frame) => {
      if (frame.status === 'running') this.stopWaiting(frame, 'aborted');
    });
    this.onEnd?.();
  }

  /** Cancels the frame's timer and its task token, voids its steps that are under way, and sets its status. */
  stopWaiting(frame: Frame, status: Frame['status']): void {
    frame.status = status;
    frame.turn += 1;
    frame.cancelTimer?.();
    frame.cancelTimer = undefined;
    const { phase } = frame;
    if ('attempt' in phase && phase.attempt.serial !== undefined) this.pending.delete(phase.attempt.serial);
    // Stopped or timed out: one that has come to its end by itself has said so before.
    if (phase.kind === 'in-map-run') frame.mapRun?.end('ABORTED', this.surroundings.clock.now());
  }

  /** Why the execution cannot be redriven, in AWS's words, which end without a full stop; undefined if it can. */
  get notRedrivableBecause(): string | undefined {
    const { status, startedAt, stoppedAt = 0, events } = this.record;
    if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
    // ExecutionRedriven and the end of the execution must still fit.
    if (events.length >= HISTORY_EVENTS - 1) return 'Execution history event limit exceeded';
    const now = this.surroundings.clock.now();
    if (now - stoppedAt > REDRIVABLE_MILLISECONDS) return 'Execution redrivable period exceeded';
    if (now - startedAt > OPEN_MILLISECONDS) return 'Execution has exceeded the max execution time';
    return undefined;
  }
}
