import * as iam from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { childrenOf, executionsOf } from './permissions';

/** What people and functions need of a state machine who have to do with its runs; what they need of the ledger is there. */

export function allowStart(grantee: iam.IGrantable, { stateMachineArn }: StateMachine): iam.Grant {
  return allow(grantee, ['states:StartExecution'], [stateMachineArn]);
}

/** @param labels under which the chains are executions */
export function allowWatch(grantee: iam.IGrantable, stateMachine: StateMachine, labels: readonly string[]): iam.Grant {
  const executions = [executionsOf(stateMachine), ...labels.map((label) => childrenOf(stateMachine, label))];
  const look = ['states:DescribeExecution', 'states:DescribeStateMachineForExecution', 'states:GetExecutionHistory'];
  const watched = allow(
    grantee,
    ['states:DescribeStateMachine', 'states:ListExecutions', 'states:ListTagsForResource'],
    [stateMachine.stateMachineArn],
  )
    // It is found by its tags among all that there are: for the list of these IAM has no narrower resource.
    .combine(allow(grantee, ['states:ListStateMachines'], ['*']))
    .combine(allow(grantee, [...look, ...(labels.length > 0 ? ['states:ListMapRuns'] : [])], executions));
  if (labels.length === 0) return watched;
  const mapRuns = labels.map((label) => childrenOf(stateMachine, label, 'mapRun'));
  return watched.combine(allow(grantee, ['states:DescribeMapRun', 'states:ListExecutions'], mapRuns));
}

/** Its memory is what a run's cost is estimated from. */
export function allowLook(grantee: iam.IGrantable, { functionArn }: IFunction): iam.Grant {
  return allow(grantee, ['lambda:GetFunctionConfiguration'], [functionArn]);
}

export function allowStopAndRedrive(grantee: iam.IGrantable, stateMachine: StateMachine): iam.Grant {
  return allow(grantee, ['states:StopExecution', 'states:RedriveExecution'], [executionsOf(stateMachine)]);
}

function allow(grantee: iam.IGrantable, actions: string[], resourceArns: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
}
