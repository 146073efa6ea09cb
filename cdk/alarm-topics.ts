import { type ArnComponents, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Where alarms are told of. Both may be the same topic. */
export interface AlarmTopics {
  /** Of what somebody has to look at now: put a pager behind it. */
  readonly page: ITopic;
  /** Of what can wait for the morning: a mailbox, a chat. */
  readonly ticket: ITopic;
}

/** A key costs a dollar a month, and whoever is on call subscribes once: the jobs of a stack share them. */
const ID = 'WorkerChainsAlarms';

/** The topics of the stack's worker chains: made by the first that needs them. */
export function sharedAlarmTopics(scope: Construct): AlarmTopics {
  const stack = Stack.of(scope);
  const made = stack.node.tryFindChild(ID);
  return made instanceof StackAlarmTopics ? made : new StackAlarmTopics(stack, ID);
}

/**
 * The topics that tell of alarms. They are encrypted with a key of their own: the key that AWS manages for SNS does not let
 * CloudWatch in, and an alarm whose notification fails is silent.
 */
class StackAlarmTopics extends Construct implements AlarmTopics {
  readonly page: Topic;
  readonly ticket: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const alarm = { service: 'cloudwatch', resource: 'alarm', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    const alarms = onBehalfOf(stack, 'cloudwatch.amazonaws.com', alarm);
    const key = createKey(this, alarms);
    this.page = createTopic(this, 'Page', { publisher: alarms, key });
    this.ticket = createTopic(this, 'Ticket', { publisher: alarms, key });
  }
}

/** Who may publish, and on whose behalf. */
type Publisher = Pick<iam.PolicyStatementProps, 'principals' | 'conditions'>;

/** A service on behalf of resources of this account and region: it acts for those of other accounts, too. */
function onBehalfOf(stack: Stack, service: string, source: ArnComponents): Publisher {
  return {
    principals: [new iam.ServicePrincipal(service)],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': stack.formatArn({ ...source, resourceName: '*' }) },
    },
  };
}

function createKey(scope: Construct, publisher: Publisher): Key {
  const key = new Key(scope, 'Key', {
    description: 'Encrypts notifications of alarms.',
    enableKeyRotation: true,
    // Notifications are not kept: nothing is ever to be decrypted after the topics are gone.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
  key.addToResourcePolicy(new iam.PolicyStatement({ ...publisher, actions, resources: ['*'] }));
  return key;
}

function createTopic(
  scope: Construct,
  id: string,
  { publisher, key }: { readonly publisher: Publisher; readonly key: IKey },
): Topic {
  const topic = new Topic(scope, id, { masterKey: key, enforceSSL: true });
  const resources = [topic.topicArn];
  topic.addToResourcePolicy(new iam.PolicyStatement({ ...publisher, actions: ['sns:Publish'], resources }));
  return topic;
}
