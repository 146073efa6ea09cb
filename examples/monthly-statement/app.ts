import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains } from 'worker-chains/cdk';

const stack = new Stack(new App(), 'MonthlyStatement');
const customers = new dynamodb.Table(stack, 'Customers', {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
});
new WorkerChains(stack, 'Statements', {
  job: 'job.ts',
  schedule: Schedule.cron({ day: '1', hour: '8', minute: '0' }),
  mail: { sender: 'statements@example.com' },
  environment: { CUSTOMERS_TABLE: customers.tableName },
});
