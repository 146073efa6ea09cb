import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Ledger } from '../../cdk/ledger-storage';
import { JobFiles } from './job-files';
import { MAIL, mailingChains } from './mailing-chains';
import { unbundledApp } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());
const MONDAY = files.writeJob('monday');
const FRIDAY = files.writeJob('friday');
const chains = mailingChains(MONDAY);

/** Variables of the functions whose logical id begins so. */
function variablesOf(template: Template, prefix: RegExp): Record<string, unknown>[] {
  return Object.entries(template.findResources('AWS::Lambda::Function'))
    .filter(([id]) => prefix.test(id))
    .map(([, { Properties }]) => Properties.Environment.Variables);
}

const ROUTE = [
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::Lambda::EventSourceMapping',
];

describe('the way of feedback', () => {
  const app = unbundledApp();
  const template = Template.fromStack(Stack.of(chains(app, 'One', {})));

  it('publishes what a run must know, to EventBridge', () => {
    const [set] = Object.keys(template.findResources('AWS::SES::ConfigurationSet'));
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      ConfigurationSetName: { Ref: set },
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['send', 'reject', 'bounce', 'complaint', 'deliveryDelay'],
        EventBridgeDestination: { EventBusArn: Match.anyValue() },
      },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': [{ Ref: set }] } } } },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  it('names the configuration set to RunChain, and lets it send with that one', () => {
    const [set] = Object.keys(template.findResources('AWS::SES::ConfigurationSet'));
    expect(variablesOf(template, /RunChain/)[0]).toMatchObject({ CONFIGURATION_SET: { Ref: set } });
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain(
      `:configuration-set/",{"Ref":"${set}"}`,
    );
  });

  it('takes messages from an encrypted queue that only TLS reaches, and tells which of a batch come again', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 365,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 10 }),
    });
    const policies = JSON.stringify(template.findResources('AWS::SQS::QueuePolicy'));
    expect(policies.match(/"aws:SecureTransport":"false"/g)).toHaveLength(4);
  });
});

it('is not made for a job that sends no mails', () => {
  const template = Template.fromStack(Stack.of(chains(unbundledApp(), 'None', { mail: undefined })));
  for (const type of ROUTE) template.resourceCountIs(type, 0);
  expect(variablesOf(template, /RunChain/)[0]).not.toHaveProperty('CONFIGURATION_SET');
});

it('brings the events of a configuration set that there is already', () => {
  const mail = { ...MAIL, configurationSet: 'digest' };
  const template = Template.fromStack(Stack.of(chains(unbundledApp(), 'Given', { mail })));
  template.resourceCountIs('AWS::SES::ConfigurationSet', 0);
  template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', { ConfigurationSetName: 'digest' });
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { mail: { tags: { 'ses:configuration-set': ['digest'] } } } },
  });
  expect(variablesOf(template, /RunChain/)[0]).toMatchObject({ CONFIGURATION_SET: 'digest' });
});

it('is one for the jobs of a ledger', () => {
  const app = unbundledApp();
  const ledger = new Ledger(new Stack(app, 'Both'), 'Ledger');
  chains(app, 'Both', { ledger });
  const friday = chains(app, 'Both', { ledger, job: FRIDAY });
  const template = Template.fromStack(Stack.of(friday));
  for (const type of ROUTE) template.resourceCountIs(type, 1);
  expect(
    new Set(variablesOf(template, /RunChain/).map(({ CONFIGURATION_SET }) => JSON.stringify(CONFIGURATION_SET))).size,
  ).toBe(1);
});

it('stands with its ledger, in another stack if that is there, which needs nothing of the jobs', () => {
  const app = unbundledApp();
  const shared = new Stack(app, 'Shared');
  const ledger = new Ledger(shared, 'Ledger');
  chains(app, 'Monday', { ledger });
  chains(app, 'Friday', { ledger, job: FRIDAY, mail: { ...MAIL, configurationSet: 'digest' } });
  const assembly = app.synth();
  for (const type of ROUTE.slice(2)) Template.fromStack(shared).resourceCountIs(type, 1);
  expect(assembly.getStackByName('Shared').dependencies.map(({ id }) => id)).toEqual(['Shared.assets']);
  for (const stack of ['Monday', 'Friday']) {
    const template = Template.fromStack(app.node.findChild(stack) as Stack);
    for (const type of ROUTE) template.resourceCountIs(type, 0);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Action: ['states:DescribeExecution', 'states:StopExecution'] })],
      },
    });
  }
});
