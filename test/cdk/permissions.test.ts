import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { WorkerChains } from '../../cdk/worker-chains';
import { resourceOf, shippedStack, Template } from './stacks';

/** What a role may do: per resource, written as its logical id, the actions. */
type Permissions = Record<string, string[]>;

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

let template: Template;

beforeAll(() => {
  const stack = shippedStack();
  const chains = stack.node.findChild('WeeklyDigest') as WorkerChains;
  const operator = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  chains.grantOperate(operator);
  const starter = new Role(stack, 'Starter', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  chains.grantStart(starter);
  template = Template.fromStack(stack);
});

function statementsOf(role: string): Statement[] {
  const [roleId, resource] = resourceOf(template, 'AWS::IAM::Role', role);
  expect(resource.Properties).not.toHaveProperty('ManagedPolicyArns');
  expect(resource.Properties).not.toHaveProperty('Policies');
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((attached: { Ref: string }) => attached.Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}

function permissionsOf(role: string): Permissions {
  const permissions: Permissions = {};
  for (const { Effect, Action, Resource } of statementsOf(role)) {
    expect(Effect).toBe('Allow');
    for (const resource of [Resource].flat()) {
      const name = written(resource);
      permissions[name] = [...(permissions[name] ?? []), ...[Action].flat()].sort();
    }
  }
  return permissions;
}

/** A resource of a statement without the CDK's hashes: `Ledger`, `execution:StateMachine:*`. */
function written(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resource as Record<string, unknown>;
  if (typeof Ref === 'string') return unhashed(Ref);
  if (Array.isArray(attribute)) return unhashed(String(attribute[0]));
  const parts = (join as [string, unknown[]])[1];
  return parts.map((part) => written(part)).join('');
}

const unhashed = (logicalId: string) => logicalId.replace(/^WeeklyDigest/, '').replace(/[0-9A-F]{8}$/, '');

const WRITE_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const READ_AND_WRITE = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'];
/** The standing of addresses is read by many at a time. */
const WORK_ON_LEDGER = ['dynamodb:BatchGetItem', ...READ_AND_WRITE];
/** Commands of the SDK, and what IAM calls them. */
const ACTIONS: Readonly<Record<string, string>> = {
  BatchGet: 'dynamodb:BatchGetItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Query: 'dynamodb:Query',
  Update: 'dynamodb:UpdateItem',
  Invoke: 'lambda:InvokeFunction',
  GetSendQuota: 'ses:GetSendQuota',
  GetSecretValue: 'secretsmanager:GetSecretValue',
  SendRawEmail: 'ses:SendRawEmail',
  DescribeExecution: 'states:DescribeExecution',
  StopExecution: 'states:StopExecution',
  SendTaskFailure: 'states:SendTaskFailure',
  SendTaskHeartbeat: 'states:SendTaskHeartbeat',
  SendTaskSuccess: 'states:SendTaskSuccess',
};
const EXECUTIONS = 'arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:RunsStateMachine:*';

it('lets CreateWorkers plan a run, read the sending quota and look at other runs, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestCreateWorkersRole')).toEqual({
    CreateWorkersLogs: WRITE_LOGS,
    LedgerTable: ['dynamodb:DeleteItem', ...READ_AND_WRITE],
    '*': ['ses:GetSendQuota'],
    [EXECUTIONS]: ['states:DescribeExecution'],
  });
});

it('lets RunChain work, hand over to itself, answer its task, and look at quota and other runs, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestRunChainRole')).toEqual({
    RunChainLogs: WRITE_LOGS,
    LedgerTable: WORK_ON_LEDGER,
    LedgerUnsubscribeSecret: ['secretsmanager:GetSecretValue'],
    FailChain: ['lambda:InvokeFunction'],
    RunChain: ['lambda:InvokeFunction'],
    RunsStateMachine: ['states:SendTaskFailure', 'states:SendTaskHeartbeat', 'states:SendTaskSuccess'],
    Recipients: ['dynamodb:BatchGetItem'],
    'arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/mail.example.com': ['ses:SendRawEmail'],
    'arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/digest@mail.example.com': ['ses:SendRawEmail'],
    'arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:configuration-set/LedgerFeedbackConfigurationSet': [
      'ses:SendRawEmail',
    ],
    '*': ['ses:GetSendQuota'],
    [EXECUTIONS]: ['states:DescribeExecution'],
  });
});

it('lets Unsubscribe write to the ledger and read its secret, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestLedgerUnsubscribeUnsubscribeRole')).toEqual({
    LedgerUnsubscribeUnsubscribeLogs: WRITE_LOGS,
    LedgerTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    LedgerUnsubscribeSecret: ['secretsmanager:GetSecretValue'],
  });
});

it('lets RunChain send from the sender’s address only', () => {
  const sending = statementsOf('WeeklyDigestRunChainRole').filter(({ Action }) => Action === 'ses:SendRawEmail');
  expect(sending).toHaveLength(1);
  expect(sending[0]?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'digest@mail.example.com' } });
});

it('lets FailChain fail a task and note it in the ledger, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestFailChainRole')).toEqual({
    FailChainLogs: WRITE_LOGS,
    LedgerTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    RunsStateMachine: ['states:SendTaskFailure'],
  });
});

it('lets JudgeCanary read the ledger, note a verdict and send chains on, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestJudgeCanaryRole')).toEqual({
    JudgeCanaryLogs: WRITE_LOGS,
    LedgerTable: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
  });
});

it('lets ReconcileRun read the ledger and close the run, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestReconcileRunRole')).toEqual({
    ReconcileRunLogs: WRITE_LOGS,
    LedgerTable: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
  });
});

it('lets the state machine invoke the functions of its states, without versions and aliases', () => {
  const { '*': logDelivery, ...others } = permissionsOf('WeeklyDigestRunsRole');
  expect(others).toEqual({
    CreateWorkers: ['lambda:InvokeFunction'],
    RunChain: ['lambda:InvokeFunction'],
    JudgeCanary: ['lambda:InvokeFunction'],
    ReconcileRun: ['lambda:InvokeFunction'],
  });
  expect(logDelivery?.every((action) => action.startsWith('logs:'))).toBe(true);
});

it('lets the schedule start executions, and nothing else', () => {
  expect(permissionsOf('WeeklyDigestRunsStateMachineEventsRole')).toEqual({
    RunsStateMachine: ['states:StartExecution'],
  });
});

it('allows together exactly the calls that the functions make', () => {
  const root = join(__dirname, '..', '..');
  const sources = ['functions', 'examples/weekly-digest']
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
    )
    // What fills the table runs outside the functions. What a source reads it asks for itself: source-permissions.test.ts.
    // What stops runs for an alarm is in stop-on.test.ts.
    .filter((file) => file.endsWith('.ts') && !/^examples.*seed\.ts$|^functions\/sources\/(table|s3-)/.test(file))
    .filter((file) => !/^functions\/run\/(alarm-states|running-executions)\.ts$/.test(file));
  const called = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/new (\w+)Command\(/g)].map(([, call]) => call!),
  );
  const roles = [...['CreateWorkers', 'RunChain', 'FailChain', 'ReconcileRun'], 'LedgerFeedbackHandleFeedback'].map(
    (name) => `WeeklyDigest${name}Role`,
  );
  const allowed = roles
    .flatMap((role) => Object.values(permissionsOf(role)).flat())
    .filter((action) => !/^(logs|sqs):/.test(action));
  const needed = called.map((call) => ACTIONS[call] ?? `the action of ${call}, which this test does not know`);
  expect([...new Set(allowed)].sort()).toEqual([...new Set(needed)].sort());
});

it('never allows a wildcard action', () => {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
  );
  expect(statements.length).toBeGreaterThan(10);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
});

it('keeps permissions on the function itself and on the state machine out of the policy that the function waits for', () => {
  const [, runChain] = resourceOf(template, 'AWS::Lambda::Function', 'WeeklyDigestRunChain');
  const separate = resourceOf(template, 'AWS::IAM::Policy', 'WeeklyDigestHandOffAndAnswer')[0];
  expect(runChain.DependsOn).toContainEqual(expect.stringMatching(/^WeeklyDigestRunChainRoleDefaultPolicy/));
  expect(runChain.DependsOn).not.toContain(separate);
});

it('lets an operator start, follow, stop and redrive runs and read the ledger', () => {
  expect(permissionsOf('Operator')).toEqual({
    '*': ['states:ListStateMachines'],
    RunsStateMachine: [
      'states:DescribeStateMachine',
      'states:ListExecutions',
      'states:ListTagsForResource',
      'states:StartExecution',
    ],
    [EXECUTIONS]: [
      'states:DescribeExecution',
      'states:DescribeStateMachineForExecution',
      'states:GetExecutionHistory',
      'states:RedriveExecution',
      'states:StopExecution',
    ],
    RunChain: ['lambda:GetFunctionConfiguration'],
    LedgerTable: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
  });
});

it('lets an operator change nothing but the rate of a run, and of all runs at a provider', () => {
  const [update] = statementsOf('Operator').filter(({ Action }) => Action === 'dynamodb:UpdateItem');
  expect(update?.Condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['run#*', 'provider#*'] },
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'rate'] },
    Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
  });
});

it('lets a starter do nothing but start runs', () => {
  expect(permissionsOf('Starter')).toEqual({ RunsStateMachine: ['states:StartExecution'] });
});
