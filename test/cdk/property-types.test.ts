import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Ledger } from '../../cdk/ledger-storage';
import { WorkerChainsDashboard } from '../../cdk/shared-dashboard';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { unbundledApp } from './stacks';

const API = readFileSync(join(__dirname, '../../api/cdk.api.md'), 'utf8').replaceAll('\r', '');
const DAILY = Schedule.rate(Duration.days(1));

/** Properties of an interface of the door, as the report of the API has them. */
function propertiesOf(name: string): string[] {
  const [, body = ''] = new RegExp(`export interface ${name}(?: extends \\w+)? \\{\\n(.*?)\\n\\}`, 's').exec(API) ?? [];
  return [...body.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, property = '']) => property);
}

const required = () => ({ job: 'examples/weekly-digest/job.ts', ids: { first: 1, last: 3 }, schedule: DAILY });
const made = (props: object, stack = new Stack(unbundledApp(), 'Test')) =>
  new WorkerChains(stack, 'Digest', { ...required(), ...props } as WorkerChainsProps);
const scheduled = (one: object) => made({ schedule: undefined, schedules: [{ expression: DAILY, ...one }] });
const stopped = (one: object) =>
  made({ stopOn: [{ metric: new Metric({ namespace: 'Shop', metricName: 'Latency' }), threshold: 1, ...one }] });

/** Every interface of properties, how one of it comes to a construct, and how its properties are named there. */
const INTERFACES: readonly [string, (property: object) => unknown, string][] = [
  ['WorkerChainsProps', made, ''],
  ['LedgerProps', made, ''],
  ['LedgerProps', (props) => new Ledger(new Stack(unbundledApp(), 'Test'), 'Ledger', props), ''],
  ['MailPermissions', (mail) => made({ mail: { sender: 'digest@example.com', ...mail } }), 'mail.'],
  ['JobSchedule', scheduled, 'schedules[0].'],
  ['StopMetric', stopped, 'stopOn[0].'],
  [
    'AlarmTopics',
    (topics) => {
      const stack = new Stack(unbundledApp(), 'Test');
      const topic = new Topic(stack, 'Topic');
      return made({ alarmTopics: { page: topic, ticket: topic, ...topics } }, stack);
    },
    'alarmTopics.',
  ],
  ['AlarmThresholds', (alarmThresholds) => made({ alarmThresholds }), 'alarmThresholds'],
  [
    'WorkerChainsDashboardProps',
    (props) => {
      const stack = new Stack(unbundledApp(), 'Test');
      return new WorkerChainsDashboard(stack, 'Jobs', { jobs: [made({}, stack)], ...props });
    },
    '',
  ],
];

it('knows every interface of properties that the door has', () => {
  const all = [...API.matchAll(/export interface (\w+)/g)].map(([, name]) => name);
  expect(new Set(INTERFACES.map(([name]) => name))).toEqual(new Set(all));
  expect(propertiesOf('WorkerChainsProps').length).toBeGreaterThan(30);
});

const EVERY = INTERFACES.flatMap(([name, make, prefix], index) =>
  propertiesOf(name).map((property) => [`${name}.${property}`, index, make, prefix, property] as const),
);

// No property takes a function, null or a number that is none.
it.each(EVERY)('%s (%i) refuses what is of no type that any property has', (_, __, make, prefix, property) => {
  for (const value of [() => 1, null, Number.NaN, Symbol('x')]) {
    const refused = () => make({ [property]: value });
    expect(refused).toThrow(UnexpectedValue);
    expect(refused).toThrow(prefix.endsWith('s') ? `\`${prefix}` : `Expected \`${prefix}${property}\` to be `);
  }
});

const ROWS: readonly [object, string][] = [
  [
    { enabled: 'false' },
    'Expected `enabled` to be true or false, got the text "false": a setting is text, so compare it',
  ],
  [{ enabled: 'no' }, 'Expected `enabled` to be true or false, got the text "no"'],
  [{ enabled: 1 }, 'Expected `enabled` to be true or false, got 1.'],
  [{ enabled: null }, 'Expected `enabled` to be true or false, got null: leave it out for its default.'],
  [{ tracing: 'false' }, 'Expected `tracing` to be true or false, got the text "false"'],
  [{ rate: '3' }, 'Expected `rate` to be a number, got the text "3": give the number itself, such as Number(setting)'],
  [{ weight: '3' }, 'Expected `weight` to be a number, got the text "3"'],
  [{ rate: null }, 'Expected `rate` to be a number, got null: leave it out for its default.'],
  [{ rate: Number.NaN }, 'Expected `rate` to be a number, got NaN.'],
  [{ chains: Number.POSITIVE_INFINITY }, 'Expected `chains` to be a number, got Infinity.'],
  [{ chains: 5n }, 'Expected `chains` to be a number, got 5.'],
  [{ memorySize: [512] }, 'Expected `memorySize` to be a number, got a list of 1.'],
  [{ rate: Token.asString({ Ref: 'Rate' }) }, 'Expected `rate` to be a number, got the text "${Token['],
  [{ linkDuration: 60 }, 'Expected `linkDuration` to be a Duration such as Duration.minutes(2), got 60.'],
  [{ heartbeat: '5 s' }, 'Expected `heartbeat` to be a Duration such as Duration.minutes(2), got the text "5 s".'],
  [{ timeout: {} }, 'Expected `timeout` to be a Duration such as Duration.minutes(2), got an object.'],
  [{ startsWithin: Duration.minutes(Number.NaN) }, 'Expected `startsWithin` to be a Duration'],
  [{ job: undefined }, 'Expected `job` to be a text, got nothing.'],
  [{ job: new Date(0) }, 'Expected `job` to be a text, got a Date.'],
  [{ schedule: 'rate(1 day)' }, 'Expected `schedule` to be a Schedule such as Schedule.cron('],
  [{ schedules: {} }, 'Expected `schedules` to be a list of schedules, got an object.'],
  [{ schedules: [null] }, 'Expected `schedules[0]` to be a schedule, { expression, … }, got null'],
  [{ schedules: [undefined] }, 'Expected `schedules[0]` to be a schedule, { expression, … }, got nothing.'],
  [{ schedules: [{}] }, 'Expected `schedules[0].expression` to be a Schedule such as'],
  [{ schedules: [{ expression: 'rate(1 day)' }] }, 'Expected `schedules[0].expression` to be a Schedule such as'],
  [{ schedules: [{ expression: DAILY, enabled: 'false' }] }, 'Expected `schedules[0].enabled` to be true or false'],
  [{ schedules: [{ expression: DAILY, flexible: 15 }] }, 'Expected `schedules[0].flexible` to be a Duration such as'],
  [{ schedules: [{ expression: DAILY, input: null }] }, 'Expected `schedules[0].input` to be an object such as'],
  [
    { schedules: [{ expression: DAILY, input: { chains: '3' } }] },
    'Expected `schedules[0].input.chains` to be a number',
  ],
  [
    { schedules: [{ expression: DAILY, input: { rate: Number.NaN } }] },
    'Expected `schedules[0].input.rate` to be a number, got NaN.',
  ],
  [{ schedules: [{ expression: DAILY, name: 7 }] }, 'Expected `schedules[0].name` to be a text, got 7.'],
  [{ schedules: [{ expression: DAILY, zone: {} }] }, 'Expected `schedules[0].zone` to be a text, got an object.'],
  [
    { mail: 'digest@example.com' },
    "Expected `mail` to be an object such as { sender: 'digest@example.com' }, got the text",
  ],
  [{ mail: {} }, 'Expected `mail.sender` to be a text, got nothing.'],
  [{ mail: { sender: 'nobody' } }, 'Expected the sender to be one address such as'],
  [{ mail: { sender: 'a@example.com', unsubscribe: 'no' } }, 'Expected `mail.unsubscribe` to be true or false'],
  [
    { mail: { sender: 'a@example.com', sandboxRecipients: 'b@example.com' } },
    'Expected `mail.sandboxRecipients` to be a list of',
  ],
  [
    { mail: { sender: 'a@example.com', sandboxRecipients: [7] } },
    'Expected `mail.sandboxRecipients[0]` to be a text, got 7.',
  ],
  [{ ids: 7 }, 'Expected `ids` to be a range like {"first": 1, "last": 60000} or a list of ids, got 7.'],
  [{ ledger: {} }, 'Expected `ledger` to be a Ledger, such as `ledger` of other worker chains, got an object.'],
  [{ alarmTopics: {} }, 'Expected `alarmTopics.page` to be a topic of SNS, got nothing.'],
  [{ encryptionKey: 'alias/key' }, 'Expected `encryptionKey` to be a key of KMS, got the text "alias/key".'],
  [
    { removalPolicy: 'DESTROY' },
    'Expected `removalPolicy` to be one of RemovalPolicy, such as RemovalPolicy.DESTROY, got the text "DESTROY".',
  ],
  [{ logRetention: 31 }, 'Expected `logRetention` to be one of RetentionDays, such as RetentionDays.ONE_DAY, got 31.'],
  [{ logRetention: 'ONE_DAY' }, 'Expected `logRetention` to be one of RetentionDays'],
  [{ stateMachineLogLevel: 'DEBUG' }, 'Expected `stateMachineLogLevel` to be one of LogLevel, such as LogLevel.OFF'],
  [{ environment: { COUNT: 5 } }, 'Expected `environment.COUNT` to be a text, got 5.'],
  [{ environment: ['A'] }, 'Expected `environment` to be an object of texts by their variables'],
  [{ stopOn: {} }, 'Expected `stopOn` to be a list of alarms and metrics, got an object.'],
  [{ stopOn: [null] }, 'Expected `stopOn[0]` to be an alarm, or a metric with its threshold, got null'],
  [{ stopOn: [{}] }, 'Expected `stopOn[0].metric` to be a metric of CloudWatch, got nothing.'],
  [{ stopOn: [{ alarmArn: 7 }] }, 'Expected `stopOn[0]` to be an alarm, got an object.'],
  [
    { alarmThresholds: [] },
    'Expected `alarmThresholds` to be an object such as { overdueShare: 2 }, got an empty list.',
  ],
  [{ alarmThresholds: { overDueShare: 2 } }, 'Expected `alarmThresholds` to have only `overdueShare`, '],
  [
    { alarmThresholds: { startsWithin: Duration.days(1) } },
    'got `startsWithin`: correct its spelling or leave it out.',
  ],
  [{ alarmThresholds: { toString: 1 } }, 'got `toString`: correct its spelling or leave it out.'],
  [{ alarmThresholds: { links: '5' } }, 'Expected `alarmThresholds.links` to be a number, got the text "5"'],
  ...['TRACE', 'debug', ''].map((logLevel): [object, string] => [
    { logLevel },
    `Expected \`logLevel\` to be 'DEBUG' or 'INFO' or 'WARN' or 'ERROR', got the text ${JSON.stringify(logLevel)}.`,
  ]),
  ...[
    'javascript:alert(1)',
    'docs/operations.md',
    '//example.com',
    'ftp://a.example',
    'https://a b',
    'https://a#b',
    'https://',
    '',
  ].map((runbookUrl): [object, string] => [
    { runbookUrl },
    `Expected \`runbookUrl\` to be an address that begins with https:// or http:// and has neither blanks nor #, to which #, and the id of an alarm, is added, got the text ${JSON.stringify(runbookUrl)}.`,
  ]),
];

it.each(ROWS)('%p is refused in one sentence', (props, sentence) => {
  const stack = new Stack(unbundledApp(), 'Test');
  const refused = () => made({ ...('schedules' in props && { schedule: undefined }), ...props }, stack);
  expect(refused).toThrow(UnexpectedValue);
  expect(stack.node.tryFindChild('Digest')?.node.children).toEqual([]);
  stack.node.tryRemoveChild('Digest');
  expect(refused).toThrow(sentence);
});

it.each([
  ...['chains', 'reservedConcurrency', 'sendShare', 'linkDuration', 'timeout', 'heartbeat', 'startsWithin'],
  ...['schedules[0].flexible', 'schedules[0].input.rate', 'schedules[0].input.chains'],
])('%s cannot be a token, with which nothing can be reckoned', (path) => {
  const token = Lazy.number({ produce: () => 7 });
  const [name = '', last = name] = path.split('].');
  const value = /uration|timeout|heartbeat|Within|flexible/.test(path) ? Duration.minutes(token) : token;
  const [, field] = last.split('.');
  const one = field === undefined ? { [last]: value } : { input: { [field]: value } };
  const refused = () => (name === path ? made({ [name]: value }) : scheduled(one));
  expect(refused).toThrow(UnexpectedValue);
  expect(refused).toThrow(`Expected \`${path}\` to be known at synthesis, got a token: give the value itself`);
});

it.each(['rate', 'weight', 'priority', 'chunkItems', 'memorySize'])('%s may be a token', (name) => {
  expect(() => made({ [name]: Lazy.number({ produce: () => 7 }) })).not.toThrow();
});

it.each([undefined, null, 'job.ts', []])('%p in the place of all properties is refused in one sentence', (props) => {
  const stack = new Stack(unbundledApp(), 'Test');
  expect(() => new WorkerChains(stack, 'Digest', props as never)).toThrow(
    /^Expected the third argument of new WorkerChains to be its properties, an object, got /,
  );
  expect(() => new WorkerChainsDashboard(stack, 'Jobs', props as never)).toThrow(UnexpectedValue);
});

it('refuses jobs of a dashboard that are none', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  expect(() => new WorkerChainsDashboard(stack, 'Jobs', { jobs: [stack as never] })).toThrow(
    'Expected `jobs[0]` to be WorkerChains, got a Stack.',
  );
});

it('takes every property of the right type, and what is undefined, as if it were not there', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  const metric = new Metric({ namespace: 'Shop', metricName: 'Latency' });
  const topic = Topic.fromTopicArn(stack, 'Topic', Token.asString({ Ref: 'Topic' }));
  const given: Omit<Required<WorkerChainsProps>, 'schedules' | 'ledger'> = {
    ...required(),
    ...{ mail: { sender: 'digest@example.com' }, enabled: true, chains: 2, mapMode: 'distributed', rate: 5 },
    ...{ weight: 1, priority: 0, sendShare: 0.5, chunkItems: 10, linkDuration: Duration.minutes(1) },
    ...{ timeout: Duration.minutes(5), heartbeat: Duration.minutes(1), reservedConcurrency: 4, memorySize: 256 },
    ...{
      environment: { TABLE: Token.asString({ Ref: 'Table' }) },
      logRetention: RetentionDays.ONE_DAY,
      logLevel: 'WARN',
    },
    ...{ stateMachineLogLevel: LogLevel.ALL, includeExecutionData: true, alarmTopics: { page: topic, ticket: topic } },
    stopOn: [
      new Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 }),
      Alarm.fromAlarmArn(stack, 'Other', 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:other'),
      {
        ...{ metric, threshold: 1, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD, evaluationPeriods: 2 },
        ...{ datapointsToAlarm: 1, treatMissingData: TreatMissingData.IGNORE },
      },
    ],
    runbookUrl: `https://${Token.asString({ Ref: 'Host' })}/operations.md`,
    alarmThresholds: { overdueShare: 2, links: undefined },
    ...{ startsWithin: Duration.days(2), dashboard: true, tracing: true, sourceMap: true },
    ...{ encryptionKey: new Key(stack, 'Key'), removalPolicy: RemovalPolicy.DESTROY },
  };
  expect(() => made(given, stack)).not.toThrow();
  const nothing = Object.fromEntries(propertiesOf('WorkerChainsProps').map((property) => [property, undefined]));
  expect(() => made({ ...nothing, ...required() })).not.toThrow();
});

it('lets a threshold that is undefined have its default', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  const { node } = made({ alarmThresholds: { interruptions: undefined } }, stack);
  const alarms = node
    .findChild('Alarms')
    .node.children.map((alarm) => alarm.node.defaultChild as { threshold?: number });
  expect(alarms.filter(({ threshold }) => threshold === undefined)).toEqual(
    alarms.filter((alarm) => 'thresholdMetricId' in alarm && alarm.thresholdMetricId !== undefined),
  );
});

it('takes constructs of another copy of the libraries, which are known by what they can do', () => {
  const stack = new Stack(unbundledApp(), 'Test');
  const { ledger, alarmTopics } = made({}, stack);
  const { page } = alarmTopics;
  const copy = Object.create(Object.getPrototypeOf(ledger), Object.getOwnPropertyDescriptors(ledger)) as Ledger;
  const foreign = {
    ...page,
    topicArn: page.topicArn,
    masterKey: undefined,
    node: page.node,
    stack: page.stack,
    env: page.env,
  };
  const other = (props: object) => new WorkerChains(stack, 'Other', { ...required(), ...props });
  // The same job twice in one ledger: whatever else was looked at was fine.
  expect(() => other({ ledger: copy, alarmTopics: { page: foreign, ticket: foreign } })).toThrow('to serve a job once');
});
