import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fullStack } from './full-stack';
import { JobFiles } from './job-files';
import { DIGEST, NEWS, PEOPLE, SHARED } from './permitted';
import { permissionsIn } from './role-permissions';
import { resourceOf, Template } from './stacks';

const files = new JobFiles();
afterAll(() => files.remove());

let template: Template;

beforeAll(() => {
  const job = files.write(
    'news.ts',
    `import { defineJob, env, ses, table } from 'worker-chains';
     const query = { partition: 'due', index: { name: 'byDay', partition: 'day' } };
     const source = table({ name: env('USERS_TABLE'), key: 'id', query });
     export default defineJob({ name: 'news', source, providers: { mail: ses() }, process: () => {} });`,
  );
  template = Template.fromStack(fullStack(job));
});

it('permits exactly what permitted.ts lists, to whom it lists, with every option on', () => {
  expect(permissionsIn(template)).toEqual({ ...DIGEST, ...NEWS, ...PEOPLE, ...SHARED });
});

describe('what is read of a template', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
  const read = (statement: object, roleProperties: object = {}) => {
    const policy = { Roles: [{ Ref: 'Reader' }], PolicyDocument: { Statement: [statement] } };
    const Reader = { ...role, Properties: { ...role.Properties, ...roleProperties } };
    const Resources = { Reader, Policy: { Type: 'AWS::IAM::Policy', Properties: policy } };
    return permissionsIn(Template.fromJSON({ Resources }))['role Reader'];
  };
  const statement = { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: ['a', { Ref: 'B' }] };

  it('is each action on each resource, under its conditions', () => {
    expect(read(statement)).toEqual({ a: 's3: GetObject PutObject', B: 's3: GetObject PutObject' });
    const Condition = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    expect(read({ ...statement, Resource: '*', Action: 'sqs:*', Effect: 'Deny', Condition })).toEqual({
      'DENY * if aws:SourceAccount StringEquals <AccountId>': 'sqs: *',
    });
  });

  it.each([
    [{ ...statement, NotResource: 'c' }, {}, 'Expected a statement without NotResource'],
    [statement, { ManagedPolicyArns: ['a'] }, 'Expected the role Reader to be permitted things by policies'],
    [statement, { Policies: [] }, 'Expected the role Reader to be permitted things by policies'],
    [{ ...statement, Resource: { 'Fn::Sub': 'a' } }, {}, 'Expected a value that permissionsIn() reads'],
  ])('is refused where it could permit more unseen: %j, %j', (one, roleProperties, sentence) => {
    expect(() => read(one, roleProperties)).toThrow(sentence);
  });
});

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
  Publish: 'sns:Publish',
  DescribeExecution: 'states:DescribeExecution',
  ListExecutions: 'states:ListExecutions',
  StopExecution: 'states:StopExecution',
  SendTaskFailure: 'states:SendTaskFailure',
  SendTaskHeartbeat: 'states:SendTaskHeartbeat',
  SendTaskSuccess: 'states:SendTaskSuccess',
};

it('allows the functions of the digest together exactly the calls that they make', () => {
  const root = join(__dirname, '..', '..');
  const sources = ['functions', 'examples/weekly-digest']
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file)),
    )
    // What fills the table runs outside the functions. What a source reads it asks for itself: source-permissions.test.ts.
    // What stops runs for an alarm is not in the digest.
    .filter((file) => file.endsWith('.ts') && !/^examples.*seed\.ts$|^functions\/sources\/(table|s3-)/.test(file))
    .filter((file) => !/^functions\/run\/(alarm-states|running-executions)\.ts$/.test(file));
  const called = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/new (\w+)Command\(/g)].map(([, call]) => call!),
  );
  const allowed = Object.entries(DIGEST)
    .filter(([holder]) =>
      /(CreateWorkers|RunChain|FailChain|ReconcileRun|NotifyRun|ShowRuns|HandleFeedback)Role$/.test(holder),
    )
    .flatMap(([, permissions]) => Object.values(permissions))
    .flatMap((actions) => actions.split('; '))
    .flatMap((actions) => {
      const [service, names = ''] = actions.split(': ');
      return names.split(' ').map((name) => `${service}:${name}`);
    })
    .filter((action) => !/^(kms|logs|sqs|sts):/.test(action));
  const needed = called.map((call) => ACTIONS[call] ?? `the action of ${call}, which this test does not know`);
  expect([...new Set(allowed)].sort()).toEqual([...new Set(needed)].sort());
});

it('never allows a role a wildcard action but the two families that KMS itself names so', () => {
  const roles = Object.entries(permissionsIn(template)).filter(([holder]) => holder.startsWith('role '));
  expect(roles.length).toBeGreaterThan(20);
  const actions = roles.flatMap(([, permissions]) => Object.values(permissions).flatMap((one) => one.split(' ')));
  const families = ['GenerateDataKey*', 'ReEncrypt*'];
  expect(actions.filter((action) => action.includes('*') && !families.includes(action))).toEqual([]);
});

it('keeps permissions on the function itself and on the state machine out of the policy that the function waits for', () => {
  const [, runChain] = resourceOf(template, 'AWS::Lambda::Function', 'WeeklyDigestRunChain');
  const separate = resourceOf(template, 'AWS::IAM::Policy', 'WeeklyDigestHandOffAndAnswer')[0];
  expect(runChain.DependsOn).toContainEqual(expect.stringMatching(/^WeeklyDigestRunChainRoleDefaultPolicy/));
  expect(runChain.DependsOn).not.toContain(separate);
});
