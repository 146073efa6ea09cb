import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { METRICS, METRICS_NAMESPACE } from '../functions/contract/names';

/** What alarms and dashboard look at. */
export interface Watched {
  readonly job: string;
  /** Dimension `service` under which the functions emit. */
  readonly service: string;
  readonly stateMachine: IStateMachine;
  readonly runChain: LambdaFunction;
  readonly failChain: LambdaFunction;
  readonly reconcileRun: LambdaFunction;
  readonly ledger: ITable;
  readonly rule: IRule;
  readonly missedOccurrences: IQueue;
}

export interface Sampling {
  /** @default - the sum */
  readonly statistic?: string;
  /** @default - 5 minutes */
  readonly period?: Duration;
  /** @default - the metric's name */
  readonly label?: string;
}

/** The metrics of one job's worker chains, each with the dimensions under which it is published. */
export class RunMetrics {
  constructor(private readonly watched: Watched) {}

  /** What the handlers of this project emit, under the dimensions that `functions/observability.ts` gives it. */
  own(metric: keyof typeof METRICS, sampling?: Sampling): Metric {
    const dimensions: Record<string, string> = { service: this.watched.service };
    if (metric !== 'duplicateDeliveries') dimensions.job = this.watched.job;
    return metricOf(METRICS_NAMESPACE, METRICS[metric], dimensions, sampling);
  }

  executions(metricName: `Execution${string}`, sampling?: Sampling): Metric {
    return metricOf(
      'AWS/States',
      metricName,
      { StateMachineArn: this.watched.stateMachine.stateMachineArn },
      {
        statistic: metricName === 'ExecutionTime' ? Stats.MAXIMUM : Stats.SUM,
        ...sampling,
      },
    );
  }

  lambda(fn: 'runChain' | 'failChain' | 'reconcileRun', metricName: string, sampling?: Sampling): Metric {
    return metricOf('AWS/Lambda', metricName, { FunctionName: this.watched[fn].functionName }, sampling);
  }

  ledger(metricName: string, sampling?: Sampling): Metric {
    return metricOf('AWS/DynamoDB', metricName, { TableName: this.watched.ledger.tableName }, sampling);
  }

  rule(metricName: string, sampling?: Sampling): Metric {
    return metricOf('AWS/Events', metricName, { RuleName: this.watched.rule.ruleName }, sampling);
  }

  missedOccurrences(sampling?: Sampling): Metric {
    return metricOf(
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      { QueueName: this.watched.missedOccurrences.queueName },
      { statistic: Stats.MAXIMUM, ...sampling },
    );
  }

  /** Mails that the account sends in this region, whoever sends them. */
  mails(sampling?: Sampling): Metric {
    return metricOf('AWS/SES', 'Send', {}, sampling);
  }

  chainLogBytes(sampling?: Sampling): Metric {
    return metricOf(
      'AWS/Logs',
      'IncomingBytes',
      { LogGroupName: this.watched.runChain.logGroup.logGroupName },
      sampling,
    );
  }
}

function metricOf(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  { statistic = Stats.SUM, period = Duration.minutes(5), label }: Sampling = {},
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period, label });
}
