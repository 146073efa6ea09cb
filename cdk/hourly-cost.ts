import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { RunMetrics } from './metrics';

/**
 * US$, list prices of us-east-1. Sources: the pricing pages of Lambda (arm64), DynamoDB (on demand), CloudWatch Logs and
 * SES (without a plan). State transitions are left out: a few for each chain, about 0.0002 US$.
 */
const PRICES = {
  gigabyteSecond: 0.0000133334,
  request: 0.2 / 1e6,
  ledgerWrite: 0.625 / 1e6,
  ledgerRead: 0.125 / 1e6,
  logGigabyte: 0.5,
  mail: 0.1 / 1000,
} as const;

const HOUR = Duration.hours(1);

/** What drives the bill of a run, each in US$ per hour. An estimate: it counts a mail for each item that is done. */
export function hourlyCost(metrics: RunMetrics, memorySize: number): IMetric[] {
  const hourly = { period: HOUR };
  const gigabytes = memorySize / 1024;
  return [
    cost('mails', 'mails', metrics.own('ItemsDone', hourly), PRICES.mail),
    cost(
      'duration',
      'chain function',
      metrics.lambda('runChain', 'Duration', hourly),
      (gigabytes * PRICES.gigabyteSecond) / 1000,
    ),
    cost('invocations', 'invocations', metrics.lambda('runChain', 'Invocations', hourly), PRICES.request),
    cost('writes', 'ledger writes', metrics.ledger('ConsumedWriteCapacityUnits', hourly), PRICES.ledgerWrite),
    cost('reads', 'ledger reads', metrics.ledger('ConsumedReadCapacityUnits', hourly), PRICES.ledgerRead),
    cost('bytes', 'logs', metrics.chainLogBytes(hourly), PRICES.logGigabyte / 1024 ** 3),
  ];
}

/** `id` is the name of the amount in the expression, unique in a graph. */
function cost(id: string, label: string, amount: IMetric, price: number): MathExpression {
  return new MathExpression({
    // In plain decimals: CloudWatch's expressions are not said to know 1e-7.
    expression: `${id} * ${price.toFixed(20).replace(/0+$/, '')}`,
    usingMetrics: { [id]: amount },
    period: HOUR,
    label,
  });
}
