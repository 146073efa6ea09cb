import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerChainsStack } from '../../../cdk/stack';
import { type LocalTemplate, readTemplate, synthesize } from '../../../local/template/local-template';
import { GIVEN, unbundledApp } from '../../cdk/stacks';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> } & Record<string, unknown>>;

let directory: string;
let assembly: string;
let template: LocalTemplate;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-'));
  assembly = join(directory, 'cdk.out');
  const app = unbundledApp(assembly);
  new WorkerChainsStack(app, 'WorkerChains', GIVEN);
  app.synth();
  template = readTemplate(assembly);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const machine = ({ stateMachines }: LocalTemplate) => only(stateMachines);
const rule = ({ rules }: LocalTemplate) => only(rules);

function only<Value>(values: readonly Value[]): Value {
  expect(values).toHaveLength(1);
  return values[0]!;
}

const functionNamed = (name: string) => {
  const found = template.functions.filter(({ logicalId }) =>
    new RegExp(`^WeeklyDigest${name}[0-9A-F]{8}$`).test(logicalId),
  );
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** Reads the assembly with its template changed by `change`. */
function readChanged(change: (resources: Resources, template: Record<string, unknown>) => void): LocalTemplate {
  const changed = mkdtempSync(join(directory, 'changed-'));
  cpSync(assembly, changed, { recursive: true });
  const file = join(changed, 'WorkerChains.template.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Resources };
  change(content.Resources, content);
  writeFileSync(file, JSON.stringify(content));
  return readTemplate(changed);
}

/** The one resource of a type, or the one whose logical id begins with `prefix`. */
function resource(resources: Resources, type: string, prefix = '') {
  const own = Object.entries(resources).filter(([id]) => !/Ledger(Feedback|Unsubscribe)|DigestNotices/.test(id));
  const found = own.filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0]![1];
}

describe('readTemplate', () => {
  it('knows of the chain function what the deployment would know', () => {
    const { logicalId, codeDirectory, ...runChain } = functionNamed('RunChain');
    expect(codeDirectory).toMatch(/functions$/);
    expect(runChain).toEqual({
      functionName: `WorkerChains-${logicalId}`,
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:WorkerChains-${logicalId}`,
      handler: 'index.handler',
      environment: expect.objectContaining({
        LEDGER_TABLE: expect.stringMatching(/^WorkerChains-WeeklyDigestLedgerTable/),
        RECIPIENTS_TABLE: expect.stringMatching(/^WorkerChains-Recipients/),
        SENDER: 'digest@mail.example.com',
      }),
      timeoutSeconds: 900,
      memoryMegabytes: 512,
      reservedConcurrency: 24,
      maximumRetryAttempts: 0,
      maximumEventAgeSeconds: 90,
      onFailureFunctionArn: functionNamed('FailChain').functionArn,
    });
  });

  it('gives a function without a configuration of its own Lambda’s two retries and six hours', () => {
    expect(functionNamed('FailChain')).toMatchObject({ maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 });
    expect(functionNamed('FailChain')).not.toHaveProperty('onFailureFunctionArn');
    expect(functionNamed('FailChain')).not.toHaveProperty('reservedConcurrency');
  });

  it('gives a function without timeout and memory what Lambda would', () => {
    const changed = readChanged((resources) => {
      const { Properties } = resource(resources, 'AWS::Lambda::Function', 'WeeklyDigestFailChain');
      delete Properties.Timeout;
      delete Properties.MemorySize;
    });
    expect(changed.functions.find(({ logicalId }) => logicalId.startsWith('WeeklyDigestFailChain'))).toMatchObject({
      timeoutSeconds: 3,
      memoryMegabytes: 128,
    });
  });

  it('puts the functions of the stack into the definition', () => {
    expect(machine(template).definition).not.toContain('${');
    const definition = JSON.parse(machine(template).definition);
    expect(definition.States.CreateWorkers.Arguments.FunctionName).toBe(functionNamed('CreateWorkers').functionArn);
    expect(definition.States.RunChains.ItemProcessor.States.RunChain.Arguments.FunctionName).toBe(
      functionNamed('RunChain').functionArn,
    );
    expect(definition.States.ReconcileRun.Arguments.FunctionName).toBe(functionNamed('ReconcileRun').functionArn);
  });

  it('names the state machine and its role', () => {
    const { name, arn, roleArn } = machine(template);
    expect(name).toMatch(/^WorkerChains-WeeklyDigestRunsStateMachine/);
    expect(arn).toBe(`arn:aws:states:us-east-1:123456789012:stateMachine:${name}`);
    expect(roleArn).toMatch(/^arn:aws:iam::123456789012:role\/WorkerChains-WeeklyDigestRunsRole/);
  });

  it('tags the state machine with stack, job, ledger and chain function', () => {
    expect(machine(template).tags).toEqual({
      'worker-chains:stack': 'WorkerChains',
      'worker-chains:job': 'weekly-digest',
      'worker-chains:ledger': expect.stringMatching(/^WorkerChains-WeeklyDigestLedgerTable/),
      'worker-chains:chain-function': functionNamed('RunChain').functionName,
      'worker-chains:chain-logs': expect.stringMatching(/^WorkerChains-WeeklyDigestRunChainLogs/),
    });
  });

  it('describes both tables', () => {
    expect(template.tables).toEqual([
      {
        logicalId: expect.stringMatching(/^Recipients/),
        tableName: expect.stringMatching(/^WorkerChains-Recipients/),
        hashKey: { name: 'id', type: 'N' },
        billing: 'PAY_PER_REQUEST',
      },
      {
        logicalId: expect.stringMatching(/^WeeklyDigestLedgerTable/),
        tableName: functionNamed('RunChain').environment.LEDGER_TABLE,
        hashKey: { name: 'pk', type: 'S' },
        rangeKey: { name: 'sk', type: 'S' },
        ttlAttribute: 'expiresAt',
        billing: 'PAY_PER_REQUEST',
      },
    ]);
  });

  it('evaluates the rule’s input with the time of the event, in whole seconds as EventBridge sends it', () => {
    expect(rule(template)).toMatchObject({ schedule: 'cron(0 9 ? * MON *)', enabled: true });
    expect(rule(template).input(new Date('2026-11-23T09:00:00.789Z'))).toEqual({
      job: 'weekly-digest',
      ids: { first: 1, last: 3000 },
      chains: 12,
      rate: 50,
      linkSeconds: 300,
      chunkItems: 20,
      scheduledFor: '2026-11-23T09:00:00Z',
    });
  });

  it('inserts a value as text between quotes, and as JSON elsewhere', () => {
    const changed = readChanged((resources) => {
      const [target] = resource(resources, 'AWS::Events::Rule').Properties.Targets as [Record<string, unknown>];
      target.InputTransformer = {
        InputPathsMap: { t: '$.time', r: '$.resources', none: '$.detail.none' },
        InputTemplate: '{"text":"at <t>, \\"<t>\\"","json":<t>,"rules":<r>,"none":<none>}',
      };
    });
    expect(rule(changed).input(new Date('2026-01-05T09:00:00Z'))).toEqual({
      text: 'at 2026-01-05T09:00:00Z, "2026-01-05T09:00:00Z"',
      json: '2026-01-05T09:00:00Z',
      rules: [`arn:aws:events:us-east-1:123456789012:rule/${rule(template).name}`],
      none: null,
    });
  });

  it('places the stack where it is told to', () => {
    const elsewhere = readTemplate(assembly, { region: 'eu-central-1', accountId: '111122223333' });
    expect(machine(elsewhere).arn).toMatch(/^arn:aws:states:eu-central-1:111122223333:stateMachine:/);
    expect(elsewhere.functions[0]?.functionArn).toMatch(/^arn:aws:lambda:eu-central-1:111122223333:function:/);
  });

  it('resolves names, joins and substitutions', () => {
    const changed = readChanged((resources) => {
      const { Properties } = resource(resources, 'AWS::Lambda::Function', 'WeeklyDigestRunChain');
      Properties.FunctionName = { 'Fn::Join': ['-', ['chain', { Ref: 'AWS::Region' }]] };
      Properties.Environment = {
        Variables: {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders.
          SUB: { 'Fn::Sub': '${AWS::StackName} in ${AWS::Partition}.${AWS::URLSuffix}' },
          ACCOUNT: { Ref: 'AWS::AccountId' },
        },
      };
    });
    expect(changed.functions.find(({ logicalId }) => logicalId.startsWith('WeeklyDigestRunChain'))).toMatchObject({
      functionName: 'chain-us-east-1',
      maximumRetryAttempts: 0,
      environment: { SUB: 'WorkerChains in aws.amazonaws.com', ACCOUNT: '123456789012' },
    });
  });
});

describe('readTemplate refuses by name what the embedded engine does not implement', () => {
  const FUNCTION = ['AWS::Lambda::Function', 'WeeklyDigestRunChain'] as const;
  const INVOKE = ['AWS::Lambda::EventInvokeConfig'] as const;
  const MACHINE = ['AWS::StepFunctions::StateMachine'] as const;
  const RULE = ['AWS::Events::Rule'] as const;
  const TABLE = ['AWS::DynamoDB::Table', 'WeeklyDigestLedger'] as const;

  it.each<[readonly [string, string?], string, unknown, RegExp]>([
    [FUNCTION, 'VpcConfig', {}, /does not implement the property WeeklyDigestRunChain\w+\.VpcConfig/],
    [FUNCTION, 'EphemeralStorage', { Size: 512 }, /does not implement the property \w+\.EphemeralStorage/],
    [FUNCTION, 'Layers', [], /does not implement the property \w+\.Layers/],
    [FUNCTION, 'RecursiveLoop', 'Terminate', /does not cut recursive loops as \w+\.RecursiveLoop asks/],
    [FUNCTION, 'Runtime', 'python3.13', /Expected \w+\.Runtime to be a Node\.js runtime, got "python3\.13"/],
    [FUNCTION, 'Code', { ZipFile: 'x' }, /does not implement the property \w+\.Code\.ZipFile/],
    [FUNCTION, 'Code', { S3Key: 'other.zip' }, /Expected the asset other\.zip/],
    [FUNCTION, 'Timeout', { 'Fn::If': ['a', 1, 2] }, /does not implement Fn::If as used in WeeklyDigestRunChain/],
    [FUNCTION, 'Timeout', '900', /Expected \w+\.Timeout to be a number, got "900"/],
    [FUNCTION, 'Handler', { Ref: 'Nowhere' }, /refer to a resource of the template, got `Nowhere`/],
    [INVOKE, 'Qualifier', 'live', /Expected \w+\.Qualifier to be \$LATEST, got "live"/],
    [
      INVOKE,
      'DestinationConfig',
      { OnSuccess: {} },
      /does not implement the property \w+\.DestinationConfig\.OnSuccess/,
    ],
    [
      INVOKE,
      'DestinationConfig',
      { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:q' } },
      /Expected the on-failure destination of \w+ to be a function or a queue that runs here/,
    ],
    [MACHINE, 'StateMachineType', 'EXPRESS', /StateMachineType to be STANDARD/],
    [MACHINE, 'DefinitionSubstitutions', {}, /to substitute \$\{Partition\}/],
    [MACHINE, 'Tags', [{ Key: 1, Value: 'a' }], /Expected \w+\.Tags\.Key to be text, got 1/],
    [MACHINE, 'DefinitionS3Location', {}, /does not implement the property \w+\.DefinitionS3Location/],
    [RULE, 'EventPattern', {}, /does not implement the property \w+\.EventPattern/],
    [RULE, 'State', 'PAUSED', /State to be ENABLED or DISABLED, got "PAUSED"/],
    [TABLE, 'StreamSpecification', {}, /does not implement the property WeeklyDigestLedger\w+\.StreamSpecification/],
    [TABLE, 'GlobalSecondaryIndexes', [], /does not implement the property \w+\.GlobalSecondaryIndexes/],
    [TABLE, 'BillingMode', 'PROVISIONED', /BillingMode to be PAY_PER_REQUEST/],
  ])('%j with %s %j', (which, property, value, sentence) => {
    const change = () =>
      readChanged((resources) => {
        resource(resources, ...which).Properties[property] = value;
      });
    expect(change).toThrow(sentence);
  });

  it.each<[string, string, RegExp]>([
    ['<time', '{"a":"<tim>"}', /to name one of its paths, got <tim>/],
    ['text', '"<time>"', /to come out as an object/],
    ['no JSON', '{"a":<time>', /to come out as JSON/],
  ])('an input template that is %s', (_, InputTemplate, sentence) => {
    const change = () =>
      readChanged((resources) => {
        const [target] = resource(resources, ...RULE).Properties.Targets as [Record<string, unknown>];
        target.InputTransformer = { InputPathsMap: { time: '$.time' }, InputTemplate };
      });
    expect(change).toThrow(sentence);
  });

  it('an input path that is more than names', () => {
    const change = () =>
      readChanged((resources) => {
        const [target] = resource(resources, ...RULE).Properties.Targets as [Record<string, unknown>];
        target.InputTransformer = { InputPathsMap: { time: '$.resources[0]' }, InputTemplate: '{"a":<time>}' };
      });
    expect(change).toThrow(/reads paths like \$\.time only/);
  });

  it('a target that gets another input than a rule’s template gives', () => {
    const change = () =>
      readChanged((resources) => {
        const [target] = resource(resources, ...RULE).Properties.Targets as [Record<string, unknown>];
        target.Input = '{}';
      });
    expect(change).toThrow(/does not implement the property \w+\.Targets\.Input:/);
  });

  it('a rule that starts something else, too', () => {
    const change = () =>
      readChanged((resources) => {
        (resource(resources, ...RULE).Properties.Targets as unknown[]).push({ Arn: 'arn:aws:lambda:other' });
      });
    expect(change).toThrow(/Expected \w+ to have one target, got 2/);
  });

  it('a resource that exists under a condition', () => {
    const change = () =>
      readChanged((resources) => {
        resource(resources, ...RULE).Condition = 'OnMondays';
      });
    expect(change).toThrow(/does not implement Condition of the resource WeeklyDigestOccurrencesRule/);
  });

  it('a directory in which nothing was synthesized', () => {
    expect(() => readTemplate(tmpdir())).toThrow(/found no manifest\.json: run `npx cdk synth`/);
  });
});

describe('synthesize', () => {
  it('passes the context on to the app', async () => {
    const output = join(directory, 'synthesized');
    await synthesize(output, { items: '42', chains: 3, 'aws:cdk:bundling-stacks': [] });
    expect(rule(readTemplate(output)).input(new Date(0))).toMatchObject({ ids: { first: 1, last: 42 }, chains: 3 });
  });

  it.each(['app', 'CDK_APP'])('takes a directory that %s names as the cloud assembly that it is', async (where) => {
    const assembly = join(directory, `made-before-${where}`);
    mkdirSync(assembly);
    writeFileSync(join(assembly, 'cdk.json'), JSON.stringify({ app: where === 'app' ? '.' : 'false' }));
    if (where === 'CDK_APP') process.env.CDK_APP = assembly;
    try {
      expect(await synthesize(join(directory, 'not-made'), {}, { directory: assembly })).toBe(assembly);
      expect(existsSync(join(directory, 'not-made'))).toBe(false);
      expect(() => readTemplate(assembly)).toThrow(/found no manifest\.json: run `npx cdk synth`/);
    } finally {
      delete process.env.CDK_APP;
    }
  });

  it('runs a command that is longer than a name of a file may be', async () => {
    const long = join(directory, 'long');
    mkdirSync(long);
    writeFileSync(join(long, 'cdk.json'), JSON.stringify({ app: `echo ${'x'.repeat(300)} >&2; exit 7` }));
    await expect(synthesize(join(directory, 'not-made'), {}, { directory: long })).rejects.toThrow('(exit code 7)');
  });

  it('fails with the sentence in which the app refused its settings', async () => {
    await expect(synthesize(join(directory, 'refused'), { chains: 41 })).rejects.toThrow(
      'The app did not synthesize (exit code 1).\nExpected `chains` to be a whole number from 1 to 40, got 41.',
    );
  });
});
