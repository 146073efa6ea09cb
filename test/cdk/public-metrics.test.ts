import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { serviceOf } from '../../cdk/functions';
import { WorkerChains } from '../../cdk/worker-chains';
import { METRICS } from '../../functions/contract/names';
import { unbundledApp } from './stacks';

const chains = new WorkerChains(
  new Stack(unbundledApp(), 'Test', { env: { region: 'eu-west-1', account: '123456789012' } }),
  'Digest',
  { job: 'examples/weekly-digest/job.ts', ids: { first: 1, last: 3 }, schedule: Schedule.rate(Duration.days(1)) },
);
const service = serviceOf(chains);
const what = ({ namespace, metricName, dimensions, statistic, period }: Metric) => ({
  ...{ namespace, metricName, dimensions, statistic },
  seconds: period.toSeconds(),
});

it('has every metric of the functions under the dimensions of these chains, with a statistic that says something', () => {
  const statistics = Object.values(METRICS).map((name) => {
    const metric = chains.metric(name);
    expect(what(metric)).toMatchObject({ namespace: 'WorkerChains', metricName: name, seconds: 300 });
    const job = ['DuplicateDeliveries', 'FeedbackUnread'].includes(name) ? {} : { job: 'weekly-digest' };
    expect(metric.dimensions).toEqual({ service, ...job });
    return [name, metric.statistic];
  });
  expect(Object.fromEntries(statistics.filter(([, statistic]) => statistic !== 'Sum'))).toEqual({
    ItemsPerSecond: 'Average',
    LinkSeconds: 'p50',
    HandoffMilliseconds: 'p50',
    BudgetPerSecond: 'Maximum',
    QuotaPerSecond: 'Maximum',
    DailyQuotaUsedShare: 'Maximum',
    RunElapsedShare: 'Maximum',
    RunSeconds: 'Maximum',
    BouncedShare: 'Maximum',
    ComplainedShare: 'Maximum',
    BudgetClosedSeconds: 'Maximum',
    RunSuppressedShare: 'Maximum',
  });
});

it.each<[string, (options?: MetricOptions) => Metric, string]>([
  ['ItemsDone', (options) => chains.metricItemsDone(options), 'Sum'],
  ['ItemsUnprocessed', (options) => chains.metricItemsUnprocessed(options), 'Sum'],
  ['ItemsInDoubt', (options) => chains.metricItemsInDoubt(options), 'Sum'],
  ['Throttles', (options) => chains.metricThrottles(options), 'Sum'],
  ['ChainsInterrupted', (options) => chains.metricChainsInterrupted(options), 'Sum'],
  ['RunSeconds', (options) => chains.metricRunSeconds(options), 'Maximum'],
])('has %s by a name of its own, and lets its options win', (metricName, metricOf, statistic) => {
  const usual = { namespace: 'WorkerChains', metricName, dimensions: { service, job: 'weekly-digest' } };

  expect(what(metricOf())).toEqual({ ...usual, statistic, seconds: 300 });
  expect(what(metricOf({ statistic: undefined }))).toEqual({ ...usual, statistic, seconds: 300 });
  expect(what(metricOf({ statistic: 'Minimum', period: Duration.hours(1) }))).toEqual({
    ...usual,
    ...{ statistic: 'Minimum', seconds: 3600 },
  });
});

it('says where a metric is, for a dashboard that is elsewhere', () => {
  expect(chains.metricItemsDone()).toMatchObject({ region: 'eu-west-1', account: '123456789012' });
});
