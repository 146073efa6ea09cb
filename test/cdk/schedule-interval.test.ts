import { Duration } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { longestPause } from '../../cdk/schedule-interval';

it.each<[string, number]>([
  ['cron(0 9 ? * MON *)', 168],
  ['cron(0 9 ? * 2 *)', 168],
  ['cron(0 9 ? * MON-FRI *)', 72],
  ['cron(0 9 ? * SAT,wed *)', 96],
  ['cron(0 9 * * ? *)', 24],
  ['cron(0 8-18/2 ? * * *)', 14],
  ['cron(0/15 8-18 * * ? *)', 13.25],
  ['cron(30 6,18 ? * * *)', 12],
  ['rate(7 days)', 168],
  ['rate(1 hour)', 1],
  ['rate(90 minutes)', 1.5],
])('the longest pause of %s is %d hours', (expression, hours) => {
  expect(longestPause(expression)?.toHours({ integral: false })).toBe(hours);
});

it.each([
  ['the day of the month', 'cron(0 9 1 * ? *)'],
  ['the month', 'cron(0 9 * 1-6 ? *)'],
  ['the year', 'cron(0 9 * * ? 2030)'],
  ['the week of the month', 'cron(0 9 ? * MON#1 *)'],
  ['the last such day of the month', 'cron(0 9 ? * 6L *)'],
  ['more than a week', 'rate(8 days)'],
  ['something that EventBridge refuses', 'cron(0 24 ? * MON *)'],
  ['a single moment', 'at(2030-01-01T00:00:00)'],
])('a schedule that depends on %s has none that is known', (_, expression) => {
  expect(longestPause(expression)).toBeUndefined();
});

it('reads what the CDK writes', () => {
  expect(longestPause(Schedule.rate(Duration.days(7)).expressionString)?.toDays()).toBe(7);
  expect(longestPause(Schedule.cron({ weekDay: 'MON', hour: '9', minute: '0' }).expressionString)?.toDays()).toBe(7);
});
