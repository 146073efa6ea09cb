import { Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import fc from 'fast-check';
import { type ExpressionReader, readExpression } from '../../cdk/schedule-expression';
import { momentsOf } from '../../cdk/scheduled-moments';
import { UnexpectedValue } from '../../cdk/validation';
import { WorkerChains } from '../../cdk/worker-chains';
import { unbundledApp } from './stacks';

const READERS: readonly ExpressionReader[] = ['rule', 'scheduler'];

/** Least and greatest value of each field; day of the week with `?` for the day of the month. */
const FIELDS: readonly [string, (value: string) => string, number, number][] = [
  ['minutes', (value) => `cron(${value} 9 * * ? *)`, 0, 59],
  ['hours', (value) => `cron(0 ${value} * * ? *)`, 0, 23],
  ['days of the month', (value) => `cron(0 9 ${value} * ? *)`, 1, 31],
  ['months', (value) => `cron(0 9 1 ${value} ? *)`, 1, 12],
  ['days of the week', (value) => `cron(0 9 ? * ${value} *)`, 1, 7],
  ['years', (value) => `cron(0 9 1 1 ? ${value})`, 1970, 2199],
];

describe.each(READERS)('an expression of a %s', (reader) => {
  const read = (expression: string) => readExpression(expression, reader);

  it.each(FIELDS)('has %s within their limits, and says so with the value that came', (name, cron, least, greatest) => {
    for (const value of [least, greatest, `${least}-${greatest}`, `${least},${greatest}`, `${least}/2`, '*', '*/2']) {
      expect(read(cron(String(value))).kind).toBe('cron');
    }
    for (const value of [least - 1, greatest + 1, 'x', '-', '', ',', `${least},`, '1.5', `*-${greatest}`, '1--2']) {
      const refused = () => read(cron(String(value)));
      expect([value, refused]).toEqual([value, expect.any(Function)]);
      expect(refused).toThrow(
        value === ''
          ? 'which are six fields'
          : `Expected the ${name} of the schedule to be from ${least} to ${greatest}`,
      );
      if (value !== '') expect(refused).toThrow(`in ${cron(String(value))}.`);
    }
    for (const step of [0, greatest + 1]) {
      expect(() => read(cron(`*/${step}`))).toThrow(
        `Expected a step of the ${name} of the schedule to be from 1 to ${greatest}, got ${step}`,
      );
    }
    expect(() => read(cron(`${greatest}-${least}`))).toThrow(
      `Expected a range of the ${name} of the schedule to end after it begins, got ${greatest}-${least}`,
    );
  });

  it.each(['JAN', 'dec', 'JAN-DEC', 'JAN,JUL', 'JAN/3'])('has a month called %s', (month) => {
    expect(read(`cron(0 9 1 ${month} ? *)`).kind).toBe('cron');
    expect(() => read(`cron(0 9 ${month} * ? *)`)).toThrow('Expected the days of the month');
  });

  it.each(['SUN', 'sat', 'MON-FRI', 'MON,FRI', 'L', '6L', 'FRIL', '6#3', 'FRI#5', '1-5/2'])(
    'has a day of the week called %s',
    (day) => {
      expect(read(`cron(0 9 ? * ${day} *)`).kind).toBe('cron');
    },
  );

  it.each(['8#1', '6#0', '6#6', '8L', '3W', 'MONDAY', 'MON#', '2#1,6#3'])('has no day of the week called %s', (day) => {
    expect(() => read(`cron(0 9 ? * ${day} *)`)).toThrow(/^Expected the days of the week of the schedule to be /);
  });

  it.each(['L', 'LW', '1W', '31W', '1,15', '1-7/2'])('has a day of the month called %s', (day) => {
    expect(read(`cron(0 9 ${day} * ? *)`).kind).toBe('cron');
  });

  it.each(['1,L', 'LW,15', 'l,1'])('has no list of days of the month such as %s', (days) => {
    expect(() => read(`cron(0 9 ${days} * ? *)`)).toThrow(
      /^Expected the days of the month .* to be a single one where it has L/i,
    );
  });

  it.each(['0W', '32W', 'W', '6#3', '5L', 'MON'])('has no day of the month called %s', (day) => {
    expect(() => read(`cron(0 9 ${day} * ? *)`)).toThrow(
      'Expected the days of the month of the schedule to be from 1 to 31',
    );
  });

  it.each([
    ['five fields', 'cron(0 9 ? * MON)', 'Expected the schedule to be cron(minutes hours day-of-month month'],
    ['seven fields', 'cron(0 0 9 * * ? *)', 'which are six fields, got cron(0 0 9 * * ? *).'],
    ['none', 'cron()', 'which are six fields'],
    ['both days', 'cron(0 9 * * MON *)', 'with `?` for the day of the month or for the day of the week'],
    ['neither day', 'cron(0 9 ? * ? *)', 'with `?` for the day of the month or for the day of the week'],
    ['a question about the hour', 'cron(0 ? * * ? *)', 'with `?` for a day only'],
    ['another language', 'every monday', 'or rate(value unit), got every monday.'],
    ['nothing', '', 'or rate(value unit), got .'],
    [
      'no rate',
      'rate(0 days)',
      'a rate such as rate(5 minutes), of 1 or more minutes, hours or days, got rate(0 days).',
    ],
    ['a rate below none', 'rate(-1 days)', 'a rate such as'],
    ['a broken rate', 'rate(1.5 hours)', 'a rate such as'],
    ['weeks', 'rate(1 week)', 'a rate such as'],
    ['a rate that is not closed', 'rate(5 minutes', 'a rate such as'],
    ['a rate that never comes round', 'rate(99999999 days)', 'a rate of 230 years at most'],
  ])('refuses %s in a sentence', (_, expression, sentence) => {
    expect(() => read(expression)).toThrow(sentence);
  });
});

it('has the unit of a rate in its right number in a rule, and in either in a schedule', () => {
  for (const unit of ['minute', 'hour', 'day']) {
    for (const reader of READERS) {
      expect(readExpression(`rate(1 ${unit})`, reader).kind).toBe('rate');
      expect(readExpression(`rate(5 ${unit}s)`, reader).kind).toBe('rate');
    }
    expect(readExpression(`rate(1 ${unit}s)`, 'scheduler').kind).toBe('rate');
    expect(() => readExpression(`rate(1 ${unit}s)`, 'rule')).toThrow(
      `Expected the schedule to be rate(1 ${unit}), got rate(1 ${unit}s): a rule takes the singular with 1.`,
    );
    expect(() => readExpression(`rate(5 ${unit})`, 'rule')).toThrow(`to be rate(5 ${unit}s), got rate(5 ${unit})`);
  }
});

it('is a single moment of the calendar in a schedule, be it past, and none in a rule', () => {
  for (const moment of ['2026-12-31T09:00:00', '2028-02-29T23:59:59', '2020-01-01T00:00:00']) {
    expect(readExpression(`at(${moment})`)).toEqual({ kind: 'at', wall: Date.parse(`${moment}Z`) });
    expect(() => readExpression(`at(${moment})`, 'rule')).toThrow(
      'a rule has no single moments, so write it into `schedules`',
    );
  }
  for (const moment of [
    ...['2026-13-45T00:00:00', '2026-02-31T00:00:00', '2027-02-29T00:00:00', '2026-00-01T00:00:00'],
    ...['2026-01-01T24:00:00', '2026-01-01T00:60:00', '2026-01-01T00:00:60', '2026-01-01', '2026-01-01T00:00:00Z'],
  ]) {
    expect(() => readExpression(`at(${moment})`)).toThrow(
      `Expected the schedule to be a moment that the calendar has, such as at(2026-12-31T09:00:00), got at(${moment}).`,
    );
  }
});

it('has moments wherever it is taken, or none, but never another failure', () => {
  const number = (least: number, greatest: number) => fc.integer({ min: least - 2, max: greatest + 2 }).map(String);
  const part = (least: number, greatest: number) =>
    fc.oneof(
      number(least, greatest),
      fc.tuple(number(least, greatest), number(least, greatest)).map(([a, b]) => `${a}-${b}`),
      fc.tuple(fc.constantFrom('*', '1', '1-5', '2000'), fc.nat(70)).map(([range, step]) => `${range}/${step}`),
      fc.constantFrom('*', '?', 'L', 'LW', '15W', '6L', '6#3', 'MON', 'FRIL', 'JAN', 'JAN-MAR', 'MON-FRI/2'),
    );
  const field = (least: number, greatest: number) =>
    fc.array(part(least, greatest), { minLength: 1, maxLength: 2 }).map((parts) => parts.join(','));
  const limits = FIELDS.map(([, , least, greatest]) => field(least, greatest));
  const whole = fc.constantFrom(['0', '9', '*', '*', '?', '*'], ['0', '9', '?', '*', '*', '*']);
  const change = fc.nat(5).chain((index) => (limits[index] as (typeof limits)[0]).map((text) => ({ index, text })));
  const cron = fc
    .tuple(whole, fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([fields, changes]) => fields.map((kept, at) => changes.find(({ index }) => index === at)?.text ?? kept));
  let taken = 0;
  fc.assert(
    fc.property(cron, (fields) => {
      const expression = `cron(${fields.join(' ')})`;
      try {
        readExpression(expression);
      } catch (error) {
        expect((error as Error).message).toMatch(/^Expected .* got .*\.$/);
        return;
      }
      taken += 1;
      const { value } = momentsOf(expression, 'UTC', new Date('2026-01-01T00:00:00Z')).next();
      if (value !== undefined) expect(value.getTime()).toBeGreaterThan(Date.UTC(2026, 0, 1));
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(100);
});

describe('the schedule of a construct', () => {
  const made = (props: { schedule: Schedule } | { schedules: { expression: Schedule | ScheduleExpression }[] }) =>
    new WorkerChains(new Stack(unbundledApp(), 'Test'), 'Digest', {
      ...{ job: 'examples/weekly-digest/job.ts', ids: { first: 1, last: 3 }, startsWithin: undefined },
      ...props,
    });

  it.each([
    ...['every day', 'cron(0 9 * * * *)', 'cron(0 9 * *)', 'cron(60 9 * * ? *)', 'rate(0 days)', 'rate(1 week)'],
    ...['at(2030-01-01T00:00:00)', 'rate(1 minutes)', 'cron(0 9 ? * 8 *)', 'cron(0 9 32 * ? *)'],
  ])('is refused by its name: %s', (text) => {
    const refused = () => made({ schedule: Schedule.expression(text) });
    expect(refused).toThrow(UnexpectedValue);
    expect(refused).toThrow(/^Expected .*`schedule`/);
    expect(refused).toThrow(text);
  });

  it.each(['every day', 'cron(0 9 ? * 8 *)', 'at(2026-13-45T00:00:00)', 'cron(0 9 1 1 ? 2200)'])(
    'is refused by its place among several: %s',
    (text) => {
      const refused = () => made({ schedules: [{ expression: ScheduleExpression.expression(text) }] });
      expect(refused).toThrow(UnexpectedValue);
      expect(refused).toThrow(/^Expected .*`schedules\[0\]\.expression`/);
    },
  );

  it('is taken as the CDK writes it', () => {
    for (const schedule of [Schedule.cron({}), Schedule.cron({ weekDay: 'MON-FRI', minute: '0/15' })]) {
      expect(() => made({ schedule })).not.toThrow();
    }
    expect(() =>
      made({ schedules: [{ expression: ScheduleExpression.at(new Date('2030-01-01T00:00:00Z')) }] }),
    ).not.toThrow();
  });
});
