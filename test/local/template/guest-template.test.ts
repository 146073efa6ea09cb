import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { chooseJob, jobsOf, runsChains } from '../../../cli/dev/jobs';
import { type LocalTemplate, readTemplate } from '../../../local/template/local-template';
import { chainsOf, outputIn, recipientsOf, twoConstructs, twoStacks, twoStages } from '../several-jobs';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-guest-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesized(build: (app: App) => void): string {
  return outputIn(directory, build, { bundled: false });
}

function read(build: (app: App) => void): LocalTemplate {
  return readTemplate(synthesized(build), { runs: runsChains });
}

/** One construct, and what `more` puts beside it or into it. */
function readWith(more: (stack: Stack, chains: ReturnType<typeof chainsOf>) => void): LocalTemplate {
  return read((app) => {
    const stack = new Stack(app, 'Guest');
    more(stack, chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 }));
  });
}

function python(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: lambda.Code.fromInline('def handler(event, context): pass'),
  });
}

const itemsOf = ({ rules }: LocalTemplate) =>
  rules.map(({ input }) => (input(new Date()).ids as { last: number }).last);

describe('an app with several jobs', () => {
  it('may have two constructs in one stack', () => {
    const template = read(twoConstructs);
    expect(template.functions).toHaveLength(16);
    expect(template.tables).toHaveLength(3);
    expect(template.stateMachines.map(({ constructPath }) => constructPath)).toEqual([
      'Mails/First/Runs/StateMachine/Resource',
      'Mails/Second/Runs/StateMachine/Resource',
    ]);
    expect(itemsOf(template)).toEqual([20, 30]);
    expect(template.rules.map(({ stateMachineArn }) => stateMachineArn)).toEqual(
      template.stateMachines.map(({ arn }) => arn),
    );
  });

  it('may have two stacks, one with the other’s tables', () => {
    const template = read(twoStacks);
    const names = template.functions.map(({ functionName }) => functionName);
    expect(new Set(names).size).toBe(14);
    expect(itemsOf(template)).toEqual([20, 30]);
    const [recipients] = template.tables.filter(({ logicalId }) => logicalId.startsWith('Recipients'));
    const chainFunctions = template.functions.filter(({ logicalId }) => logicalId.includes('RunChain'));
    expect(chainFunctions.map(({ environment }) => environment.RECIPIENTS_TABLE)).toEqual([
      recipients?.tableName,
      recipients?.tableName,
    ]);
    expect(new Set(chainFunctions.map(({ environment }) => environment.LEDGER_TABLE)).size).toBe(1);
    expect(template.tables).toHaveLength(2);
  });

  it('may have its stacks in stages', () => {
    expect(read(twoStages).stateMachines.map(({ constructPath }) => constructPath)).toEqual([
      'Test/Mails/Chains/Runs/StateMachine/Resource',
      'Production/Mails/Chains/Runs/StateMachine/Resource',
    ]);
  });

  it('is refused where two stacks would have one name', () => {
    const build = (app: App) => {
      for (const id of ['One', 'Other']) new Stack(app, id, { stackName: 'Same' });
    };
    expect(() => read(build)).toThrow(/^Expected the stacks of the app to have different names, got two named Same: /);
  });

  it('has a job chosen by name or by construct, and lists its jobs otherwise', () => {
    const jobs = jobsOf(read(twoConstructs));
    expect(chooseJob(jobs, 'quiet-week').constructPath).toBe('Mails/Second');
    expect(chooseJob(jobs, 'Mails/Second').name).toBe('quiet-week');
    const listed = 'Expected one of the jobs weekly-digest, quiet-week, got';
    expect(() => chooseJob(jobs, undefined)).toThrow(`${listed} nothing: name one, for example weekly-digest.`);
    expect(() => chooseJob(jobs, 'Mails/Third')).toThrow(`${listed} Mails/Third: `);
    const [only] = jobs;
    expect(chooseJob([only!], undefined)).toBe(only);
    expect(chooseJob([only!], 'weekly-digest')).toBe(only);
    expect(() => chooseJob([], undefined)).toThrow(
      /^Expected the app to have a WorkerChains construct, got none: .*\.$/,
    );
  });

  it('has its constructs told apart by their paths where they run the same job', () => {
    const jobs = jobsOf(read(twoStages));
    expect(chooseJob(jobs, 'Test/Mails/Chains').constructPath).toBe('Test/Mails/Chains');
    const sentence =
      'Expected one of the jobs Test/Mails/Chains, Production/Mails/Chains, got weekly-digest: name one, for example Test/Mails/Chains.';
    expect(() => chooseJob(jobs, 'weekly-digest')).toThrow(sentence);
  });
});

describe('the rest of an app does not disturb', () => {
  it('whatever there is beside the chains', () => {
    const template = readWith((stack, chains) => {
      new ec2.Vpc(stack, 'Network', { maxAzs: 1, natGateways: 0 });
      const orders = new sqs.Queue(stack, 'Orders');
      new s3.Bucket(stack, 'Files');
      const foreign = python(stack, 'Foreign');
      foreign.addEnvironment('ORDERS', orders.queueUrl);
      foreign.addEventSource(new SqsEventSource(orders));
      foreign.configureAsyncInvoke({ retryAttempts: 1, maxEventAge: Duration.minutes(1) });
      new apigateway.LambdaRestApi(stack, 'Api', { handler: foreign, cloudWatchRole: false });
      new Rule(stack, 'Nightly', { schedule: Schedule.rate(Duration.days(1)), targets: [new LambdaFunction(foreign)] });
      new sfn.StateMachine(stack, 'Express', {
        stateMachineType: sfn.StateMachineType.EXPRESS,
        definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Nothing')),
      });
      new dynamodb.Table(stack, 'Indexed', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      }).addGlobalSecondaryIndex({
        indexName: 'by',
        partitionKey: { name: 'by', type: dynamodb.AttributeType.STRING },
      });
      // What may be is not what is.
      orders.grantSendMessages(chains.runChain);
    });
    expect(template.functions.map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'ChainsCreateWorkers',
      'ChainsFailChain',
      'ChainsJudgeCanary',
      'ChainsLedgerFeedbackHandleFeedback',
      'ChainsLedgerUnsubscribe',
      'ChainsNoticesNotifyRun',
      'ChainsReconcileRun',
      'ChainsRunChain',
    ]);
    expect(template.stateMachines).toHaveLength(1);
    expect(template.rules).toHaveLength(1);
    expect(template.tables.map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'ChainsLedgerTable',
      'Recipients',
    ]);
  });

  it('a parameter, a condition and an output that chains do not refer to', () => {
    const output = synthesized((app) => {
      const stack = new Stack(app, 'Guest');
      chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 });
    });
    const file = join(output, 'Guest.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8'));
    template.Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    template.Parameters.Size = { Type: 'Number' };
    template.Resources.Bucket = { Type: 'AWS::S3::Bucket', Condition: 'Never' };
    template.Outputs = { Size: { Value: { 'Fn::If': ['Never', 1, 2] } } };
    writeFileSync(file, JSON.stringify(template));
    expect(readTemplate(output, { runs: runsChains }).stateMachines).toHaveLength(1);
  });

  it.each([
    ['its own stack', (stack: Stack) => stack],
    ['another stack', (stack: Stack) => new Stack(stack.node.root, 'Helpers')],
  ])('a function of %s that a job names is run like the chains’ own', (_, where) => {
    const template = readWith((stack, chains) => {
      const helper = new lambda.Function(where(stack), 'Helper', {
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: lambda.Code.fromAsset(__dirname),
      });
      chains.runChain.addEnvironment('HELPER', helper.functionName);
    });
    const [helper] = template.functions.filter(({ logicalId }) => logicalId.startsWith('Helper'));
    const [runChain] = template.functions.filter(({ logicalId }) => logicalId.startsWith('ChainsRunChain'));
    expect(runChain?.environment.HELPER).toBe(helper?.functionName);
    expect(helper?.functionName).toMatch(/^(Guest|Helpers)-Helper/);
  });
});

describe('what chains reach and the engine does not know is refused by name', () => {
  const REFUSED = /^The embedded engine has no (\S+) \((\w+)\), to which the variable (\w+) of (\w+) refers: [^\n]+\.$/;

  it.each<[string, (stack: Stack) => string, string]>([
    ['the ARN of a stream', (stack) => new kinesis.Stream(stack, 'Orders').streamArn, 'AWS::Kinesis::Stream'],
    [
      'text around a stream’s name',
      (stack) => `to:${new kinesis.Stream(stack, 'Orders').streamName}`,
      'AWS::Kinesis::Stream',
    ],
  ])('a variable with %s', (_, value, type) => {
    const reading = () => readWith((stack, chains) => void chains.runChain.addEnvironment('ORDERS', value(stack)));
    expect(reading).toThrow(REFUSED);
    expect(reading).toThrow(type);
    expect(reading).toThrow(/the variable ORDERS of ChainsRunChain[0-9A-F]{8} refers/);
  });

  it('the stream of another stack', () => {
    const reading = () =>
      read((app) => {
        const stream = new kinesis.Stream(new Stack(app, 'Orders'), 'Orders');
        const stack = new Stack(app, 'Guest');
        chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 }).createWorkers.addEnvironment(
          'ORDERS',
          stream.streamArn,
        );
      });
    expect(reading).toThrow(REFUSED);
    expect(reading).toThrow('the variable ORDERS of ChainsCreateWorkers');
  });

  it('a parameter', () => {
    const reading = () =>
      readWith((stack, chains) => {
        chains.runChain.addEnvironment('SIZE', StringParameter.valueForStringParameter(stack, '/size'));
      });
    expect(reading).toThrow(
      /does not implement parameters, and the variable SIZE of ChainsRunChain\w+ refers to SsmParam/,
    );
  });

  it('a function that is not in Node.js', () => {
    const reading = () =>
      readWith((stack, chains) => {
        chains.runChain.addEnvironment('FOREIGN', python(stack, 'Foreign').functionArn);
      });
    expect(reading).toThrow(/Foreign\w+\.Code\.ZipFile/);
  });

  it('the URL of a queue, which is not known before it is served', () => {
    const reading = () =>
      readWith((stack, chains) => {
        chains.runChain.addEnvironment('ORDERS', new sqs.Queue(stack, 'Orders').queueUrl);
      });
    expect(reading).toThrow(
      /does not know the URL of Orders\w+ before it serves, and the variable ORDERS of ChainsRunChain/,
    );
  });

  it('a FIFO queue', () => {
    const reading = () =>
      readWith((stack, chains) => {
        chains.runChain.addEnvironment('ORDERS', new sqs.Queue(stack, 'Orders', { fifo: true }).queueArn);
      });
    expect(reading).toThrow(/has standard queues only, and Orders\w+ is a FIFO queue/);
  });

  it('a queue that feeds the chain function and hides messages for less than it runs', () => {
    const reading = () =>
      readWith((stack, chains) => chains.runChain.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Orders'))));
    expect(reading).toThrow(/^Expected the visibility timeout of Guest-Orders\w+ to be at least the timeout of /);
  });

  it('an index of a table that a job names', () => {
    const reading = () =>
      readWith((stack, chains) => {
        const table = new dynamodb.Table(stack, 'Indexed', {
          partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
          billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
        });
        table.addGlobalSecondaryIndex({
          indexName: 'by',
          partitionKey: { name: 'by', type: dynamodb.AttributeType.STRING },
        });
        chains.runChain.addEnvironment('INDEXED', table.tableName);
      });
    expect(reading).toThrow(/does not implement the property Indexed\w+\.GlobalSecondaryIndexes/);
  });

  it('a chain function under a condition', () => {
    const output = synthesized((app) => {
      const stack = new Stack(app, 'Guest');
      chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 });
    });
    const file = join(output, 'Guest.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8'));
    const [id = ''] = Object.keys(template.Resources).filter((each) => /^ChainsRunChain[0-9A-F]{8}$/.test(each));
    template.Resources[id].Condition = 'Never';
    writeFileSync(file, JSON.stringify(template));
    expect(() => readTemplate(output, { runs: runsChains })).toThrow(
      `does not implement Condition of the resource ${id}`,
    );
  });
});
