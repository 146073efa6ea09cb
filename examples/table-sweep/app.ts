import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains } from 'worker-chains/cdk';

const stack = new Stack(new App(), 'TableSweep');
const users = new dynamodb.Table(stack, 'Users', {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
});
const { runChain } = new WorkerChains(stack, 'Sweep', {
  job: 'job.ts',
  schedule: Schedule.cron({ hour: '3', minute: '0' }),
  enabled: false, // Started by hand, once.
  environment: { USERS_TABLE: users.tableName },
});
users.grant(runChain, 'dynamodb:UpdateItem');
