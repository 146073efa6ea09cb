import { Match } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { WorkerChainsStack } from '../../cdk/stack';
import { GIVEN, resourceOf, shippedStack, Template, unbundledApp } from './stacks';

let template: Template;
beforeAll(() => {
  template = Template.fromStack(shippedStack());
});

it('schedules the weekly digest every Monday at 09:00 UTC with the settings of the app', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'cron(0 9 ? * MON *)',
    Targets: [
      Match.objectLike({
        InputTransformer: {
          InputPathsMap: { time: '$.time' },
          InputTemplate:
            '{"job":"weekly-digest","ids":{"first":1,"last":3000},"chains":12,"rate":50,"linkSeconds":300,"chunkItems":20,"scheduledFor":<time>}',
        },
      }),
    ],
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumEventAgeInSeconds: 90 });
});

it('tells the chain function, and no other, where recipients are and from whom mails come', () => {
  const [recipients] = resourceOf(template, 'AWS::DynamoDB::Table', 'Recipients');
  const own = {
    RECIPIENTS_TABLE: { Ref: recipients },
    SENDER: 'digest@mail.example.com',
    UNSUBSCRIBE_ENDPOINT: { 'Fn::GetAtt': [expect.stringMatching(/Unsubscribe.*FunctionUrl/), 'FunctionUrl'] },
  };
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const knowing = functions.filter(([, { Properties }]) => 'SENDER' in Properties.Environment.Variables);
  expect(knowing.map(([id]) => id)).toEqual([expect.stringMatching(/^WeeklyDigestRunChain/)]);
  expect(knowing[0]?.[1].Properties.Environment.Variables).toMatchObject(own);
});

it('keeps recipients by number, with point-in-time recovery, when the stack goes', () => {
  const [, recipients] = resourceOf(template, 'AWS::DynamoDB::Table', 'Recipients');
  expect(recipients).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
});

it('uses a recipients table that exists instead of making one', () => {
  const app = unbundledApp();
  const stack = new WorkerChainsStack(app, 'WorkerChains', GIVEN);
  const other = new WorkerChainsStack(app, 'Other', {
    ...GIVEN,
    recipientsTable: Table.fromTableArn(stack, 'Users', 'arn:aws:dynamodb:us-east-1:123456789012:table/users'),
  });
  const otherTemplate = Template.fromStack(other);
  otherTemplate.resourceCountIs('AWS::DynamoDB::Table', 1);
  const [, runChain] = resourceOf(otherTemplate, 'AWS::Lambda::Function', 'WeeklyDigestRunChain');
  expect(runChain.Properties).toMatchObject({ Environment: { Variables: { RECIPIENTS_TABLE: 'users' } } });
});

it('tells what an operator needs to know', () => {
  for (const output of [
    'StateMachineArn',
    'LedgerTableName',
    'RecipientsTableName',
    'RuleName',
    'PageTopicArn',
    'TicketTopicArn',
  ]) {
    template.hasOutput(output, {});
  }
});

it('refuses to send to nobody', () => {
  expect(() => shippedStack({ items: -1 })).toThrow('Expected `items` to be a whole number from 0');
});
