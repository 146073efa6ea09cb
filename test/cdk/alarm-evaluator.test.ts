import { type AlarmProperties, evaluate } from './alarm-evaluator';
import { parseMath } from './metric-math';

const ALARM: AlarmProperties = {
  AlarmName: 'example',
  AlarmDescription: 'An example',
  AlarmActions: [],
  OKActions: [],
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 10,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  TreatMissingData: 'notBreaching',
  Namespace: 'Example',
  MetricName: 'Widgets',
  Statistic: 'Sum',
  Period: 60,
};
const widgets = (...samples: readonly [secondsAgo: number, value: number][]) =>
  samples.map(([secondsAgo, value]) => ({ metric: 'Widgets', secondsAgo, value }));

describe('the evaluator of alarms', () => {
  it('adds up what was reported within a period before it compares', () => {
    expect(evaluate(ALARM, widgets([5, 6], [50, 6], [65, 11]))).toBe('ALARM');
    expect(evaluate(ALARM, widgets([5, 6], [61, 6], [130, 11]))).toBe('OK');
  });

  it('takes the statistic that the alarm names', () => {
    const twice = widgets([5, 11], [6, 11], [65, 11], [66, 1]);
    expect(evaluate({ ...ALARM, Statistic: 'Maximum' }, twice)).toBe('ALARM');
    expect(evaluate({ ...ALARM, Statistic: 'Minimum' }, twice)).toBe('OK');
    expect(evaluate({ ...ALARM, Statistic: 'Average' }, twice)).toBe('OK');
  });

  it('asks for as many breaching data points as the alarm does', () => {
    expect(evaluate(ALARM, widgets([5, 99]))).toBe('OK');
    expect(evaluate({ ...ALARM, DatapointsToAlarm: 1 }, widgets([125, 99]))).toBe('ALARM');
    expect(evaluate({ ...ALARM, DatapointsToAlarm: 1 }, widgets([180, 99]))).toBe('OK');
  });

  it('treats what is missing as the alarm says', () => {
    expect(evaluate({ ...ALARM, TreatMissingData: 'breaching' }, widgets([5, 1]))).toBe('ALARM');
    expect(evaluate({ ...ALARM, TreatMissingData: 'breaching' }, widgets([5, 1], [65, 1]))).toBe('OK');
  });

  it('tells the comparisons apart at the threshold', () => {
    const atThreshold = widgets([5, 10], [65, 10]);
    const states = ['GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'].map((name) =>
      evaluate({ ...ALARM, ComparisonOperator: `${name}Threshold` }, atThreshold),
    );
    expect(states).toEqual(['OK', 'ALARM', 'OK', 'ALARM']);
  });

  it.each<[string, Partial<AlarmProperties>]>([
    ['TreatMissingData ignore', { TreatMissingData: 'ignore' }],
    ['LessThanLowerThreshold', { ComparisonOperator: 'LessThanLowerThreshold' }],
    ['SampleCount', { Statistic: 'SampleCount' }],
    ['the property ThresholdMetricId', { ThresholdMetricId: 'band' } as Partial<AlarmProperties>],
  ])('refuses %s', (name, change) => {
    expect(() => evaluate({ ...ALARM, ...change }, widgets([5, 1]))).toThrow(
      `The evaluator does not implement ${name}`,
    );
  });

  it('refuses samples of a metric that the alarm does not read', () => {
    expect(() => evaluate(ALARM, [{ metric: 'Gadgets', secondsAgo: 5, value: 1 }])).toThrow('does not read Gadgets');
  });
});

describe('the evaluator of metric math', () => {
  const valueOfMath = (text: string, values: Readonly<Record<string, number>> = {}) =>
    parseMath(text)((id) => values[id]);

  it.each<[string, number]>([
    ['2 + 3 * 4 - 6 / 3', 12],
    ['(2 + 3) * (4 - 1)', 15],
    ['8 / 4 / 2', 1],
    ['10 - 4 - 3', 3],
    ['IF(2 >= 2, 7, 8)', 7],
    ['IF(1 + 1 > 2, 7, 8)', 8],
    ['IF(0, 7, IF(1 < 2, 5, 6))', 5],
    ['1.5 <= 1.5', 1],
    ['3 == 3', 1],
    ['1 + 1 == 3', 0],
    ['IF(1 == 2 OR 2 == 2, 7, 8)', 7],
    ['IF(1 == 2 OR 2 == 3, 7, 8)', 8],
  ])('finds that %s is %d', (text, expected) => {
    expect(valueOfMath(text)).toBe(expected);
  });

  it('reads metrics by their id', () => {
    expect(valueOfMath('failed / (failed + done)', { failed: 1, done: 3 })).toBe(0.25);
  });

  it('has nothing where an operand is missing or zero is divided by', () => {
    expect(valueOfMath('failed + done', { failed: 1 })).toBeUndefined();
    expect(valueOfMath('failed / done', { failed: 1, done: 0 })).toBeUndefined();
    expect(valueOfMath('IF(done > 0, 1, 2)')).toBeUndefined();
  });

  it.each([
    ['FILL(m1, 0)', 'does not implement FILL(…)'],
    ['m1 AND m2', 'does not implement `AND`'],
    ['m1 != 2', 'does not implement `!=`'],
    ['m1 ^ 2', 'does not implement `^`'],
    ['-m1', 'Expected an operand'],
    ['IF(m1, 2)', 'Expected ,'],
    ['(m1', 'Expected )'],
    ['', 'Expected an operand'],
  ])('refuses %s', (text, message) => {
    expect(() => parseMath(text)).toThrow(message);
  });
});
