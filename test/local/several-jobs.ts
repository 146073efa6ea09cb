import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { runsChains } from '../../cli/dev/jobs';
import { VARIABLES } from '../../examples/weekly-digest/variables';
import { type LocalTemplate, readTemplate } from '../../local/template/local-template';

export const WEEKLY_DIGEST = join(__dirname, '../../examples/weekly-digest/job.ts');
export const QUIET_WEEK = join(__dirname, 'quiet-week.ts');
const CANARY_FIRST = join(__dirname, 'canary-first.ts');

/** Recipients by number `id`, as both jobs read them. */
export function recipientsOf(stack: Stack): dynamodb.Table {
  return new dynamodb.Table(stack, 'Recipients', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.NUMBER },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A construct with its schedule over ids 1 to `items`; the weekly digest unless another job is given. */
export function chainsOf(
  scope: Construct,
  id: string,
  recipients: dynamodb.ITable,
  { items, ...props }: Partial<WorkerChainsProps> & { readonly items: number },
): WorkerChains {
  return new WorkerChains(scope, id, {
    job: WEEKLY_DIGEST,
    ids: { first: 1, last: items },
    chains: 2,
    heartbeat: Duration.seconds(5),
    schedule: Schedule.rate(Duration.days(1)),
    dashboard: false,
    mail: { sender: 'digest@example.com' },
    ...props,
    environment: {
      [VARIABLES.recipientsTable]: recipients.tableName,
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

/** Synthesizes such an app in a directory of its own, below one that is there until nothing of it is used. Answers which. */
export function outputIn(
  directory: string,
  build: (app: App) => void,
  bundles: Parameters<typeof guestApp>[1],
): string {
  const output = mkdtempSync(join(directory, 'cdk.out-'));
  const app = guestApp(output, bundles);
  build(app);
  app.synth();
  return output;
}

/** The template of such an app, with its bundles unless it says otherwise. */
export function synthesizedIn(directory: string, build: (app: App) => void, { bundled = true } = {}): LocalTemplate {
  return readTemplate(outputIn(directory, build, { bundled }), { runs: runsChains });
}

/** Two jobs in one stack, each with its own ledger. */
export function twoConstructs(app: App): { readonly stack: Stack; readonly first: WorkerChains } {
  const stack = new Stack(app, 'Mails');
  const recipients = recipientsOf(stack);
  const first = chainsOf(stack, 'First', recipients, { items: 20 });
  chainsOf(stack, 'Second', recipients, { items: 30, job: QUIET_WEEK });
  return { stack, first };
}

/** Two stacks in one app: the second one's job reads the first one's table, and keeps its runs in the first one's ledger. */
export function twoStacks(app: App): void {
  const first = new Stack(app, 'FirstStack');
  const recipients = recipientsOf(first);
  const { ledger } = chainsOf(first, 'Chains', recipients, { items: 20 });
  new CfnOutput(first, 'Unrelated', { value: 'nobody imports it' });
  const second = new Stack(app, 'SecondStack');
  chainsOf(second, 'Chains', recipients, { items: 30, job: QUIET_WEEK, ledger });
}

/** A job whose first ones are judged before anybody else is mailed, with recipients of its own. */
export function canaryFirst(app: App): void {
  const stack = new Stack(app, 'Mails');
  chainsOf(stack, 'Canary', recipientsOf(stack), { items: 20, job: CANARY_FIRST });
}

/** One stack in two stages: each has the same job. */
export function twoStages(app: App): void {
  for (const name of ['Test', 'Production']) {
    const stack = new Stack(new Stage(app, name), 'Mails');
    chainsOf(stack, 'Chains', recipientsOf(stack), { items: 20 });
  }
}
