import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { type FeedbackAppChanges, feedbackTemplate, SET } from './mail-feedback-app';

test('the path is read: set, destination, rule, queue with its dead-letter queue, what it feeds', () => {
  const { configurationSets, eventRules, queues, eventSources, functions } = feedbackTemplate();
  expect(configurationSets).toEqual([{ name: SET, sendingEnabled: true, destinations: [expect.any(Array)] }]);
  expect(new Set(configurationSets[0]?.destinations[0])).toEqual(
    new Set(['Send', 'Reject', 'Bounce', 'Complaint', 'Delivery', 'DeliveryDelay']),
  );
  expect(queues).toHaveLength(2);
  const [queue] = queues.filter(({ redrive }) => redrive !== undefined);
  expect(queue?.redrive?.maxReceiveCount).toBe(3);
  expect(eventRules.map(({ queueArns }) => queueArns)).toEqual([[queue?.queueArn]]);
  expect(eventSources).toEqual([
    {
      queueArn: queue?.queueArn,
      functionName: functions.find(({ logicalId }) => logicalId.startsWith('Handle'))?.functionName,
      enabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      reportsBatchItemFailures: true,
    },
  ]);
});

const target =
  (id: string): FeedbackAppChanges['more'] =>
  (stack) => {
    const fn = new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {}'),
    });
    new Rule(stack, `${id}Rule`, {
      eventPattern: id === 'Foreign' ? { source: ['aws.ec2'] } : { source: ['aws.ses'] },
      targets: [new LambdaFunction(fn)],
    });
  };

test('a rule for events of another service is left alone, whatever its target', () => {
  expect(feedbackTemplate({ more: target('Foreign') }).eventRules).toHaveLength(1);
});

test('a rule for another configuration set is left alone', () => {
  const pattern = { detail: { mail: { tags: { 'ses:configuration-set': ['others'] } } } };
  expect(feedbackTemplate({ pattern }).eventRules).toEqual([]);
});

test('a set, a queue and its feed that nothing reaches are left alone', () => {
  const template = feedbackTemplate({
    more: (stack) => {
      new ses.ConfigurationSet(stack, 'Other', { tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE });
      new sqs.Queue(stack, 'Fifo', { fifo: true });
    },
  });
  expect(template.configurationSets).toHaveLength(1);
  expect(template.queues).toHaveLength(2);
});

test.each<[string, FeedbackAppChanges, RegExp]>([
  ['a filter', { source: { filters: [{ body: lambda.FilterRule.isEqual('a') }] } }, /\.FilterCriteria/],
  [
    'a batch above 10 without a window',
    {
      more: ({ node }) => {
        const [mapping] = node.findAll().filter((each) => each instanceof lambda.CfnEventSourceMapping);
        mapping?.addPropertyOverride('BatchSize', 100);
      },
    },
    /batches of more than 10/,
  ],
  [
    'a visibility timeout below the function’s',
    { queue: { visibilityTimeout: Duration.seconds(5) } },
    /^Expected the visibility timeout of /,
  ],
  ['an operator in the pattern', { pattern: { source: [{ wildcard: 'aws.*' }] as never } }, /the operator wildcard/],
  ['a rule with a function as target', { more: target('Own') }, /Own/],
  [
    'a destination that is no event bus',
    { destination: { destination: ses.EventDestination.cloudWatchDimensions([]) } },
    /\.CloudWatchDestination/,
  ],
  [
    'a policy that keeps the rule out',
    {
      more: (_, { queue }) =>
        void queue.addToResourcePolicy(
          new PolicyStatement({
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ['sqs:*'],
            resources: [queue.queueArn],
          }),
        ),
    },
    /to let the rule Feedback\w+ send, got no policy that allows it/,
  ],
])('%s is refused by name', (_, changes, message) => {
  expect(() => feedbackTemplate(changes)).toThrow(message);
});
