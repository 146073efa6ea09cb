import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { RunMetrics } from './metrics';

/**
 * `page`: somebody has to look now, day or night. `ticket`: it can wait for the morning, or tells more about what another
 * alarm has paged somebody for. One cause pages once.
 */
export type AlarmSeverity = 'page' | 'ticket';

/** One alarm. Its runbook entry in docs/operations.md has the same id. */
export interface AlarmDefinition {
  readonly id: string;
  readonly severity: AlarmSeverity;
  /** The beginning of a sentence that ends with the link of the runbook entry. */
  readonly says: string;
  /** A metric or an expression, with the period of its data points. */
  readonly metric: IMetric;
  /** @default - `>=` */
  readonly comparison?: ComparisonOperator;
  readonly threshold: number;
  /** Data points that are looked at. @default - 1 */
  readonly periods?: number;
  /** Data points of these that must breach. @default - all of them */
  readonly datapoints?: number;
  /** @default - what is not reported did not happen: `notBreaching` */
  readonly missing?: TreatMissingData;
}

export interface AlarmThresholds {
  /** Time of a run ÷ the time it was expected to take. */
  readonly overdueShare: number;
  /** Share, above 0 to 1, of the attempts that the provider refuses for their rate. */
  readonly throttledShare: number;
  /** Seconds, above 0 to 86,400, for which a provider wants no calls while a run is on. */
  readonly closedSeconds: number;
  /** Share, above 0 to 1, of a run's items whose recipients are suppressed. */
  readonly suppressedShare: number;
  /** Share, above 0 to 1, of the items that are left unprocessed. */
  readonly unprocessedShare: number;
  /** Links that end with an error within 15 minutes. */
  readonly interruptions: number;
  /** Invocations of the chain function within 5 minutes. */
  readonly links: number;
  /** Longest time between two starts of an execution. Undefined where CloudWatch cannot look back that far. */
  readonly startsWithin?: Duration;
  /** Beginnings of hours in UTC that count as a start, because clocks are changed. @default - none */
  readonly bridged?: readonly Date[];
  /** Shares of a run's mails. Undefined where the job sends none. */
  readonly feedback?: { readonly bounces: number; readonly complaints: number };
}

const QUARTER_HOUR = Duration.minutes(15);
/** Below this many throttles, or items, within 15 minutes no alarm looks at their share. */
const LEAST_THROTTLES = 20;
const LEAST_ITEMS = 100;

const HOUR = Duration.hours(1);
/** An alarm looks back over 7 days at most (PutMetricAlarm: `Period` × `EvaluationPeriods` <= 604,800 s). */
export const LONGEST_WINDOW = Duration.days(7);

/** Every alarm of a job's worker chains, in the order of the runbook. */
export function alarmDefinitions(metrics: RunMetrics, thresholds: AlarmThresholds): readonly AlarmDefinition[] {
  return [
    {
      id: 'run-failed',
      severity: 'page',
      says: 'A run was refused or has failed: its execution ended with an error',
      metric: metrics.executions('ExecutionsFailed'),
      threshold: 1,
    },
    {
      id: 'run-timed-out',
      severity: 'page',
      says: 'A run has reached the time limit of its execution',
      metric: metrics.executions('ExecutionsTimedOut'),
      threshold: 1,
    },
    ...runMissed(metrics, thresholds),
    ...startRefused(metrics),
    {
      id: 'occurrence-undelivered',
      severity: 'page',
      says: 'EventBridge could not start a run, and has put its event into the dead-letter queue',
      metric: metrics.missedOccurrences(),
      threshold: 1,
    },
    {
      id: 'occurrence-lost',
      severity: 'page',
      says: 'EventBridge could neither start a run nor put its event into the dead-letter queue',
      metric: metrics.lostOccurrences(),
      threshold: 1,
    },
    {
      id: 'run-overdue',
      severity: 'ticket',
      says: `A run takes more than ${thresholds.overdueShare} times as long as it was expected to`,
      metric: metrics.own('RunElapsedShare', { period: QUARTER_HOUR }),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: thresholds.overdueShare,
    },
    {
      id: 'run-unreconciled',
      severity: 'ticket',
      says: 'The proof that nobody was forgotten has failed, or could not be given',
      metric: metrics.lambda('reconcileRun', 'Errors'),
      threshold: 1,
    },
    {
      id: 'items-in-doubt',
      severity: 'ticket',
      says: 'A run has ended with items that may or may not have been processed',
      metric: metrics.own('RunItemsInDoubt'),
      threshold: 1,
    },
    {
      id: 'unprocessed-share',
      severity: 'ticket',
      says: `More than ${percent(thresholds.unprocessedShare)} of the items are left unprocessed`,
      metric: new MathExpression({
        expression: `IF(done + skipped + unprocessed + doubtful >= ${LEAST_ITEMS}, unprocessed / (done + skipped + unprocessed + doubtful), 0)`,
        usingMetrics: {
          done: metrics.own('ItemsDone', { period: QUARTER_HOUR }),
          skipped: metrics.own('ItemsSkipped', { period: QUARTER_HOUR }),
          unprocessed: metrics.own('ItemsUnprocessed', { period: QUARTER_HOUR }),
          doubtful: metrics.own('ItemsInDoubt', { period: QUARTER_HOUR }),
        },
        period: QUARTER_HOUR,
        label: 'unprocessed ÷ all items',
      }),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: thresholds.unprocessedShare,
    },
    {
      id: 'throttled-share',
      severity: 'ticket',
      says: `The provider refuses more than ${percent(thresholds.throttledShare)} of the attempts for their rate`,
      metric: new MathExpression({
        expression: `IF(throttles >= ${LEAST_THROTTLES}, throttles / (throttles + done), 0)`,
        usingMetrics: {
          throttles: metrics.own('Throttles', { period: QUARTER_HOUR }),
          done: metrics.own('ItemsDone', { period: QUARTER_HOUR }),
        },
        period: QUARTER_HOUR,
        label: 'throttles ÷ attempts',
      }),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: thresholds.throttledShare,
    },
    {
      id: 'budget-closed',
      severity: 'ticket',
      says: `A provider wants no calls for ${thresholds.closedSeconds} seconds or more, and the run waits`,
      metric: metrics.own('BudgetClosedSeconds', { period: QUARTER_HOUR }),
      threshold: thresholds.closedSeconds,
    },
    {
      id: 'quota-exhausted',
      severity: 'ticket',
      says: 'A chain has stopped because the daily sending quota is spent or sending is paused',
      metric: metrics.own('ChainsOutOfQuota'),
      threshold: 1,
    },
    {
      id: 'chains-interrupted',
      severity: 'ticket',
      says: `At least ${thresholds.interruptions} links have ended with an error within 15 minutes`,
      metric: metrics.own('ChainsInterrupted', { period: QUARTER_HOUR }),
      threshold: thresholds.interruptions,
    },
    {
      id: 'chain-runaway',
      severity: 'ticket',
      says: 'A chain was stopped because its cursor did not advance or its link budget was spent',
      metric: metrics.own('ChainsRunaway'),
      threshold: 1,
    },
    {
      id: 'runaway-links',
      severity: 'page',
      says: `More than ${thresholds.links} links have started within 5 minutes, which no honest run needs`,
      metric: metrics.lambda('runChain', 'Invocations'),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: thresholds.links,
    },
    {
      id: 'link-died',
      severity: 'ticket',
      says: 'A link has died without a word, and FailChain was called to report it',
      metric: metrics.lambda('failChain', 'Invocations'),
      threshold: 1,
    },
    {
      id: 'fail-chain-failed',
      severity: 'ticket',
      says: 'FailChain itself has failed to report a dead link',
      metric: metrics.lambda('failChain', 'Errors'),
      threshold: 1,
    },
    {
      id: 'dead-link-unreported',
      severity: 'ticket',
      says: 'Lambda could not hand a dead link over to FailChain',
      metric: metrics.lambda('runChain', 'DestinationDeliveryFailures'),
      threshold: 1,
    },
    {
      id: 'links-dropped',
      severity: 'ticket',
      says: 'Lambda has dropped the event of a link',
      metric: metrics.lambda('runChain', 'AsyncEventsDropped'),
      threshold: 1,
    },
    {
      id: 'recursion-dropped',
      severity: 'ticket',
      says: 'Lambda has taken a chain for an endless loop and dropped its next link',
      metric: metrics.lambda('runChain', 'RecursiveInvocationsDropped'),
      threshold: 1,
    },
    {
      id: 'links-throttled',
      severity: 'ticket',
      says: 'Links keep finding the reserved concurrency of the chain function used up',
      metric: metrics.lambda('runChain', 'Throttles'),
      threshold: 1,
      periods: 3,
      datapoints: 2,
    },
    {
      id: 'ledger-writes-throttled',
      severity: 'ticket',
      says: 'DynamoDB keeps refusing writes to the ledger for their rate',
      metric: metrics.ledger('WriteThrottleEvents'),
      threshold: 1,
      periods: 3,
      datapoints: 2,
    },
    {
      id: 'ledger-reads-throttled',
      severity: 'ticket',
      says: 'DynamoDB keeps refusing reads of the ledger for their rate',
      metric: metrics.ledger('ReadThrottleEvents'),
      threshold: 1,
      periods: 3,
      datapoints: 2,
    },
    ...mailFeedback(metrics, thresholds),
    ...unsubscribing(metrics),
    {
      id: 'notice-undelivered',
      severity: 'ticket',
      says: 'Nobody could be told that a run has ended without success',
      metric: metrics.undeliveredNotices(),
      threshold: 1,
    },
    ...stops(metrics),
  ];
}

/**
 * No execution was started for as long as the schedule pauses, and an hour. Many data points of an hour rather than a
 * long one: CloudWatch reads somewhat more points than it evaluates, and an old start must not count for days. An alarm
 * that looks back over more than a day is evaluated once an hour and sees what came before the hour began: so a window of
 * exactly a week holds a weekly run, which starts in the same hour every time.
 */
function runMissed(metrics: RunMetrics, { startsWithin, bridged = [] }: AlarmThresholds): AlarmDefinition[] {
  if (startsWithin === undefined) return [];
  const started = metrics.executions('ExecutionsStarted', { period: HOUR });
  const hours = Math.ceil(startsWithin.toHours({ integral: false })) + 1;
  return [
    {
      id: 'run-missed',
      severity: 'page',
      says: `No run was started for ${durationOf(startsWithin)}, the longest pause of the schedule`,
      metric: bridged.length === 0 ? started : orIn(bridged, started),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: Math.min(hours, LONGEST_WINDOW.toHours()),
      missing: TreatMissingData.BREACHING,
    },
  ];
}

/** 1 in these hours. `EPOCH` has a value for each hour, also for one in which nothing was started. */
function orIn(hours: readonly Date[], started: IMetric): IMetric {
  const isOne = hours.map((hour) => `EPOCH(started) == ${hour.getTime() / 1000}`).join(' OR ');
  return new MathExpression({
    expression: `IF(${isOne}, 1, started)`,
    usingMetrics: { started },
    period: HOUR,
    label: 'executions started, and hours that a change of clocks adds',
  });
}

/** Scheduler goes on trying for a day: somebody can mend it before the occurrence is missed. */
function startRefused(metrics: RunMetrics): AlarmDefinition[] {
  const metric = metrics.refusedStarts();
  const says = 'EventBridge Scheduler was refused when it started a run, and goes on trying for up to 24 hours';
  return metric ? [{ id: 'start-refused', severity: 'ticket', says, metric, threshold: 1 }] : [];
}

/** Feedback is taken within seconds: a run that goes too far has stopped or paused itself by the time an alarm goes off. */
function mailFeedback(metrics: RunMetrics, { feedback, suppressedShare }: AlarmThresholds): AlarmDefinition[] {
  const bounced = metrics.mailFeedback('BouncedShare');
  const complained = metrics.mailFeedback('ComplainedShare');
  const dead = metrics.deadFeedback();
  const suppressed = metrics.mailFeedback('RunSuppressedShare');
  if (!feedback || !bounced || !complained || !suppressed || !dead) return [];
  return [
    {
      id: 'bounced-share',
      severity: 'page',
      says: `More than ${percent(feedback.bounces)} of a run's mails have bounced for good`,
      metric: bounced,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: feedback.bounces,
    },
    {
      id: 'complained-share',
      severity: 'page',
      says: `More than ${percent(feedback.complaints)} of a run's mails were complained about`,
      metric: complained,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: feedback.complaints,
    },
    {
      id: 'suppressed-share',
      severity: 'ticket',
      says: `More than ${percent(suppressedShare)} of a run's items went to nobody, because their recipients are suppressed`,
      metric: suppressed,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: suppressedShare,
    },
    {
      id: 'feedback-dead-lettered',
      severity: 'ticket',
      says: 'What SES says of mails could not be taken, and waits in the dead-letter queue',
      metric: dead,
      threshold: 1,
    },
  ];
}

/** Whoever cannot unsubscribe complains instead. */
function unsubscribing(metrics: RunMetrics): AlarmDefinition[] {
  const metric = metrics.failedUnsubscriptions();
  const says = 'Somebody could not unsubscribe: the endpoint has answered with an error of its own';
  return metric ? [{ id: 'unsubscribing-failed', severity: 'ticket', says, metric, threshold: 1 }] : [];
}

/** Nothing else tells that a run goes on although an alarm was to stop it. */
function stops(metrics: RunMetrics): AlarmDefinition[] {
  const metric = metrics.undeliveredStops();
  const says =
    'An alarm of `stopOn` may be in ALARM while a run goes on: the stop could not be delivered, or has failed';
  return metric ? [{ id: 'stop-undelivered', severity: 'page', says, metric, threshold: 1 }] : [];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function durationOf(duration: Duration): string {
  return duration.toHumanString();
}
