import type { Clock } from '../../functions/contract/clock';
import type { Concurrency } from './concurrency';
import type { DeployedFunction } from './deployed-functions';
import type { ThrottleReason } from './lambda-errors';
import { type FunctionResponse, type InvocationType, type Outcome, responseTo, timedOut } from './payload';
import type { FunctionRuntime } from './runtime';

/**
 * One run of a function, reported when it starts and once more when it has ended. Times in milliseconds since the
 * epoch.
 */
export interface InvocationRecord {
  /** The same for every attempt and every duplicate of an asynchronous event. */
  readonly requestId: string;
  readonly functionName: string;
  readonly event: unknown;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
  readonly errorType?: string;
  /** JSON text, where it returned. */
  readonly answer?: string;
  readonly invocationType: InvocationType;
  /** 1, or more for the retries of an asynchronous event. */
  readonly attempt: number;
}

export interface ExecutionRequest {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly invocationType: InvocationType;
  readonly attempt: number;
}

export type StartedExecution =
  | { readonly throttled: ThrottleReason }
  | { readonly throttled?: undefined; readonly response: Promise<FunctionResponse> };

/** Runs functions: takes the slot, keeps the deadline, reports start and end. */
export class Executions {
  /** What runs, and of which function: the one that began first in front. */
  readonly #kills = new Map<() => void, DeployedFunction>();

  constructor(
    private readonly clock: Clock,
    private readonly runtime: FunctionRuntime,
    private readonly concurrency: Concurrency,
    private readonly onRecord: (record: InvocationRecord) => void,
    private readonly onEnd: () => void,
  ) {}

  get running(): number {
    return this.#kills.size;
  }

  /** Starts the function at once, or tells why it may not run now. */
  start(deployed: DeployedFunction, request: ExecutionRequest): StartedExecution {
    const throttled = this.concurrency.acquire(deployed);
    return throttled ? { throttled } : { response: this.#run(deployed, request) };
  }

  /** Kills whatever runs: each invocation ends as `died`. */
  killAll(): void {
    for (const kill of this.#kills.keys()) {
      kill();
    }
  }

  /** Kills the execution of the function that has run longest. False where none runs. */
  killOldest(deployed: DeployedFunction): boolean {
    const [kill] = [...this.#kills].find(([, running]) => running === deployed) ?? [];
    kill?.();
    return kill !== undefined;
  }

  #run(deployed: DeployedFunction, request: ExecutionRequest): Promise<FunctionResponse> {
    const { requestId, payload, invocationType, attempt } = request;
    const { functionName, timeoutSeconds } = deployed.config;
    const startedAt = this.clock.now();
    // Parsed anew for each party, so that none sees what another did to its copy.
    const started: InvocationRecord = {
      requestId,
      functionName,
      event: JSON.parse(payload),
      startedAt,
      invocationType,
      attempt,
    };
    this.onRecord(started);

    return new Promise((resolve) => {
      const finish = (response: FunctionResponse): void => {
        // The deadline and the result can fall into the same turn: whichever comes first has ended the invocation.
        if (!this.#kills.delete(kill)) {
          return;
        }
        cancelDeadline();
        this.concurrency.release(deployed);
        const { outcome, errorType, payload: answer } = response;
        this.onRecord({
          ...started,
          endedAt: this.clock.now(),
          outcome,
          ...(errorType ? { errorType } : { answer }),
        });
        resolve(response);
        this.onEnd();
      };
      const kill = (): void => {
        invocation.kill();
        finish(responseTo(KILLED, requestId));
      };
      this.#kills.set(kill, deployed);
      const timeoutMilliseconds = timeoutSeconds * 1000;
      const cancelDeadline = this.clock.after(timeoutMilliseconds, () => {
        invocation.kill();
        finish(timedOut(timeoutSeconds, requestId));
      });
      const invocation = this.runtime.start(deployed.config, {
        requestId,
        event: JSON.parse(payload),
        deadline: startedAt + timeoutMilliseconds,
      });
      void invocation.result.then((result) => finish(responseTo(result, requestId)));
    });
  }
}

const KILLED = {
  kind: 'died',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited with error: signal: killed',
} as const;
