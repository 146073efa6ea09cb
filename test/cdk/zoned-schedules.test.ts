import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { JobSchedule } from '../../cdk/job-schedules';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { resourceOf, Template, unbundledApp } from './stacks';

const MONDAY = Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' });

function chainsOf(props: Partial<WorkerChainsProps>): WorkerChains {
  return new WorkerChains(new Stack(unbundledApp(), 'Test'), 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    ids: { first: 1, last: 3 },
    ...props,
  });
}
const templateOf = (props: Partial<WorkerChainsProps>) => Template.fromStack(Stack.of(chainsOf(props)));

/** Rules that start runs; those that tell of runs have a pattern. */
const TIMED = { Properties: { ScheduleExpression: Match.anyValue() } };

describe('a schedule in a time zone', () => {
  const chains = chainsOf({
    chains: 12,
    rate: 5,
    schedules: [{ expression: MONDAY, zone: 'Europe/Berlin', flexible: Duration.minutes(30), input: { rate: 7 } }],
  });
  const template = Template.fromStack(Stack.of(chains));

  it('is one of EventBridge Scheduler, and no rule', () => {
    expect(template.findResources('AWS::Events::Rule', TIMED)).toEqual({});
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 9 ? * MON *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      GroupName: resourceOf(template, 'AWS::Scheduler::ScheduleGroup', 'DigestOccurrencesGroup')[1].Properties.Name,
      Target: {
        Arn: { Ref: resourceOf(template, 'AWS::StepFunctions::StateMachine', 'DigestRunsStateMachine')[0] },
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [resourceOf(template, 'AWS::SQS::Queue', 'DigestOccurrencesMissed')[0], 'Arn'] },
        },
        Input:
          '{"job":"weekly-digest","ids":{"first":1,"last":3},"chains":12,"rate":7,"scheduledFor":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect(chains.schedules).toHaveLength(1);
    expect(() => chains.rule).toThrow(/^Expected the rule of `schedule`, got `schedules`/);
  });

  it('starts nothing before every permission of a run is in place', () => {
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedule?.DependsOn).toEqual([
      expect.stringMatching(/^DigestAnswerForDeadLinks/),
      expect.stringMatching(/^DigestHandOffAndAnswer/),
      expect.stringMatching(/^DigestLookAtRuns/),
      expect.stringMatching(/^DigestOccurrencesRoleDefaultPolicy/),
      expect.stringMatching(/^DigestOccurrencesRole[0-9A-F]{8}$/),
    ]);
  });
});

it('puts the name of each of several schedules into its occurrences', () => {
  const template = templateOf({
    enabled: false,
    schedules: [
      { name: 'east', expression: ScheduleExpression.cron({ hour: '9', minute: '0', timeZone: TimeZone.ASIA_TOKYO }) },
      { name: 'west', expression: MONDAY, zone: 'America/New_York', enabled: true, input: { ids: [1, 2] } },
    ],
  });
  const found = Object.values(template.findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => [
    Properties.ScheduleExpressionTimezone,
    Properties.State,
    JSON.parse(Properties.Target.Input),
  ]);
  const scheduledFor = '<aws.scheduler.scheduled-time>';
  expect(found).toEqual([
    [
      'Asia/Tokyo',
      'DISABLED',
      { job: 'weekly-digest', ids: { first: 1, last: 3 }, chains: 10, scheduledFor, schedule: 'east' },
    ],
    ['America/New_York', 'ENABLED', { job: 'weekly-digest', ids: [1, 2], chains: 10, scheduledFor, schedule: 'west' }],
  ]);
});

const one = (schedule: Partial<JobSchedule>): Partial<WorkerChainsProps> => ({
  schedules: [{ expression: MONDAY, ...schedule }],
});

it.each<[string, Partial<WorkerChainsProps>]>([
  ['Expected `schedule` or `schedules`, got neither', {}],
  ['Expected `schedule` or `schedules`, got both', { ...one({}), schedule: MONDAY }],
  ['Expected `schedules` to have at least one schedule, got none', { schedules: [] }],
  [
    'Expected each of several `schedules` to have a `name` of 1 to 64 letters, digits, hyphens and underscores, got none',
    { schedules: [{ expression: MONDAY, name: 'a' }, { expression: MONDAY }] },
  ],
  [
    'Expected the `schedules` to have different names, got a twice',
    {
      schedules: [
        { expression: MONDAY, name: 'a' },
        { expression: MONDAY, name: 'a' },
      ],
    },
  ],
  ['hyphens and underscores, got "a b"', one({ name: 'a b' })],
  [
    'Expected `zone` to be a time zone of the IANA database, such as Europe/Berlin, got "Berlin".',
    one({ zone: 'Berlin' }),
  ],
  [
    'Expected one time zone of a schedule, got `zone` Europe/Paris and Asia/Tokyo of its expression',
    one({
      zone: 'Europe/Paris',
      expression: ScheduleExpression.cron({ hour: '9', minute: '0', timeZone: TimeZone.ASIA_TOKYO }),
    }),
  ],
  [
    'Expected the hours of `schedules[0].expression` to be from 0 to 23, or * for all, got 25 in cron(0 25 * * ? *).',
    one({ expression: Schedule.expression('cron(0 25 * * ? *)') }),
  ],
  [
    'Expected `flexible` to be a whole number of minutes from 1 to 1440, got 0.5.',
    one({ flexible: Duration.seconds(30) }),
  ],
  [
    'Expected `flexible` to be a whole number of minutes from 1 to 1440, got 1500.',
    one({ flexible: Duration.hours(25) }),
  ],
  ['Expected `rate` to be a number of items per second above 0, got 0', one({ input: { rate: 0 } })],
  ['Expected `chains` to be an integer from 1 to 20, got 21', one({ input: { chains: 21 } })],
  ['Expected `ids` to be a list like [17, 42], got an empty list', one({ input: { ids: [] } })],
  ['Expected `schedules[0].input` to have only `ids`, `chains`', one({ input: { dryRun: true } as object })],
])('is refused in one sentence: %s', (sentence, props) => {
  const refused = () => chainsOf(props);
  expect(refused).toThrow(UnexpectedValue);
  expect(refused).toThrow(sentence);
});

describe('a sender from whom nobody can send', () => {
  const sent = (sender: string, more: Partial<WorkerChainsProps> = {}) =>
    Stack.of(chainsOf({ schedule: MONDAY, mail: { sender }, ...more }));
  const stateOf = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule', TIMED))[0]?.Properties.State;

  it.each(['digest@example.com', 'Digest <d@mail.EXAMPLE.org>', 'd@shop.test'])(
    'has its schedule off: %s',
    (sender) => {
      const stack = sent(sender);
      expect(stateOf(stack)).toBe('DISABLED');
      Annotations.fromStack(stack).hasWarning('/Test/Digest', Match.stringLikeRegexp('deployed switched off'));
    },
  );

  it.each(['digest@notexample.com', 'd@example.com.au'])('is none of these: %s', (sender) => {
    const stack = sent(sender);
    expect(stateOf(stack)).toBe('ENABLED');
    Annotations.fromStack(stack).hasNoWarning('/Test/Digest', Match.stringLikeRegexp('deployed switched off'));
  });

  it('has it on where one says so, and off without a word where one says that', () => {
    expect(stateOf(sent('d@example.com', { enabled: true }))).toBe('ENABLED');
    const off = sent('d@example.com', { enabled: false });
    expect(stateOf(off)).toBe('DISABLED');
    Annotations.fromStack(off).hasNoWarning('/Test/Digest', Match.stringLikeRegexp('deployed switched off'));
  });

  it('has schedules in zones off, too', () => {
    const template = templateOf({ ...one({ zone: 'Europe/Berlin' }), mail: { sender: 'd@example.com' } });
    template.hasResourceProperties('AWS::Scheduler::Schedule', { State: 'DISABLED' });
  });
});
