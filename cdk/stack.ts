import { join } from 'node:path';
import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { type MailPermissions, UnexpectedValue, WorkerChains, type WorkerChainsProps } from 'worker-chains/cdk';
import { VARIABLES } from '../examples/weekly-digest/variables';

export interface WorkerChainsStackProps
  extends StackProps,
    MailPermissions,
    Pick<
      WorkerChainsProps,
      'chains' | 'rate' | 'chunkItems' | 'linkDuration' | 'heartbeat' | 'enabled' | 'runbookUrl'
    > {
  /** The digest goes to the users 1 to `items`. */
  readonly items: number;

  /**
   * Address, https, of a one-click unsubscribe endpoint of one's own; the recipient's token is added to it.
   *
   * @default - the endpoint of the worker chains
   */
  readonly unsubscribeUrl?: string;

  /**
   * Table of the recipients, by number `id`.
   *
   * @default - a new table, which stays when the stack goes
   */
  readonly recipientsTable?: dynamodb.ITable;

  /**
   * Address that is told of alarms of both severities, once its owner has confirmed the two subscriptions.
   *
   * @default - nobody: subscribe to the topics of the outputs `PageTopicArn` and `TicketTopicArn`
   */
  readonly alarmEmail?: string;
}

/** The job that ships, `weekly-digest`: a mail to every user, every Monday at 09:00 UTC. */
export class WorkerChainsStack extends Stack {
  /** @throws UnexpectedValue where a property cannot work */
  constructor(scope: Construct, id: string, props: WorkerChainsStackProps) {
    super(scope, id, props);
    if (!(Number.isSafeInteger(props.items + 1) && props.items >= 0)) {
      throw new UnexpectedValue(
        `Expected \`items\` to be a whole number from 0 to ${Number.MAX_SAFE_INTEGER - 1}, got ${props.items}.`,
      );
    }
    const recipients = props.recipientsTable ?? this.createRecipientsTable();

    const digest = new WorkerChains(this, 'WeeklyDigest', {
      job: join(__dirname, '..', 'examples', 'weekly-digest', 'job.ts'),
      ids: { first: 1, last: props.items },
      chains: props.chains,
      rate: props.rate,
      chunkItems: props.chunkItems,
      linkDuration: props.linkDuration,
      heartbeat: props.heartbeat,
      enabled: props.enabled,
      runbookUrl: props.runbookUrl,
      schedule: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
      mail: {
        sender: props.sender,
        senderIdentity: props.senderIdentity,
        configurationSet: props.configurationSet,
        sandboxRecipients: props.sandboxRecipients,
        unsubscribe: props.unsubscribeUrl === undefined,
      },
      environment: {
        [VARIABLES.recipientsTable]: recipients.tableName,
        ...(props.unsubscribeUrl !== undefined && { [VARIABLES.unsubscribeUrl]: props.unsubscribeUrl }),
      },
    });
    digest.runChain.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['dynamodb:BatchGetItem'],
        resources: [recipients.tableArn],
      }),
    );
    recipients.encryptionKey?.grantDecrypt(digest.runChain);

    const { page, ticket } = digest.alarmTopics;
    for (const topic of [page, ticket]) {
      if (props.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(props.alarmEmail));
    }

    this.output(digest, recipients);
  }

  private output(digest: WorkerChains, recipients: dynamodb.ITable): void {
    new CfnOutput(this, 'StateMachineArn', { value: digest.stateMachine.stateMachineArn });
    new CfnOutput(this, 'LedgerTableName', { value: digest.ledger.table.tableName });
    new CfnOutput(this, 'RecipientsTableName', { value: recipients.tableName });
    new CfnOutput(this, 'RuleName', { value: digest.rule.ruleName });
    new CfnOutput(this, 'RunChainFunctionName', { value: digest.runChain.functionName });
    new CfnOutput(this, 'RunChainLogGroupName', { value: digest.runChain.logGroup.logGroupName });
    new CfnOutput(this, 'FailChainLogGroupName', { value: digest.failChain.logGroup.logGroupName });
    new CfnOutput(this, 'MissedOccurrencesUrl', { value: digest.missedOccurrences.queueUrl });
    new CfnOutput(this, 'PageTopicArn', { value: digest.alarmTopics.page.topicArn });
    new CfnOutput(this, 'TicketTopicArn', { value: digest.alarmTopics.ticket.topicArn });
  }

  private createRecipientsTable(): dynamodb.Table {
    return new dynamodb.Table(this, 'Recipients', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.NUMBER },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
