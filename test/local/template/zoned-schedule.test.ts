import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { jobsOf, runsChains } from '../../../cli/dev/jobs';
import { planRun } from '../../../cli/dev/run-plan';
import { parseInput } from '../../../functions/run/input';
import { type LocalTemplate, readTemplate } from '../../../local/template/local-template';
import { CreateWorld } from '../../functions/run/create-world';
import { chainsOf, guestApp, recipientsOf } from '../several-jobs';

interface Schedules {
  readonly [id: string]: { readonly Type: string; readonly Properties: Record<string, unknown> & { Target: object } };
}

let directory: string;
const MONDAY = Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' });
/** 09:00 in Berlin. */
const NINE = new Date('2026-11-30T08:00:00.250Z');

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'worker-chains-zoned-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(change: (schedule: Record<string, unknown> & { Target: object }) => void = () => {}): LocalTemplate {
  const output = mkdtempSync(join(directory, 'cdk.out-'));
  const app = guestApp(output, { bundled: false });
  const stack = new Stack(app, 'Guest');
  chainsOf(stack, 'Chains', recipientsOf(stack), {
    items: 20,
    schedule: undefined,
    schedules: [
      { name: 'off', expression: MONDAY, zone: 'Asia/Tokyo', enabled: false },
      { name: 'berlin', expression: MONDAY, zone: 'Europe/Berlin', enabled: true, flexible: Duration.minutes(5) },
      { name: 'daily', expression: Schedule.rate(Duration.days(1)), enabled: true, input: { chains: 1 } },
    ],
  });
  app.synth();
  const file = join(output, 'Guest.template.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Schedules };
  for (const [id, { Type, Properties }] of Object.entries(content.Resources)) {
    if (Type === 'AWS::Scheduler::Schedule' && id.includes('berlin')) change(Properties);
  }
  writeFileSync(file, JSON.stringify(content));
  return readTemplate(output, { runs: runsChains });
}

describe('a schedule of EventBridge Scheduler in the template', () => {
  it('starts its state machine by the clock of its zone', () => {
    const { rules, stateMachines } = read();
    const [, berlin] = rules;
    expect(rules.map(({ zone, enabled }) => [zone, enabled])).toEqual([
      ['Asia/Tokyo', false],
      ['Europe/Berlin', true],
      ['UTC', true],
    ]);
    expect(berlin).toMatchObject({ schedule: 'cron(0 9 ? * MON *)', stateMachineArn: stateMachines[0]?.arn });
    expect(berlin?.input(NINE)).toEqual({
      job: 'weekly-digest',
      ids: { first: 1, last: 20 },
      chains: 2,
      scheduledFor: '2026-11-30T08:00:00Z',
      schedule: 'berlin',
    });
  });

  it('is what a run on this machine is made of: the first that is on', () => {
    const [job] = jobsOf(read());
    expect(job?.rules).toHaveLength(3);
    const { input } = planRun(job!, {}, NINE);
    expect(parseInput(input)).toMatchObject({ schedule: 'berlin', scheduledFor: '2026-11-30T08:00:00Z' });
  });

  it('fires twice and is served once', async () => {
    const world = new CreateWorld();
    const [, berlin] = read().rules;
    const input = { ...berlin?.input(NINE), job: 'greeting' };
    await world.create('first', input);
    world.stop('first');
    expect(await world.refusal('second', input)).toMatchObject({ code: 'Run.AlreadyServed' });
  });

  it.each<[string, (schedule: Record<string, unknown> & { Target: object }) => void, RegExp]>([
    [
      'an end',
      (schedule) => Object.assign(schedule, { EndDate: '2027-01-01T00:00:00Z' }),
      /does not implement .*EndDate/,
    ],
    [
      'a parameter of another target',
      ({ Target }) => Object.assign(Target, { SqsParameters: { MessageGroupId: 'a' } }),
      /does not implement the property .*\.Target\.SqsParameters/,
    ],
    [
      'a keyword beside the scheduled time',
      ({ Target }) => Object.assign(Target, { Input: '{"job":"<aws.scheduler.execution-id>"}' }),
      /puts <aws\.scheduler\.scheduled-time> only into .*, which has <aws\.scheduler\.execution-id>/,
    ],
    ['an input that is no object', ({ Target }) => Object.assign(Target, { Input: '[]' }), /come out as an object/],
    ['a state of its own', (schedule) => Object.assign(schedule, { State: 'PAUSED' }), /ENABLED or DISABLED/],
  ])('is refused by name where it has %s', (_, change, sentence) => {
    expect(() => read(change)).toThrow(sentence);
  });
});
