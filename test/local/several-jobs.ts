import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { VARIABLES } from '../../examples/weekly-digest/variables';
import { ENVIRONMENT } from '../../functions/contract/names';

/** Wherever the app runs. */
const JOB = join(__dirname, '../../examples/weekly-digest/job.ts');

/** Recipients by number `id`, as the job of these tests reads them. */
export function recipientsOf(stack: Stack): dynamodb.Table {
  return new dynamodb.Table(stack, 'Recipients', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.NUMBER },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A construct with its schedule over ids 1 to `items`. */
export function chainsOf(
  scope: Construct,
  id: string,
  recipients: dynamodb.ITable,
  { items, ...props }: Partial<WorkerChainsProps> & { readonly items: number },
): WorkerChains {
  return new WorkerChains(scope, id, {
    job: JOB,
    ids: { first: 1, last: items },
    chains: 2,
    heartbeat: Duration.seconds(5),
    schedule: Schedule.rate(Duration.days(1)),
    dashboard: false,
    ...props,
    environment: {
      [VARIABLES.recipientsTable]: recipients.tableName,
      [ENVIRONMENT.sender]: 'digest@example.com',
      [VARIABLES.unsubscribeUrl]: 'https://example.com/unsubscribe',
      ...props.environment,
    },
  });
}

/** An app that says where its constructs stand, as under the CLI. `bundled: false` leaves the handlers out. */
export function guestApp(outdir: string, { bundled }: { readonly bundled: boolean }): App {
  const context = { 'aws:cdk:enable-path-metadata': true, ...(!bundled && { 'aws:cdk:bundling-stacks': [] }) };
  return new App({ outdir, context });
}

/** Two constructs in one stack, each with its own ledger. */
export function twoConstructs(app: App): { readonly stack: Stack; readonly first: WorkerChains } {
  const stack = new Stack(app, 'Mails');
  const recipients = recipientsOf(stack);
  const first = chainsOf(stack, 'First', recipients, { items: 20 });
  chainsOf(stack, 'Second', recipients, { items: 30 });
  return { stack, first };
}

/** Two stacks in one app; the second one's job reads the first one's table. */
export function twoStacks(app: App): void {
  const first = new Stack(app, 'FirstStack');
  const recipients = recipientsOf(first);
  chainsOf(first, 'Chains', recipients, { items: 20 });
  new CfnOutput(first, 'Unrelated', { value: 'nobody imports it' });
  const second = new Stack(app, 'SecondStack');
  chainsOf(second, 'Chains', recipients, { items: 30 });
}

/** One stack in two stages. */
export function twoStages(app: App): void {
  for (const name of ['Test', 'Production']) {
    const stack = new Stack(new Stage(app, name), 'Mails');
    chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 });
  }
}
