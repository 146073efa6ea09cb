import { Match } from 'aws-cdk-lib/assertions';
import { resourceOf, shippedStack, Template } from './stacks';

const template = Template.fromStack(shippedStack());
const [, rule] = resourceOf(template, 'AWS::Events::Rule', 'WeeklyDigestNotices');
const [ticket] = resourceOf(template, 'AWS::SNS::Topic', 'WorkerChainsAlarmsTicket');

interface Target {
  readonly Arn: unknown;
  readonly InputTransformer: {
    readonly InputPathsMap: Readonly<Record<string, string>>;
    readonly InputTemplate: { readonly 'Fn::Join': [string, readonly unknown[]] };
  };
}

describe('a notice of a run', () => {
  const [target, ...others] = rule.Properties.Targets as readonly Target[];

  it('comes when an execution of this state machine ends without success, and for no other', () => {
    const [machine] = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'WeeklyDigestRunsStateMachine');
    expect(rule.Properties.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [{ Ref: machine }], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  });

  it('goes to the topic of tickets: the alarm has paged', () => {
    expect(others).toEqual([]);
    expect(target?.Arn).toEqual({ Ref: ticket });
  });

  it('says which run of which job, the commands that show it and go on, and where to read on', () => {
    const { InputPathsMap, InputTemplate } = target!.InputTransformer;
    const event: Readonly<Record<string, string>> = {
      '$.detail.name': 'run-1',
      '$.detail.status': 'FAILED',
      '$.detail.error': 'Chain.TooManyFailures',
    };
    const [, parts] = InputTemplate['Fn::Join'];
    const text = parts.map((part) => (typeof part === 'string' ? part : 'token')).join('');
    // Every line is a JSON string, into which EventBridge puts values as they are: none may have a quote in it.
    const lines = text
      .split('\n')
      .map((line) =>
        JSON.parse(line.replace(/<([\w-]+)>/g, (_, name) => event[InputPathsMap[name] ?? ''] ?? 'nothing')),
      );
    expect(lines).toEqual([
      'weekly-digest: the run run-1 has ended as FAILED Chain.TooManyFailures',
      '',
      expect.stringMatching(/worker-chains show run-1 --stack WorkerChains --job weekly-digest$/),
      expect.stringMatching(/worker-chains resume run-1 --stack WorkerChains --job weekly-digest$/),
      expect.stringMatching(/https:\/\/\S+\/states\/home\?region=\S+$/),
      expect.stringMatching(/https:\/\/\S+#run-failed$/),
    ]);
    expect(text.length).toBeLessThan(8192);
  });

  it('may be published by rules of this account, and encrypted with the key of the topic', () => {
    const rules = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
    };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: ticket }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ ...rules, Action: 'sns:Publish' })]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ ...rules, Resource: '*' })]) },
    });
  });
});
