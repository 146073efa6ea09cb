import { Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { executionsUrl } from './console-links';

export interface RunNoticesProps {
  readonly stateMachine: IStateMachine;
  readonly topic: ITopic;
  /** Name of the job. */
  readonly job: string;
  /** Address of docs/operations.md. */
  readonly runbookUrl: string;
}

/**
 * A message for each run that ended without success: which one, of which job, with which error, and what to do. An alarm
 * cannot tell of one run; this tells of nothing else. It holds no cause: a cause has quotes in it, which an input
 * transformer puts into its text as they are.
 */
export function createRunNotices(
  scope: Construct,
  id: string,
  { stateMachine, topic, job, runbookUrl }: RunNoticesProps,
): void {
  const { stackName } = Stack.of(scope);
  const { stateMachineArn } = stateMachine;
  const [run, status, error] = ['name', 'status', 'error'].map((field) => EventField.fromPath(`$.detail.${field}`));
  const message = [
    `${job}: the run ${run} has ended as ${status} ${error}`,
    '',
    `Why, and what it left: worker-chains show ${run} --stack ${stackName} --job ${job}`,
    `To go on with it: worker-chains resume ${run} --stack ${stackName} --job ${job}`,
    `Its execution, in the list of all: ${executionsUrl(stateMachine)}`,
    `What to do: ${runbookUrl}#run-failed`,
  ];
  const input = RuleTargetInput.fromMultilineText(message.join('\n'));
  new Rule(scope, id, {
    description: `Tells of each run of ${job} that ends without success.`,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    },
    targets: [{ bind: () => ({ arn: topic.topicArn, input }) }],
  });
}
