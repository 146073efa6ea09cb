import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnPermission, EventInvokeConfig, type Function as Fn } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EventPath } from '../../../local/event-path';
import { Lambda } from '../../../local/lambda/lambda-service';
import { VirtualClock } from '../../support/virtual-clock';
import { THREW } from '../lambda/fixture';
import { type FeedbackAppChanges, feedbackTemplate } from './mail-feedback-app';

const STATUS_CHANGE = 'Step Functions Execution Status Change';

/** An app whose function Handle is told of executions by a rule with this pattern. */
function told(pattern: object, more: FeedbackAppChanges['more'] = () => {}) {
  return feedbackTemplate({
    more: (stack, of) => {
      const machine = stack.node.findChild('Run') as StateMachine;
      const detail = { stateMachineArn: [machine.stateMachineArn], ...pattern };
      const fn = stack.node.findChild('Handle') as Fn;
      fn.addEnvironment('TOPIC', new sns.Topic(stack, 'Topic', { topicName: 'tickets' }).topicArn);
      new EventInvokeConfig(stack, 'Async', {
        function: fn,
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        onFailure: new SqsDestination(stack.node.findChild('Dead') as Queue),
      });
      new Rule(stack, 'Ends', {
        eventPattern: { source: ['aws.states'], detailType: [STATUS_CHANGE], detail },
        targets: [new LambdaFunction(fn)],
      });
      more(stack, of);
    },
  });
}

/** What DescribeExecution says. */
const execution = (template: ReturnType<typeof told>, status: string) => ({
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:run:one',
  stateMachineArn: template.stateMachines[0]?.arn,
  ...{ name: 'one', status, input: '{}', error: 'Run.InvalidInput', cause: 'Expected "x".' },
  startDate: new Date(1000),
  stopDate: new Date(2500),
});

const isOfEnds = ({ functionArns }: { readonly functionArns: readonly string[] }) => functionArns.length > 0;

test('an execution that has ended is told to the function of the rule that asks for it, with AWS’s fields', () => {
  const template = told({ status: ['FAILED'] });
  const invoked: [string, Record<string, unknown>][] = [];
  const path = new EventPath({
    ...{ clock: new VirtualClock(), region: 'us-east-1', accountId: '123456789012', template },
    invoke: () => Promise.reject(new Error('No batch is due.')),
    invokeLater: (arn, event) => invoked.push([arn, JSON.parse(event)]),
  });
  path.executionEnded(execution(template, 'SUCCEEDED'));
  expect(invoked).toEqual([]);
  path.executionEnded({ ...execution(template, 'FAILED'), stateMachineArn: 'arn:other' });
  expect(invoked).toEqual([]);
  path.executionEnded(execution(template, 'FAILED'));
  path.close();
  const [handle] = template.functions.filter(({ logicalId }) => logicalId.startsWith('Handle'));
  expect(invoked).toEqual([
    [
      handle?.functionArn,
      expect.objectContaining({
        'detail-type': STATUS_CHANGE,
        source: 'aws.states',
        resources: ['arn:aws:states:us-east-1:123456789012:execution:run:one'],
        detail: expect.objectContaining({
          ...{ name: 'one', status: 'FAILED', startDate: 1000, stopDate: 2500, output: null, redriveCount: 0 },
          ...{ error: 'Run.InvalidInput', cause: 'Expected "x".', inputDetails: { included: true } },
        }),
      }),
    ],
  ]);
});

test('a rule for executions that run, or for those of another state machine, is left alone', () => {
  expect(told({ status: ['RUNNING'] }).eventRules.filter(isOfEnds)).toEqual([]);
  expect(told({ stateMachineArn: ['arn:other'] }).eventRules.filter(isOfEnds)).toEqual([]);
  expect(told({ status: ['RUNNING', 'ABORTED'] }).eventRules.filter(isOfEnds)).toHaveLength(1);
});

test('a topic is known by its ARN to the function that publishes to it, and a FIFO topic is refused', () => {
  const template = told({ status: ['FAILED'] });
  expect(template.topicArns).toEqual(['arn:aws:sns:us-east-1:123456789012:tickets']);
  expect(() =>
    told({}, (stack) => {
      (stack.node.findChild('Handle') as Fn).addEnvironment(
        'FIFO',
        new sns.Topic(stack, 'Fifo', { fifo: true }).topicArn,
      );
    }),
  ).toThrow(/standard topics only, and Fifo/);
});

test('a function that does not let the rule in is refused by name', () => {
  const reading = () =>
    told({ status: ['FAILED'] }, (stack) => {
      const [permission] = stack.node.findAll().filter((each) => each instanceof CfnPermission);
      permission?.addPropertyOverride('SourceArn', 'arn:aws:events:us-east-1:123456789012:rule/other');
    });
  expect(reading).toThrow(/^Expected the function \S+ to let the rule Ends\w+ invoke it, got no permission/);
});

test('an event that its function could not act upon goes to the queue that is its destination', async () => {
  const { functions } = told({ status: ['FAILED'] });
  const [handle] = functions.filter(({ logicalId }) => logicalId.startsWith('Handle'));
  expect(handle?.onFailureQueueArn).toMatch(/:Mails-Dead/);
  const clock = new VirtualClock();
  const kept: [string, { readonly requestPayload: unknown }][] = [];
  const lambda = new Lambda({
    ...{ clock, functions, randomId: () => 'id', random: () => 0 },
    runtime: { start: () => ({ result: Promise.resolve(THREW), kill: () => {} }) },
    sendToQueue: (arn, record) => kept.push([arn, JSON.parse(record)]),
  });
  await lambda.handle('Invoke', { FunctionName: handle?.functionName, InvocationType: 'Event', Payload: '{"a":1}' });
  await clock.advance(1000);
  expect(kept).toEqual([[handle?.onFailureQueueArn, expect.objectContaining({ requestPayload: { a: 1 } })]]);
});
