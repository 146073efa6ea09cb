import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Alarm, ComparisonOperator, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { resourceOf, Template, unbundledApp } from './stacks';

const LATENCY = new Metric({ namespace: 'Shop', metricName: 'Latency', period: Duration.minutes(1) });
const LAMBDA = 'AWS::Lambda::Function';

function chains(stopOn: (stack: Stack) => WorkerChainsProps['stopOn'], env?: { account: string; region: string }) {
  const stack = new Stack(unbundledApp(), 'Test', env && { env });
  new WorkerChains(stack, 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    ids: { first: 1, last: 3 },
    schedule: Schedule.rate(Duration.days(1)),
    stopOn: stopOn(stack),
  });
  return stack;
}

const named = (stack: Stack, arn: string) => Alarm.fromAlarmArn(stack, 'Production', arn);

describe('stopOn', () => {
  const template = Template.fromStack(
    chains((stack) => [
      new Alarm(stack, 'Errors', { metric: LATENCY, threshold: 9, evaluationPeriods: 1 }),
      {
        metric: LATENCY,
        threshold: 0.5,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 3,
      },
    ]),
  );
  const [machine] = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'DigestRunsStateMachine');
  const [fn] = resourceOf(template, LAMBDA, 'DigestStopOnStopRuns');
  const [errors] = resourceOf(template, 'AWS::CloudWatch::Alarm', 'Errors');
  const [latency] = resourceOf(template, 'AWS::CloudWatch::Alarm', 'DigestStopOnAlarm2');
  const [queue] = resourceOf(template, 'AWS::SQS::Queue', 'DigestStopOnUndelivered');
  const DeadLetters = { 'Fn::GetAtt': [queue, 'Arn'] };

  it('makes an alarm of a metric', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Latency',
      Threshold: 0.5,
      EvaluationPeriods: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmDescription: 'weekly-digest: while this is in ALARM, no run of the job goes on.',
    });
  });

  it.each([
    [
      'each of its alarms that goes off',
      'DigestStopOnAlarmRule',
      {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        resources: [{ 'Fn::GetAtt': [errors, 'Arn'] }, { 'Fn::GetAtt': [latency, 'Arn'] }],
        detail: { state: { value: ['ALARM'] } },
      },
    ],
    [
      'each execution of this state machine that starts',
      'DigestStopOnStartRule',
      {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: machine }], status: ['RUNNING'] },
      },
    ],
  ])('tells the function of %s, and of nothing that is older than 15 minutes', (_, id, pattern) => {
    const [rule, { Properties }] = resourceOf(template, 'AWS::Events::Rule', id);
    expect(Properties.EventPattern).toEqual(pattern);
    expect(Properties.Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': [fn, 'Arn'] },
        DeadLetterConfig: { Arn: DeadLetters },
        RetryPolicy: { MaximumEventAgeInSeconds: 900 },
      }),
    ]);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [rule, 'Arn'] },
    });
  });

  it('keeps what the function could not do', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: fn },
      MaximumEventAgeInSeconds: 900,
      DestinationConfig: { OnFailure: { Destination: DeadLetters } },
    });
  });

  it('names state machine and alarms to the function', () => {
    const [, { Properties }] = resourceOf(template, LAMBDA, 'DigestStopOnStopRuns');
    expect((Properties.Environment as { Variables: object }).Variables).toMatchObject({
      STATE_MACHINE: { Ref: machine },
      STOP_ALARMS: { 'Fn::Join': ['', ['["', { Ref: errors }, '","', { Ref: latency }, '"]']] },
    });
  });

  it('is nothing where it is not given', () => {
    const without = Template.fromStack(chains(() => undefined));
    expect(Object.keys(without.findResources(LAMBDA)).filter((id) => /StopRuns/.test(id))).toEqual([]);
    without.resourceCountIs('AWS::Events::Rule', 2);
  });

  it('takes an alarm of another stack by its ARN', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:latency of the shop';
    const own = { account: '111111111111', region: 'eu-west-1' };
    Template.fromStack(chains((stack) => [named(stack, arn)], own)).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ resources: [arn] }),
    });
  });

  it.each<[string, (stack: Stack) => WorkerChainsProps['stopOn']]>([
    ['Expected `stopOn` to list 1 to 5 alarms or metrics, got 0: a composite alarm stands for many.', () => []],
    [
      'Expected `stopOn` to list 1 to 5 alarms or metrics, got 6: a composite alarm stands for many.',
      () => Array(6).fill({ metric: LATENCY, threshold: 1 }),
    ],
    ['Expected `stopOn[0].threshold` to be a number, got NaN.', () => [{ metric: LATENCY, threshold: Number.NaN }]],
    [
      'Expected `stopOn[0].evaluationPeriods` to be a whole number from 1 to 1440, got 0.',
      () => [{ metric: LATENCY, threshold: 1, evaluationPeriods: 0 }],
    ],
    [
      'Expected `stopOn[0].datapointsToAlarm` to be a whole number from 1 to 2, got 3.',
      () => [{ metric: LATENCY, threshold: 1, evaluationPeriods: 2, datapointsToAlarm: 3 }],
    ],
    [
      "Expected `stopOn` to name alarms of the stack's account and region, aws://111111111111/eu-west-1, got arn:aws:cloudwatch:us-east-1:111111111111:alarm:far: its changes of state are told there only.",
      (stack) => [named(stack, 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:far')],
    ],
  ])('is refused in one sentence: %s', (sentence, stopOn) => {
    expect(() => chains(stopOn, { account: '111111111111', region: 'eu-west-1' })).toThrow(sentence);
  });
});
