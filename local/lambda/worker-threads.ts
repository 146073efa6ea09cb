import { Environment, type LogListener } from './environment';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult, RunningInvocation } from './runtime';

/** So many start and run as fast as one; a crash of one of them ends no more of them than this. */
export const ENVIRONMENTS_PER_THREAD = 10;

export interface WorkerThreadRuntimeOptions {
  /**
   * Environment variables that every function gets beside its own, `AWS_ENDPOINT_URL_*` for instance. @default - none
   */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  /** Called with every line that a function writes. @default - the lines are dropped */
  readonly onLog?: LogListener;
  /**
   * Environments of a function that share one thread, and there one instance of its bundle. Nothing is compiled and
   * warmed up again for each of them; but what a module keeps is theirs together, and a crash, a timeout or a kill ends
   * what all of them do. After the first of these each environment of the function has a thread of its own.
   *
   * @default 1 - as separate as on AWS
   */
  readonly environmentsPerThread?: number;
}

const CLOSED: InvocationResult = {
  kind: 'died',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited with error: signal: killed',
};

/**
 * Runs execution environments as threads of this process. The thread with the fewest places left serves the next
 * invocation of its function, of equal ones that which ended one last; a new one is started if none has a place.
 */
export class WorkerThreadRuntime implements FunctionRuntime {
  readonly #extraEnvironment: Readonly<Record<string, string>>;
  readonly #onLog: LogListener;
  readonly #perThread: number;
  /** By name of the function; the one that ended an invocation last comes last. */
  readonly #environments = new Map<string, Environment[]>();
  /** Names of the functions of which an environment has died or was killed. */
  readonly #separate = new Set<string>();
  #closed = false;

  constructor({ extraEnvironment = {}, onLog = () => {}, environmentsPerThread = 1 }: WorkerThreadRuntimeOptions = {}) {
    this.#extraEnvironment = extraEnvironment;
    this.#onLog = onLog;
    this.#perThread = environmentsPerThread;
  }

  /** Threads alive, busy or idle. */
  get environments(): number {
    return [...this.#environments.values()].reduce((sum, { length }) => sum + length, 0);
  }

  start(config: FunctionConfig, invocation: Invocation): RunningInvocation {
    if (this.#closed) {
      return { result: Promise.resolve(CLOSED), kill: () => {} };
    }
    const environment = this.#free(config) ?? this.#create(config);
    let ended = false;
    let killed = false;
    return {
      result: new Promise((resolve) => {
        void environment.run(invocation).then((result) => {
          ended = true;
          if (result.kind === 'died') this.#separate.add(config.functionName);
          else this.#moveToEnd(environment);
          if (!killed) resolve(result);
        });
      }),
      kill: () => {
        // An environment that is done may already serve another invocation.
        if (ended) return;
        killed = true;
        this.#separate.add(config.functionName);
        this.#remove(environment);
        void environment.close();
      },
    };
  }

  /**
   * Starts what `count` environments need ahead of the first invocation.
   *
   * @throws Error where the bundle threw while it was loaded
   */
  async prewarm(config: FunctionConfig, count: number): Promise<void> {
    const threads = Math.ceil(count / this.#mostOf(config));
    const environments = Array.from({ length: threads }, () => this.#create(config));
    await Promise.all(environments.map((environment) => environment.whenInitialized));
  }

  /** Ends every environment. What runs dies; what is invoked later dies at once. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments.values()].flat().map((environment) => environment.close()));
  }

  #mostOf({ functionName }: FunctionConfig): number {
    return this.#separate.has(functionName) ? 1 : this.#perThread;
  }

  #free(config: FunctionConfig): Environment | undefined {
    const most = this.#mostOf(config);
    let found: Environment | undefined;
    for (const environment of this.#of(config)) {
      if (!environment.hasRoom || environment.open >= most) continue;
      if (found === undefined || environment.open >= found.open) found = environment;
    }
    return found;
  }

  #create(config: FunctionConfig): Environment {
    const environment = new Environment(config, {
      variables: this.#extraEnvironment,
      onLog: this.#onLog,
      most: this.#mostOf(config),
    });
    this.#of(config).push(environment);
    void environment.whenEnded.then(() => this.#remove(environment));
    return environment;
  }

  #of({ functionName }: FunctionConfig): Environment[] {
    let environments = this.#environments.get(functionName);
    if (!environments) {
      environments = [];
      this.#environments.set(functionName, environments);
    }
    return environments;
  }

  #moveToEnd(environment: Environment): void {
    if (this.#remove(environment)) this.#of(environment.config).push(environment);
  }

  /** Answers whether it was there. */
  #remove(environment: Environment): boolean {
    const environments = this.#of(environment.config);
    const index = environments.indexOf(environment);
    if (index >= 0) environments.splice(index, 1);
    return index >= 0;
  }
}
