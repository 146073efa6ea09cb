import { nextStarts, startRows } from '../../../cli/plan/next-starts';
import type { RuleConfig } from '../../../local/template/configurations';

const rule = (schedule: string, zone: string, more: Partial<RuleConfig> = {}): RuleConfig => ({
  ...{ name: 'Rule', schedule, zone, enabled: true, stateMachineArn: 'arn:runs' },
  input: () => ({ job: 'digest' }),
  ...more,
});
const named = (name: string): Partial<RuleConfig> => ({ input: () => ({ job: 'digest', schedule: name }) });
const NOW = new Date('2026-10-20T00:00:00Z');
const rowsOf = (...rules: RuleConfig[]) => startRows(nextStarts(rules, NOW));

it('lists the next five starts by the clock of the zone, over the end of summer', () => {
  const weekly = rule('cron(0 9 ? * MON *)', 'Europe/Berlin');
  expect(nextStarts([weekly], NOW).moments.map(({ at }) => at)).toEqual([
    '2026-10-26T08:00:00.000Z',
    '2026-11-02T08:00:00.000Z',
    '2026-11-09T08:00:00.000Z',
    '2026-11-16T08:00:00.000Z',
    '2026-11-23T08:00:00.000Z',
  ]);
  expect(rowsOf(weekly).slice(0, 2)).toEqual([
    ['starts', 'Mon 2026-10-26 09:00 Europe/Berlin'],
    ['', 'Mon 2026-11-02 09:00 Europe/Berlin'],
  ]);
});

it('puts those of several schedules in their order, each with its name and its clock', () => {
  const rows = rowsOf(
    rule('cron(0 9 * * ? *)', 'America/New_York', named('west')),
    rule('cron(0 9 * * ? *)', 'Asia/Tokyo', named('east')),
  );
  expect(rows.map(([, text]) => text)).toEqual([
    'Tue 2026-10-20 09:00 America/New_York, west',
    'Wed 2026-10-21 09:00 Asia/Tokyo, east',
    'Wed 2026-10-21 09:00 America/New_York, west',
    'Thu 2026-10-22 09:00 Asia/Tokyo, east',
    'Thu 2026-10-22 09:00 America/New_York, west',
  ]);
});

it.each<[string, RuleConfig, string]>([
  ['that is off', rule('rate(1 day)', 'UTC', { enabled: false }), 'none: the schedule is switched off'],
  ['that counts from its creation', rule('rate(1 day)', 'UTC'), 'rate(1 day), counted from the deployment'],
  ['that is over', rule('at(2026-01-01T00:00:00)', 'UTC'), 'none: at(2026-01-01T00:00:00) has no moment left'],
  [
    'that cannot be read',
    rule('cron(0 9)', 'UTC'),
    'unknown: Expected the schedule to be cron(minutes hours day-of-month',
  ],
])('says of a schedule %s why there is nothing to list', (_, given, text) => {
  const [row] = rowsOf(given);
  expect(row?.[0]).toBe('starts');
  expect(row?.[1].slice(0, text.length)).toBe(text);
});
