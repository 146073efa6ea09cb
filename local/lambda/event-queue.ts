import type { Clock } from '../../functions/contract/clock';
import type { DeployedFunction } from './deployed-functions';
import type { Executions } from './invocations';
import type { FunctionResponse } from './payload';

/**
 * "a one-minute wait between the first two attempts, and two minutes between the second and third attempts" (Lambda
 * Developer Guide, asynchronous error handling).
 */
const RETRY_MILLISECONDS_PER_RUN = 60_000;

/**
 * "The retry interval increases exponentially from 1 second after the first attempt to a maximum of 5 minutes" (same
 * page).
 */
const THROTTLE_FIRST_MILLISECONDS = 1_000;
const THROTTLE_LAST_MILLISECONDS = 300_000;

/**
 * Share by which a pause is lengthened at random. The guide names no jitter; without any, events throttled together
 * would always come back together.
 */
const THROTTLE_JITTER = 0.25;

/** Why an event was given up. */
export type FailureCondition = 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** An event that was given up, with the last response if the function ever ran. */
export interface FailedEvent {
  readonly deployed: DeployedFunction;
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly condition: FailureCondition;
  readonly runs: number;
  readonly response?: FunctionResponse;
}

interface QueuedEvent {
  readonly deployed: DeployedFunction;
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** How often the function has run for this event. */
  runs: number;
  /** Throttles since the last run. */
  throttles: number;
  response?: FunctionResponse;
  cancelWait: () => void;
}

/**
 * Lambda's internal queue of asynchronous events. Function errors use up retry attempts; throttles do not, they wait
 * until the event is too old.
 */
export class EventQueue {
  readonly #waiting = new Set<QueuedEvent>();
  readonly #running = new Set<QueuedEvent>();

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly executions: Executions,
    private readonly onFailure: (failed: FailedEvent) => void,
    private readonly onSettled: () => void,
  ) {}

  /** Events that wait for their first or next attempt. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Events that wait, and those whose function runs. */
  get unsettled(): number {
    return this.#waiting.size + this.#running.size;
  }

  /** Queues an event whose first attempt comes `delayMilliseconds` from now. */
  add(deployed: DeployedFunction, requestId: string, payload: string, delayMilliseconds: number): void {
    const event: QueuedEvent = {
      deployed,
      requestId,
      payload,
      acceptedAt: this.clock.now(),
      runs: 0,
      throttles: 0,
      cancelWait: () => {},
    };
    this.#wait(event, delayMilliseconds);
  }

  /** Forgets every event. Those whose function runs are not retried. */
  clear(): void {
    for (const event of this.#waiting) {
      event.cancelWait();
    }
    this.#waiting.clear();
    this.#running.clear();
    this.onSettled();
  }

  #wait(event: QueuedEvent, milliseconds: number): void {
    this.#waiting.add(event);
    // An event is given up when it is too old, not at the attempt that would have come after.
    const untilTooOld = Math.max(0, this.#expiresAt(event) - this.clock.now());
    event.cancelWait = this.clock.after(Math.min(milliseconds, untilTooOld), () => {
      this.#waiting.delete(event);
      this.#attempt(event);
    });
  }

  #attempt(event: QueuedEvent): void {
    const { deployed, requestId, payload } = event;
    if (this.clock.now() >= this.#expiresAt(event)) {
      this.#giveUp(event, 'EventAgeExceeded');
      return;
    }
    if (deployed.reservedConcurrency === 0) {
      // A function switched off is not waited for: Lambda sends its events to the destination without any retry.
      this.#giveUp(event, 'ZeroReservedConcurrency');
      return;
    }
    const started = this.executions.start(deployed, {
      requestId,
      payload,
      invocationType: 'Event',
      attempt: event.runs + 1,
    });
    if (started.throttled) {
      event.throttles += 1;
      this.#wait(event, this.#throttleDelay(event.throttles));
      return;
    }
    event.throttles = 0;
    event.runs += 1;
    this.#running.add(event);
    void started.response.then((response) => this.#ended(event, response));
  }

  #ended(event: QueuedEvent, response: FunctionResponse): void {
    if (!this.#running.delete(event)) {
      return; // The queue was cleared meanwhile.
    }
    event.response = response;
    const retryDelay = RETRY_MILLISECONDS_PER_RUN * event.runs;
    if (response.outcome === 'returned') {
      this.onSettled();
    } else if (event.runs > event.deployed.eventInvoke.maximumRetryAttempts) {
      this.#giveUp(event, 'RetriesExhausted');
    } else if (this.clock.now() + retryDelay >= this.#expiresAt(event)) {
      // Lambda looks ahead here: a retry that would come too late is not waited for.
      this.#giveUp(event, 'EventAgeExceeded');
    } else {
      this.#wait(event, retryDelay);
    }
  }

  #giveUp(event: QueuedEvent, condition: FailureCondition): void {
    const { deployed, requestId, payload, runs, response } = event;
    this.onFailure({ deployed, requestId, payload, condition, runs, ...(response && { response }) });
    this.onSettled();
  }

  /** Milliseconds since the epoch. */
  #expiresAt(event: QueuedEvent): number {
    return event.acceptedAt + event.deployed.eventInvoke.maximumEventAgeSeconds * 1000;
  }

  #throttleDelay(throttles: number): number {
    const delay = THROTTLE_FIRST_MILLISECONDS * 2 ** (throttles - 1) * (1 + THROTTLE_JITTER * this.random());
    return Math.min(THROTTLE_LAST_MILLISECONDS, Math.round(delay));
  }
}

/**
 * The record that an on-failure destination receives, in Lambda's own shape (Developer Guide, retaining records of
 * asynchronous invocations). `now` is in milliseconds since the epoch.
 */
export function failureRecord(failed: FailedEvent, now: number): Record<string, unknown> {
  const { deployed, requestId, payload, condition, runs, response } = failed;
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${deployed.config.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: runs,
    },
    requestPayload: JSON.parse(payload),
    ...(response && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: JSON.parse(response.payload),
    }),
  };
}
