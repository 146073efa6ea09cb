import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { WorkerChainsProps } from 'worker-chains/cdk';
import { Ledger, WorkerChains, WorkerChainsDashboard } from 'worker-chains/cdk';
import { WorkerChainsStack, type WorkerChainsStackProps } from '../../cdk/stack';
import { JobFiles } from './job-files';
import { GIVEN, unbundledApp } from './stacks';

const EXAMPLES = join(__dirname, '../../examples');
const MAIL = { sender: 'digest@mail.example.com' };

/** The apps that the examples have made: they make theirs themselves, and tell nobody. */
const mockApps: App[] = [];
jest.mock('aws-cdk-lib', () => {
  const actual = jest.requireActual<typeof import('aws-cdk-lib')>('aws-cdk-lib');
  class KeptApp extends actual.App {
    constructor(props?: ConstructorParameters<typeof actual.App>[0]) {
      super(props ?? { context: { 'aws:cdk:bundling-stacks': [] } });
      mockApps.push(this);
    }
  }
  // What the module has is loaded when it is asked for: a copy would load all of it.
  return Object.create(actual, { App: { value: KeptApp } });
});

const files = new JobFiles();
afterAll(() => files.remove());

/** The findings that nobody acknowledged make the synthesis throw; what they print is of interest then only. */
function check(app: App): () => unknown {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  jest.spyOn(console, 'error').mockImplementation(() => {});
  jest.spyOn(console, 'log').mockImplementation(() => {});
  return () => app.synth();
}
afterEach(() => jest.restoreAllMocks());

describe('no finding of AwsSolutions that is not acknowledged with a reason', () => {
  const examples = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));

  it.each(examples)('is in the example %s', (name) => {
    const before = process.cwd();
    process.chdir(join(EXAMPLES, name));
    mockApps.length = 0;
    try {
      require(join(EXAMPLES, name, 'app.ts'));
    } finally {
      process.chdir(before);
    }
    expect(mockApps).toHaveLength(1);
    expect(check(mockApps[0] as App)).not.toThrow();
  });

  it.each<[string, Partial<WorkerChainsStackProps> | ((app: App) => Partial<WorkerChainsStackProps>)]>([
    ['as it is', {}],
    ['told by mail of alarms', { alarmEmail: 'on-call@example.com' }],
    [
      'with an endpoint of its own and a configuration set',
      { unsubscribeUrl: 'https://e.org/u', configurationSet: 'a' },
    ],
    ['in the sandbox', { sandboxRecipients: ['reader@example.net'], senderIdentity: 'example.com' }],
    ['over a table that there is', (app) => ({ recipientsTable: existingTable(app) })],
  ])('is in the stack that ships, %s', (_, props) => {
    const app = unbundledApp();
    new WorkerChainsStack(app, 'WorkerChains', { ...GIVEN, ...(typeof props === 'function' ? props(app) : props) });
    expect(check(app)).not.toThrow();
  });

  it.each<[string, (stack: Stack) => Partial<WorkerChainsProps>]>([
    [
      'tracing and full logs',
      () => ({ tracing: true, stateMachineLogLevel: LogLevel.ALL, includeExecutionData: true }),
    ],
    [
      'alarms that stop runs',
      () => ({ stopOn: [{ metric: new Metric({ namespace: 'a', metricName: 'b' }), threshold: 1 }] }),
    ],
    ['a chain an execution', () => ({ mapMode: 'distributed' })],
    [
      'several schedules in time zones',
      () => ({
        schedule: undefined,
        schedules: [
          { name: 'a', expression: Schedule.rate(Duration.days(7)), zone: 'Europe/Berlin' },
          { name: 'b', expression: Schedule.rate(Duration.days(7)), flexible: Duration.minutes(5) },
        ],
      }),
    ],
    ['no mails and no dashboard', () => ({ mail: undefined, ids: [1], dashboard: false })],
    ['mails, but no endpoint', () => ({ mail: { ...MAIL, unsubscribe: false } })],
    ['a key of its own', (stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) })],
    ['a canary', () => ({ job: jobWith('canary', `canary: { share: 0.1, feedbackSeconds: 60 },`) })],
    ['a table as its source', () => ({ job: jobOver('scan', `table({ name: 'users', key: 'id' })`) })],
    [
      'an index of a table as its source',
      () => ({
        job: jobOver(
          'query',
          `table({ name: 'users', key: 'id', query: { partition: 'due', index: { name: 'byDay', partition: 'day' } } })`,
        ),
      }),
    ],
    [
      'everything at once',
      (stack) => ({
        ...{ tracing: true, mapMode: 'distributed', stateMachineLogLevel: LogLevel.ALL },
        encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
        stopOn: [{ metric: new Metric({ namespace: 'a', metricName: 'b' }), threshold: 1 }],
        schedule: undefined,
        schedules: [{ expression: Schedule.rate(Duration.days(7)), zone: 'Europe/Berlin' }],
      }),
    ],
  ])('is in worker chains with %s', (_, props) => {
    const app = unbundledApp();
    const stack = new Stack(app, 'Chains');
    new WorkerChains(stack, 'Digest', { ...given('examples/weekly-digest/job.ts'), ...props(stack) });
    expect(check(app)).not.toThrow();
  });

  it('is in several jobs that share a ledger, topics and a dashboard, over two stacks', () => {
    const app = unbundledApp();
    const [shared, apart] = [new Stack(app, 'Shared'), new Stack(app, 'Apart')];
    const ledger = new Ledger(shared, 'Ledger');
    const jobs = [
      new WorkerChains(shared, 'Monday', { ...given(jobWith('monday')), ledger, dashboard: false }),
      new WorkerChains(shared, 'Friday', { ...given(jobWith('friday')), ledger, dashboard: false }),
    ];
    new WorkerChainsDashboard(shared, 'Jobs', { jobs });
    new WorkerChains(apart, 'Sunday', { ...given(jobWith('sunday')), ledger, alarmTopics: jobs[0]?.alarmTopics });
    expect(check(app)).not.toThrow();
  });
});

it('would have one for a queue that anybody may read in plain text', () => {
  const app = unbundledApp();
  new Queue(new WorkerChainsStack(app, 'WorkerChains', GIVEN), 'Plain');
  expect(check(app)).toThrow(/AwsSolutions-SQS4/);
});

const given = (job: string) => ({ job, schedule: Schedule.rate(Duration.days(7)), mail: MAIL });

const jobOver = (name: string, source: string, more = '') =>
  files.write(
    `${name}.ts`,
    `import { defineJob, idRange, ses, table } from 'worker-chains';
     export default defineJob({ name: '${name}', source: ${source}, providers: { mail: ses() }, ${more} process: () => {} });`,
  );
const jobWith = (name: string, more = '') => jobOver(name, 'idRange()', `${more} load: async () => new Map(),`);

const existingTable = (app: App) =>
  Table.fromTableAttributes(new Stack(app, 'Elsewhere'), 'Users', { tableName: 'users' });
