import { ServiceError } from '../aws-service';
import { requiredArn } from './api-input';
import type { Execution } from './execution';
import type { Surroundings } from './jsonata-functions';
import { type Region, type StateMachine, stateMachineArn, type Tag } from './machine';
import type { MapRun } from './map-run';
import type { Input } from './members';
import { parseDefinition } from './parse-definition';

/** What a state machine is created from. */
type NewStateMachine = Omit<StateMachine, 'arn' | 'definition'>;

/** The state machines and executions of one account and region, by ARN. */
export class Registry {
  readonly machines = new Map<string, StateMachine>();
  /** Oldest first. */
  readonly executions = new Map<string, Execution>();
  /** Oldest first. */
  readonly mapRuns = new Map<string, MapRun>();

  constructor(
    private readonly place: Region,
    private readonly surroundings: Surroundings,
  ) {}

  /**
   * @throws ServiceError `InvalidDefinition` where the definition is refused
   */
  addMachine(given: NewStateMachine): StateMachine {
    const definition = parseDefinition(given.text, this.surroundings);
    const arn = stateMachineArn(this.place, given.name);
    const machine: StateMachine = { ...given, arn, definition };
    this.machines.set(arn, machine);
    return machine;
  }

  addExecution(execution: Execution): void {
    this.executions.set(execution.record.arn, execution);
  }

  addMapRun(run: MapRun): void {
    this.mapRuns.set(run.record.arn, run);
  }

  /** Those that an execution has started, oldest first. */
  mapRunsOf(execution: Execution): MapRun[] {
    return [...this.mapRuns.values()].filter(({ frame }) => frame.execution === execution);
  }

  /** Oldest first; children of a Map Run are executions of its label, not of the state machine. */
  executionsOf({ arn }: StateMachine): Execution[] {
    return [...this.executions.values()].filter(({ machine }) => machine.arn === arn);
  }

  /**
   * The state machine that a request names.
   *
   * @throws ServiceError `StateMachineDoesNotExist` where there is none, `InvalidArn` where it is no ARN of one
   */
  machineIn(input: Input): StateMachine {
    const arn = requiredArn(input, 'stateMachineArn');
    const machine = this.machines.get(arn);
    if (machine !== undefined) return machine;
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  /**
   * The tags of the resource that a request names.
   *
   * @throws ServiceError `ResourceNotFound` where there is none, `InvalidArn` where it is no ARN of a state machine
   */
  tagsIn(input: Input): readonly Tag[] {
    const arn = requiredArn(input, 'resourceArn');
    const machine = this.machines.get(arn);
    if (machine !== undefined) return machine.tags;
    throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
  }

  /**
   * The execution that a request names.
   *
   * @throws ServiceError `ExecutionDoesNotExist` where there is none, `InvalidArn` where it is no ARN of one
   */
  executionIn(input: Input): Execution {
    const arn = requiredArn(input, 'executionArn');
    const execution = this.executions.get(arn);
    if (execution !== undefined) return execution;
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /**
   * The Map Run that a request names.
   *
   * @throws ServiceError `ResourceNotFound` where there is none, `InvalidArn` where it is no ARN of one
   */
  mapRunIn(input: Input): MapRun {
    const arn = requiredArn(input, 'mapRunArn');
    const run = this.mapRuns.get(arn);
    if (run !== undefined) return run;
    throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
  }
}
