/** A function as the synthesized template describes it. */
export interface FunctionConfig {
  /** Logical id in the template. */
  readonly logicalId: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** Directory of the bundle, and `file.export` inside it. */
  readonly codeDirectory: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** @default - unreserved */
  readonly reservedConcurrency?: number;
  /** Asynchronous invocation: retries after a function error, 0 to 2. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Function that receives a record of each event that failed. @default - none */
  readonly onFailureFunctionArn?: string;
  /** Queue that receives it instead. @default - none */
  readonly onFailureQueueArn?: string;
}

/** What the Lambda service tells the runtime about one invocation. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  /** Milliseconds since the epoch at which the service will kill the invocation. */
  readonly deadline: number;
}

/** How an invocation ended inside the execution environment. `errorType` is the thrown error's name. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly value: unknown }
  | {
      readonly kind: 'threw';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    }
  /** The process died: out of memory, exit, … */
  | { readonly kind: 'died'; readonly errorType: string; readonly errorMessage: string };

export interface RunningInvocation {
  /** Never rejects. Does not settle after `kill`. */
  readonly result: Promise<InvocationResult>;
  /** Ends the execution environment at once, wherever it is. */
  kill(): void;
}

/** Where functions run: worker threads under `npm start`, in-process handlers under virtual time in the simulation. */
export interface FunctionRuntime {
  start(config: FunctionConfig, invocation: Invocation): RunningInvocation;
}
