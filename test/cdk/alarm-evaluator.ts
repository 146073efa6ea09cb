import { parseMath, type Value } from './metric-math';

/** What was reported of a metric at a time, in seconds before the evaluation. */
export interface Sample {
  readonly metric: string;
  readonly secondsAgo: number;
  readonly value: number;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** `AWS::CloudWatch::Alarm`, as far as this evaluator knows it. */
export interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly MetricQuery[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: Pick<AlarmProperties, 'Namespace' | 'Dimensions'> & { readonly MetricName: string };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

/** A metric that an alarm reads. */
export interface MetricRead {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly statistic: string;
  readonly period: number;
}

const KNOWN = new Set([
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'AlarmDescription',
  'AlarmName',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'MetricName',
  'Metrics',
  'Namespace',
  'Period',
  'Statistic',
  'Threshold',
  'TreatMissingData',
]);

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

/** The metrics that an alarm reads, whether it has one or an expression over several. */
export function metricsOf(alarm: AlarmProperties): readonly MetricRead[] {
  if (alarm.Metrics === undefined) {
    return [read('metric', alarm as Required<AlarmProperties>, alarm.Period ?? 0, alarm.Statistic ?? '')];
  }
  return alarm.Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [read(Id, MetricStat.Metric, MetricStat.Period, MetricStat.Stat)],
  );
}

function read(
  id: string,
  {
    Namespace = '',
    MetricName,
    Dimensions = [],
  }: Pick<AlarmProperties, 'Namespace' | 'Dimensions'> & { MetricName: string },
  period: number,
  statistic: string,
): MetricRead {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { id, namespace: Namespace, name: MetricName, dimensions, period, statistic };
}

/**
 * The state of an alarm after `samples`, all data points being in. Source: CloudWatch User Guide, "Alarm evaluation". The
 * few older data points that CloudWatch takes in where recent ones are missing are left out: they only delay it.
 *
 * @param now end of the latest data point, in seconds since 1970, for alarms that look at the time
 * @throws for a property, statistic, operator or treatment that it does not implement
 */
export function evaluate(alarm: AlarmProperties, samples: readonly Sample[], now = 0): AlarmState {
  const unknown = Object.keys(alarm).find((property) => !KNOWN.has(property));
  if (unknown !== undefined) throw new Error(`The evaluator does not implement the property ${unknown}.`);
  const breaches = known(COMPARISONS, alarm.ComparisonOperator);
  const metrics = metricsOf(alarm);
  const stray = samples.find(({ metric }) => !metrics.some(({ name }) => name === metric));
  if (stray !== undefined) throw new Error(`${alarm.AlarmName} does not read ${stray.metric}.`);
  const pointOf = pointsOf(alarm, metrics, samples, now);

  let breaching = 0;
  let missing = 0;
  for (let index = 0; index < alarm.EvaluationPeriods; index += 1) {
    const point = pointOf(index);
    if (point === undefined) missing += 1;
    else if (breaches(point, alarm.Threshold)) breaching += 1;
  }
  const treated = { breaching: missing, notBreaching: 0 }[alarm.TreatMissingData];
  if (treated === undefined) {
    throw new Error(`The evaluator does not implement TreatMissingData ${alarm.TreatMissingData}.`);
  }
  return breaching + treated >= alarm.DatapointsToAlarm ? 'ALARM' : 'OK';
}

/** The alarm's data point of the period `index` before the evaluation; 0 is the latest. */
function pointsOf(
  alarm: AlarmProperties,
  metrics: readonly MetricRead[],
  samples: readonly Sample[],
  now: number,
): (index: number) => Value {
  const statisticOf = (id: string, index: number): Value => {
    const [, ofTime] = /^EPOCH (.*)$/.exec(id) ?? [];
    const metric = metrics.find((candidate) => candidate.id === (ofTime ?? id));
    if (metric === undefined) throw new Error(`${alarm.AlarmName} has no metric \`${id}\`.`);
    if (ofTime !== undefined) return now - (index + 1) * metric.period;
    const values = samples
      .filter(
        ({ metric: name, secondsAgo }) => name === metric.name && Math.floor(secondsAgo / metric.period) === index,
      )
      .map(({ value }) => value);
    return values.length === 0 ? undefined : known(STATISTICS, metric.statistic)(values);
  };
  const returned = alarm.Metrics?.filter(({ ReturnData }) => ReturnData !== false);
  if (returned !== undefined && returned.length !== 1) throw new Error('An alarm watches exactly one series.');
  const expression = returned?.[0]?.Expression;
  if (expression === undefined) return (index) => statisticOf(returned?.[0]?.Id ?? 'metric', index);
  const math = parseMath(expression);
  return (index) => math((id) => statisticOf(id, index));
}

function known<Item>(table: Readonly<Record<string, Item>>, name: string): Item {
  const item = table[name];
  if (item === undefined) throw new Error(`The evaluator does not implement ${name || 'nothing'}.`);
  return item;
}
