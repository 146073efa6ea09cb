import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { WorkerChainsStack } from '../../cdk/stack';
import { WorkerChains, type WorkerChainsProps } from '../../cdk/worker-chains';
import { METRICS, METRICS_NAMESPACE } from '../../functions/contract/names';
import { parseInput } from '../../functions/run/input';
import { emitted } from '../functions/emitted-metrics';
import { ALARM_CASES } from './alarm-cases';
import { type AlarmProperties, evaluate, metricsOf, type Sample } from './alarm-evaluator';
import { GIVEN, resourceOf, shippedStack, Template, unbundledApp } from './stacks';

const DAY_SECONDS = 86_400;

function alarmsIn(template: Template): Map<string, AlarmProperties> {
  return new Map(
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      // An alarm of `stopOn` has no entry in the runbook: it is its owner's.
      .filter(({ Properties }) => 'AlarmName' in Properties)
      .map(({ Properties }) => {
        const id = /^[A-Za-z-]+(?:\.\w+)*\.[0-9A-F]{8}-(.+)$/.exec(Properties.AlarmName)?.[1];
        if (id === undefined)
          throw new Error(`Expected an alarm's name to end with its id, got ${Properties.AlarmName}.`);
        return [id, Properties as AlarmProperties];
      }),
  );
}

function digest(props: Partial<WorkerChainsProps> = {}) {
  const stack = new Stack(unbundledApp(), 'Test');
  new WorkerChains(stack, 'Digest', {
    job: 'examples/weekly-digest/job.ts',
    ids: { first: 1, last: 3 },
    schedule: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }),
    ...props,
  });
  return stack;
}

const template = Template.fromStack(shippedStack());
const zoned = alarmsIn(
  Template.fromStack(
    digest({
      schedule: undefined,
      schedules: [{ expression: Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }), zone: 'Europe/Berlin' }],
      enabled: true,
      mail: { sender: 'digest@mail.example.com' },
      stopOn: [{ metric: new Metric({ namespace: 'Shop', metricName: 'Latency' }), threshold: 1 }],
    }),
  ),
);
const ofRule = alarmsIn(template);
/** Those of the stack that ships, in the order of the table, and those that only a job with schedules or `stopOn` has. */
const alarms = new Map([...zoned].map(([id, alarm]) => [id, ofRule.get(id) ?? alarm]));

/** What somebody is woken up for. */
const PAGES: readonly string[] = [
  'run-failed',
  'run-timed-out',
  'run-missed',
  'occurrence-undelivered',
  'occurrence-lost',
  'runaway-links',
  'bounced-share',
  'complained-share',
  'stop-undelivered',
];

const now = (values: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries({ ExecutionsStarted: 1, ...values }).map(([metric, value]) => ({ metric, secondsAgo: 0, value }));

/** Causes, of which alarms see more than one thing, and who is woken up for each. */
const CAUSES: Readonly<Record<string, { readonly seen: readonly Sample[]; readonly pages: readonly string[] }>> = {
  'the proof of a run fails': { seen: now({ ExecutionsFailed: 1, Errors: 1 }), pages: ['run-failed'] },
  'a chain runs away': {
    seen: now({ ExecutionsFailed: 1, [METRICS.chainsRunaway]: 1, [METRICS.chainsInterrupted]: 3 }),
    pages: ['run-failed'],
  },
  'the daily quota is spent': {
    seen: now({ ExecutionsFailed: 1, [METRICS.chainsOutOfQuota]: 12, [METRICS.chainsInterrupted]: 12 }),
    pages: ['run-failed'],
  },
  'too many items come out unprocessed': {
    seen: now({
      ...{ ExecutionsFailed: 1, [METRICS.chainsInterrupted]: 3 },
      ...{
        [METRICS.itemsDone]: 800,
        [METRICS.itemsUnprocessed]: 200,
        [METRICS.itemsSkipped]: 0,
        [METRICS.itemsInDoubt]: 0,
      },
    }),
    pages: ['run-failed'],
  },
  'a run is slow until its execution is over': {
    seen: now({ ExecutionsTimedOut: 1, [METRICS.runElapsedShare]: 2 }),
    pages: ['run-timed-out'],
  },
  'a run is slow, and goes on': { seen: now({ [METRICS.runElapsedShare]: 2 }), pages: [] },
  'mails bounce, and the run stops itself': {
    seen: now({ ExecutionsAborted: 1, [METRICS.bouncedShare]: 0.06, [METRICS.complainedShare]: 0 }),
    pages: ['bounced-share'],
  },
  'a link dies, and Lambda drops its event': {
    seen: now({ Invocations: 1, AsyncEventsDropped: 1 }),
    pages: [],
  },
  'an alarm stops a run': { seen: now({ ExecutionsAborted: 1 }), pages: [] },
  'a provider closes its budget until the run is over its time': {
    seen: now({ [METRICS.budgetClosedSeconds]: 3600, [METRICS.runElapsedShare]: 2, [METRICS.throttles]: 1 }),
    pages: [],
  },
  'links die and are resumed': { seen: now({ Invocations: 3, [METRICS.chainsInterrupted]: 3 }), pages: [] },
  'a run succeeds with items in doubt': { seen: now({ [METRICS.runItemsInDoubt]: 3 }), pages: [] },
  'nothing is wrong': { seen: now({}), pages: [] },
};

describe('the alarms', () => {
  it('of schedules and of a job with stopOn are those of a rule, and one more each', () => {
    const more = ['start-refused', 'stop-undelivered'];
    expect([...zoned.keys()].filter((id) => !more.includes(id))).toEqual([...ofRule.keys()]);
    for (const id of more) expect(zoned.has(id)).toBe(true);
  });

  it('of schedules read what Scheduler says of their own group', () => {
    const read = ['start-refused', 'occurrence-lost'].flatMap((id) => metricsOf(zoned.get(id)!));
    expect(read).toMatchObject([
      { namespace: 'AWS/Scheduler', name: 'TargetErrorCount' },
      { namespace: 'AWS/Scheduler', name: 'InvocationsFailedToBeSentToDeadLetterCount' },
    ]);
    for (const { dimensions } of read) {
      expect(dimensions).toEqual({ ScheduleGroup: expect.stringMatching(/^Test-Digest-Occurrences-Group-/) });
    }
  });

  it('have a case each, and no case has lost its alarm', () => {
    expect([...alarms.keys()].sort()).toEqual(Object.keys(ALARM_CASES).sort());
  });

  describe.each(Object.entries(ALARM_CASES))('%s', (id, { fires, bears }) => {
    it.each(Object.entries(fires))('goes off for %s', (_, samples) => {
      expect(evaluate(alarms.get(id)!, samples)).toBe('ALARM');
    });

    it.each(Object.entries(bears))('bears %s', (_, samples) => {
      expect(evaluate(alarms.get(id)!, samples)).toBe('OK');
    });
  });

  it.each([...alarms])('%s looks back no further than CloudWatch allows', (_, alarm) => {
    for (const { period } of metricsOf(alarm)) {
      expect(period * alarm.EvaluationPeriods).toBeLessThanOrEqual(period < 3600 ? DAY_SECONDS : 7 * DAY_SECONDS);
    }
  });

  it.each([...alarms])('%s says in one sentence what is wrong, with the link of its entry at the end', (id, alarm) => {
    expect(alarm.AlarmDescription).toMatch(
      new RegExp(`^weekly-digest: [A-Z][^.]+(\\.\\d[^.]*)?: see https://\\S+/docs/operations\\.md#${id}$`),
    );
    expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024);
  });

  it.each([...ofRule])('%s notifies the topic of its severity, when it goes off and when it is over', (id, alarm) => {
    const [topic] = resourceOf(
      template,
      'AWS::SNS::Topic',
      `WorkerChainsAlarms${PAGES.includes(id) ? 'Page' : 'Ticket'}`,
    );
    expect(alarm.AlarmActions).toEqual([{ Ref: topic }]);
    expect(alarm.OKActions).toEqual([{ Ref: topic }]);
  });

  it.each(Object.entries(CAUSES))('page once at most for one cause: %s', (_, { seen, pages }) => {
    const inAlarm = [...alarms]
      .filter(([, alarm]) => {
        const read = metricsOf(alarm).map(({ name }) => name);
        return (
          evaluate(
            alarm,
            seen.filter(({ metric }) => read.includes(metric)),
          ) === 'ALARM'
        );
      })
      .map(([id]) => id);
    expect(inAlarm.filter((id) => PAGES.includes(id))).toEqual(pages);
  });

  it('read only metrics of their own that the handlers emit, under the dimensions that they emit', () => {
    const own = [...alarms.values()].flatMap(metricsOf).filter(({ namespace }) => namespace === METRICS_NAMESPACE);
    expect(own.length).toBeGreaterThan(5);
    for (const { namespace, name, dimensions } of own)
      expect(emitted()).toContainEqual({ namespace, name, dimensions });
  });

  it('read the metrics of AWS under dimensions that name this stack', () => {
    const foreign = [...ofRule.values()].flatMap(metricsOf).filter(({ namespace }) => namespace !== METRICS_NAMESPACE);
    const dimensionOf: Record<string, string> = {
      'AWS/States': 'StateMachineArn',
      'AWS/Lambda': 'FunctionName',
      'AWS/DynamoDB': 'TableName',
      'AWS/Events': 'RuleName',
      'AWS/SQS': 'QueueName',
    };
    for (const { namespace, dimensions } of foreign) {
      const [name, ...others] = Object.keys(dimensions);
      expect([name, others]).toEqual([dimensionOf[namespace], []]);
      expect(JSON.stringify(Object.values(dimensions)[0])).toMatch(/"(Ref|Fn::GetAtt)":\[?"WeeklyDigest/);
    }
  });

  it('of one stack read no metric that another stack with the same job emits', () => {
    const ownOf = (name: string) => {
      const stack = new WorkerChainsStack(unbundledApp(), name, GIVEN);
      const one = Template.fromStack(stack);
      const read = Object.values(one.findResources('AWS::CloudWatch::Alarm'))
        .flatMap(({ Properties }) => metricsOf(Properties as AlarmProperties))
        .filter(({ namespace }) => namespace === METRICS_NAMESPACE);
      const emits = Object.values(one.findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME as unknown,
      );
      return { read: new Set(read.map(({ dimensions }) => dimensions.service)), emits: new Set(emits) };
    };
    const [blue, green] = [ownOf('Mail-Blue'), ownOf('MailBlue')];
    const startingWith = (start: string) =>
      Array(2).fill(expect.stringMatching(new RegExp(`^${start}\\.WeeklyDigest\\.`)));
    expect([...blue.read]).toEqual(startingWith('Mail-Blue'));
    expect([...green.read]).toEqual(startingWith('MailBlue'));
    // The page of unsubscribe links has a service for its logs, and no metrics.
    const emitted = [blue, green].map(
      ({ emits }) => new Set([...emits].filter((name) => !String(name).includes('.Unsubscribe.'))),
    );
    expect(emitted).toEqual([blue.read, green.read]);
  });

  it('leave an aborted execution alone: to stop a run is an operator’s act', () => {
    expect([...alarms.values()].flatMap(metricsOf).map(({ name }) => name)).not.toContain('ExecutionsAborted');
  });
});

describe('the topics of the alarms', () => {
  const fromAlarms = {
    Condition: {
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      ArnLike: { 'aws:SourceArn': Match.objectLike({ 'Fn::Join': Match.anyValue() }) },
    },
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
  };

  it('are encrypted with a key that rotates and that alarms of this account may use', () => {
    const [key] = resourceOf(template, 'AWS::KMS::Key', 'WorkerChainsAlarmsKey');
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([{ ...fromAlarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' }]),
      },
    });
  });

  it('let alarms of this account publish, and nobody without TLS', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ ...fromAlarms, Action: 'sns:Publish' }),
        ]),
      },
    });
  });

  it('are shared, with their key, by all worker chains of a stack, and by none of another', () => {
    const app = unbundledApp();
    const [one, other] = [new Stack(app, 'One'), new Stack(app, 'Other')];
    for (const [stack, id] of [
      [one, 'Digest'],
      [one, 'Again'],
      [other, 'Digest'],
    ] as const) {
      new WorkerChains(stack, id, {
        job: 'examples/weekly-digest/job.ts',
        ids: { first: 1, last: 3 },
        schedule: Schedule.rate(Duration.days(1)),
      });
    }
    for (const stack of [one, other]) {
      const both = Template.fromStack(stack);
      both.resourceCountIs('AWS::SNS::Topic', 2);
      both.resourceCountIs('AWS::KMS::Key', 1);
    }
  });

  it('have no subscriber unless the app names one', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    Template.fromStack(shippedStack({ alarmEmail: 'operations@example.com' })).hasResourceProperties(
      'AWS::SNS::Subscription',
      { Protocol: 'email', Endpoint: 'operations@example.com' },
    );
  });

  it('are those that were given, where some were', () => {
    const stack = new Stack(unbundledApp(), 'Test');
    const topicOf = (name: string) => Topic.fromTopicArn(stack, name, `arn:aws:sns:us-east-1:123456789012:${name}`);
    new WorkerChains(stack, 'Digest', {
      job: 'examples/weekly-digest/job.ts',
      ids: { first: 1, last: 3 },
      schedule: Schedule.rate(Duration.days(1)),
      alarmTopics: { page: topicOf('pages'), ticket: topicOf('tickets') },
    });
    const given = Template.fromStack(stack);
    given.resourceCountIs('AWS::SNS::Topic', 0);
    given.resourceCountIs('AWS::KMS::Key', 0);
    const told = [...alarmsIn(given)].map(([id, { AlarmActions }]) => [id, AlarmActions]);
    expect(told).toEqual(
      [...ofRule.keys()]
        .filter((id) => !/bounced|complained|suppressed|feedback|unsubscribing/.test(id))
        .map((id) => [id, [`arn:aws:sns:us-east-1:123456789012:${PAGES.includes(id) ? 'pages' : 'tickets'}`]]),
    );
  });
});

describe('the alarm run-missed', () => {
  const runMissed = (props: Partial<WorkerChainsProps>) =>
    alarmsIn(Template.fromStack(digest(props))).get('run-missed');

  it('waits for as long as the schedule pauses, and an hour', () => {
    expect(runMissed({ schedule: Schedule.rate(Duration.days(1)) })?.EvaluationPeriods).toBe(25);
    expect(runMissed({ schedule: Schedule.rate(Duration.minutes(5)) })?.EvaluationPeriods).toBe(2);
    expect(runMissed({ schedule: Schedule.expression('cron(0 9 ? * MON-FRI *)') })?.EvaluationPeriods).toBe(73);
  });

  it('waits for as long as it is told', () => {
    expect(runMissed({ startsWithin: Duration.hours(30) })?.EvaluationPeriods).toBe(31);
  });

  it('is left out, with a warning, where CloudWatch cannot look back far enough', () => {
    const monthly = digest({ schedule: Schedule.cron({ day: '1', hour: '9', minute: '0' }) });
    expect([...alarmsIn(Template.fromStack(monthly)).keys()]).not.toContain('run-missed');
    Annotations.fromStack(monthly).hasWarning('/Test/Digest', Match.stringLikeRegexp('no alarm run-missed'));
    expect(Annotations.fromStack(digest()).findWarning('*', Match.anyValue())).toEqual([]);
  });

  it('bears the hour that a zone has twice in autumn, and the day without one in spring', () => {
    const daily = (hour: string, zone: string) =>
      runMissed({
        schedule: undefined,
        schedules: [{ expression: Schedule.cron({ hour, minute: '30' }), zone }],
      })?.EvaluationPeriods;
    expect(daily('9', 'UTC')).toBe(25);
    expect(daily('9', 'Europe/Berlin')).toBe(26);
    // 02:30 is left out on the last Sunday of March: 47 hours from the night before to the one after.
    expect(daily('2', 'Europe/Berlin')).toBe(48);
  });

  it('follows the schedule that pauses for the shortest time, of those that are on', () => {
    const of = (enabled: boolean) =>
      runMissed({
        schedule: undefined,
        schedules: [
          { name: 'weekly', expression: Schedule.rate(Duration.days(7)) },
          { name: 'daily', expression: Schedule.rate(Duration.days(1)), flexible: Duration.hours(2), enabled },
        ],
      })?.EvaluationPeriods;
    expect([of(true), of(false)]).toEqual([27, 168]);
  });

  it('is left out where a window lets a week and more pass between two runs', () => {
    const of = (...schedules: NonNullable<WorkerChainsProps['schedules']>) => {
      const stack = digest({ schedule: undefined, schedules });
      return [alarmsIn(Template.fromStack(stack)).get('run-missed')?.EvaluationPeriods, stack] as const;
    };
    const weekly = Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' });
    const [none, stack] = of({ name: 'weekly', expression: weekly, flexible: Duration.minutes(15) });
    expect(none).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('/Test/Digest', Match.stringLikeRegexp('no alarm run-missed'));
    const twice = Schedule.cron({ weekDay: 'MON,THU', hour: '9', minute: '0' });
    expect(
      of(
        { name: 'weekly', expression: weekly, flexible: Duration.minutes(15) },
        { name: 'twice', expression: twice, flexible: Duration.hours(24) },
      )[0],
    ).toBe(4 * 24 + 24 + 1);
  });

  it('begins with the name of its stack as it is, like every alarm', () => {
    const named = (name: string) => {
      const stack = new Stack(unbundledApp(), name);
      new WorkerChains(stack, 'Digest', {
        job: 'examples/weekly-digest/job.ts',
        ids: { first: 1, last: 3 },
        schedule: Schedule.rate(Duration.days(1)),
      });
      return [...alarmsIn(Template.fromStack(stack)).values()].map(({ AlarmName }) => AlarmName);
    };
    for (const stack of ['My-Mails', 'MyMails']) {
      expect(named(stack).filter((alarm) => !alarm.startsWith(`${stack}.`))).toEqual([]);
    }
  });

  it('is left out where the schedule is off', () => {
    expect(runMissed({ enabled: false })).toBeUndefined();
  });
});

describe('thresholds', () => {
  it('follow the chains and the length of their links', () => {
    const threshold = (props: Partial<WorkerChainsProps>) =>
      alarmsIn(Template.fromStack(digest(props))).get('runaway-links')?.Threshold;
    expect(threshold({ chains: 10, linkDuration: Duration.seconds(300) })).toBe(60);
    expect(threshold({ chains: 40, linkDuration: Duration.seconds(3) })).toBe(12_120);
  });

  it('are what was given', () => {
    const given = alarmsIn(
      Template.fromStack(
        digest({
          alarmThresholds: {
            overdueShare: 3,
            throttledShare: 0.25,
            unprocessedShare: 0.02,
            closedSeconds: 60,
            suppressedShare: 0.2,
            interruptions: 7,
            links: 99,
          },
          runbookUrl: 'https://example.com/operations.md',
        }),
      ),
    );
    expect(
      [
        'run-overdue',
        'throttled-share',
        'unprocessed-share',
        'budget-closed',
        'chains-interrupted',
        'runaway-links',
      ].map((id) => given.get(id)?.Threshold),
    ).toEqual([3, 0.25, 0.02, 60, 7, 99]);
    expect(given.get('throttled-share')?.AlarmDescription).toBe(
      'weekly-digest: The provider refuses more than 25 % of the attempts for their rate: see https://example.com/operations.md#throttled-share',
    );
  });

  it.each<[string, Partial<WorkerChainsProps>]>([
    [
      'Expected `alarmThresholds.unprocessedShare` to be a number above 0 and at most 1, got 5.',
      { alarmThresholds: { unprocessedShare: 5 } },
    ],
    ['Expected `alarmThresholds.links` to be a number above 0', { alarmThresholds: { links: 0 } }],
    ['Expected `startsWithin` to be a whole number of seconds from 60 to 604800', { startsWithin: Duration.days(8) }],
  ])('are refused in one sentence: %s', (sentence, props) => {
    expect(() => digest(props)).toThrow(sentence);
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
  const entries = new Map(
    runbook
      .slice(runbook.indexOf('\n## Alarms\n'))
      .split(/^### /m)
      .slice(1)
      .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry]),
  );

  it('has an entry for each alarm, in the order of the table, and none besides', () => {
    expect([...entries.keys()]).toEqual([...alarms.keys()]);
  });

  it('takes names from outputs that the stack has', () => {
    const outputs = [...runbook.matchAll(/\$\(output (\w+)\)/g)].map(([, name]) => name!);
    expect(outputs.length).toBeGreaterThan(5);
    for (const output of outputs) template.hasOutput(output, {});
  });

  it('starts runs with inputs that are valid', () => {
    const inputs = [...runbook.matchAll(/--input '(.+)'$/gm)].map(([, input]) =>
      input!.replaceAll('\'"$RUN"\'', 'run-1'),
    );
    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) {
      // The command adds the job of the deployment.
      expect(() => parseInput({ job: 'weekly-digest', ...JSON.parse(input) })).not.toThrow();
    }
  });

  it.each([...entries])('tells of %s what it is, how to look into it and what to do', (_, entry) => {
    const parts = [...entry.matchAll(/^\*\*(\w+)\*\* (.+)/gm)].map(([, name, text]) => [
      name,
      (text ?? '').length > 20,
    ]);
    expect(parts).toEqual([
      ['Description', true],
      ['Investigation', true],
      ['Resolution', true],
    ]);
  });
});
