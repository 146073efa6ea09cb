import { Environment, type LogListener } from './environment';
import type { FunctionConfig, FunctionRuntime, Invocation, InvocationResult, RunningInvocation } from './runtime';

/** So many start and run as fast as one; a crash of one of them ends no more of them than this. */
export const ENVIRONMENTS_PER_THREAD = 10;
/** Less than a cold start on AWS, more than a link needs to end after it has invoked its successor. */
const PATIENCE_MILLISECONDS = 300;

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
  /**
   * For so long an invocation waits for a place in a thread that is there before another one is started, in milliseconds: a
   * link is invoked just before the one before it ends, and a thread more is a bundle more to compile and to warm up. Only
   * where environments share threads.
   *
   * @default 300
   */
  readonly patienceMilliseconds?: number;
}

const CLOSED: InvocationResult = {
  kind: 'died',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited with error: signal: killed',
};

/** An invocation that waits for a place. */
interface Waiting {
  /** Undefined where there will be none. */
  readonly take: (environment: Environment | undefined) => void;
  readonly patience: NodeJS.Timeout;
}

/**
 * Runs execution environments as threads of this process. The thread with the fewest places left serves the next
 * invocation of its function, of equal ones that which ended one last; a new one is started if none has a place, and
 * where environments share threads only if none gets free soon.
 */
export class WorkerThreadRuntime implements FunctionRuntime {
  readonly #extraEnvironment: Readonly<Record<string, string>>;
  readonly #onLog: LogListener;
  readonly #perThread: number;
  readonly #patienceMilliseconds: number;
  /** By name of the function; the one that ended an invocation last comes last. */
  readonly #environments = new Map<string, Environment[]>();
  /** Names of the functions of which an environment has died or was killed. */
  readonly #separate = new Set<string>();
  /** By name of the function, in the order in which they came. Where one waits, no thread has a place. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #closed = false;

  constructor({
    extraEnvironment = {},
    onLog = () => {},
    environmentsPerThread = 1,
    patienceMilliseconds = PATIENCE_MILLISECONDS,
  }: WorkerThreadRuntimeOptions = {}) {
    this.#extraEnvironment = extraEnvironment;
    this.#onLog = onLog;
    this.#perThread = environmentsPerThread;
    this.#patienceMilliseconds = patienceMilliseconds;
  }

  /** Threads alive, busy or idle. */
  get environments(): number {
    return [...this.#environments.values()].reduce((sum, { length }) => sum + length, 0);
  }

  start(config: FunctionConfig, invocation: Invocation): RunningInvocation {
    let environment: Environment | undefined;
    let isOver = false;
    let leaveQueue = () => {};
    const result = new Promise<InvocationResult>((resolve) => {
      const end = (ending: InvocationResult) => {
        if (!isOver) resolve(ending);
        isOver = true;
      };
      leaveQueue = this.#whenPlaced(config, (place) => {
        if (!place) return end(CLOSED);
        environment = place;
        void place.run(invocation).then((ending) => {
          if (ending.kind === 'died') this.#separate.add(config.functionName);
          else this.#moveToEnd(place);
          this.#serveWaiting(config);
          end(ending);
        });
      });
    });
    return {
      result,
      kill: () => {
        // An environment that is done may already serve another invocation.
        if (isOver) return;
        isOver = true;
        leaveQueue();
        if (!environment) return;
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
    for (const waiting of this.#waiting.values()) {
      for (const { take } of waiting) take(undefined);
    }
    await Promise.all([...this.#environments.values()].flat().map((environment) => environment.close()));
  }

  /**
   * Hands `take` an environment that has a place: at once, or where threads are shared and full, as soon as there is one.
   * Answers what ends the waiting.
   */
  #whenPlaced(config: FunctionConfig, take: Waiting['take']): () => void {
    const mayWait = this.#mostOf(config) > 1 && this.#of(config).length > 0;
    const place = this.#closed ? undefined : (this.#free(config) ?? (mayWait ? undefined : this.#create(config)));
    if (place || this.#closed) {
      take(place);
      return () => {};
    }
    const leave = () => {
      clearTimeout(waiting.patience);
      this.#waitingFor(config).delete(waiting);
    };
    const waiting: Waiting = {
      take: (place) => {
        leave();
        take(place);
      },
      patience: setTimeout(() => {
        waiting.take(this.#create(config));
        this.#serveWaiting(config);
      }, this.#patienceMilliseconds),
    };
    this.#waitingFor(config).add(waiting);
    return leave;
  }

  #serveWaiting(config: FunctionConfig): void {
    for (const { take } of this.#waitingFor(config)) {
      // Who shares no more waits for nobody.
      const place = this.#free(config) ?? (this.#mostOf(config) === 1 ? this.#create(config) : undefined);
      if (!place) return;
      take(place);
    }
  }

  #waitingFor({ functionName }: FunctionConfig): Set<Waiting> {
    return kept(this.#waiting, functionName, () => new Set());
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
    return kept(this.#environments, functionName, () => []);
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

/** What stands under a key, made where nothing does. */
function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
