import { type Bill, billOf } from './bill';

/** The work that every scheme is billed for. */
export interface Work {
  readonly mails: number;
  /** Mails per second. */
  readonly rate: number;
  /** One call to SES, seconds. */
  readonly mailSeconds: number;
  readonly memoryGigabytes: number;
  /** Mails handled together where a scheme can do that: the chunk of worker-chains. */
  readonly batch: number;
  /** DynamoDB read units to load one recipient. */
  readonly readUnitsPerMail: number;
  /** Environments that are busy for the whole run in a scheme that waits for its pace in a function. */
  readonly chains: number;
}

/** SQS and Lambda hand over ten messages at a time. */
const SQS_BATCH = 10;
/** Time to enqueue ten messages, seconds. */
const ENQUEUE_SECONDS = 0.01;
const EXPRESS_GIGABYTES = 0.0625;

/**
 * What other schemes cost for the same mails. Where a rule of AWS's leaves room, they are counted low: one transition per
 * child, one durable operation per step, no empty receives, no logs, no cold starts. None but durable functions has a
 * pace: their rate is their concurrency ÷ the latency of SES, and so moves with it. Schemes without a pace send one mail
 * at a time per environment, because a batch sent at once would be a burst.
 */
export function alternativeBills(work: Work): readonly Bill[] {
  const { mails, rate, mailSeconds, memoryGigabytes, batch, chains } = work;
  const batches = mails / batch;
  const readUnit = mails * work.readUnitsPerMail;
  const sequential = mails * mailSeconds * memoryGigabytes;
  const concurrency = Math.ceil(rate * mailSeconds);
  const makespan = mails / rate;
  const compute = `${mails} mails × ${mailSeconds} s × ${memoryGigabytes} GB`;
  return [
    billOf(
      'Distributed Map, Standard children',
      `${mails} ÷ ${batch} children × 1 transition and 1 request; ${compute}; no claim before a mail`,
      { standardTransition: batches, lambdaRequest: batches, lambdaGigabyteSecond: sequential, readUnit },
    ),
    billOf(
      'Distributed Map, Express children',
      `${mails} ÷ ${batch} children × 1 request each; ${concurrency} alive × ${makespan} s × 64 MB; ${compute}; no claim before a mail`,
      {
        expressRequest: batches,
        expressGigabyteSecond: concurrency * makespan * EXPRESS_GIGABYTES,
        lambdaRequest: batches,
        lambdaGigabyteSecond: sequential,
        readUnit,
      },
    ),
    billOf(
      'SQS + Lambda, duplicates possible',
      `${mails} ÷ ${SQS_BATCH} × (send, receive, delete) requests; ${mails} ÷ ${SQS_BATCH} invocations; ${compute} and the enqueuing`,
      sqs(work, readUnit, sequential),
    ),
    billOf(
      'SQS + Lambda, at most once',
      'the same, and 1 conditional write per mail: messages come again in other company',
      {
        ...sqs(work, readUnit, sequential),
        writeUnit: mails,
      },
    ),
    billOf(
      'Lambda durable functions, a step per batch',
      `${mails} ÷ ${batch} durable operations; ${chains} environments × ${makespan} s × ${memoryGigabytes} GB; data written not counted`,
      {
        durableOperation: batches,
        lambdaRequest: chains,
        lambdaGigabyteSecond: chains * makespan * memoryGigabytes,
        readUnit,
      },
    ),
    billOf(
      'Lambda durable functions, a step per mail',
      `${mails} durable operations; ${chains} environments × ${makespan} s × ${memoryGigabytes} GB; data written not counted`,
      {
        durableOperation: mails,
        lambdaRequest: chains,
        lambdaGigabyteSecond: chains * makespan * memoryGigabytes,
        readUnit,
      },
    ),
  ];
}

function sqs({ mails, memoryGigabytes }: Work, readUnit: number, sequential: number) {
  return {
    sqsRequest: (3 * mails) / SQS_BATCH,
    lambdaRequest: mails / SQS_BATCH,
    lambdaGigabyteSecond: sequential + (mails / SQS_BATCH) * ENQUEUE_SECONDS * memoryGigabytes,
    readUnit,
  };
}
