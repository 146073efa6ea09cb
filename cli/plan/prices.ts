/**
 * On-demand list prices of us-east-1 in US dollars, without free tiers or volume discounts. Read in November 2026, from
 * the pricing page of each service; `SOURCES` names it. The only place where a price is written.
 */
export const PRICES = {
  /** Per request, asynchronous events and retries included. */
  lambdaRequest: 0.2 / 1e6,
  /** Per GB-second on arm64; initialization is billed as well. */
  lambdaGigabyteSecond: 0.0000133334,
  /** Per state transition of a Standard workflow, retries included. */
  standardTransition: 0.025 / 1000,
  /** Per execution of an Express workflow. */
  expressRequest: 1 / 1e6,
  /** Per GB-second of an Express workflow, in units of 64 MB. */
  expressGigabyteSecond: 0.00001667,
  /** DynamoDB on demand, per write unit (1 KB). */
  writeUnit: 0.625 / 1e6,
  /** Per read unit (4 KB, consistent; half of one if eventually consistent). */
  readUnit: 0.125 / 1e6,
  /** CloudWatch Logs, per GB taken in. */
  logGigabyte: 0.5,
  /** Per custom metric and month, billed by the hour in which it was sent. */
  metricMonth: 0.3,
  /** SQS standard queue, per request of up to 64 KB. */
  sqsRequest: 0.4 / 1e6,
  /** Lambda durable functions, per durable operation. */
  durableOperation: 8 / 1e6,
  /** Per mail, à la carte. Everybody pays it: not part of any total. */
  sesMail: 0.1 / 1000,
} as const;

export const PRICES_AS_OF = '2026-11';

export const SOURCES: Readonly<Record<keyof typeof PRICES, string>> = {
  lambdaRequest: 'https://aws.amazon.com/lambda/pricing/',
  lambdaGigabyteSecond: 'https://aws.amazon.com/lambda/pricing/',
  standardTransition: 'https://aws.amazon.com/step-functions/pricing/',
  expressRequest: 'https://aws.amazon.com/step-functions/pricing/',
  expressGigabyteSecond: 'https://aws.amazon.com/step-functions/pricing/',
  writeUnit: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  readUnit: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  logGigabyte: 'https://aws.amazon.com/cloudwatch/pricing/',
  metricMonth: 'https://aws.amazon.com/cloudwatch/pricing/',
  sqsRequest: 'https://aws.amazon.com/sqs/pricing/',
  durableOperation: 'https://aws.amazon.com/lambda/pricing/',
  sesMail: 'https://aws.amazon.com/ses/pricing/',
};
