import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WorkerChains } from '../../cdk/worker-chains';
import { resourceOf, unbundledApp } from './stacks';

// What a grant allows is in permitted.ts.
it.each(['grantStart', 'grantWatch', 'grantRecipients', 'grantOperate'] as const)(
  '%s tells of every statement that it adds, so that `applyBefore` and its like are right',
  (grantTo) => {
    const stack = new Stack(unbundledApp(), 'Test');
    const chains = new WorkerChains(stack, 'Digest', {
      job: 'examples/weekly-digest/job.ts',
      ids: { first: 1, last: 3 },
      schedule: Schedule.rate(Duration.days(1)),
      encryptionKey: new Key(stack, 'Key'),
    });
    const grant = chains[grantTo](new Role(stack, 'Person', { assumedBy: new AccountRootPrincipal() }));
    expect(grant.success).toBe(true);
    const [, policy] = resourceOf(Template.fromStack(stack), 'AWS::IAM::Policy', 'PersonDefaultPolicy');
    const { Statement } = policy.Properties.PolicyDocument as { readonly Statement: readonly unknown[] };
    expect(grant.principalStatements).toHaveLength(Statement.length);
  },
);
