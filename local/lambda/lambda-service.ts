import type { Clock } from '../../functions/contract/clock';
import { notImplemented, type Service } from '../aws-service';
import { Concurrency } from './concurrency';
import {
  eventInvokeConfig,
  eventInvokeSettings,
  functionConcurrency,
  functionConfiguration,
  functionDescription,
  functionPage,
  integerWithin,
} from './configuration';
import { type DeployedFunction, DeployedFunctions, isQualified } from './deployed-functions';
import { EventQueue, type FailedEvent, failureRecord } from './event-queue';
import { Executions, type InvocationRecord } from './invocations';
import { invalidParameter, LambdaError, resourceNotFound, tooManyRequests, validationError } from './lambda-errors';
import { requestPayload } from './payload';
import type { FunctionConfig, FunctionRuntime } from './runtime';

/** An asynchronous event that Lambda has accepted and is about to deliver. */
export interface AsyncDelivery {
  readonly functionName: string;
  readonly event: unknown;
  readonly requestId: string;
}

export interface LambdaOptions {
  readonly clock: Clock;
  readonly functions: readonly FunctionConfig[];
  readonly runtime: FunctionRuntime;
  /** A new id for each call. */
  randomId(): string;
  /** From 0 to 1, exclusive. */
  random(): number;
  /** Invocations that may run at the same time. @default - 1000, Lambda's default quota */
  readonly accountConcurrency?: number;
  /**
   * Delays in milliseconds of the copies of an event that are delivered: `[]` drops it, `[0, 40]` delivers it twice.
   * @default - one copy, at once
   */
  asyncDelivery?(delivery: AsyncDelivery): readonly number[];
  /** Puts the record of a failed event into the queue that is its function's destination. @default - there are no queues */
  sendToQueue?(queueArn: string, record: string): void;
  /** Called at the start and at the end of every run of a function. @default - nothing is called */
  onInvocation?(record: InvocationRecord): void;
}

/** In characters; 256 elsewhere (API reference, PutFunctionConcurrency). */
const LONGEST_NAME_OF_CONCURRENCY = 140;

/** Inputs that the operations understand. Anything else is rejected by name rather than ignored. */
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  Invoke: ['FunctionName', 'InvocationType', 'Payload', 'Qualifier', 'LogType'],
  GetFunction: ['FunctionName', 'Qualifier'],
  GetFunctionConfiguration: ['FunctionName', 'Qualifier'],
  ListFunctions: ['Marker', 'MaxItems'],
  GetFunctionConcurrency: ['FunctionName'],
  PutFunctionConcurrency: ['FunctionName', 'ReservedConcurrentExecutions'],
  DeleteFunctionConcurrency: ['FunctionName'],
  GetFunctionEventInvokeConfig: ['FunctionName', 'Qualifier'],
  PutFunctionEventInvokeConfig: [
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig',
  ],
};

/**
 * AWS Lambda: invocation with timeouts, reserved concurrency and the queue of asynchronous events. Where code runs is
 * the runtime's business.
 */
export class Lambda implements Service {
  readonly #options: LambdaOptions;
  readonly #functions: DeployedFunctions;
  readonly #concurrency: Concurrency;
  readonly #executions: Executions;
  readonly #queue: EventQueue;
  #idleWaiters: (() => void)[] = [];

  /**
   * @throws Error where the functions contradict each other: a name that is there twice, too much reserved concurrency
   */
  constructor(options: LambdaOptions) {
    const { clock, functions, runtime, accountConcurrency = 1000 } = options;
    const settled = () => this.#settled();
    this.#options = options;
    this.#functions = new DeployedFunctions(functions, clock.now());
    this.#concurrency = new Concurrency(this.#functions, accountConcurrency);
    this.#executions = new Executions(
      clock,
      runtime,
      this.#concurrency,
      (record) => options.onInvocation?.(record),
      settled,
    );
    this.#queue = new EventQueue(
      clock,
      () => options.random(),
      this.#executions,
      (failed) => this.#deliverFailure(failed),
      settled,
    );
  }

  /** @throws ServiceError where the request is refused, with Lambda's own code, status and message */
  async handle(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const understood = UNDERSTOOD[operation];
    if (!understood) {
      throw notImplemented('Lambda', operation);
    }
    for (const [member, value] of Object.entries(input)) {
      if (value !== undefined && !understood.includes(member)) {
        throw notImplemented('Lambda', `${operation} with ${member}`);
      }
    }
    if (operation === 'ListFunctions') {
      return functionPage(this.#functions, input.Marker, input.MaxItems);
    }
    const deployed = this.#named(operation, input);
    switch (operation) {
      case 'Invoke':
        return this.#invoke(deployed, input);
      case 'GetFunction':
        return functionDescription(deployed);
      case 'GetFunctionConfiguration':
        return functionConfiguration(deployed);
      case 'GetFunctionConcurrency':
        return functionConcurrency(deployed);
      case 'PutFunctionConcurrency':
        this.#concurrency.reserve(
          deployed,
          integerWithin('reservedConcurrentExecutions', input.ReservedConcurrentExecutions, 0, Number.MAX_SAFE_INTEGER),
        );
        return functionConcurrency(deployed);
      case 'DeleteFunctionConcurrency':
        deployed.reservedConcurrency = undefined;
        return {};
      case 'GetFunctionEventInvokeConfig':
        return eventInvokeConfig(deployed);
      case 'PutFunctionEventInvokeConfig':
        deployed.eventInvoke = eventInvokeSettings(this.#functions, deployed, input, this.#options.clock.now());
        return eventInvokeConfig(deployed);
      default:
        throw notImplemented('Lambda', operation);
    }
  }

  /** The function that a request is about. Each action has its own words for one that is not there. */
  #named(operation: string, input: Record<string, unknown>): DeployedFunction {
    const { FunctionName, Qualifier: qualifier } = input;
    if (operation.endsWith('FunctionConcurrency')) {
      if (isQualified(FunctionName)) {
        throw invalidParameter(
          'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. ' +
            'Please specify either a function name or an unqualified function ARN.',
        );
      }
      const toldVersion = operation === 'PutFunctionConcurrency' ? '$LATEST' : undefined;
      return this.#functions.resolve(FunctionName, { longestName: LONGEST_NAME_OF_CONCURRENCY, toldVersion });
    }
    if (!operation.endsWith('EventInvokeConfig')) {
      return this.#functions.resolve(FunctionName, {
        qualifier,
        toldVersion: operation === 'Invoke' ? '$LATEST' : undefined,
      });
    }
    try {
      return this.#functions.resolve(FunctionName, { qualifier, toldVersion: '$LATEST' });
    } catch (error) {
      const arn = error instanceof LambdaError ? /^Function not found: (.*)$/.exec(error.message)?.[1] : undefined;
      if (arn === undefined) throw error;
      throw resourceNotFound(
        operation === 'PutFunctionEventInvokeConfig'
          ? "The function doesn't exist."
          : `The function ${arn} doesn't have an EventInvokeConfig`,
      );
    }
  }

  /** Asynchronous events that wait for their first or next attempt. */
  queued(): number {
    return this.#queue.waiting;
  }

  /** Functions that run at this moment. */
  running(): number {
    return this.#executions.running;
  }

  /** Resolves as soon as nothing runs nor is queued. A caller woken at the same moment may start something new. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
      this.#settled();
    });
  }

  /** Ends everything: drops what is queued, kills what runs. No retries, no failure records. */
  killAll(): void {
    this.#queue.clear();
    this.#executions.killAll();
  }

  /** Kills the longest-running execution of the function, as a crash ends it. False where none runs. */
  killOldest(functionName: string): boolean {
    return this.#executions.killOldest(this.#functions.resolve(functionName));
  }

  async #invoke(deployed: DeployedFunction, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { InvocationType: invocationType = 'RequestResponse', LogType: logType = 'None' } = input;
    if (logType !== 'None') {
      throw notImplemented('Lambda', `Invoke with LogType ${String(logType)}`);
    }
    switch (invocationType) {
      case 'DryRun':
        requestPayload(input.Payload, 'RequestResponse');
        return { StatusCode: 204 };
      case 'Event':
        this.#enqueue(deployed, requestPayload(input.Payload, 'Event'));
        return { StatusCode: 202 };
      case 'RequestResponse':
        return this.#invokeAndWait(deployed, requestPayload(input.Payload, 'RequestResponse'));
      default:
        throw validationError(
          'invocationType',
          invocationType,
          'Member must satisfy enum value set: [Event, RequestResponse, DryRun]',
        );
    }
  }

  async #invokeAndWait(deployed: DeployedFunction, payload: string): Promise<Record<string, unknown>> {
    const started = this.#executions.start(deployed, {
      requestId: this.#options.randomId(),
      payload,
      invocationType: 'RequestResponse',
      attempt: 1,
    });
    if (started.throttled) {
      throw tooManyRequests(started.throttled);
    }
    const response = await started.response;
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      ...(response.outcome !== 'returned' && { FunctionError: 'Unhandled' }),
      Payload: new TextEncoder().encode(response.payload),
    };
  }

  #enqueue(deployed: DeployedFunction, payload: string): void {
    const requestId = this.#options.randomId();
    const { functionName } = deployed.config;
    const delays = this.#options.asyncDelivery?.({ functionName, event: JSON.parse(payload), requestId }) ?? [0];
    for (const delay of delays) {
      this.#queue.add(deployed, requestId, payload, delay);
    }
  }

  #deliverFailure(failed: FailedEvent): void {
    const { onFailureFunctionArn, onFailureQueueArn } = failed.deployed.eventInvoke;
    const record = JSON.stringify(failureRecord(failed, this.#options.clock.now()));
    if (onFailureFunctionArn !== undefined) this.#enqueue(this.#functions.resolve(onFailureFunctionArn), record);
    if (onFailureQueueArn !== undefined) this.#options.sendToQueue?.(onFailureQueueArn, record);
  }

  #settled(): void {
    if (this.#executions.running > 0 || this.#queue.unsettled > 0) {
      return;
    }
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) {
      resolve();
    }
  }
}
