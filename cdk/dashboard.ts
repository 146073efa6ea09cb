import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IAlarm,
  type IMetric,
  type IWidget,
  MathExpression,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { executionsUrl } from './console-links';
import { hourlyCost } from './hourly-cost';
import type { MetricName, RunMetrics } from './metrics';
import type { RunsWidget } from './runs-widget';

export interface DashboardProps {
  readonly metrics: RunMetrics;
  readonly alarms: readonly IAlarm[];
  /** Memory of the chain function in MiB. */
  readonly memorySize: number;
  readonly job: string;
  readonly stateMachine: IStateMachine;
  readonly lastRuns: RunsWidget;
  /** Address of docs/operations.md. */
  readonly runbookUrl: string;
}

const PER_SECOND = { label: 'per second', min: 0, showUnits: false };
const COUNT = { label: 'count', min: 0, showUnits: false };
const SECONDS = { label: 'seconds', min: 0, showUnits: false };
const SHARE = { min: 0, showUnits: false };
/** Links report at their end, up to 14 minutes after their work: a shorter period would show bursts and gaps. */
const QUARTER_HOUR = Duration.minutes(15);

/** The dashboard, from top to bottom: is it running, is it on pace, who did not get it, what does it cost. */
export function createDashboard(scope: Construct, id: string, props: DashboardProps): Dashboard {
  const { metrics, alarms, memorySize, lastRuns } = props;
  return new Dashboard(scope, id, {
    defaultInterval: Duration.hours(12),
    widgets: [
      [heading(titleOf(props), 2)],
      [heading('## Is it running?')],
      [alarmStates(alarms, 24)],
      [lastRuns.widget({ width: 24, height: 7 })],
      [runs(metrics), liveChains(metrics)],
      [heading('## Is it on pace?')],
      [throughput(metrics), throttles(metrics)],
      [durations(metrics), links(metrics)],
      [handoff(metrics), linkSpeed(metrics)],
      [heading('## Who did not get it?')],
      [outcomes(metrics), leftovers(metrics)],
      ...mailFeedback(metrics),
      [heading('## What does it cost?')],
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

/** What a job's row on a dashboard of several jobs needs. */
export type JobRow = Pick<DashboardProps, 'metrics' | 'alarms' | 'job' | 'stateMachine' | 'lastRuns' | 'runbookUrl'>;

/** One job on a dashboard of several: its alarms, then whether it runs, its last runs, is on pace, and whom it left out. */
export function jobRows(row: JobRow): IWidget[][] {
  const { metrics, alarms, lastRuns } = row;
  return [
    [heading(titleOf(row), 2)],
    [alarmStates(alarms, 12, 6), runs(metrics)],
    [lastRuns.widget({ width: 24, height: 5 })],
    [throughput(metrics), leftovers(metrics)],
  ];
}

function titleOf({
  job,
  stateMachine,
  runbookUrl,
}: Pick<DashboardProps, 'job' | 'stateMachine' | 'runbookUrl'>): string {
  return `# ${job}\n[Executions](${executionsUrl(stateMachine)}), each with what it does now · [Runbook](${runbookUrl})`;
}

function heading(markdown: string, height = 1): TextWidget {
  return new TextWidget({ markdown, width: 24, height });
}

function alarmStates(alarms: readonly IAlarm[], width: number, height = 4): AlarmStatusWidget {
  return new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width, height });
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
    right: [metrics.own('Links'), metrics.own('ChainsParked', { label: 'parked until their hour' })],
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
