import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The console's page of a state machine, which lists every execution with a link to it. In the partition `aws`. */
export function executionsUrl({ stateMachineArn, env: { region } }: IStateMachine): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/statemachines/view/${stateMachineArn}`;
}
