import { forecastOf } from '../../../cli/plan/forecast';
import { NO_COUNTS } from '../../../functions/contract/outcomes';
import { billOf } from '../../bench/bill';
import { scaledUsage } from '../../bench/cost';
import { logBytesOf, METRIC_SERIES } from '../../bench/log-bytes';
import { pacedRun } from '../../bench/paced-run';
import { looked, OUTLINE, TERMS } from './planned';

describe('what a run is forecast to take and to cost', () => {
  it.each([
    { items: 10_000, rate: 200, chains: 4 },
    { items: 10_000, rate: 200, chains: 10 },
    { items: 5000, rate: 40, chains: 2 },
    { items: 20_000, rate: 400, chains: 8 },
  ])('is within a tenth of what a run is counted to, call by call: %j', async ({ items, rate, chains }) => {
    const linkSeconds = 720;
    const run = await pacedRun({ seed: 1, maxSendRate: rate * 1.25, items, chains, rate, linkSeconds, chunkItems: 25 });
    const plan = { start: 1, end: items + 1, items };
    const all = looked({ items, counts: { ...NO_COUNTS, done: items } }, true);
    const { seconds = 0, cost } = forecastOf({ ...OUTLINE, plan, rate, chains, linkSeconds }, all, TERMS);
    expect(seconds / run.makespanSeconds).toBeGreaterThan(0.9);
    expect(seconds / run.makespanSeconds).toBeLessThan(1.1);
    const counted = billOf('run', '', {
      ...scaledUsage(run.cloud.usage, 1),
      standardTransition: run.transitions,
      logGigabyte: run.reports.reduce((sum, report) => sum + logBytesOf(report), 0) / 1e9,
      metricMonth: (METRIC_SERIES * Math.ceil(run.makespanSeconds / 3600)) / 730,
    });
    const forecast = (cost?.lambda ?? 0) + (cost?.ledger ?? 0) + (cost?.others ?? 0);
    expect(forecast / counted.dollars).toBeGreaterThan(0.9);
    expect(forecast / counted.dollars).toBeLessThan(1.1);
  });
});
