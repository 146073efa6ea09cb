import { type App, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Ledger } from '../../cdk/ledger-storage';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { JobFiles } from './job-files';
import { unbundledApp } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());
const MONDAY = files.writeJob('monday');
const FRIDAY = files.writeJob('friday');
const DAILY = Schedule.rate(Duration.days(1));

function chains(app: App, stack: string, props: Partial<WorkerChainsProps>, env: StackProps['env'] = {}): WorkerChains {
  const scope = (app.node.tryFindChild(stack) as Stack | undefined) ?? new Stack(app, stack, { env });
  const id = `Chains${scope.node.children.length}`;
  return new WorkerChains(scope, id, { job: MONDAY, ids: { first: 1, last: 3 }, schedule: DAILY, ...props });
}

/** Where the functions of a stack look for the ledger, and how often. */
function ledgersIn(stack: Stack): unknown[] {
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return functions.map(({ Properties }) => Properties.Environment.Variables.LEDGER_TABLE);
}

it('is a ledger for each, when nothing is said', () => {
  const app = unbundledApp();
  const first = chains(app, 'Both', {});
  chains(app, 'Both', {});
  const template = Template.fromStack(Stack.of(first));
  template.resourceCountIs('AWS::DynamoDB::Table', 2);
  expect(new Set(ledgersIn(Stack.of(first)).map((table) => JSON.stringify(table))).size).toBe(2);
});

it('is one table for the jobs of a stack', () => {
  const app = unbundledApp();
  const first = chains(app, 'Both', {});
  const second = chains(app, 'Both', { job: FRIDAY, ledger: first.ledger });
  expect(second.ledger).toBe(first.ledger);
  Template.fromStack(Stack.of(first)).resourceCountIs('AWS::DynamoDB::Table', 1);
  const tables = ledgersIn(Stack.of(first));
  expect(tables).toHaveLength(14);
  expect(new Set(tables.map((table) => JSON.stringify(table))).size).toBe(1);
});

it('is one table for the jobs of several stacks, with its key, and what one may do with it the other may, too', () => {
  const app = unbundledApp();
  const shared = new Stack(app, 'Shared');
  const ledger = new Ledger(shared, 'Ledger', { encryptionKey: new Key(shared, 'Key') });
  const monday = chains(app, 'Monday', { ledger });
  const friday = chains(app, 'Friday', { ledger, job: FRIDAY });
  friday.grantWatch(new Role(Stack.of(friday), 'Person', { assumedBy: new AccountRootPrincipal() }));
  // Tables and keys are referred to by exports: a cycle between the stacks would throw here.
  app.synth();

  for (const { node } of [monday, friday]) {
    const template = Template.fromStack(Stack.of(node.scope as Stack));
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
  }
  const policies = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
    );
  const onKey = (stack: Stack) =>
    policies(stack).filter(({ Resource }) => JSON.stringify(Resource).includes('Shared:ExportsOutputFnGetAttKey'));
  expect(onKey(Stack.of(monday))).toHaveLength(7);
  expect(onKey(Stack.of(friday))).toHaveLength(8);
});

it('is watched by the alarms of every job that uses it', () => {
  const app = unbundledApp();
  const { ledger } = chains(app, 'Monday', {});
  const friday = Template.fromStack(Stack.of(chains(app, 'Friday', { ledger, job: FRIDAY })));
  const alarms = Object.values(friday.findResources('AWS::CloudWatch::Alarm')).filter(
    ({ Properties }) => Properties.Namespace === 'AWS/DynamoDB',
  );
  expect(alarms.map(({ Properties }) => Properties.MetricName).sort()).toEqual([
    'ReadThrottleEvents',
    'WriteThrottleEvents',
  ]);
});

describe('is refused in one sentence', () => {
  const refused = (make: () => unknown, sentence: string) => {
    expect(make).toThrow(sentence);
    expect(make).toThrow(UnexpectedValue);
  };

  it('for two worker chains of one job, which could not look at each other’s executions', () => {
    const app = unbundledApp();
    const { ledger } = chains(app, 'Early', {});
    refused(
      () => chains(app, 'Late', { ledger }),
      'Expected the ledger Early/Chains0/Ledger to serve a job once, got monday for Early/Chains0 and for Late/Chains',
    );
  });

  it('in another region, where the functions would not find it', () => {
    const app = unbundledApp();
    const { ledger } = chains(app, 'Here', {}, { region: 'eu-west-1' });
    refused(
      () => chains(app, 'There', { ledger, job: FRIDAY }, { region: 'us-east-1' }),
      'Expected `ledger` to be in the account and region of There/Chains0, aws://unknown-account/us-east-1, got one in aws://unknown-account/eu-west-1',
    );
  });

  it.each(['removalPolicy', 'encryptionKey'] as const)('together with %s', (name) => {
    const app = unbundledApp();
    const { ledger } = chains(app, 'Early', {});
    const its = { removalPolicy: RemovalPolicy.DESTROY, encryptionKey: new Key(Stack.of(ledger), 'Key') };
    const own = { [name]: its[name] };
    refused(
      () => chains(app, 'Late', { ledger, job: FRIDAY, ...own }),
      `Expected no \`${name}\` beside \`ledger\`, got both: it is a property of the ledger, so give it where that is made.`,
    );
  });
});
