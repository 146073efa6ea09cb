import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { requireIds } from '../../cdk/scheduled-ids';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import type { Source } from '../../functions/contract/source';
import { LONGEST_RUN_SECONDS } from '../../functions/run/time-limits';
import { resourceOf, Template, unbundledApp } from './stacks';

const REQUIRED: WorkerChainsProps = {
  job: 'examples/weekly-digest/job.ts',
  ids: { first: 1, last: 3 },
  schedule: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
};

function synthesized(props: Partial<WorkerChainsProps> = {}): Template {
  const stack = new Stack(unbundledApp(), 'Test');
  new WorkerChains(stack, 'Digest', { ...REQUIRED, ...props });
  return Template.fromStack(stack);
}

const environmentOf = (template: Template, name: string) =>
  (resourceOf(template, 'AWS::Lambda::Function', `Digest${name}`)[1].Properties.Environment as { Variables: object })
    .Variables;

describe('WorkerChains with nothing but a job, its ids and a schedule', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesized();
  });

  const functionOf = (name: string) => resourceOf(template, 'AWS::Lambda::Function', `Digest${name}`);

  it.each(['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'])(
    'runs %s on arm64 and on the newest Node.js that Lambda and this CDK offer',
    (name) => {
      const versions = Object.keys(Runtime).flatMap((constant) => constant.match(/^NODEJS_(\d+)_X$/)?.[1] ?? []);
      expect(functionOf(name)[1].Properties).toMatchObject({
        Runtime: `nodejs${Math.max(...versions.map(Number))}.x`,
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    },
  );

  it('leaves every retry of a link to the state machine', () => {
    // Of RunChain, and of NotifyRun, which no state calls.
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 2);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: functionOf('RunChain')[0] },
      MaximumRetryAttempts: 0,
    });
  });

  it('drops a link that waited longer than a heartbeat', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 120 });
  });

  it('reports a dead link to FailChain', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [functionOf('FailChain')[0], 'Arn'] } } },
    });
  });

  it('lets RunChain, and RunChain alone, invoke itself as often as it needs', () => {
    expect(functionOf('RunChain')[1].Properties.RecursiveLoop).toBe('Allow');
    for (const name of ['CreateWorkers', 'FailChain', 'ReconcileRun']) {
      expect(functionOf(name)[1].Properties).not.toHaveProperty('RecursiveLoop');
    }
  });

  it('reserves two executions per chain', () => {
    expect(functionOf('RunChain')[1].Properties).toMatchObject({ ReservedConcurrentExecutions: 20, Timeout: 900 });
  });

  it('gives each function the environment that it reads, and no more', () => {
    const shared = {
      LEDGER_TABLE: { Ref: resourceOf(template, 'AWS::DynamoDB::Table', 'DigestLedgerTable')[0] },
      POWERTOOLS_SERVICE_NAME: 'Test.Digest.072C0A90',
      POWERTOOLS_METRICS_NAMESPACE: 'WorkerChains',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    };
    expect(environmentOf(template, 'CreateWorkers')).toEqual({
      ...shared,
      HEARTBEAT_SECONDS: '120',
      LINK_SECONDS: '720',
      SEND_SHARE: '0.8',
      CONCURRENT_LINKS: '20',
    });
    expect(environmentOf(template, 'RunChain')).toEqual({ ...shared, LINK_SECONDS: '720', SEND_SHARE: '0.8' });
    for (const name of ['FailChain', 'ReconcileRun']) expect(environmentOf(template, name)).toEqual(shared);
  });

  it('lets nobody send a mail', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('ses:Send');
  });

  it('keeps the ledger with a time to live, point-in-time recovery and the stack gone', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  it('starts a Standard execution whose input names the occurrence by the time of the event', () => {
    const [stateMachine] = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'DigestRunsStateMachine');
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineType: 'STANDARD' });
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 9 ? * MON *)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { Ref: stateMachine },
          InputTransformer: {
            InputPathsMap: { time: '$.time' },
            InputTemplate: '{"job":"weekly-digest","ids":{"first":1,"last":3},"chains":10,"scheduledFor":<time>}',
          },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: {
            Arn: { 'Fn::GetAtt': [resourceOf(template, 'AWS::SQS::Queue', 'DigestOccurrencesMissed')[0], 'Arn'] },
          },
        }),
      ],
    });
  });

  it('logs the errors of executions without their data, which hold task tokens', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: false },
    });
  });

  it('gives every function and the state machine a log group of its own that forgets after a month', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', 8);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    const groups = ['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'].map((name) => {
      return (functionOf(name)[1].Properties.LoggingConfig as { LogGroup: { Ref: string } }).LogGroup.Ref;
    });
    expect(new Set(groups).size).toBe(4);
  });

  it('enables the schedule only when every permission of a run is in place', () => {
    const [, rule] = resourceOf(template, 'AWS::Events::Rule', 'DigestOccurrencesRule');
    expect(rule.DependsOn).toEqual([
      expect.stringMatching(/^DigestAnswerForDeadLinks/),
      expect.stringMatching(/^DigestHandOffAndAnswer/),
      expect.stringMatching(/^DigestLookAtRuns/),
    ]);
  });
});

describe('WorkerChains with its properties given', () => {
  let template: Template;
  let key: string;
  beforeAll(() => {
    const stack = new Stack(unbundledApp(), 'Test');
    const encryptionKey = new Key(stack, 'Key');
    new WorkerChains(stack, 'Digest', {
      ...REQUIRED,
      ids: [1, 2],
      enabled: false,
      chains: 40,
      rate: 12.5,
      weight: 2,
      priority: -1,
      sendShare: 0.5,
      chunkItems: 100,
      linkDuration: Duration.seconds(45),
      timeout: Duration.minutes(2),
      heartbeat: Duration.seconds(20),
      reservedConcurrency: 41,
      memorySize: 1024,
      environment: { USERS_TABLE: 'users' },
      mail: { sender: 'Digest <digest@example.com>', senderIdentity: 'example.com' },
      logRetention: RetentionDays.ONE_WEEK,
      logLevel: 'DEBUG',
      sourceMap: true,
      tracing: true,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
    template = Template.fromStack(stack);
    key = resourceOf(template, 'AWS::KMS::Key', 'Key')[0];
  });

  it('writes what was given into the input of scheduled runs', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'DISABLED',
      Targets: [
        Match.objectLike({
          InputTransformer: Match.objectLike({
            InputTemplate:
              '{"job":"weekly-digest","ids":[1,2],"chains":40,"rate":12.5,"weight":2,"priority":-1,"linkSeconds":45,"chunkItems":100,"scheduledFor":<time>}',
          }),
        }),
      ],
    });
  });

  it('never asks for an event age below the 60 seconds that Lambda allows', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 60 });
  });

  it('passes what was given on to the functions', () => {
    const [, runChain] = resourceOf(template, 'AWS::Lambda::Function', 'DigestRunChain');
    expect(runChain.Properties).toMatchObject({
      ReservedConcurrentExecutions: 41,
      MemorySize: 1024,
      Timeout: 120,
      TracingConfig: { Mode: 'Active' },
    });
    expect(environmentOf(template, 'RunChain')).toMatchObject({
      USERS_TABLE: 'users',
      SENDER: 'Digest <digest@example.com>',
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      NODE_OPTIONS: '--enable-source-maps',
    });
    expect(environmentOf(template, 'CreateWorkers')).toMatchObject({
      HEARTBEAT_SECONDS: '20',
      LINK_SECONDS: '45',
      SEND_SHARE: '0.5',
      CONCURRENT_LINKS: '41',
      USERS_TABLE: 'users',
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it('lets the chain function, and no other, send mails from the sender', () => {
    const sending = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([, policy]) =>
      JSON.stringify(policy).includes('ses:SendRawEmail'),
    );
    expect(sending.map(([id]) => id)).toEqual([expect.stringMatching(/^DigestRunChainRoleDefaultPolicy/)]);
    expect(JSON.stringify(sending)).toContain('"ses:FromAddress":"digest@example.com"');
    expect(environmentOf(template, 'CreateWorkers')).not.toHaveProperty('SENDER');
  });

  it('encrypts the ledger with the key and removes it with the stack', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] }, SSEType: 'KMS' } },
    });
  });
});

describe('WorkerChains with a value that cannot work', () => {
  it.each<[string, Partial<WorkerChainsProps>, string]>([
    ['no chain', { chains: 0 }, 'Expected `chains` to be a whole number from 1 to 40, got 0.'],
    ['more chains than a Map runs', { chains: 41 }, 'Expected `chains` to be a whole number from 1 to 40, got 41.'],
    [
      'more chains than one ledger bears',
      { mapMode: 'distributed', chains: 101 },
      'Expected `chains` to be a whole number from 1 to 100, got 101.',
    ],
    [
      'a mode that there is not',
      { mapMode: 'parallel' as 'inline' },
      "Expected `mapMode` to be 'inline' or 'distributed', got the text \"parallel\".",
    ],
    ['a rate of 0', { rate: 0 }, 'Expected `rate` to be a number above 0'],
    ['a weight of 0', { weight: 0 }, 'Expected `weight` to be a number above 0 and at most 1000, got 0.'],
    ['a broken priority', { priority: 0.5 }, 'Expected `priority` to be a whole number from -100 to 100, got 0.5.'],
    [
      'more than the whole sending rate',
      { sendShare: 1.5 },
      'Expected `sendShare` to be a number above 0 and at most 1',
    ],
    ['a chunk above 100', { chunkItems: 101 }, 'Expected `chunkItems` to be a whole number from 1 to 100, got 101.'],
    [
      'fewer executions than chains',
      { reservedConcurrency: 9 },
      'Expected `reservedConcurrency` to be a whole number from 10',
    ],
    [
      'a timeout above Lambda’s',
      { timeout: Duration.minutes(16) },
      'Expected `timeout` to be a whole number of seconds from 30 to 900, got 960.',
    ],
    [
      'a heartbeat of a second',
      { heartbeat: Duration.seconds(1) },
      'Expected `heartbeat` to be a whole number of seconds from 5 to 3600, got 1.',
    ],
    [
      'a heartbeat above an hour',
      { heartbeat: Duration.seconds(3601) },
      'Expected `heartbeat` to be a whole number of seconds from 5 to 3600, got 3601.',
    ],
    [
      'a heartbeat that is no whole number of seconds',
      { heartbeat: Duration.millis(12_500) },
      'Expected `heartbeat` to be a whole number of seconds from 5 to 3600, got 12.5.',
    ],
    [
      'a link as long as its timeout',
      { linkDuration: Duration.minutes(15) },
      'Expected `linkDuration` to be a whole number of seconds from 1 to 720, got 900.',
    ],
    [
      'a link of half a second',
      { linkDuration: Duration.millis(500) },
      'Expected `linkDuration` to be a whole number of seconds from 1 to 720, got 0.5.',
    ],
    [
      'a range that ends before it starts',
      { ids: { first: 5, last: 3 } },
      'Expected `ids.last` to be at least `ids.first` - 1, got first 5 and last 3',
    ],
    ['an empty list', { ids: [] }, 'Expected `ids` to be a list like [17, 42], got an empty list'],
    ['an id twice', { ids: [7, 8, 7] }, 'Expected every id of `ids` once, got 7 again at `ids[2]`'],
    ['an id above 2^53', { ids: [2 ** 53] }, 'Expected `ids[0]` to be a whole number or a string'],
    [
      'a range up to 2^53',
      { ids: { first: 1, last: 2 ** 53 } },
      'Expected `ids.last` to be a whole number of at most 9007199254740990',
    ],
    ['text for a job over numbers', { ids: ['1'] }, 'Expected `ids[0]` to be a number, as the ids of this job are'],
    [
      'more ids than EventBridge carries',
      { ids: Array.from({ length: 2000 }, (_, index) => 10_000 + index) },
      'Expected the input of a scheduled run to have at most 8192 characters, got 12',
    ],
    [
      'a share of the rate in the environment',
      { environment: { SEND_SHARE: '1' } },
      "Expected `environment` to have names of the job's own, got `SEND_SHARE`, which is the functions' own: choose another",
    ],
    ['the stack in the environment', { environment: { STACK: 'production' } }, 'got `STACK`, which is the functions'],
    [
      'a dimension of the metrics in the environment',
      { environment: { POWERTOOLS_SERVICE_NAME: 'mails' } },
      'got `POWERTOOLS_SERVICE_NAME`, which is the functions',
    ],
    [
      'a variable of Lambda',
      { environment: { AWS_REGION: 'eu-west-1' } },
      'got `AWS_REGION`, which Lambda sets itself',
    ],
    [
      'a variable with a hyphen',
      { environment: { 'USERS-TABLE': 'x' } },
      'got `USERS-TABLE`, which Lambda refuses: take',
    ],
    ['a variable of one letter', { environment: { X: 'x' } }, 'got `X`, which Lambda refuses'],
    ['a variable that begins with a digit', { environment: { '2ND': 'x' } }, 'got `2ND`, which Lambda refuses'],
    [
      'an environment above 4 KB',
      { environment: { TEXT: 'ö'.repeat(2000) } },
      'Expected the environment of RunChain to have at most 4096 bytes, got 4',
    ],
    [
      'an environment whose text beside a token is above 4 KB',
      { environment: { TEXT: `${'x'.repeat(4096)}${Aws.REGION}` } },
      'Expected the environment of RunChain to have at most 4096 bytes, got 4',
    ],
    [
      'a range with a field that no source reads',
      { ids: { first: 1, last: 3, step: 2 } as WorkerChainsProps['ids'] },
      'Expected `ids` to have only `first` and `last`, got "step": remove it.',
    ],
    [
      'ids that are null',
      { ids: null as unknown as WorkerChainsProps['ids'] },
      'Expected `ids` to be a range like {"first": 1, "last": 60000} or a list of ids, got null',
    ],
  ])('refuses %s in one sentence', (_, props, sentence) => {
    expect(() => synthesized(props)).toThrow(sentence);
    expect(() => synthesized(props)).toThrow(UnexpectedValue);
  });

  it('takes no heartbeat that Step Functions or Lambda would refuse', () => {
    const template = synthesized({ heartbeat: Duration.hours(1) });
    const { HEARTBEAT_SECONDS } = environmentOf(template, 'CreateWorkers') as Record<string, string>;
    expect(Number(HEARTBEAT_SECONDS)).toBeLessThan(LONGEST_RUN_SECONDS);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 3600 });
  });

  it('refuses a range for a job that takes lists', () => {
    const job = { name: 'news', source: { kind: 'list' } as Source };
    expect(() => requireIds({ first: 1, last: 3 }, job)).toThrow('Expected `ids` to be a list like [17, 42]');
    expect(() => requireIds(['one', 2], job)).not.toThrow();
  });

  it('takes an input and an environment that just fit', () => {
    const bytes = JSON.stringify({
      POWERTOOLS_SERVICE_NAME: 'Test.Digest.072C0A90',
      POWERTOOLS_METRICS_NAMESPACE: 'WorkerChains',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      LEDGER_TABLE: '',
      // Of CreateWorkers, which has most of its own.
      HEARTBEAT_SECONDS: '120',
      LINK_SECONDS: '720',
      SEND_SHARE: '0.8',
      CONCURRENT_LINKS: '20',
      TEXT: '',
    }).length;
    expect(() => synthesized({ environment: { TEXT: 'x'.repeat(4096 - bytes) } })).not.toThrow();
    expect(() => synthesized({ environment: { TEXT: 'x'.repeat(4097 - bytes) } })).toThrow('got 4097');
    const ids = Array.from({ length: 1354 }, (_, index) => 10_000 + index);
    expect(() => synthesized({ ids })).not.toThrow();
    expect(() => synthesized({ ids: [...ids, 99_999] })).toThrow('8192 characters');
  });

  it('takes the empty range', () => {
    expect(() => synthesized({ ids: { first: 1, last: 0 } })).not.toThrow();
  });
});
