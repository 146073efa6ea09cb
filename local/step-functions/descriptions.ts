import type {
  CreateStateMachineOutput,
  DescribeExecutionOutput,
  DescribeStateMachineForExecutionOutput,
  DescribeStateMachineOutput,
  ExecutionListItem,
  StateMachineListItem,
} from '@aws-sdk/client-sfn';
import type { Execution } from './execution';
import type { StateMachine } from './machine';

/** What the service answers about its state machines and executions, in the shapes of the JavaScript SDK. */

export function createdStateMachine({ arn, createdAt }: StateMachine): CreateStateMachineOutput {
  return { stateMachineArn: arn, creationDate: new Date(createdAt) };
}

export function stateMachineItem({ arn, name, createdAt }: StateMachine): StateMachineListItem {
  return { stateMachineArn: arn, name, type: 'STANDARD', creationDate: new Date(createdAt) };
}

export function describedStateMachine(machine: StateMachine): DescribeStateMachineOutput {
  return { ...stateMachineItem(machine), status: 'ACTIVE', definition: machine.text, roleArn: machine.roleArn };
}

export function describedForExecution({ machine }: Execution): DescribeStateMachineForExecutionOutput {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: machine.text,
    roleArn: machine.roleArn,
    updateDate: new Date(machine.createdAt),
  };
}

export function executionItem({ record, machine }: Execution): ExecutionListItem & { name: string } {
  return {
    executionArn: record.arn,
    stateMachineArn: machine.arn,
    name: record.name,
    status: record.status,
    startDate: new Date(record.startedAt),
    ...(record.stoppedAt === undefined ? undefined : { stopDate: new Date(record.stoppedAt) }),
    redriveCount: record.redriveCount,
    ...(record.redrivenAt === undefined ? undefined : { redriveDate: new Date(record.redrivenAt) }),
  };
}

export function describedExecution(execution: Execution): DescribeExecutionOutput {
  const { record, notRedrivableBecause } = execution;
  const redrivable = record.mapRunArn === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN';
  return {
    ...executionItem(execution),
    input: record.inputText,
    inputDetails: { included: true },
    ...(record.output === undefined ? undefined : { output: record.output, outputDetails: { included: true } }),
    ...(record.error === undefined ? undefined : { error: record.error }),
    ...(record.cause === undefined ? undefined : { cause: record.cause }),
    ...(record.mapRunArn === undefined ? undefined : { mapRunArn: record.mapRunArn }),
    redriveStatus: notRedrivableBecause === undefined ? redrivable : 'NOT_REDRIVABLE',
    ...(notRedrivableBecause === undefined ? undefined : { redriveStatusReason: notRedrivableBecause }),
  };
}
