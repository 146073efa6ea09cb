import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { WorkerChains } from '../../cdk/worker-chains';
import { runNotice } from '../../functions/run/run-notice';
import { anchors, readDocument } from '../docs/documents';
import { resourceOf, shippedStack, Template, unbundledApp } from './stacks';

const template = Template.fromStack(shippedStack());
const [, rule] = resourceOf(template, 'AWS::Events::Rule', 'WeeklyDigestNoticesRule');
const [ticket] = resourceOf(template, 'AWS::SNS::Topic', 'WorkerChainsAlarmsTicket');
const [fn, { Properties }] = resourceOf(template, 'AWS::Lambda::Function', 'WeeklyDigestNoticesNotifyRun');
const [queue] = resourceOf(template, 'AWS::SQS::Queue', 'WeeklyDigestNoticesUndelivered');
const DeadLetters = { 'Fn::GetAtt': [queue, 'Arn'] };

describe('a notice of a run', () => {
  it('comes when an execution of this state machine ends without success, and for no other', () => {
    const [machine] = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'WeeklyDigestRunsStateMachine');
    expect(rule.Properties.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [{ Ref: machine }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  });

  it('is written by a function, and kept where that could not be reached or has failed', () => {
    expect(rule.Properties.Targets).toEqual([
      expect.objectContaining({ Arn: { 'Fn::GetAtt': [fn, 'Arn'] }, DeadLetterConfig: { Arn: DeadLetters } }),
    ]);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: fn },
      DestinationConfig: { OnFailure: { Destination: DeadLetters } },
    });
  });

  it('goes to the topic of tickets: the alarm has paged', () => {
    expect((Properties.Environment as { Variables: object }).Variables).toMatchObject({
      NOTICE_TOPIC: { Ref: ticket },
      LEDGER_TABLE: { Ref: resourceOf(template, 'AWS::DynamoDB::Table', 'WeeklyDigestLedgerTable')[0] },
      JOB: 'weekly-digest',
      STACK: 'WorkerChains',
      RUNBOOK_URL: expect.stringMatching(/^https:\/\/\S+\/docs\/operations\.md$/),
    });
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('leads to an entry of the runbook that is there: %s', (status) => {
    const there = anchors(readDocument('docs/operations.md'));
    for (const error of ['Run.StoppedByAlarm', 'other']) {
      const { text } = runNotice({ executionArn: 'arn:x', name: 'run-1', status, error }, undefined, {
        ...{ job: 'j', stack: 's', runbookUrl: 'https://x' },
      });
      expect(there).toContain(/#([\w-]+)$/.exec(text)?.[1]);
    }
  });

  it('names a run that is called like an option behind all options', () => {
    const ending = { executionArn: 'arn:x', name: '-x', status: 'ABORTED' };
    const { text } = runNotice(ending, new Error('down'), { job: "it's", stack: 's', runbookUrl: 'https://x' });
    expect(text).toContain(`worker-chains show --stack s --job 'it'\\''s' -- -x\n`);
  });

  it('comes from a function that may read the ledger and the execution, publish with the key of the topic, and no more', () => {
    const [role] = resourceOf(template, 'AWS::IAM::Role', 'WeeklyDigestNoticesNotifyRunRole');
    const actions = Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties: { Roles } }) => Roles.some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement)
      .flatMap(({ Action }) => Action as string | string[]);
    expect(actions.sort()).toEqual([
      ...['dynamodb:GetItem', 'dynamodb:Query', 'kms:Decrypt', 'kms:GenerateDataKey'],
      ...['logs:CreateLogStream', 'logs:PutLogEvents', 'sns:Publish', 'sqs:SendMessage', 'states:DescribeExecution'],
    ]);
  });

  it('may use the key of a topic that was given with it', () => {
    const stack = new Stack(unbundledApp(), 'Test');
    const masterKey = new Key(stack, 'Key');
    const page = new Topic(stack, 'Page', { masterKey });
    new WorkerChains(stack, 'Digest', {
      job: 'examples/weekly-digest/job.ts',
      ids: { first: 1, last: 3 },
      schedule: Schedule.rate(Duration.days(1)),
      alarmTopics: { page, ticket: page },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: Match.anyValue() }),
        ]),
      },
    });
  });

  it('needs no permission for EventBridge at the topics', () => {
    const policies = JSON.stringify([
      template.findResources('AWS::SNS::TopicPolicy'),
      template.findResources('AWS::KMS::Key'),
    ]);
    expect(policies).toContain('cloudwatch.amazonaws.com');
    expect(policies).not.toContain('events.amazonaws.com');
  });
});
