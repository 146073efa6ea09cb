import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IAlarm,
  type IMetric,
  MathExpression,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { hourlyCost } from './hourly-cost';
import type { MetricName, RunMetrics } from './metrics';

export interface DashboardProps {
  readonly metrics: RunMetrics;
  readonly alarms: readonly IAlarm[];
  /** Memory of the chain function in MiB. */
  readonly memorySize: number;
}

const PER_SECOND = { label: 'per second', min: 0, showUnits: false };
const COUNT = { label: 'count', min: 0, showUnits: false };
const SECONDS = { label: 'seconds', min: 0, showUnits: false };
const SHARE = { min: 0, showUnits: false };
/** Links report at their end, up to 14 minutes after their work: a shorter period would show bursts and gaps. */
const QUARTER_HOUR = Duration.minutes(15);

/** The dashboard: what runs do, how well, and what they cost. */
export function createDashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const { metrics, alarms, memorySize } = props;
  return new Dashboard(scope, id, {
    defaultInterval: Duration.hours(12),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
      [throughput(metrics), outcomes(metrics)],
      [throttles(metrics), runs(metrics)],
      [leftovers(metrics), durations(metrics)],
      [liveChains(metrics), links(metrics)],
      [handoff(metrics), linkSpeed(metrics)],
      ...mailFeedback(metrics),
      [
        graph('Estimated spend, US$ per hour at the list prices of us-east-1', {
          left: hourlyCost(metrics, memorySize),
          leftYAxis: { label: 'US$', min: 0, showUnits: false },
          stacked: true,
        }),
        graph('Ledger', {
          left: [metrics.ledger('ConsumedWriteCapacityUnits'), metrics.ledger('ConsumedReadCapacityUnits')],
          leftYAxis: COUNT,
          right: [metrics.ledger('WriteThrottleEvents'), metrics.ledger('ReadThrottleEvents')],
          rightYAxis: COUNT,
        }),
      ],
    ],
  });
}

function throughput(metrics: RunMetrics): GraphWidget {
  const period = QUARTER_HOUR;
  return graph('Throughput against budget and quota', {
    left: [
      rate('items', metrics.own('ItemsDone', { period }), 'done'),
      metrics.own('BudgetPerSecond', { period, label: 'budget of the run' }),
      metrics.own('QuotaPerSecond', { period, label: 'quota of the account' }),
      rate('mails', metrics.mails({ period }), 'mails of the whole account'),
    ],
    leftYAxis: PER_SECOND,
  });
}

function outcomes(metrics: RunMetrics): GraphWidget {
  return graph('Outcomes', {
    left: [
      metrics.own('ItemsDone'),
      metrics.own('ItemsSkipped'),
      metrics.own('ItemsUnprocessed'),
      metrics.own('ItemsInDoubt'),
    ],
    leftYAxis: COUNT,
    stacked: true,
  });
}

function throttles(metrics: RunMetrics): GraphWidget {
  return graph('Throttles', {
    left: [metrics.own('Throttles'), metrics.lambda('runChain', 'Throttles', { label: 'links throttled' })],
    leftYAxis: COUNT,
    right: [metrics.own('ThrottledSeconds', { label: 'seconds lost by throttles, all chains' })],
    rightYAxis: SECONDS,
  });
}

function runs(metrics: RunMetrics): GraphWidget {
  const ends = ['Started', 'Succeeded', 'Failed', 'TimedOut', 'Aborted', 'Redriven'] as const;
  return graph('Runs', {
    left: ends.map((end) => metrics.executions(`Executions${end}`)),
    leftYAxis: COUNT,
    right: [metrics.own('RunElapsedShare', { label: 'time taken ÷ time expected' })],
    rightYAxis: SHARE,
  });
}

function leftovers(metrics: RunMetrics): GraphWidget {
  return graph('What reconciled runs leave behind', {
    left: [metrics.own('RunItemsUnprocessed'), metrics.own('RunItemsInDoubt')],
    leftYAxis: COUNT,
    right: [metrics.own('RunsReconciled')],
    rightYAxis: COUNT,
  });
}

/** Empty where the job sends no mails. */
function mailFeedback(metrics: RunMetrics): GraphWidget[][] {
  const of = (...names: readonly MetricName[]) => names.flatMap((name) => metrics.mailFeedback(name) ?? []);
  const counts = of('MailsBounced', 'MailsSoftBounced', 'MailsComplained', 'MailsRejected', 'MailsDelayed');
  if (counts.length === 0) return [];
  return [
    [
      graph('What became of mails', { left: counts, leftYAxis: COUNT }),
      graph("Shares of a run's mails", {
        left: of('BouncedShare', 'ComplainedShare'),
        leftYAxis: SHARE,
        right: of('FeedbackReactions', 'FeedbackUnread'),
        rightYAxis: COUNT,
      }),
    ],
  ];
}

function durations(metrics: RunMetrics): GraphWidget {
  return graph('Duration of runs, and the daily quota before them', {
    left: [metrics.own('RunSeconds')],
    leftYAxis: SECONDS,
    right: [metrics.own('DailyQuotaUsedShare', { label: 'share of the daily quota used before' })],
    rightYAxis: SHARE,
  });
}

function liveChains(metrics: RunMetrics): GraphWidget {
  return graph('Live chains', {
    left: [metrics.lambda('runChain', 'ConcurrentExecutions', { statistic: Stats.MAXIMUM, label: 'links at work' })],
    leftYAxis: COUNT,
    right: [
      metrics.own('ChainsFinished'),
      metrics.own('ChainsInterrupted'),
      metrics.own('DuplicateDeliveries'),
      metrics.lambda('failChain', 'Invocations', { label: 'links that died' }),
    ],
    rightYAxis: COUNT,
  });
}

function links(metrics: RunMetrics): GraphWidget {
  return graph('Links', {
    left: [
      metrics.own('LinkSeconds', { label: 'link, median' }),
      metrics.own('LinkSeconds', { statistic: Stats.MAXIMUM, label: 'link, longest' }),
    ],
    leftYAxis: SECONDS,
    right: [metrics.own('Links')],
    rightYAxis: COUNT,
  });
}

function handoff(metrics: RunMetrics): GraphWidget {
  return graph('Handoff', {
    left: [
      metrics.own('HandoffMilliseconds', { label: 'handoff, median' }),
      metrics.own('HandoffMilliseconds', { statistic: Stats.p(99), label: 'handoff, 99th percentile' }),
      metrics.lambda('runChain', 'AsyncEventAge', { statistic: Stats.MAXIMUM, label: 'wait for a start, longest' }),
    ],
    leftYAxis: { label: 'milliseconds', min: 0, showUnits: false },
  });
}

function linkSpeed(metrics: RunMetrics): GraphWidget {
  return graph('Speed of a link', {
    left: [metrics.own('ItemsPerSecond', { label: 'items of one link' })],
    leftYAxis: PER_SECOND,
  });
}

function graph(title: string, props: Omit<GraphWidgetProps, 'title'>): GraphWidget {
  return new GraphWidget({ title, width: 12, height: 6, ...props });
}

/** What is counted, per second. `id` is its name in the expression, unique in a graph. */
function rate(id: string, counted: IMetric, label: string): MathExpression {
  return new MathExpression({
    expression: `${id} / PERIOD(${id})`,
    usingMetrics: { [id]: counted },
    period: QUARTER_HOUR,
    label,
  });
}
