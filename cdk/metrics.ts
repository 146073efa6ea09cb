import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { METRICS, METRICS_NAMESPACE } from '../functions/contract/names';

/** Name of a metric that the functions emit, as CloudWatch has it: `ItemsDone`. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Default statistics of the metrics that are not counts; those of counts are sums. */
const STATISTICS: Partial<Readonly<Record<MetricName, string>>> = {
  [METRICS.itemsPerSecond]: Stats.AVERAGE,
  [METRICS.linkSeconds]: Stats.p(50),
  [METRICS.handoffMilliseconds]: Stats.p(50),
  [METRICS.budgetPerSecond]: Stats.MAXIMUM,
  [METRICS.quotaPerSecond]: Stats.MAXIMUM,
  [METRICS.dailyQuotaUsedShare]: Stats.MAXIMUM,
  [METRICS.runElapsedShare]: Stats.MAXIMUM,
  [METRICS.runSeconds]: Stats.MAXIMUM,
  [METRICS.bouncedShare]: Stats.MAXIMUM,
  [METRICS.complainedShare]: Stats.MAXIMUM,
  [METRICS.budgetClosedSeconds]: Stats.MAXIMUM,
  [METRICS.runSuppressedShare]: Stats.MAXIMUM,
};

/** What the function behind the queue of feedback emits, under its own `service`. */
const SAID_OF_MAILS: ReadonlySet<MetricName> = new Set([
  ...[METRICS.mailsBounced, METRICS.mailsSoftBounced, METRICS.mailsComplained, METRICS.mailsRejected],
  ...[METRICS.mailsDelayed, METRICS.bouncedShare, METRICS.complainedShare, METRICS.feedbackReactions],
  METRICS.feedbackUnread,
]);
const WITHOUT_JOB: ReadonlySet<MetricName> = new Set([METRICS.duplicateDeliveries, METRICS.feedbackUnread]);

/** Where the metrics of one job's worker chains come from. */
export interface MetricSources {
  readonly job: string;
  /** Dimension `service` under which the functions emit. */
  readonly service: string;
  readonly stateMachine: IStateMachine;
  readonly runChain: LambdaFunction;
  readonly failChain: LambdaFunction;
  readonly reconcileRun: LambdaFunction;
  readonly ledgerTable: ITable;
  /** What starts runs: a rule, or the schedules of a group. */
  readonly starts: { readonly rule: IRule } | { readonly group: IScheduleGroup };
  readonly missedOccurrences: IQueue;
  /** What is said of the job's mails; absent where it sends none. */
  readonly feedback?: { readonly service: string; readonly deadLetters: IQueue };
  /** Ends of runs that nobody could be told of. */
  readonly undeliveredNotices: IQueue;
  /** Stops by alarms that could not be acted upon; absent where no alarm stops runs. */
  readonly undeliveredStops?: IQueue;
  /** Answers unsubscribe links; absent where the job has none of the construct's. */
  readonly unsubscribe?: LambdaFunction;
}

/**
 * The metrics of one job's worker chains, each with the dimensions under which it is published. Sums over 5 minutes
 * unless said otherwise.
 */
export class RunMetrics {
  constructor(
    private readonly scope: IConstruct,
    private readonly sources: MetricSources,
  ) {}

  /** What the functions emit, under the dimensions that `functions/observability.ts` gives it. */
  own(name: MetricName, options: MetricOptions = {}): Metric {
    const { service, feedback, job } = this.sources;
    const dimensions: Record<string, string> = { service: (SAID_OF_MAILS.has(name) && feedback?.service) || service };
    if (!WITHOUT_JOB.has(name)) dimensions.job = job;
    return this.metric(METRICS_NAMESPACE, name, dimensions, {
      ...options,
      statistic: options.statistic ?? STATISTICS[name],
    });
  }

  /** What is said of the job's mails; undefined where it sends none. Shares are the largest, everything else is summed up. */
  mailFeedback(name: MetricName, options: MetricOptions = {}): Metric | undefined {
    return this.sources.feedback && this.own(name, options);
  }

  /** Messages of feedback that could not be taken. */
  deadFeedback(options?: MetricOptions): Metric | undefined {
    const { feedback } = this.sources;
    return feedback && this.messagesIn(feedback.deadLetters, options);
  }

  executions(metricName: `Execution${string}`, options?: MetricOptions): Metric {
    const dimensions = { StateMachineArn: this.sources.stateMachine.stateMachineArn };
    const statistic = metricName === 'ExecutionTime' ? Stats.MAXIMUM : Stats.SUM;
    return this.metric('AWS/States', metricName, dimensions, { statistic, ...options });
  }

  lambda(fn: 'runChain' | 'failChain' | 'reconcileRun', metricName: string, options?: MetricOptions): Metric {
    return this.metric('AWS/Lambda', metricName, { FunctionName: this.sources[fn].functionName }, options);
  }

  /** Requests to the unsubscribe endpoint that it could not serve; undefined where there is none. */
  failedUnsubscriptions(options?: MetricOptions): Metric | undefined {
    const { unsubscribe } = this.sources;
    return unsubscribe && this.metric('AWS/Lambda', 'Url5xxCount', { FunctionName: unsubscribe.functionName }, options);
  }

  ledger(metricName: string, options?: MetricOptions): Metric {
    return this.metric('AWS/DynamoDB', metricName, { TableName: this.sources.ledgerTable.tableName }, options);
  }

  /** Occurrences for which no run could be started, and that did not get into the dead-letter queue either. */
  lostOccurrences(options?: MetricOptions): Metric {
    const { starts } = this.sources;
    if ('group' in starts) return this.scheduler('InvocationsFailedToBeSentToDeadLetterCount', starts.group, options);
    return this.metric('AWS/Events', 'InvocationsFailedToBeSentToDlq', { RuleName: starts.rule.ruleName }, options);
  }

  /** Attempts of schedules that Step Functions refused; undefined where a rule starts runs, which does not say so. */
  refusedStarts(options?: MetricOptions): Metric | undefined {
    const { starts } = this.sources;
    return 'group' in starts ? this.scheduler('TargetErrorCount', starts.group, options) : undefined;
  }

  private scheduler(metricName: string, group: IScheduleGroup, options?: MetricOptions): Metric {
    return this.metric('AWS/Scheduler', metricName, { ScheduleGroup: group.scheduleGroupName }, options);
  }

  missedOccurrences(options?: MetricOptions): Metric {
    return this.messagesIn(this.sources.missedOccurrences, options);
  }

  /** Ends of runs that nobody could be told of. */
  undeliveredNotices(options?: MetricOptions): Metric {
    return this.messagesIn(this.sources.undeliveredNotices, options);
  }

  /** Stops by alarms that could not be acted upon; undefined where no alarm stops runs. */
  undeliveredStops(options?: MetricOptions): Metric | undefined {
    const { undeliveredStops } = this.sources;
    return undeliveredStops && this.messagesIn(undeliveredStops, options);
  }

  private messagesIn({ queueName }: IQueue, options?: MetricOptions): Metric {
    const dimensions = { QueueName: queueName };
    const statistic = Stats.MAXIMUM;
    return this.metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', dimensions, { statistic, ...options });
  }

  /** Mails that the account sends in this region, those of other programs included. */
  mails(options?: MetricOptions): Metric {
    return this.metric('AWS/SES', 'Send', {}, options);
  }

  chainLogBytes(options?: MetricOptions): Metric {
    const dimensions = { LogGroupName: this.sources.runChain.logGroup.logGroupName };
    return this.metric('AWS/Logs', 'IncomingBytes', dimensions, options);
  }

  private metric(
    namespace: string,
    metricName: string,
    dimensionsMap: Record<string, string>,
    { statistic = Stats.SUM, period = Duration.minutes(5), ...options }: MetricOptions = {},
  ): Metric {
    // Attached: a dashboard in another region or account asks where the metric is.
    return new Metric({ namespace, metricName, dimensionsMap, statistic, period, ...options }).attachTo(this.scope);
  }
}
