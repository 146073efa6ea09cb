import { Duration, type Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { WorkerChains } from '../../cdk/worker-chains';
import { shippedStack } from './stacks';

/**
 * The stack that ships, and beside it a job with every option that permits somebody something: a source with grants of its
 * own, a key, zones, a Distributed Map, tracing, logs, alarms that stop runs. Grants for people of each kind on both.
 *
 * @param job file of a job over an index of the table that `USERS_TABLE` names
 */
export function fullStack(job: string): Stack {
  const stack = shippedStack({ alarmEmail: 'on-call@example.com', sandboxRecipients: ['reader@example.net'] });
  const digest = stack.node.findChild('WeeklyDigest') as WorkerChains;
  const metric = new Metric({ namespace: 'Shop', metricName: 'Latency' });
  const news = new WorkerChains(stack, 'News', {
    job,
    environment: { USERS_TABLE: 'users' },
    encryptionKey: new Key(stack, 'Key'),
    mail: { sender: 'news@mail.example.com', configurationSet: 'news' },
    schedules: [
      { name: 'monday', expression: Schedule.cron({ weekDay: 'MON', hour: '9' }), zone: 'Europe/Berlin' },
      { name: 'friday', expression: Schedule.cron({ weekDay: 'FRI', hour: '9' }), flexible: Duration.minutes(5) },
    ],
    mapMode: 'distributed',
    stateMachineLogLevel: LogLevel.ALL,
    tracing: true,
    stopOn: [{ metric, threshold: 1 }, new Alarm(stack, 'Errors', { metric, threshold: 5, evaluationPeriods: 1 })],
  });
  for (const [name, chains] of [
    ['Digest', digest],
    ['News', news],
  ] as const) {
    for (const grant of ['grantStart', 'grantWatch', 'grantRecipients', 'grantOperate'] as const) {
      const person = new Role(stack, `${name}${grant.replace('grant', '')}`, { assumedBy: new AccountRootPrincipal() });
      chains[grant](person);
    }
  }
  return stack;
}
