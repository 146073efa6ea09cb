import { Token } from 'aws-cdk-lib';
import { ComparisonOperator, type IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { MOST_CHAINS } from '../functions/contract/map-mode';
import type { AlarmTopics } from './alarm-topics';
import type { JobSchedule, ScheduledRun } from './job-schedules';
import { LEDGER_SHAPES } from './ledger-storage';
import type { MailPermissions } from './mail-permissions';
import {
  boolean,
  duration,
  having,
  known,
  listOf,
  memberOf,
  membersOf,
  number,
  oneOf,
  onlyMembersOf,
  optional,
  type Shape,
  type Shapes,
  shapeOf,
  text,
  textsByName,
} from './shapes';
import type { StopMetric } from './stop-on';
import type { WorkerChainsProps } from './worker-chains-props';

/** What the functions' logger knows, as far as the properties name it. */
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

const ids = shapeOf(
  'a range like {"first": 1, "last": 60000} or a list of ids',
  (value) => typeof value === 'object' && value !== null,
);

const topic = having('a topic of SNS', [], ['topicArn']);

/** An absolute address of the web, or a token: `#` and an alarm's id are added. */
const webAddress = shapeOf(
  'an address that begins with https:// or http:// and has neither blanks nor #, to which #, and the id of an alarm, is added',
  (value) => typeof value === 'string' && (Token.isUnresolved(value) || isWebAddress(value)),
);

function isWebAddress(value: string): boolean {
  return /^https?:\/\/[^\s#]+$/.test(value) && URL.canParse(value);
}

const LEDGER_FUNCTIONS = [
  ...['admit', 'grantPlan', 'grantWork', 'grantInterrupt', 'grantJudge', 'grantClose', 'grantFeedback'],
  ...['grantUnsubscribe', 'grantWatch', 'grantRate', 'grantRecipients'],
];

const isLedger = having('a Ledger, such as `ledger` of other worker chains', LEDGER_FUNCTIONS);
const ledgerTable = having('a table', [], ['tableName', 'tableArn']);
const ledger: Shape = (name, value) => {
  isLedger(name, value);
  ledgerTable(`${name}.table`, (value as { readonly table: unknown }).table);
};

const TOPIC_SHAPES: Shapes<AlarmTopics> = { page: topic, ticket: topic };

const MAIL_SHAPES: Shapes<MailPermissions> = {
  sender: text,
  senderIdentity: optional(text),
  configurationSet: optional(text),
  unsubscribe: optional(boolean),
  sandboxRecipients: optional(listOf('addresses and domains', text)),
};

const RUN_SHAPES: Shapes<ScheduledRun> = {
  ids: optional(ids),
  chains: optional(known(number)),
  rate: optional(known(number)),
  weight: optional(known(number)),
  priority: optional(known(number)),
  linkSeconds: optional(known(number)),
  chunkItems: optional(known(number)),
};

const SCHEDULE_SHAPES: Shapes<JobSchedule> = {
  name: optional(text),
  expression: having("a Schedule such as Schedule.cron({ hour: '9', minute: '0' })", [], ['expressionString']),
  zone: optional(text),
  flexible: optional(known(duration)),
  input: optional(
    onlyMembersOf<ScheduledRun>("an object such as { ids: [1, 2] }, which a schedule's runs get", RUN_SHAPES),
  ),
  enabled: optional(boolean),
};

const STOP_SHAPES: Shapes<StopMetric> = {
  metric: having('a metric of CloudWatch', ['toMetricConfig']),
  threshold: number,
  comparisonOperator: optional(memberOf('ComparisonOperator', ComparisonOperator)),
  evaluationPeriods: optional(number),
  datapointsToAlarm: optional(number),
  treatMissingData: optional(memberOf('TreatMissingData', TreatMissingData)),
};

const isAlarm = having('an alarm', [], ['alarmArn', 'alarmName']);
const stopMetric = membersOf<StopMetric>('an alarm, or a metric with its threshold', STOP_SHAPES);
const alarmOrMetric: Shape = (name, value) => {
  const given = value as IAlarm | StopMetric | null | undefined;
  if (typeof given === 'object' && given !== null && 'alarmArn' in given) isAlarm(name, given);
  else stopMetric(name, given);
};

const THRESHOLD_SHAPES: Shapes<NonNullable<WorkerChainsProps['alarmThresholds']>> = {
  overdueShare: optional(number),
  throttledShare: optional(number),
  closedSeconds: optional(number),
  suppressedShare: optional(number),
  unprocessedShare: optional(number),
  interruptions: optional(number),
  links: optional(number),
};

/** What each property of `WorkerChains` must be, before anything is made of it. */
export const WORKER_CHAINS_SHAPES: Shapes<WorkerChainsProps> = {
  ...LEDGER_SHAPES,
  job: text,
  schedule: optional(
    having("a Schedule such as Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' })", [], ['expressionString']),
  ),
  schedules: optional(listOf('schedules', membersOf<JobSchedule>('a schedule, { expression, … }', SCHEDULE_SHAPES))),
  ledger: optional(ledger),
  mail: optional(membersOf<MailPermissions>("an object such as { sender: 'digest@example.com' }", MAIL_SHAPES)),
  ids: optional(ids),
  enabled: optional(boolean),
  chains: optional(known(number)),
  mapMode: optional(oneOf(Object.keys(MOST_CHAINS))),
  rate: optional(number),
  weight: optional(number),
  priority: optional(number),
  sendShare: optional(known(number)),
  chunkItems: optional(number),
  linkDuration: optional(known(duration)),
  timeout: optional(known(duration)),
  heartbeat: optional(known(duration)),
  reservedConcurrency: optional(known(number)),
  memorySize: optional(number),
  environment: optional(textsByName("an object of texts by their variables, such as { USERS_TABLE: 'users' }")),
  logRetention: optional(memberOf('RetentionDays', RetentionDays)),
  logLevel: optional(oneOf(LOG_LEVELS)),
  stateMachineLogLevel: optional(memberOf('LogLevel', LogLevel)),
  includeExecutionData: optional(boolean),
  alarmTopics: optional(membersOf<AlarmTopics>('two topics, { page, ticket }', TOPIC_SHAPES)),
  stopOn: optional(listOf('alarms and metrics', alarmOrMetric)),
  runbookUrl: optional(webAddress),
  alarmThresholds: optional(
    onlyMembersOf<NonNullable<WorkerChainsProps['alarmThresholds']>>(
      'an object such as { overdueShare: 2 }',
      THRESHOLD_SHAPES,
    ),
  ),
  startsWithin: optional(known(duration)),
  dashboard: optional(boolean),
  tracing: optional(boolean),
  sourceMap: optional(boolean),
};
