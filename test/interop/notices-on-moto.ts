import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Checks } from './checks';

/** What SNS delivers to a queue, as AWS documents it. */
interface Delivered {
  readonly Type: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
}

/** A topic of moto's SNS to which a queue of moto's SQS is subscribed: what it gets of it, somebody is told. */
export class NoticesOnMoto {
  /** @param topicArn of the topic that the template tells NotifyRun of */
  static async subscribe(checks: Checks, endpoint: string, topicArn: string): Promise<NoticesOnMoto> {
    const settings = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
      maxAttempts: 1,
    };
    const [sns, sqs] = [new SNSClient(settings), new SQSClient(settings)];
    const name = topicArn.slice(topicArn.lastIndexOf(':') + 1);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
    checks.equal('the topic is where the template has it', TopicArn, topicArn);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'on-call' }));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn as string }));
    sns.destroy();
    return new NoticesOnMoto(sqs, QueueUrl as string);
  }

  private readonly received: Delivered[] = [];

  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  close(): void {
    this.sqs.destroy();
  }

  /** What was told of an execution so far, the first in front. */
  async of(executionArn: string): Promise<readonly Delivered[]> {
    const command = new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 });
    for (const { Body = '' } of (await this.sqs.send(command)).Messages ?? []) this.received.push(JSON.parse(Body));
    return this.received.filter(({ Message }) => Message.includes(executionArn));
  }
}
