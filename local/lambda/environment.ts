import path from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionConfig, Invocation, InvocationResult } from './runtime';

/**
 * Called with each line that a function writes; `requestId` is undefined for lines written outside of an invocation.
 */
export type LogListener = (functionName: string, requestId: string | undefined, line: string) => void;

/** What the thread sends; `bootstrap.mjs` is the other side. */
type Message =
  | { readonly kind: 'log'; readonly requestId?: string; readonly text: string }
  | { readonly kind: 'initialized'; readonly failure?: { errorType: string; errorMessage: string } }
  | { readonly kind: 'returned'; readonly key: number; readonly payload: string }
  | {
      readonly kind: 'threw';
      readonly key: number;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    }
  | { readonly kind: 'died'; readonly errorType: string; readonly errorMessage: string };

type Death = Extract<InvocationResult, { readonly kind: 'died' }>;

const EXITED: Death = {
  kind: 'died',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited without providing a reason',
};

const BOOTSTRAP = path.join(__dirname, 'bootstrap.mjs');

export interface EnvironmentOptions {
  /** Environment variables beside the function's own. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLog: LogListener;
  /** Invocations that it may serve at a time: 1 as on AWS. */
  readonly most: number;
}

/**
 * An execution environment of a function: one thread with one loaded bundle, which serves one invocation at a time, or
 * several where environments share a thread. Dead once `whenEnded` has resolved, for whatever reason.
 */
export class Environment {
  readonly whenEnded: Promise<void>;
  /** Resolves when the bundle is loaded; rejects with what its loading threw. */
  readonly whenInitialized: Promise<void>;
  readonly #worker: Worker;
  /** It takes no other invocation: its bundle did not load, or it is about to end. */
  #isOver = false;
  /** Of the invocations that it serves, in the order in which they began. */
  readonly #settles = new Map<number, (result: InvocationResult) => void>();
  #invocations = 0;
  #lastWords: Death | undefined;
  /** The unfinished last line, and the invocation that began it. */
  #partialLine: { requestId: string | undefined; text: string } = { requestId: undefined, text: '' };

  constructor(
    readonly config: FunctionConfig,
    private readonly options: EnvironmentOptions,
  ) {
    this.#worker = this.#startWorker();
    // An idle environment keeps no process alive.
    this.#worker.unref();
    this.whenEnded = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#ended(code);
        resolve();
      });
    });
    this.whenInitialized = this.#listenUntilInitialized();
    // Only prewarming waits for it; otherwise the first invocation reports the failure.
    this.whenInitialized.catch(() => {});
    this.#worker.once('error', (error) => this.#failed(error));
    this.#drain(this.#worker.stdout);
    this.#drain(this.#worker.stderr);
  }

  #startWorker(): Worker {
    const { config } = this;
    const { most } = this.options;
    const variables = this.#variables();
    return new Worker(BOOTSTRAP, {
      argv: [],
      execArgv: [],
      env: variables,
      stdin: false,
      stdout: true,
      stderr: true,
      // V8's heap only: buffers outside of it are not counted, as they would be on AWS.
      resourceLimits: { maxOldGenerationSizeMb: config.memoryMegabytes * most },
      workerData: {
        codeDirectory: config.codeDirectory,
        handler: config.handler,
        functionName: config.functionName,
        functionArn: config.functionArn,
        isShared: most > 1,
        memoryMegabytes: config.memoryMegabytes,
        logGroupName: variables.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: variables.AWS_LAMBDA_LOG_STREAM_NAME,
      },
    });
  }

  /** Receives every message of the thread; settles with the one that says whether the bundle was loaded. */
  #listenUntilInitialized(): Promise<void> {
    const { functionName } = this.config;
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: Message) => {
        if (message.kind !== 'initialized') {
          this.#receive(message);
        } else if (message.failure) {
          this.#isOver = true;
          const { errorType, errorMessage } = message.failure;
          reject(new Error(`Expected ${functionName} to load, got ${errorType}: ${errorMessage}`));
        } else {
          resolve();
        }
      });
      void this.whenEnded.then(() => {
        const { errorType, errorMessage } = this.#lastWords ?? EXITED;
        reject(new Error(`Expected ${functionName} to load, got ${errorType}: ${errorMessage}`));
      });
    });
  }

  /** Runs the handler. The promise never rejects, and stays open if `kill` comes first. */
  run(invocation: Invocation): Promise<InvocationResult> {
    this.#worker.ref();
    this.#invocations += 1;
    const key = this.#invocations;
    return new Promise((resolve) => {
      this.#settles.set(key, resolve);
      this.#worker.postMessage({
        key,
        requestId: invocation.requestId,
        eventText: JSON.stringify(invocation.event ?? null),
        deadline: invocation.deadline,
      });
    });
  }

  /** Invocations under way. */
  get open(): number {
    return this.#settles.size;
  }

  /** Whether it can take another invocation. One whose bundle did not load ends itself after having said so. */
  get hasRoom(): boolean {
    return !this.#isOver && this.open < this.options.most;
  }

  /** Stops the thread; what it does ends as `died`. Resolves when the thread is gone. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }

  #receive(message: Exclude<Message, { kind: 'initialized' }>): void {
    switch (message.kind) {
      case 'log':
        this.#log(message.requestId, message.text);
        break;
      case 'returned':
        this.#finish(message.key, { kind: 'returned', value: JSON.parse(message.payload) });
        break;
      case 'threw': {
        const { key, errorType, errorMessage, trace } = message;
        this.#finish(key, { kind: 'threw', errorType, errorMessage, trace });
        break;
      }
      case 'died':
        this.#isOver = true;
        this.#lastWords ??= { kind: 'died', errorType: message.errorType, errorMessage: message.errorMessage };
        break;
    }
  }

  #finish(key: number, result: InvocationResult): void {
    this.#flushLine();
    const settle = this.#settles.get(key);
    this.#settles.delete(key);
    if (this.open === 0) this.#worker.unref();
    settle?.(result);
  }

  #failed(error: unknown): void {
    this.#isOver = true;
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    // On AWS the kernel kills a process that outgrows its memory.
    this.#lastWords ??=
      code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? { kind: 'died', errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' }
        : {
            kind: 'died',
            errorType: 'Runtime.ExitError',
            errorMessage: `Runtime exited with error: ${String(error)}`,
          };
  }

  #ended(code: number): void {
    this.#isOver = true;
    this.#lastWords ??=
      code === 0 ? EXITED : { ...EXITED, errorMessage: `Runtime exited with error: exit status ${code}` };
    this.#flushLine();
    for (const key of [...this.#settles.keys()]) this.#finish(key, this.#lastWords);
  }

  /** Node.js itself may still write to the thread's own streams, warnings for instance. */
  #drain(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#log(undefined, text));
  }

  #log(requestId: string | undefined, text: string): void {
    if (requestId !== this.#partialLine.requestId) {
      this.#flushLine();
    }
    const lines = (this.#partialLine.text + text).split('\n');
    this.#partialLine = { requestId, text: lines.pop() ?? '' };
    for (const line of lines) {
      this.options.onLog(this.config.functionName, requestId, line);
    }
  }

  #flushLine(): void {
    const { requestId, text } = this.#partialLine;
    this.#partialLine = { requestId: undefined, text: '' };
    if (text !== '') {
      this.options.onLog(this.config.functionName, requestId, text);
    }
  }

  /**
   * All that the function finds in process.env. The host's time zone cannot be changed for one thread: TZ only says
   * UTC.
   */
  #variables(): Record<string, string> {
    const { config } = this;
    const region = config.functionArn.split(':')[3] ?? 'us-east-1';
    const logGroupName = `/aws/lambda/${config.functionName}`;
    return {
      ...(process.env.PATH !== undefined && { PATH: process.env.PATH }),
      LANG: 'en_US.UTF-8',
      TZ: 'UTC',
      ...config.environment,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_LAMBDA_FUNCTION_NAME: config.functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMegabytes),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
      AWS_LAMBDA_LOG_STREAM_NAME: 'local/[$LATEST]',
      LAMBDA_TASK_ROOT: config.codeDirectory,
      _HANDLER: config.handler,
      ...this.options.variables,
    };
  }
}
