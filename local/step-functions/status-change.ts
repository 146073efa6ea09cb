import type { BusEvent } from '../event-bridge/event-bus';

/**
 * The event of an execution whose status has changed, of what DescribeExecution says of it (Step Functions Developer Guide,
 * "Automating Step Functions event delivery with EventBridge"): times in milliseconds, null for what is not there.
 */
export function statusChange(execution: Readonly<Record<string, unknown>>): BusEvent {
  const { executionArn, stateMachineArn, name, status, startDate, stopDate, redriveDate } = execution;
  const { input = null, output = null, error = null, cause = null, redriveCount = 0, redriveStatus = null } = execution;
  const { redriveStatusReason = null } = execution;
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [String(executionArn)],
    detail: {
      ...{ executionArn, stateMachineArn, name, status, startDate: millisecondsOf(startDate) },
      ...{ stopDate: millisecondsOf(stopDate), input, output, error, cause },
      inputDetails: input === null ? null : { included: true },
      outputDetails: output === null ? null : { included: true },
      ...{ redriveCount, redriveDate: millisecondsOf(redriveDate), redriveStatus, redriveStatusReason },
    },
  };
}

function millisecondsOf(date: unknown): number | null {
  return date instanceof Date ? date.getTime() : null;
}
