import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type Check, check, type Finding, fault, ok, warning } from './check';

const TOPIC = /^arn:[\w-]+:sns:/;

/** A topic that alarms go to. */
interface SeenTopic {
  readonly name: string;
  readonly confirmed: number;
  readonly pending: number;
}

/** Of all jobs of the stack: who hears of one hears of all. */
export function alarmChecks(cloudWatch: CloudWatchClient, sns: SNSClient): readonly Check[] {
  // As the construct names them: the stack's name begins each, and a dot ends it.
  const alarms = (stack: string) => alarmsOf(`${stack}.`, cloudWatch);
  return [
    check({
      id: 'alarms',
      needs: ['cloudwatch:DescribeAlarms'],
      read: ({ deployment }) => alarms(deployment.stack),
      judge: judgeAlarms,
    }),
    check({
      id: 'alarm-topics',
      needs: ['cloudwatch:DescribeAlarms', 'sns:ListSubscriptionsByTopic'],
      read: async ({ deployment }) => {
        const actions = (await alarms(deployment.stack)).flatMap(({ AlarmActions = [] }) => AlarmActions);
        const topics = [...new Set(actions)].filter((arn) => TOPIC.test(arn)).sort();
        return Promise.all(topics.map((arn) => topicOf(arn, sns)));
      },
      judge: judgeTopics,
    }),
  ];
}

async function alarmsOf(prefix: string, cloudWatch: CloudWatchClient): Promise<readonly MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, AlarmTypes: ['MetricAlarm'], NextToken }),
    );
    found.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

async function topicOf(TopicArn: string, sns: SNSClient): Promise<SeenTopic> {
  let confirmed = 0;
  let pending = 0;
  let NextToken: string | undefined;
  do {
    const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
    for (const { SubscriptionArn = '' } of page.Subscriptions ?? []) {
      // Of one that waits it is `PendingConfirmation`, of one that was given up `Deleted`.
      if (SubscriptionArn.startsWith('arn:')) confirmed += 1;
      else if (SubscriptionArn === 'PendingConfirmation') pending += 1;
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return { name: TopicArn.slice(TopicArn.lastIndexOf(':') + 1), confirmed, pending };
}

function judgeAlarms(alarms: readonly MetricAlarm[]): Finding {
  if (alarms.length === 0) return warning('the stack has none', 'deploy with alarms, or watch each run');
  const named = (chosen: readonly MetricAlarm[]) => chosen.map(({ AlarmName }) => AlarmName).join(', ');
  const silent = alarms.filter(({ ActionsEnabled }) => ActionsEnabled === false);
  if (silent.length > 0) {
    return warning(
      `switched off: ${named(silent)}`,
      'enable them: aws cloudwatch enable-alarm-actions --alarm-names …',
    );
  }
  const firing = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
  if (firing.length > 0) {
    return warning(
      `in alarm: ${named(firing)}`,
      'see docs/operations.md; run-missed is, until the first run has started',
    );
  }
  return ok(`${alarms.length}, none of them in alarm`);
}

function judgeTopics(topics: readonly SeenTopic[]): Finding {
  if (topics.length === 0) return warning('alarms go to no topic', 'give the construct alarmTopics');
  const unheard = topics.filter(({ confirmed }) => confirmed === 0);
  if (unheard.length === 0) {
    return ok(topics.map(({ name, confirmed }) => `${name}: ${confirmed} confirmed`).join(', '));
  }
  const told = unheard.map(({ name, pending }) => (pending > 0 ? `${name} (${pending} to be confirmed)` : name));
  const isWaiting = unheard.some(({ pending }) => pending > 0);
  return fault(
    `nobody hears of what goes to ${told.join(', ')}`,
    isWaiting ? 'open the link in the mail that SNS sent, or subscribe again' : 'subscribe, and confirm',
  );
}
