import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, type Grant, type IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WorkerChains } from '../../cdk/worker-chains';
import { resourceOf, unbundledApp } from './stacks';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What a person may do, by the kind of resource, after a grant: with a key of the ledger's own, or without. */
function allowed(grantTo: (chains: WorkerChains, person: IGrantable) => Grant, { withKey }: { withKey: boolean }) {
  const stack = new Stack(unbundledApp(), 'Test');
  const encryptionKey = withKey ? new Key(stack, 'Key') : undefined;
  const chains = new WorkerChains(stack, 'Digest', {
    ...{ job: 'examples/weekly-digest/job.ts', schedule: Schedule.rate(Duration.days(1)), encryptionKey },
  });
  const grant = grantTo(chains, new Role(stack, 'Person', { assumedBy: new AccountRootPrincipal() }));
  expect(grant.success).toBe(true);
  const template = Template.fromStack(stack);
  const [, policy] = resourceOf(template, 'AWS::IAM::Policy', 'PersonDefaultPolicy');
  const { Statement } = policy.Properties.PolicyDocument as { Statement: Statement[] };
  // Every statement that a grant adds is among those that it tells of, so that `applyBefore` and its like are right.
  expect(grant.principalStatements).toHaveLength(Statement.length);
  const actions: Record<string, string[]> = {};
  for (const { Action, Resource } of Statement) {
    const kind = kindOf(Resource);
    actions[kind] = [...new Set([...(actions[kind] ?? []), ...[Action].flat()])].sort();
  }
  return actions;
}

function kindOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  if (text.includes(':execution:')) return 'executions';
  return /StateMachine|LedgerTable|RunChain|Key/.exec(text)?.[0] ?? text;
}

const START = { StateMachine: ['states:StartExecution'] };
const WATCH = {
  '"*"': ['states:ListStateMachines'],
  StateMachine: ['states:DescribeStateMachine', 'states:ListExecutions', 'states:ListTagsForResource'],
  executions: ['states:DescribeExecution', 'states:DescribeStateMachineForExecution', 'states:GetExecutionHistory'],
  RunChain: ['lambda:GetFunctionConfiguration'],
  LedgerTable: ['dynamodb:GetItem', 'dynamodb:Query'],
};
const OPERATE = {
  ...WATCH,
  StateMachine: [...WATCH.StateMachine, ...START.StateMachine],
  executions: [...WATCH.executions, 'states:RedriveExecution', 'states:StopExecution'],
  LedgerTable: [...WATCH.LedgerTable, 'dynamodb:UpdateItem'],
};
const READ_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITE_KEY = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

it.each([
  ['starting', 'grantStart', START, START],
  ['watching', 'grantWatch', WATCH, { ...WATCH, Key: READ_KEY }],
  ['operating', 'grantOperate', OPERATE, { ...OPERATE, Key: WRITE_KEY }],
] as const)('allows for %s exactly what it takes, the key of the ledger included', (_, name, plain, encrypted) => {
  const grantTo = (chains: WorkerChains, person: IGrantable) => chains[name](person);

  expect(allowed(grantTo, { withKey: false })).toEqual(plain);
  expect(allowed(grantTo, { withKey: true })).toEqual(encrypted);
});
