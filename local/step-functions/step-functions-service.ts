import { randomUUID } from 'node:crypto';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Clock } from '../../functions/contract/clock';
import { notImplemented, type Service, ServiceError } from '../aws-service';
import { jsonText, page, refuseMapLabel, requiredArn, requiredRole, resourceName } from './api-input';
import { CallbacksApi } from './callbacks-api';
import {
  createdStateMachine,
  describedExecution,
  describedForExecution,
  describedStateMachine,
  stateMachineItem,
} from './descriptions';
import { Execution } from './execution';
import type { InvokeFunction } from './frame-driver';
import { historyEvent } from './history';
import { Interpreter } from './interpreter';
import type { Surroundings } from './jsonata-functions';
import { uuid } from './jsonata-functions';
import { executionArn, type Region, type StateMachine, stateMachineArn } from './machine';
import { MapRunsApi } from './map-runs-api';
import {
  type Input,
  includesAllData,
  optionalChoice,
  optionalFlag,
  optionalText,
  requiredText,
  understood,
} from './members';
import { Registry } from './registry';
import { type ExecutionSnapshot, restoredExecution, type Snapshot, snapshotOf } from './snapshot';
import { tagsOf } from './tags';

export type { Snapshot } from './snapshot';

export interface StepFunctionsOptions {
  readonly clock: Clock;
  /** Lambda's Invoke. Rejects with an error that has AWS's `name` and a `statusCode`. */
  readonly invokeFunction: InvokeFunction;
  /** @default - 'us-east-1' */
  readonly region?: string;
  /** @default - '000000000000' */
  readonly accountId?: string;
  /** The secret part of a task token; new with each call. @default - a random UUID */
  readonly randomToken?: () => string;
  /** Uniform in [0, 1): retry jitter, `$random`, `$uuid` and names of executions. @default - Math.random */
  readonly random?: () => number;
  /**
   * Name under which a missed heartbeat is reported; AWS has been seen to report `States.Timeout`. Retry and Catch take
   * it under both names in any case. @default - 'States.HeartbeatTimeout'
   */
  readonly heartbeatTimeoutError?: 'States.HeartbeatTimeout' | 'States.Timeout';
  /** Called with every event as it enters a history. @default - nothing is called */
  readonly onHistoryEvent?: (executionArn: string, event: HistoryEvent) => void;
}

/**
 * AWS Step Functions, Standard workflows in JSONata. Whatever a definition or a request says that is not implemented is
 * rejected by name.
 */
export class StepFunctions implements Service {
  readonly #options: StepFunctionsOptions;
  readonly #place: Region;
  readonly #surroundings: Surroundings;
  readonly #interpreter: Interpreter;
  readonly #callbacks: CallbacksApi;
  readonly #mapRuns: MapRunsApi;
  readonly #registry: Registry;

  constructor(options: StepFunctionsOptions) {
    const { clock, random = Math.random } = options;
    this.#options = options;
    this.#place = { region: options.region ?? 'us-east-1', accountId: options.accountId ?? '000000000000' };
    this.#surroundings = { clock, random };
    this.#registry = new Registry(this.#place, this.#surroundings);
    this.#interpreter = new Interpreter(
      {
        clock,
        random,
        region: this.#place.region,
        invokeFunction: options.invokeFunction,
        randomToken: options.randomToken ?? randomUUID,
        heartbeatTimeoutError: options.heartbeatTimeoutError ?? 'States.HeartbeatTimeout',
      },
      {
        place: this.#place,
        surroundings: options,
        mapRuns: this.#registry.mapRuns,
        addMapRun: (run) => this.#registry.addMapRun(run),
        addExecution: (execution) => this.#registry.addExecution(execution),
      },
    );
    this.#mapRuns = new MapRunsApi(this.#registry, () => clock.now());
    this.#callbacks = new CallbacksApi(this.#interpreter.tasks, this.#registry.executions, () => clock.now());
  }

  /** @throws ServiceError where the request is refused, with AWS's own code and message */
  async handle(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const answer = this.#perform(operation, input);
    if (answer === undefined) throw notImplemented('Step Functions', operation);
    return answer as Record<string, unknown>;
  }

  #perform(operation: string, input: Input): object | undefined {
    switch (operation) {
      case 'SendTaskHeartbeat':
        return this.#callbacks.sendTaskHeartbeat(input);
      case 'SendTaskSuccess':
        return this.#callbacks.sendTaskSuccess(input);
      case 'SendTaskFailure':
        return this.#callbacks.sendTaskFailure(input);
      case 'CreateStateMachine':
        return this.#createStateMachine(input);
      case 'DescribeStateMachine':
        understood(operation, input, ['stateMachineArn', 'includedData']);
        includesAllData(operation, input);
        return describedStateMachine(this.#registry.machineIn(input));
      case 'ListStateMachines': {
        understood(operation, input, ['maxResults', 'nextToken']);
        const machines = [...this.#registry.machines.values()];
        const { items, nextToken } = page(machines, input, { operation, now: this.#now() });
        return { stateMachines: items.map(stateMachineItem), nextToken };
      }
      case 'ListTagsForResource':
        understood(operation, input, ['resourceArn']);
        return { tags: this.#registry.tagsIn(input) };
      case 'DescribeStateMachineForExecution':
        understood(operation, input, ['executionArn', 'includedData']);
        includesAllData(operation, input);
        return describedForExecution(this.#registry.executionIn(input));
      case 'StartExecution':
        return this.#startExecution(input);
      case 'DescribeExecution':
        understood(operation, input, ['executionArn', 'includedData']);
        includesAllData(operation, input);
        return describedExecution(this.#registry.executionIn(input));
      case 'ListExecutions':
        return this.#mapRuns.listExecutions(input);
      case 'ListMapRuns':
        return this.#mapRuns.listMapRuns(input);
      case 'DescribeMapRun':
        return this.#mapRuns.describeMapRun(input);
      case 'GetExecutionHistory':
        return this.#history(input);
      case 'StopExecution':
        return this.#stopExecution(input);
      case 'RedriveExecution':
        return this.#redriveExecution(input);
      default:
        return undefined;
    }
  }

  /**
   * All state machines and executions, running ones with their tokens and timers, as plain JSON. Not to be called from
   * inside `onHistoryEvent`, where an event is already written and its execution has not moved yet.
   */
  snapshot(): Snapshot {
    return snapshotOf(
      [...this.#registry.machines.values()].map((machine) => [machine, this.#registry.executionsOf(machine)]),
      (execution) => this.#registry.mapRunsOf(execution),
    );
  }

  /**
   * Takes up what a snapshot holds, into a service that is still empty. Running executions go on: their tokens stay
   * valid and their timers keep their times, so that a task that died with the process misses its heartbeat and is
   * retried. An invocation that was under way fails with `Lambda.SdkClientException`.
   *
   * @throws Error where the service is not empty
   */
  restore(snapshot: Snapshot): void {
    if (this.#registry.machines.size > 0) throw new Error('Expected an empty service to restore into; create it anew.');
    for (const { definition: text, executions, tags = [], ...others } of snapshot.stateMachines) {
      const machine = this.#registry.addMachine({ ...others, text, tags });
      for (const saved of executions) this.#restoreExecution(machine, saved);
    }
    // A copy: a Map Run that goes on may start children, which are on their way already.
    for (const execution of [...this.#registry.executions.values()]) {
      if (!execution.running) continue;
      execution.setDeadlineTimer();
      // The deadline may have passed while the process was down; its timer fires first, being the oldest.
      this.#interpreter.resume(execution.root);
    }
  }

  #restoreExecution(machine: StateMachine, saved: ExecutionSnapshot): void {
    const { execution, mapRuns } = restoredExecution(machine, saved, this.#options);
    this.#registry.addExecution(execution);
    for (const run of mapRuns) {
      this.#registry.addMapRun(run);
      for (const child of run.children) {
        this.#interpreter.mapRuns.adopt(run, child);
        this.#registry.addExecution(child);
      }
    }
  }

  #createStateMachine(input: Input): object {
    understood('CreateStateMachine', input, ['name', 'definition', 'roleArn', 'type', 'tags']);
    const name = resourceName(requiredText(input, 'name'));
    const text = requiredText(input, 'definition');
    const roleArn = requiredRole(input);
    const tags = tagsOf(input);
    if (optionalChoice(input, 'type', ['STANDARD', 'EXPRESS']) === 'EXPRESS') {
      throw new ServiceError(
        'StateMachineTypeNotSupported',
        'The embedded Step Functions implements the type STANDARD only, got EXPRESS.',
      );
    }
    const existing = this.#registry.machines.get(stateMachineArn(this.#place, name));
    if (existing === undefined) {
      return createdStateMachine(this.#registry.addMachine({ name, roleArn, text, tags, createdAt: this.#now() }));
    }
    // Neither the role nor the tags count here: another creation with other ones changes nothing (API reference).
    if (existing.text !== text) {
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${existing.arn}'`);
    }
    return createdStateMachine(existing);
  }

  #startExecution(input: Input): object {
    understood('StartExecution', input, ['stateMachineArn', 'name', 'input']);
    refuseMapLabel(requiredArn(input, 'stateMachineArn'));
    const machine = this.#registry.machineIn(input);
    const name = resourceName(optionalText(input, 'name') ?? uuid(this.#surroundings.random));
    const inputText =
      optionalText(input, 'input') === undefined
        ? '{}'
        : jsonText(input, 'input', 'InvalidExecutionInput', 'Invalid State Machine Execution Input');
    const arn = executionArn(this.#place, machine.name, name);
    const existing = this.#registry.executions.get(arn);
    if (existing?.running && existing.record.inputText === inputText) {
      return { executionArn: arn, startDate: new Date(existing.record.startedAt) };
    }
    if (existing !== undefined) {
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const startedAt = this.#now();
    const execution = new Execution(
      machine,
      { arn, name, inputText, status: 'RUNNING', startedAt, redriveCount: 0, lastSerial: 0, events: [] },
      this.#options,
    );
    this.#registry.addExecution(execution);
    execution.start();
    this.#interpreter.drive(execution.root);
    return { executionArn: arn, startDate: new Date(startedAt) };
  }

  #history(input: Input): object {
    understood('GetExecutionHistory', input, [
      'executionArn',
      'maxResults',
      'nextToken',
      'reverseOrder',
      'includeExecutionData',
    ]);
    const reversed = optionalFlag(input, 'reverseOrder') ?? false;
    const withData = optionalFlag(input, 'includeExecutionData') ?? true;
    const { arn, events } = this.#registry.executionIn(input).record;
    const { items, nextToken } = page(reversed ? events.toReversed() : events, input, {
      operation: 'GetExecutionHistory',
      arn,
      now: this.#now(),
    });
    return { events: items.map((event) => historyEvent(event, withData)), nextToken };
  }

  #stopExecution(input: Input): object {
    understood('StopExecution', input, ['executionArn', 'error', 'cause']);
    const execution = this.#registry.executionIn(input);
    const error = optionalText(input, 'error');
    const cause = optionalText(input, 'cause');
    if (execution.running) execution.abort(error, cause);
    return { stopDate: new Date(execution.record.stoppedAt ?? this.#now()) };
  }

  #redriveExecution(input: Input): object {
    understood('RedriveExecution', input, ['executionArn', 'clientToken']);
    const execution = this.#registry.executionIn(input);
    const clientToken = optionalText(input, 'clientToken');
    const before = execution.redrivenBy(clientToken);
    if (before !== undefined) return { redriveDate: new Date(before) };
    const reason =
      execution.record.mapRunArn === undefined
        ? execution.notRedrivableBecause
        : 'Execution was started by a Map Run, and is redriven by redriving the execution that the Map Run belongs to';
    if (reason !== undefined) throw new ServiceError('ExecutionNotRedrivable', reason);
    const eventId = execution.redrive(clientToken);
    this.#interpreter.guard(execution.root, () => this.#interpreter.revive(execution.root, eventId));
    return { redriveDate: new Date(execution.record.redrivenAt ?? 0) };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
