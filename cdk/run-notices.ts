import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../functions/contract/names';
import { createFunction, deadLettersIn, type SharedFunctionProps } from './functions';
import type { Ledger } from './ledger-storage';
import { acknowledgeExecutions, attachPolicy, executionsOf } from './permissions';
import { createUndelivered } from './undelivered';

export interface RunNoticesProps {
  readonly stateMachine: StateMachine;
  readonly ledger: Ledger;
  readonly topic: ITopic;
  readonly shared: SharedFunctionProps;
  /** Name of the job. */
  readonly job: string;
  /** Address of docs/operations.md. */
  readonly runbookUrl: string;
}

/**
 * A message for each run that ended without success: which one, of which job, why, what it did, and what to do. An alarm
 * cannot tell of one run; this tells of nothing else.
 */
export class RunNotices extends Construct {
  /** `NotifyRun`. */
  readonly fn: LambdaFunction;
  /** Ends of runs that nobody could be told of. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: RunNoticesProps) {
    super(scope, id);
    const { stateMachine, ledger, topic, shared, job, runbookUrl } = props;
    this.undelivered = createUndelivered(this, 'Undelivered', 'It is the dead-letter queue of notices.');
    this.fn = createFunction(this, 'NotifyRun', shared, {
      environment: {
        [ENVIRONMENT.ledgerTable]: ledger.table.tableName,
        [ENVIRONMENT.noticeTopic]: topic.topicArn,
        [ENVIRONMENT.job]: job,
        [ENVIRONMENT.stack]: Stack.of(this).stackName,
        [ENVIRONMENT.runbookUrl]: runbookUrl,
      },
      onFailure: deadLettersIn(this.undelivered),
    });
    ledger.grantWatch(this.fn);
    allowPublish(this.fn, topic);
    const looking = attachPolicy(this, 'LookAtExecution', this.fn, [
      { actions: ['states:DescribeExecution'], resource: executionsOf(stateMachine) },
    ]);
    acknowledgeExecutions(looking, stateMachine);
    new Rule(this, 'Rule', {
      description: `Tells of each run of ${job} that ends without success.`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new LambdaTarget(this.fn, { deadLetterQueue: this.undelivered })],
    });
  }
}

/** `grantPublish` of the CDK allows a family of actions on the key; SNS asks for two on the publisher's behalf. */
function allowPublish(grantee: LambdaFunction, topic: ITopic): void {
  Grant.addToPrincipal({ grantee, actions: ['sns:Publish'], resourceArns: [topic.topicArn] });
  topic.masterKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}
