import { Environment, type LogListener } from './environment';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult, RunningInvocation } from './runtime';

export interface WorkerThreadRuntimeOptions {
  /**
   * Environment variables that every function gets beside its own, `AWS_ENDPOINT_URL_*` for instance. @default - none
   */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  /** Called with every line that a function writes. @default - the lines are dropped */
  readonly onLog?: LogListener;
}

const CLOSED: InvocationResult = {
  kind: 'died',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited with error: signal: killed',
};

/**
 * Runs each execution environment as a thread of this process. An environment that is done serves the function's next
 * invocation, the latest one first; a new one is started if none is idle.
 */
export class WorkerThreadRuntime implements FunctionRuntime {
  readonly #extraEnvironment: Readonly<Record<string, string>>;
  readonly #onLog: LogListener;
  readonly #environments = new Set<Environment>();
  readonly #idle = new Map<string, Environment[]>();
  #closed = false;

  constructor({ extraEnvironment = {}, onLog = () => {} }: WorkerThreadRuntimeOptions = {}) {
    this.#extraEnvironment = extraEnvironment;
    this.#onLog = onLog;
  }

  /** Threads alive, busy or idle. */
  get environments(): number {
    return this.#environments.size;
  }

  start(config: FunctionConfig, invocation: Invocation): RunningInvocation {
    if (this.#closed) {
      return { result: Promise.resolve(CLOSED), kill: () => {} };
    }
    const environment = this.#idleOf(config).pop() ?? this.#create(config);
    let ended = false;
    return {
      result: environment.run(invocation).then((result) => {
        ended = true;
        if (result.kind !== 'died' && environment.reusable) {
          this.#idleOf(config).push(environment);
        }
        return result;
      }),
      kill: () => {
        // An environment that is done may already serve another invocation.
        if (!ended) {
          this.#environments.delete(environment);
          void environment.kill();
        }
      },
    };
  }

  /**
   * Starts `count` idle environments ahead of the first invocation.
   *
   * @throws Error where the bundle threw while it was loaded
   */
  async prewarm(config: FunctionConfig, count: number): Promise<void> {
    const environments = Array.from({ length: count }, () => this.#create(config));
    await Promise.all(environments.map((environment) => environment.whenInitialized));
    this.#idleOf(config).push(...environments);
  }

  /** Ends every environment. What runs dies; what is invoked later dies at once. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((environment) => environment.close()));
  }

  #create(config: FunctionConfig): Environment {
    const environment = new Environment(config, this.#extraEnvironment, this.#onLog);
    this.#environments.add(environment);
    void environment.whenEnded.then(() => {
      this.#environments.delete(environment);
      const idle = this.#idleOf(config);
      const index = idle.indexOf(environment);
      if (index >= 0) {
        idle.splice(index, 1);
      }
    });
    return environment;
  }

  #idleOf({ functionName }: FunctionConfig): Environment[] {
    let idle = this.#idle.get(functionName);
    if (!idle) {
      idle = [];
      this.#idle.set(functionName, idle);
    }
    return idle;
  }
}
