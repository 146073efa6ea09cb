import { Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as fc from 'fast-check';
import { bridgedHours } from '../../cdk/schedule-interval';
import { clockChanges, momentsOf } from '../../cdk/scheduled-moments';
import { WorkerChains } from '../../cdk/worker-chains';
import { type AlarmProperties, evaluate } from './alarm-evaluator';
import { Template, unbundledApp } from './stacks';

const HOUR = 3600;
const WEEK_HOURS = 168;
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Pacific/Auckland'],
  ...['Africa/Cairo', 'Asia/Kolkata', 'UTC'],
];

/** Full hours since 1970 in which a schedule fires, in the five weeks about a change of clocks. */
function hoursAround(day: Date, expression: string, zone: string): readonly number[] {
  const found: number[] = [];
  for (const moment of momentsOf(expression, zone, new Date(day.getTime() - 17 * 86_400_000))) {
    if (moment.getTime() > day.getTime() + 17 * 86_400_000) break;
    found.push(Math.floor(moment.getTime() / 1000 / HOUR));
  }
  return found;
}

describe('run-missed of a weekly schedule, through any change of clocks', () => {
  const weekly = fc.record({
    zone: fc.constantFrom(...ZONES),
    expression: fc
      .record({ day: fc.integer({ min: 1, max: 7 }), hour: fc.integer({ min: 0, max: 23 }), minute: fc.nat(59) })
      .map(({ day, hour, minute }) => `cron(${minute} ${hour} ? * ${day} *)`),
    year: fc.integer({ min: 2026, max: 2034 }),
  });

  /** Whether the alarm is on in an hour: nothing in the 168 before it. */
  const isOn = (hour: number, counted: readonly number[]) =>
    !counted.some((start) => start < hour && start >= hour - WEEK_HOURS);

  async function forEachChange(check: (starts: readonly number[], bridged: readonly number[]) => void): Promise<void> {
    await fc.assert(
      fc.property(weekly, ({ zone, expression, year }) => {
        const bridged = bridgedHours(expression, zone).map((hour) => hour.getTime() / 1000 / HOUR);
        for (const day of clockChanges(zone, year)) check(hoursAround(day, expression, zone), bridged);
      }),
      {
        numRuns: 15,
        examples: [
          [{ zone: 'Europe/Berlin', expression: 'cron(0 9 ? * 2 *)', year: 2026 }],
          [{ zone: 'Europe/Berlin', expression: 'cron(30 2 ? * 1 *)', year: 2030 }],
          [{ zone: 'Australia/Lord_Howe', expression: 'cron(45 1 ? * 1 *)', year: 2027 }],
        ],
      },
    );
  }

  it('bears it', async () => {
    await forEachChange((starts, bridged) => {
      const counted = [...starts, ...bridged];
      for (let hour = starts[0]! + 1; hour <= starts.at(-1)!; hour += 1) {
        if (isOn(hour, counted)) throw new Error(`on at ${new Date(hour * HOUR * 1000).toISOString()}`);
      }
    });
  });

  it('goes off within two hours of a start that is missed', async () => {
    await forEachChange((starts, bridged) => {
      for (const missed of starts.slice(1, -1)) {
        const counted = [...starts.filter((start) => start !== missed), ...bridged];
        expect([1, 2].some((later) => isOn(missed + later, counted))).toBe(true);
      }
    });
  });
});

describe('the deployed alarm', () => {
  const alarmOf = (expression: Schedule, zone: string): AlarmProperties => {
    const stack = new Stack(unbundledApp(), 'Test');
    new WorkerChains(stack, 'Digest', {
      job: 'examples/weekly-digest/job.ts',
      ids: { first: 1, last: 3 },
      schedules: [{ expression, zone }],
    });
    const found = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as {
      Properties: AlarmProperties;
    }[];
    return found.map(({ Properties }) => Properties).find(({ AlarmName }) => AlarmName.endsWith('-run-missed'))!;
  };
  const stateAt = (time: string, starts: readonly string[], alarm: AlarmProperties) => {
    const now = Date.parse(time) / 1000;
    const samples = starts.map((start) => ({
      ...{ metric: 'ExecutionsStarted', value: 1 },
      secondsAgo: now - Date.parse(start) / 1000 - 1,
    }));
    return evaluate(alarm, samples, now);
  };

  it('is off in the hour that autumn adds to the week, and on after it where nothing was started', () => {
    const berlin = alarmOf(Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }), 'Europe/Berlin');
    const before = ['2026-10-12T07:00:30Z', '2026-10-19T07:00:30Z'];
    const autumn = ['2026-10-26T07:00:00Z', '2026-10-26T08:00:00Z', '2026-10-26T09:00:00Z'];
    expect(autumn.map((time) => stateAt(time, before, berlin))).toEqual(['OK', 'OK', 'ALARM']);
    expect(stateAt('2026-10-26T09:00:00Z', [...before, '2026-10-26T08:00:30Z'], berlin)).toBe('OK');
  });

  it('is off in the week for which spring leaves the start out', () => {
    const berlin = alarmOf(Schedule.cron({ weekDay: 'SUN', hour: '2', minute: '30' }), 'Europe/Berlin');
    const before = ['2026-03-22T01:30:30Z'];
    const spring = ['2026-03-29T02:00:00Z', '2026-04-05T00:00:00Z', '2026-04-05T01:00:00Z', '2026-04-05T02:00:00Z'];
    expect(spring.map((time) => stateAt(time, before, berlin))).toEqual(['OK', 'OK', 'ALARM', 'ALARM']);
  });

  it.each([
    ['Europe/Berlin', 'SUN'],
    ['Africa/Cairo', 'FRI'],
    ['America/New_York', 'SUN'],
  ])('has an expression that CloudWatch takes, for %s', (zone, weekDay) => {
    for (const hour of ['0', '2', '9']) {
      const { Metrics = [] } = alarmOf(Schedule.cron({ weekDay, hour, minute: '30' }), zone);
      const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
      expect(expression.length).toBeGreaterThan(100);
      expect(expression.length).toBeLessThanOrEqual(1024);
    }
  });

  it('reads the starts alone where no clock is changed', () => {
    const schedule = Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' });
    expect(alarmOf(schedule, 'UTC').MetricName).toBe('ExecutionsStarted');
    expect(alarmOf(schedule, 'Asia/Kolkata').MetricName).toBe('ExecutionsStarted');
  });
});
