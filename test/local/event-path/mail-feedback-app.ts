import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource, type SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { type LocalTemplate, readTemplate } from '../../../local/template/local-template';

export const SET = 'mails';

/** What a test has otherwise than the app of most tests. */
export interface FeedbackAppChanges {
  readonly queue?: Partial<sqs.QueueProps>;
  readonly source?: Partial<SqsEventSourceProps>;
  readonly pattern?: Partial<EventPattern>;
  readonly destination?: Partial<ses.ConfigurationSetEventDestinationOptions>;
  readonly more?: (stack: Stack, of: { readonly queue: sqs.Queue; readonly set: ses.ConfigurationSet }) => void;
}

/** The template of an app that sends mails, and feeds what SES publishes of them to a function. */
export function feedbackTemplate(changes: FeedbackAppChanges = {}): LocalTemplate {
  const outdir = mkdtempSync(join(tmpdir(), 'worker-chains-feedback-'));
  try {
    build(outdir, changes);
    return readTemplate(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function build(outdir: string, { queue: queueProps, source, pattern, destination, more }: FeedbackAppChanges): void {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Mails');
  const set = new ses.ConfigurationSet(stack, 'Set', { configurationSetName: SET });
  const fn = (id: string) =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(__dirname, 'function')),
      timeout: Duration.seconds(10),
    });
  const sender = fn('Sender');
  sender.addEnvironment('CONFIGURATION_SET', set.configurationSetName);
  new sfn.StateMachine(stack, 'Run', {
    definitionBody: sfn.DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Send', { lambdaFunction: sender })),
  });
  set.addEventDestination('Events', {
    destination: ses.EventDestination.eventBus(EventBus.fromEventBusName(stack, 'Bus', 'default')),
    ...destination,
  });
  const dead = new sqs.Queue(stack, 'Dead');
  const queue = new sqs.Queue(stack, 'Events', {
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
    ...queueProps,
  });
  new Rule(stack, 'Feedback', {
    eventPattern: {
      source: ['aws.ses'],
      detail: { mail: { tags: { 'ses:configuration-set': [set.configurationSetName] } } },
      ...pattern,
    },
    targets: [new SqsQueue(queue)],
  });
  fn('Handle').addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true, ...source }));
  more?.(stack, { queue, set });
  app.synth();
}
