import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import {
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { distributedDefinition } from '../../../cdk/distributed-definition';
import type { LedgerOfRuns } from '../../../cli/doctor/items-check';
import { MOST_CHAINS } from '../../../functions/contract/map-mode';
import { UnsubscribeTokens } from '../../../functions/email/unsubscribe-token';
import { answerUnsubscribe } from '../../../functions/unsubscribing/answer-unsubscribe';

const NOON = Date.parse('2026-10-19T12:00:00Z');
const SETTINGS = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } };
/** What is not AWS's, as the tests set it. */
export const world = {
  /** Milliseconds; 12:00 on a Monday, UTC. */
  now: NOON,
  runs: {} as Record<string, object>,
  chains: [] as object[],
  asked: [] as string[],
  endpoint: async (): Promise<Response> => new Response(),
};
export const clients = {
  lambda: new LambdaClient(SETTINGS),
  ses: new SESv2Client(SETTINGS),
  cloudWatch: new CloudWatchClient(SETTINGS),
  sns: new SNSClient(SETTINGS),
  sfn: new SFNClient(SETTINGS),
  events: new EventBridgeClient(SETTINGS),
  scheduler: new SchedulerClient(SETTINGS),
  cloudFormation: new CloudFormationClient(SETTINGS),
  ledger: {
    readRun: async (name: string) => world.runs[name],
    readChains: async () => world.chains,
  } as never as LedgerOfRuns,
  fetch: async (url: string) => {
    world.asked.push(url);
    return world.endpoint();
  },
  clock: {
    now: () => world.now,
    after: (milliseconds: number, callback: () => void) => {
      setImmediate(() => {
        world.now += milliseconds;
        callback();
      });
      return () => {};
    },
  },
};
// Those of the command, too, which makes clients of its own.
export const lambda = mockClient(LambdaClient);
export const ses = mockClient(SESv2Client);
export const cloudWatch = mockClient(CloudWatchClient);
export const sns = mockClient(SNSClient);
export const sfn = mockClient(SFNClient);
export const events = mockClient(EventBridgeClient);
export const scheduler = mockClient(SchedulerClient);
export const cloudFormation = mockClient(CloudFormationClient);
const dynamoDb = mockClient(DynamoDBDocumentClient);

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Digest';
export const DEPLOYMENT = {
  stack: 'my-mails',
  job: 'digest',
  stateMachineArn: ARN,
  stateMachineName: 'Digest',
  tableName: 'Ledger',
  chainFunction: 'RunChain',
  region: 'eu-west-1',
  accountId: '111122223333',
  choice: { stack: 'my-mails', job: 'digest' },
};
export const MAILS = {
  SENDER: 'Digest <digest@news.example.com>',
  SEND_SHARE: '0.8',
  CONFIGURATION_SET: 'Mails',
  CONCURRENT_LINKS: '20',
  UNSUBSCRIBE_ENDPOINT: 'https://abc.lambda-url.eu-west-1.on.aws/',
};
export const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:Page';
export const QUOTA = { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 1000 };
export const ACCOUNT = {
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  SendQuota: QUOTA,
};
export const ASYNC = {
  MaximumRetryAttempts: 0,
  MaximumEventAgeInSeconds: 120,
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:lambda:eu-west-1:111122223333:function:FailChain' } },
};
export const named = (name: string) => Object.assign(new Error('no.'), { name });
export const configuration = (Variables: Record<string, string>) =>
  lambda.on(GetFunctionConfigurationCommand).resolves({ Environment: { Variables } });
/** The identities that there are, by whether they are verified. */
export const identities = (known: Record<string, boolean>, ConfigurationSetName?: string) =>
  ses.on(GetEmailIdentityCommand).callsFake(({ EmailIdentity }) => {
    if (known[EmailIdentity] === undefined) throw named('NotFoundException');
    return { VerifiedForSendingStatus: known[EmailIdentity], ConfigurationSetName };
  });
export const subscriptions = (...SubscriptionArns: string[]) =>
  sns.on(ListSubscriptionsByTopicCommand).callsFake(({ NextToken = '0' }) => {
    const index = Number(NextToken);
    const more = index + 1 < SubscriptionArns.length;
    const Subscriptions = SubscriptionArns.slice(index, index + 1).map((SubscriptionArn) => ({ SubscriptionArn }));
    return { Subscriptions, ...(more && { NextToken: String(index + 1) }) };
  });
export const alarm = (more: object = {}) => ({
  AlarmName: 'run-failed',
  AlarmActions: [TOPIC],
  StateValue: 'OK',
  ...more,
});
export const alarms = (...MetricAlarms: object[]) => cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms });

/** A deployment of which nothing is missing. */
export function nothingMissing(): void {
  for (const api of [lambda, ses, cloudWatch, sns, sfn, events, scheduler, cloudFormation, dynamoDb]) api.reset();
  const { committed } = definitions;
  configuration(MAILS);
  lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: 20 });
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 980 } });
  lambda.on(GetFunctionRecursionConfigCommand).resolves({ RecursiveLoop: 'Allow' });
  lambda.on(GetFunctionEventInvokeConfigCommand).resolves(ASYNC);
  ses.on(GetAccountCommand).resolves(ACCOUNT);
  ses.on(GetConfigurationSetCommand).resolves({ SendingOptions: { SendingEnabled: true } });
  identities({ 'news.example.com': true });
  alarms(alarm(), alarm({ AlarmName: 'run-missed' }));
  subscriptions(`${TOPIC}:1`);
  sfn.on(ListStateMachinesCommand).resolves({ stateMachines: [{ stateMachineArn: ARN, name: 'Digest' }] as never });
  const tags = { stack: 'my-mails', job: 'digest', ledger: 'Ledger', 'chain-function': 'RunChain' };
  sfn
    .on(ListTagsForResourceCommand)
    .resolves({ tags: Object.entries(tags).map(([key, value]) => ({ key: `worker-chains:${key}`, value })) });
  sfn.on(DescribeStateMachineCommand).resolves({ definition: committed.replaceAll(/\$\{\w+\}/g, 'put-in') });
  sfn
    .on(ListExecutionsCommand)
    .resolves({ executions: [{ name: 'resumed' }, { name: 'dry' }, { name: 'last' }] as never });
  dynamoDb.on(GetCommand).resolves({});
  events.on(ListRuleNamesByTargetCommand).resolves({ RuleNames: [] });
  scheduler
    .on(ListSchedulesCommand)
    .callsFake(({ NextToken }) =>
      NextToken === undefined
        ? { Schedules: [{ Name: 'Other', GroupName: 'Other', Target: { Arn: `${ARN}-other` } }], NextToken: '1' }
        : { Schedules: [{ Name: 'weekly', GroupName: 'Jobs', Target: { Arn: ARN } }] },
    );
  scheduled({});
  drift({ StackDriftStatus: 'IN_SYNC' });
  Object.assign(world, {
    ...{
      now: NOON,
      asked: [],
      chains: [
        { status: 'finished', given: 30_000 },
        { status: 'running', items: 8000, given: 4000 },
      ],
    },
    runs: { dry: { runId: 'dry', dryRun: true }, last: { runId: 'last' } },
    endpoint: unsubscribeEndpoint,
  });
}

const file = join(__dirname, '..', '..', '..', 'statemachine', 'worker-chains.asl.json');
export const definitions = {
  committed: readFileSync(file, 'utf8'),
  distributed: distributedDefinition(readFileSync(file, 'utf8'), MOST_CHAINS.distributed),
};

export const scheduled = (more: object) =>
  scheduler.on(GetScheduleCommand, { Name: 'weekly', GroupName: 'Jobs' }).resolves({
    ...{ State: 'ENABLED', ScheduleExpression: 'cron(0 9 ? * MON *)', ScheduleExpressionTimezone: 'Europe/Berlin' },
    ...more,
  });

export const drift = (more: object, StackStatus = 'UPDATE_COMPLETE') => {
  const LastCheckTimestamp = new Date('2026-10-01T08:00:00Z');
  const DriftInformation = { LastCheckTimestamp, ...more };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ StackStatus, DriftInformation }] as never });
};

/** The deployed one, to which nobody's token is good. */
async function unsubscribeEndpoint(): Promise<Response> {
  const url = new URL(world.asked.at(-1) as string);
  const event = {
    requestContext: { http: { method: 'GET' } },
    queryStringParameters: Object.fromEntries(url.searchParams),
  };
  const nobody = () => Promise.reject(new Error('somebody was unsubscribed'));
  const { statusCode, headers, body } = await answerUnsubscribe(event, {
    ledger: { recipients: { unsubscribe: nobody, resubscribe: nobody } as never },
    tokens: new UnsubscribeTokens({ current: { id: 'first', key: 'k'.repeat(40) } }, randomBytes),
    clock: clients.clock,
    onFailure: (error) => {
      throw error;
    },
  });
  return new Response(body, { status: statusCode, headers });
}
